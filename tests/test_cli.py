import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import numpy as np
import pytest

from model_builder.audio.reading import read_pcm
from tests.conftest import ROOT
from tests.recordings import speech_like, write_wav


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "model_builder", *map(str, arguments)], capture_output=True, text=True, check=False)


COMMANDS = (
    "corpora", "augment", "pretrain", "train", "cross-validate", "reproduce", "ablate", "adapt", "cross-adapt", "average-weights",
    "benchmark-training", "export", "quantize", "benchmark", "build-apk-asset", "predict", "evaluate", "evaluate-gate", "evaluate-live",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_every_command(command):
    answer = run(command, "-h")
    assert answer.returncode == 0
    assert "Usage:" in answer.stdout


def test_the_help_of_all_groups_the_commands_and_the_version_is_that_of_the_package():
    import model_builder

    answer = run("-h")
    panels = ["Emotions of recordings", "Training", "The paper", "The app's model", "For maintainers"]
    assert [line.strip("╭─╮ ") for line in answer.stdout.splitlines() if line.startswith("╭")][1:] == panels
    assert "--install-completion" in answer.stdout
    assert run("--version").stdout == f"undertone {model_builder.__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands(shell):
    words = {"COMP_WORDS": "undertone eval", "COMP_CWORD": "1", "_TYPER_COMPLETE_ARGS": "undertone eval"}
    environment = {**os.environ, **words, "_UNDERTONE_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    program = "import sys; sys.argv[0] = 'undertone'; from model_builder.cli.app import main; main()"
    answer = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert "evaluate" in answer.stdout and "evaluate-gate" in answer.stdout and "train" not in answer.stdout.split()


def test_brackets_and_colons_in_names_are_no_markup(tmp_path):
    folder = tmp_path / "[red]RAVDESS :smile:"
    folder.mkdir()
    write_wav(folder / "03-01-05-01-01-01-07.wav", speech_like(0.5))
    (folder / "03-01-04-01-01-01-08.wav").write_text("not audio")
    answer = run("corpora", "--corpus", f"ravdess={folder}")
    assert answer.returncode in (0, 2), answer.stderr
    assert "[red]RAVDESS :smile:" in " ".join(answer.stdout.split()), answer.stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["corpora", "--corpus", "crema-d"], "write NAME=PATH"),
        (["train", "--corpus", "crema-d=/nowhere", "--front-end-epochs", "3"], "--front-end-epochs changes nothing without"),
        (["train", "--corpus", "crema-d=/nowhere", "--teacher-epochs", "3"], "--teacher-epochs changes nothing without teachers"),
        (["train", "--corpus", "crema-d=/nowhere", "--encoder", "scratch", "--epochs", "0", "--patience", "3"], "--patience changes"),
        (["train", "--corpus", "crema-d=/nowhere", "--loss", "cross-entropy", "--focal-gamma", "1"], "--focal-gamma changes nothing with"),
        (["train", "--corpus", "crema-d=/nowhere", "--augmentation", "rooms"], "unknown group of augmentation 'rooms'"),
        (["train", "--corpus", "crema-d=/nowhere", "--augmentation", "none", "--augmentation", "room"], "--augmentation none leaves no"),
        (["train", "--corpus", "crema-d=/nowhere", "--encoder", "scratch", "--freeze-feature-encoder"], "--freeze-feature-encoder changes"),
        (["cross-validate", "--target", "crema-d=/nowhere", "--skip-baseline"], "--skip-baseline changes nothing without --permanent"),
        (["cross-validate", "--target", "crema-d=/nowhere", "--validation-share", "0", "--patience", "3"], "--patience changes nothing"),
        (["pretrain", "/nowhere", "--teacher", "a", "--clusters", "9"], "--clusters changes nothing with --teacher"),
        (["corpora", "--corpus", "nonsense=."], "unknown corpus 'nonsense'"),
        (["corpora", "--corpus", "crema-d=/nowhere"], "is not a folder"),
        (["train", "--corpus", "crema-d=/nowhere", "--encoder", "scratch"], "is not a folder"),
        (["export", "--weights", "/nowhere", "--out", "/nowhere/a.onnx"], "config.json is missing"),
        (["build-apk-asset", "--weights", "/nowhere"], "config.json is missing"),
        (["predict", "--asset", "/nowhere", "a.wav"], "manifest.json"),
        (["predict", "--weights", "/nowhere", "a.wav"], "config.json is missing"),
        (["evaluate", "--corpus", "ravdess=/nowhere"], "is not a folder"),
        (["evaluate", "--corpus", "ravdess=/nowhere", "--report", "/dev/null/report"], "--report /dev/null/report: cannot be written"),
        (["evaluate-gate", "--meetings", "/nowhere", "--noise", "/nowhere", "--clips", "/nowhere"], "reference.rttm: cannot be read"),
        (["evaluate-live", "--corpus", "ravdess=/nowhere"], "is not a folder"),
        (["ablate", "--target", "crema-d=/nowhere", "--out", "/nowhere/out"], "is not a folder"),
        (["ablate", "--target", "crema-d=/nowhere", "--out", "/nowhere/out", "--only", "all"], "--only all: no such ablation; there are"),
        (
            ["reproduce", "--iemocap", "/nowhere", "--crema-d", "/nowhere", "--ravdess", "/nowhere", "--out", "/nowhere/out"],
            "give the folder that holds Session1 to Session5",
        ),
    ],
)
def test_bad_input_ends_with_one_clear_line_and_exit_code_2(arguments, complaint):
    answer = run(*arguments)
    assert answer.returncode == 2
    assert complaint in answer.stderr
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_predict_reports_good_files_names_bad_ones_and_exits_with_2(asset_folder, tmp_path):
    folder = tmp_path / "clips"
    folder.mkdir()
    good = write_wav(folder / "good.wav", speech_like(1.5))
    stereo = write_wav(folder / "stereo48k.wav", np.stack([speech_like(1.0)] * 2, axis=1), 48_000)
    (folder / "text.wav").write_text("not audio")
    write_wav(folder / "silent.wav", np.zeros(16_000))
    answer = run("predict", "--json", folder, tmp_path / "missing.wav")
    assert answer.returncode == 2
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(good), str(stereo)]
    for line in lines:
        assert set(line) == {"file", "duration_s", "label", "logits", "probabilities"}
        assert sum(line["probabilities"].values()) == pytest.approx(1)
        assert max(line["probabilities"], key=line["probabilities"].get) == line["label"]
    assert lines[0]["duration_s"] == 1.5
    for name in ("silent.wav", "text.wav", "missing.wav"):
        assert sum(name in line for line in answer.stderr.splitlines()) == 1
    assert "Traceback" not in answer.stderr


