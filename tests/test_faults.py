"""Kills, full disks and folders that cannot be written: what was there stays. `python -m tests.faults` kills longer."""

import ctypes
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from transformers import HubertForSequenceClassification

from model_builder.inference.asset_manifest import sha256_of
from tests.conftest import ROOT
from tests.generated import tiny_config
from tests.recordings import speech_like, write_wav

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


def fill_the_disk() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))


def obey_permissions() -> None:
    """Root too; others may not drop a right that they do not have, and need not."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def hashes(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in folder.rglob("*") if path.is_file()}


def run(*arguments: object, crossed_by: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, with what `crossed_by` takes from it."""
    command = [sys.executable, "-m", "model_builder", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=crossed_by)


def test_killed_builds_and_trainings_leave_what_was_there_whole():
    answer = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--kills", "3"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stdout.count("3 killed") == 2


@pytest.mark.parametrize(
    ("crossed_by", "mode", "remedy"),
    [(fill_the_disk, 0o755, "free some space"), (obey_permissions, 0o555, "check the path and its permissions")],
)
def test_a_training_that_cannot_write_ends_with_file_and_reason_and_leaves_what_was_there(tmp_path, crossed_by, mode, remedy):
    for speaker in range(1001, 1005):
        for code in ("ANG", "HAP", "NEU", "SAD"):
            write_wav(tmp_path / f"{speaker}_DFA_{code}_XX.wav", speech_like(1.6, seed=speaker * 100 + ord(code[0])))
    HubertForSequenceClassification(tiny_config()).save_pretrained(tmp_path / "encoder")
    options = ("--corpus", f"crema-d={tmp_path}", "--encoder", tmp_path / "encoder", "--batch", 4, "--epochs", 1, "--run", tmp_path / "run")
    done = run("train", *options)
    assert done.returncode == 0, done.stderr
    before = hashes(tmp_path / "run")

    (tmp_path / "run/weights").chmod(mode)
    refused = run("train", *options, crossed_by=crossed_by)
    (tmp_path / "run/weights").chmod(0o755)
    assert refused.returncode == 2, refused.stdout + refused.stderr
    assert f"error: {tmp_path / 'run/weights'}" in refused.stderr
    assert remedy in refused.stderr
    assert hashes(tmp_path / "run") == before
