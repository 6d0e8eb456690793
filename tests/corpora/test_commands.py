"""What the commands say about corpora."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.recordings import speech_like, write_wav


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "model_builder", *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.fixture
def iemocap(tmp_path) -> Path:
    """One session with one dialog: two good turns, a silent one, one that has no recording, an undecided one, a hidden file."""
    labels = tmp_path / "Session3/dialog/EmoEvaluation"
    audio = tmp_path / "Session3/sentences/wav/Ses03F_impro02"
    labels.mkdir(parents=True)
    audio.mkdir(parents=True)
    turns = {"F000": "ang", "M000": "exc", "F001": "sad", "F002": "neu", "M001": "xxx"}
    (labels / "Ses03F_impro02.txt").write_text(
        "".join(f"[1.0000 - 2.0000]\tSes03F_impro02_{turn}\t{label}\t[2.5000, 2.5000, 2.5000]\n" for turn, label in turns.items())
    )
    (labels / "._Ses03F_impro02.txt").write_bytes(b"\x00\x05\x16\x07")
    for seed, turn in enumerate(("F000", "M000", "M001")):
        write_wav(audio / f"Ses03F_impro02_{turn}.wav", speech_like(1.2, seed=seed))
    write_wav(audio / "Ses03F_impro02_F001.wav", np.zeros(16_000))
    return tmp_path


WARNING = "warning: iemocap: 3 recordings of the four classes where the official release has 5,531"


def test_corpora_says_that_iemocap_is_not_whole_and_names_what_is_left_out(iemocap):
    answer = run("corpora", "--corpus", f"iemocap={iemocap}")
    assert answer.returncode == 2  # a recording is missing
    for line in ("unreadable: ", "silent: ", "ignored, a hidden file: "):
        assert sum(printed.startswith(line) for printed in answer.stdout.splitlines()) == 1, line
    assert sum(printed.startswith(WARNING) for printed in answer.stderr.splitlines()) == 1
    assert "undecided" in answer.stdout


def test_train_warns_before_it_refuses_a_label_without_a_recording(iemocap):
    answer = run("train", "--corpus", f"iemocap={iemocap}", "--encoder", "scratch", "--run", iemocap / "run")
    assert answer.returncode == 2
    assert WARNING in answer.stderr
    assert "error: iemocap: 1 of 4 files cannot be read (first: " in answer.stderr
    assert "Ses03F_impro02_F002.wav: No such file" in answer.stderr


def test_evaluate_warns_and_leaves_silent_clips_out(iemocap, asset_folder):
    write_wav(iemocap / "Session3/sentences/wav/Ses03F_impro02/Ses03F_impro02_F002.wav", speech_like(1.0, seed=9))
    answer = run("evaluate", "--corpus", f"iemocap={iemocap}")
    assert answer.returncode == 0, answer.stderr
    assert "warning: iemocap: 4 recordings" in answer.stderr
    assert "iemocap: 1 of 4 clips left out; `corpora` names them" in answer.stderr
    assert "iemocap: 3 clips" in answer.stdout