def test_predict_prints_a_table_for_people(asset_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")  # a narrower one folds the name of the file
    answer = run("predict", write_wav(tmp_path / "a.wav", speech_like(1.0)))
    assert answer.returncode == 0
    assert "emotion" in answer.stdout
    assert "a.wav" in answer.stdout


def test_evaluate_reports_every_group_that_the_corpus_knows(asset_folder, tmp_path):
    folder = tmp_path / "RAVDESS"
    folder.mkdir()
    kinds = [(emotion, level, actor) for emotion in ("01", "03", "04", "05") for level in ("01", "02") for actor in ("07", "08")]
    for index, (emotion, level, actor) in enumerate(kinds):
        write_wav(folder / f"03-01-{emotion}-{level}-01-01-{actor}.wav", speech_like(0.5, seed=index))
    write_wav(folder / "03-01-05-01-02-01-07.wav", np.zeros(16_000))
    answer = run("evaluate", "--corpus", f"ravdess={folder}", "--report", tmp_path / "new" / "report")
    assert answer.returncode == 0, answer.stderr
    for word in ("16 clips", "female", "male", "normal", "strong", "worst: 0", "best: 0", "arousal", "ECE", "uncertain below"):
        assert word in answer.stdout, word
    assert "1 of 17 clips left out" in answer.stderr
    written = json.loads((tmp_path / "new" / "report" / "report.json").read_text())["corpora"][0]
    assert (written["corpus"], written["overall"]["clips"], written["left_out"]) == ("ravdess", 16, 1)
    assert {name: scores["clips"] for name, scores in written["sexes"].items()} == {"female": 8, "male": 8}
    assert {name: scores["clips"] for name, scores in written["intensities"].items()} == {"normal": 8, "strong": 8}
    assert (tmp_path / "new" / "report" / "report.html").read_text().startswith("<!doctype html>")


BAD_RECORDINGS = {
    "truncated.wav": "truncated",
    "gone.wav": "No such file",
    "short.wav": "shorter than 0.25 s",
    "pointer.wav": "git lfs pull",
}


def write_partly_bad_manifest(folder: Path) -> Path:
    """Eight good recordings of two speakers, and one of each bad kind in their midst."""
    lines = [f"{seed}.wav,{('angry', 'happy', 'neutral', 'sad')[seed % 4]},{'Ada' if seed < 4 else 'Bob'}" for seed in range(8)]
    for seed in range(8):
        write_wav(folder / f"{seed}.wav", speech_like(0.5, seed=seed))
    lines[3:3] = [f"{name},sad,Ada" for name in BAD_RECORDINGS]
    (folder / "truncated.wav").write_bytes((folder / "0.wav").read_bytes()[:9_000])
    write_wav(folder / "short.wav", speech_like(0.1))
    (folder / "pointer.wav").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    (folder / "labels.csv").write_text("file,emotion,speaker\n" + "\n".join(lines) + "\n")
    return folder / "labels.csv"


def assert_each_is_named_once(output: str, start: str, names: Collection[str]) -> None:
    lines = [line for line in output.splitlines() if line.startswith(start)]
    for name in names:
        assert [BAD_RECORDINGS[name] in line for line in lines if f"/{name}:" in line] == [True], (name, output)


def test_evaluate_scores_the_others_where_recordings_cannot_be_used(asset_folder, tmp_path):
    table = write_partly_bad_manifest(tmp_path)
    answer = run("evaluate", "--corpus", f"manifest={table}", "--report", tmp_path / "report")
    assert answer.returncode == 2
    assert_each_is_named_once(answer.stderr, "error: ", BAD_RECORDINGS)
    assert "error: 4 of 12 recordings could not be scored; the figures are of the others" in answer.stderr
    assert "manifest: 8 clips" in answer.stdout
    [written] = json.loads((tmp_path / "report" / "report.json").read_text())["corpora"]
    assert (written["overall"]["clips"], len(written["unscored"])) == (8, 4)
    page = (tmp_path / "report" / "report.html").read_text()
    assert all(f"/{name}: " in page for name in BAD_RECORDINGS) and "4 recordings could not be scored" in page
    good = [line for line in table.read_text().splitlines() if line.split(",")[0] not in BAD_RECORDINGS]
    table.write_text("\n".join(good) + "\n")
    alone = run("evaluate", "--corpus", f"manifest={table}", "--report", tmp_path / "alone")
    assert alone.returncode == 0
    [expected] = json.loads((tmp_path / "alone" / "report.json").read_text())["corpora"]
    assert written == expected | {"unscored": written["unscored"]}


def test_evaluate_adapts_to_speakers_beside_the_plain_figures(asset_folder, tmp_path):
    table = write_partly_bad_manifest(tmp_path)
    answer = run("evaluate", "--corpus", f"manifest={table}", "--adapt-by", "speaker", "--report", tmp_path / "report")
    assert answer.returncode == 2, "the bad recordings are counted once"
    assert "error: 4 of 12 recordings could not be scored" in answer.stderr
    written = json.loads((tmp_path / "report" / "report.json").read_text())["corpora"]
    adapted = "manifest, adapted to speakers"
    assert [each["corpus"] for each in written] == ["manifest", adapted, f"{adapted} of one mood"]
    assert {each["overall"]["clips"] for each in written} == {8}


def test_evaluate_leaves_no_empty_report_where_nothing_can_be_scored(asset_folder, tmp_path):
    (tmp_path / "03-01-04-01-01-01-08.wav").write_text("not audio")
    answer = run("evaluate", "--corpus", f"ravdess={tmp_path}", "--report", tmp_path / "report")
    assert answer.returncode == 2
    assert "03-01-04-01-01-01-08.wav" in answer.stderr and "1 of 1 corpora have no figures" in answer.stderr
    assert not list((tmp_path / "report").iterdir())


def test_corpora_names_what_cannot_be_read_and_counts_the_rest(tmp_path):
    answer = run("corpora", "--corpus", f"manifest={write_partly_bad_manifest(tmp_path)}")
    assert answer.returncode == 2
    assert_each_is_named_once(answer.stdout, "unreadable: ", BAD_RECORDINGS.keys() - {"short.wav"})
    assert "error: 3 of 12 files cannot be read" in answer.stderr
    assert "hours" in answer.stdout


def test_evaluate_asks_for_recordings_of_the_four_classes(tmp_path):
    write_wav(tmp_path / "03-01-08-01-01-01-07.wav", speech_like(0.5))
    answer = run("evaluate", "--corpus", f"ravdess={tmp_path}")
    assert answer.returncode == 2
    assert "no recording of angry, happy, neutral, sad" in answer.stderr


def test_augment_renders_seeded_variants_of_the_whole_recording(tmp_path):
    recording = write_wav(tmp_path / "a.wav", speech_like(1.5))
    rendered = []
    for folder in ("first", "again"):
        answer = run("augment", recording, "--out", tmp_path / folder, "--count", 2, "--seed", 7)
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout.splitlines() == [str(tmp_path / folder / f"a-{seed}.wav") for seed in (7, 8)]
        rendered.append([read_pcm(path) for path in answer.stdout.splitlines()])
    first, again = rendered
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    assert [len(pcm) for pcm in first] == [24_000, 24_000]
    assert not np.array_equal(*first)


def run_with_files_of_at_most(size_bytes: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The nearest to a full disk that needs no rights: writing beyond the limit fails with EFBIG."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, size_bytes))

    command = [sys.executable, "-m", "model_builder", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limit)


def test_a_full_disk_is_named_and_leaves_no_half_file(tmp_path):
    out = tmp_path / "emotion.onnx"
    answer = run_with_files_of_at_most(1_000_000, "export", "--out", out)
    assert answer.returncode == 2
    assert answer.stderr.strip().splitlines() == [f"error: {out}: File too large; free some space, or give another folder"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143)])
@pytest.mark.parametrize("place", ["an import", "__del__", "a weak reference", "a loop"])
def test_a_signal_ends_the_command_wherever_it_comes_with_the_status_of_a_shell_and_without_a_word(tmp_path, name, status, place):
    """In imports and finalizers an exception would be lost: it is raised when they are over."""
    send = f"os.kill(os.getpid(), signal.{name})"
    (tmp_path / "slow.py").write_text(f"import os, signal\ntry:\n    {send}\nexcept BaseException:\n    pass\n")
    work = {
        "an import": "import slow",
        "__del__": f"class A:\n    def __del__(self):\n        {send}\na = A()\ndel a",
        "a weak reference": f"import weakref\nclass A: pass\na = A()\nr = weakref.ref(a, lambda _: {send})\ndel a",
        "a loop": send,
    }[place]
    program = "\n".join((
        "import os, signal, time",
        "from model_builder.cli.interruption import end_on_signals, exit_on_signals",
        "exit_on_signals()",
        work,
        "time.sleep(5)",
        "print('went on')",
        "end_on_signals()",
    ))  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment)
    assert (answer.returncode, answer.stdout, answer.stderr) == (status, "", "")
