"""The generated corpora and the command that runs on them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.official_layouts import write_crema_d, write_iemocap, write_ravdess

SMALL = (
    "training.epochs=2", "training.batch_clips=4", "training.crop_s=[0.3, 0.4]", "training.averaging=0", "augmentation.groups=['room']",
    "training.peak_learning_rate=1e-3", "training.head_learning_rate=1e-2", "training.precision='float32'",
)  # fmt: skip


@pytest.fixture(scope="session")
def corpora(tmp_path_factory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("corpora")
    return {
        "iemocap": write_iemocap(root / "IEMOCAP_full_release"),
        "crema-d": write_crema_d(root / "CREMA-D"),
        "ravdess": write_ravdess(root / "RAVDESS"),
    }


def reproduce_command(corpora: dict[str, Path], encoder: Path, out: Path, *further: str) -> list[str]:
    command = [sys.executable, "-m", "model_builder", "reproduce", "--out", str(out), "--encoder", str(encoder), "--workers", "0"]
    for name, folder in corpora.items():
        command += [f"--{name}", str(folder)]
    return [*command, *(part for change in SMALL for part in ("--set", change)), *further]


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "OMP_NUM_THREADS": "1", **environment}
    return subprocess.run(command, env=settings, capture_output=True, text=True, check=False, timeout=600)


@pytest.fixture(scope="session")
def finished(corpora, encoder, tmp_path_factory) -> Path:
    """The output of a whole run; nobody may change it."""
    out = tmp_path_factory.mktemp("reproduced") / "out"
    answer = run(reproduce_command(corpora, encoder, out))
    assert answer.returncode == 0, answer.stderr
    return out
