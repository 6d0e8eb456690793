"""A few interrupts of each command; UNDERTONE_INTERRUPTS says how many, and `python -m tests.interrupts --count 50` is the long run."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.interrupts import REPLAY


@pytest.mark.skipif(os.name != "posix", reason="process groups")
@pytest.mark.parametrize("command", ["replay", "predict", "train", "build-apk-asset"])
def test_commands_that_are_interrupted_end_with_the_signals_status_and_leave_nothing_half_written(command, asset_folder):
    if command == "replay" and not REPLAY.is_file():
        pytest.fail(f"{REPLAY.relative_to(ROOT)} is missing; run: python3 -m gradle.offline :replay:installDist (make test does)")
    count = os.environ.get("UNDERTONE_INTERRUPTS", "2")
    words = [sys.executable, "-m", "tests.interrupts", "--command", command, "--count", count]
    answer = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "0 wrong" in answer.stdout
