"""The first cases of the fuzzer, the same in every run; `python -m tests.fuzz --minutes 10` is the long run."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="limits memory by what /proc says (Linux)")
def test_damaged_and_hostile_files_are_read_or_refused_in_one_sentence():
    answer = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--cases", "30"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr[-2_000:]  # the decoders say much
