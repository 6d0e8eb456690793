"""Commands that are interrupted at random times: `python -m tests.interrupts --count 50` does it 50 times to each of four commands.

SIGINT goes to the whole group, as from a terminal, and SIGTERM to the process alone, as from `kill`, each at a time drawn from the
duration of a run that nobody disturbs. After each the exit status has to be 130 or 143 (or 0, where the command was done before), stdout
of whole lines, what was written whole, and the temporary folder empty; no crash log may lie anywhere, and nothing on stderr is a traceback,
but for SIGINT before Python has come to the first line of the command.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from transformers import HubertForSequenceClassification

from model_builder.engine.replay import COMMAND as REPLAY
from model_builder.inference.asset_manifest import DEFAULT_FOLDER as ASSET
from model_builder.models.checkpoint import save_weights
from tests.conftest import ROOT
from tests.faults import require_newest_checkpoint, require_whole_asset
from tests.generated import tiny_config, tiny_model
from tests.recordings import speech_like, write_wav

LONGEST_END_S = 60
STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}
COMPLAINTS = ("Traceback", "Exception ignored", "fatal error", "SIGSEGV", "SIGABRT", "terminate called", "Error")
LEFT_OVER = ("**/*.unfinished", "**/.*.building-*", "**/hs_err*", "**/core*")


@dataclass(frozen=True)
class Work:
    """One command. words: its arguments, in which `{out}` stands for a path that is new each time; require_whole: raises where what is
    at that path is not whole."""

    words: tuple[str, ...]
    prints_json: bool = False
    require_whole: Callable[[Path], None] = lambda out: None


def prepare(folder: Path) -> dict[str, Work]:
    """What the commands work on, written into `folder`."""
    audio, corpus = folder / "audio", folder / "CREMA-D"
    audio.mkdir()
    corpus.mkdir()
    for number in range(12):
        write_wav(audio / f"{number}.wav", speech_like(8.0, seed=number))
    for speaker in range(1001, 1005):
        for code in ("ANG", "HAP", "NEU", "SAD"):
            write_wav(corpus / f"{speaker}_DFA_{code}_XX.wav", speech_like(1.6, seed=speaker * 100 + ord(code[0])))
    HubertForSequenceClassification(tiny_config()).save_pretrained(folder / "encoder")
    save_weights(tiny_model(), folder / "weights", {"temperature": 2.0})
    python = (sys.executable, "-m", "model_builder")
    return {
        "replay": Work((str(REPLAY), "--asset", str(ASSET), "--frames", str(audio)), prints_json=True),
        "predict": Work((*python, "predict", "--json", "--asset", str(ASSET), str(audio)), prints_json=True),
        "train": Work(
            (*python, "train", "--corpus", f"crema-d={corpus}", "--encoder", str(folder / "encoder"), "--batch", "4", "--epochs", "4",
             "--run", "{out}"),
            require_whole=require_newest_checkpoint,
        ),
        "build-apk-asset": Work(
            (*python, "build-apk-asset", "--weights", str(folder / "weights"), "--out", "{out}"),
            require_whole=lambda out: require_whole_asset(out) if out.exists() else None,
        ),
    }  # fmt: skip


@dataclass(frozen=True)
class Ended:
    status: int
    stdout: str
    stderr: str


def run(work: Work, folder: Path, number: signal.Signals | None, after_s: float) -> Ended:
    """In the scratch folder `folder`, with a temporary folder there; `number` is sent after so many seconds."""
    for name in ("tmp", "here"):
        (folder / name).mkdir(parents=True)
    environment = {**os.environ, "TMPDIR": str(folder / "tmp"), "JAVA_OPTS": f"-Djava.io.tmpdir={folder / 'tmp'}", "OMP_NUM_THREADS": "1"}
    environment["PYTHONPATH"] = str(ROOT)
    words = [word.replace("{out}", str(folder / "out" / "made")) for word in work.words]
    with (folder / "stdout").open("wb") as stdout, (folder / "stderr").open("wb") as stderr:
        process = subprocess.Popen(words, cwd=folder / "here", env=environment, stdout=stdout, stderr=stderr, start_new_session=True)
        if number is not None:
            time.sleep(after_s)
            if process.poll() is None:
                (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
        try:
            status = process.wait(timeout=LONGEST_END_S if number else None)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise AssertionError(f"goes on {LONGEST_END_S} s after the signal") from None
    printed = [(folder / name).read_text(encoding="utf-8", errors="replace") for name in ("stdout", "stderr")]
    return Ended(status if status >= 0 else 128 - status, *printed)


def require_clean(work: Work, folder: Path, ended: Ended, number: signal.Signals) -> None:
    """Raises AssertionError for anything that an interruption must not leave."""
    assert ended.status in (0, STATUS[number]), f"ends with {ended.status} after {number.name}: {ended.stderr[-2_000:]}"
    is_pythons_own_start = ended.stderr.rstrip().endswith("KeyboardInterrupt") and "model_builder/cli" not in ended.stderr
    assert is_pythons_own_start or not any(complaint in ended.stderr for complaint in COMPLAINTS), ended.stderr[-2_000:]
    if work.prints_json:
        for line in ended.stdout.splitlines():
            json.loads(line)
        assert ended.stdout == "" or ended.stdout.endswith("\n"), "stdout ends within a line"
    left = [path for pattern in LEFT_OVER for path in folder.glob(pattern)] + list((folder / "tmp").iterdir())
    assert not left, f"leaves {left}"
    work.require_whole(folder / "out" / "made")


def interrupt(name: str, work: Work, folder: Path, count: int, rng: random.Random) -> list[str]:
    """How many ended with which status, printed; returns what went wrong, a sentence each."""
    start = time.monotonic()
    undisturbed = run(work, folder / f"{name}-undisturbed", None, 0)
    assert undisturbed.status == 0, undisturbed.stderr
    duration_s = time.monotonic() - start
    statuses: Counter[int] = Counter()
    wrong = []
    for case in range(count):
        number, after_s = rng.choice((signal.SIGINT, signal.SIGTERM)), rng.uniform(0, duration_s)
        scratch = folder / f"{name}-{case}"
        try:
            ended = run(work, scratch, number, after_s)
            statuses[ended.status] += 1
            require_clean(work, scratch, ended, number)
        except Exception as error:
            wrong.append(f"{name} {case}, {number.name} after {after_s:.2f} s: {type(error).__name__}: {error}")
            print(wrong[-1], flush=True)
    counted = ", ".join(f"{times} with {status}" for status, times in sorted(statuses.items()))
    print(f"{name}: {count} interrupted within {duration_s:.1f} s, ended {counted}; {len(wrong)} wrong", flush=True)
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=50, help="of each command")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--command", action="append", choices=("replay", "predict", "train", "build-apk-asset"), help="only these")
    given = parser.parse_args()
    wrong = []
    with tempfile.TemporaryDirectory(prefix="undertone-interrupts-") as name:
        folder = Path(name)
        for command, work in prepare(folder).items():
            if given.command is None or command in given.command:
                wrong += interrupt(command, work, folder, given.count, random.Random(f"{given.seed} {command}"))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
