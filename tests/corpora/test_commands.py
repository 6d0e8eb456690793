"""What the commands say about corpora."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from model_builder.corpora import load_corpus
from model_builder.corpora.survey import survey
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


@pytest.fixture
def crema_d(tmp_path) -> Path:
    """Two speakers; the folder of a third lies elsewhere, and what else people's folders hold: links that lead nowhere or in circles."""
    root, elsewhere = tmp_path / "CREMA-D", tmp_path / "elsewhere"
    for folder, speaker in ((root / "1001", 1001), (root / "1002", 1002), (elsewhere, 1003)):
        folder.mkdir(parents=True)
        for code in ("ANG", "SAD"):
            write_wav(folder / f"{speaker}_DFA_{code}_XX.wav", speech_like(1.2, seed=speaker * 10 + ord(code[0])))
    (root / "linked").symlink_to(elsewhere)
    (root / "1001" / "round").symlink_to(root)
    (root / "itself").symlink_to("itself")
    (root / "video.mp4").write_bytes(b"\0\0\0\x18ftyp")
    soundfile.write(root / "1001" / "1001_DFA_ANG_XX.mp3", speech_like(1.2, seed=5), 16_000)
    return root


@pytest.mark.parametrize("command", ["corpora", "evaluate"])
def test_what_cannot_be_entered_costs_one_line_and_linked_folders_are_read_once(crema_d, asset_folder, command):
    answer = run(command, "--corpus", f"crema-d={crema_d}")
    assert answer.returncode == 2
    lines = (answer.stdout + answer.stderr).splitlines()
    assert sum(f"{crema_d / 'itself'}: cannot be entered (Too many levels of symbolic links)" in line for line in lines) == 1
    assert sum(f"{crema_d / '1001' / 'round'}: leads back to a folder that it lies in" in line for line in lines) == 1
    assert sum("left out 1 .mp4, which libsndfile does not read" in line for line in lines) == 1
    assert sum("left out 1 recording with the name of another (first: 1001_DFA_ANG_XX.mp3)" in line for line in lines) == 1
    sums = {"corpora": "files cannot be read; copy or unpack them again", "evaluate": "recordings could not be scored; the figures are"}
    assert lines[-1].startswith(f"error: 1 of 6 {sums[command]}")


def test_training_goes_on_without_what_cannot_be_entered_only_where_it_is_told_to(crema_d):
    answer = run("train", "--corpus", f"crema-d={crema_d}", "--encoder", "scratch", "--run", crema_d / "run")
    assert answer.returncode == 2
    assert "error: crema-d: 1 of 6 files cannot be read (first: " in answer.stderr and "--skip-unreadable leaves them out" in answer.stderr


def test_a_listing_that_is_refused_is_named_in_the_survey_of_every_corpus_of_named_files(crema_d, monkeypatch):
    """By a listing that is refused: to the superuser, whom CI may run as, permissions say nothing."""
    listing, refused = os.scandir, crema_d / "1002"

    def scandir(folder):
        if folder == refused:
            raise PermissionError(13, "Permission denied", str(folder))
        return listing(folder)

    (crema_d / "itself").unlink()
    monkeypatch.setattr(os, "scandir", scandir)
    found = survey(load_corpus("crema-d", crema_d))
    assert found.reasons == (f"{refused}: cannot be entered (Permission denied); check its permissions",)
    assert found.speakers == {"crema-d:1001", "crema-d:1003"}
