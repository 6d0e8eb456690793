"""A reproduction that is killed, however often, and one that several processes work on end with the very report of an undisturbed one."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.reproduction.conftest import reproduce_command, run

KILLS = 10


def started(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command, env={**os.environ, "OMP_NUM_THREADS": "1"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def kill(process: "subprocess.Popen[bytes]") -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def files_in(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def wait_for(process: "subprocess.Popen[bytes]", is_reached, what: str) -> None:
    until = time.monotonic() + 300
    while process.poll() is None and not is_reached():
        assert time.monotonic() < until, what
        time.sleep(0.02)


def test_ten_kills_at_random_moments_change_no_bit_of_the_report(finished, corpora, encoder, tmp_path):
    """With the settings that the undisturbed run wrote; a moment is so many new files, and then up to half a second."""
    out, chance = tmp_path / "out", random.Random(20)
    command = reproduce_command(corpora, encoder, out, "--config", str(finished / "settings.toml"))
    kills = 0
    while kills < KILLS and not (out / "finished.json").is_file():
        process = started(command)
        wanted = files_in(out) + chance.randint(1, 20)
        wait_for(process, lambda wanted=wanted: files_in(out) >= wanted, "no new file in five minutes")
        time.sleep(chance.uniform(0, 0.5))
        if process.poll() is None:
            kill(process)
            kills += 1
    assert kills == KILLS
    answer = run(command)
    assert answer.returncode == 0, answer.stderr
    assert (out / "report.json").read_bytes() == (finished / "report.json").read_bytes()
    for path in (finished / "tables").iterdir():
        assert (out / "tables" / path.name).read_bytes() == path.read_bytes()


def begun(out: Path) -> list[Path]:
    """Folds in work."""
    return [path.parent for path in out.glob("folds/*/*/plan.json") if not (path.parent / "result.json").is_file()]


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_a_fold_whose_process_died_is_taken_over_by_another_one_on_the_shared_folder(finished, corpora, encoder, tmp_path):
    out = tmp_path / "out"
    command = reproduce_command(corpora, encoder, out)
    first = started(command)
    wait_for(first, lambda: bool(begun(out)), "no fold was begun")
    second = started(command)
    wait_for(second, lambda: len(begun(out)) >= 2, "the second process waits for the fold of the first one")
    kill(first)
    left = begun(out)
    assert second.wait(timeout=600) == 0
    assert len(left) == 2 and not begun(out)
    assert (out / "report.json").read_bytes() == (finished / "report.json").read_bytes()
