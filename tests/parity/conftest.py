"""The engine, driven from Python through its `replay` command, and the real recordings that both halves hear."""

import json
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from model_builder.audio.reading import find_recordings
from model_builder.engine.replay import COMMAND as REPLAY
from model_builder.export.quantize import quantize
from model_builder.export.to_onnx import export_onnx
from model_builder.inference.parity import select_evenly
from model_builder.inference.predictor import EmotionPredictor
from model_builder.models.checkpoint import load_weights

REPOSITORY = Path(__file__).resolve().parents[2]
REAL_CLIPS = 200


@dataclass(frozen=True)
class Answer:
    """What one run of `replay` printed: the JSON objects of stdout, the lines of stderr, the exit code."""

    records: list[dict]
    complaints: list[str]
    exit_code: int

    def of_type(self, kind: str) -> list[dict]:
        return [record for record in self.records if record["type"] == kind]


class Replay:
    """The engine's command on one asset."""

    def __init__(self, asset: Path):
        self.asset = asset

    def __call__(self, files: Iterable[Path], *options: str) -> Answer:
        command = [str(REPLAY), f"--asset={self.asset}", *options, *map(str, files)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return Answer([json.loads(line) for line in done.stdout.splitlines()], done.stderr.splitlines(), done.returncode)

    def heard(self, files: Iterable[Path], *options: str) -> Answer:
        """The same, for files that have to be read without a complaint."""
        answer = self(files, *options)
        assert answer.exit_code == 0, answer.complaints
        return answer


@pytest.fixture(scope="session")
def replay(asset_folder) -> Replay:
    if not REPLAY.is_file():
        pytest.fail(f"{REPLAY.relative_to(REPOSITORY)} is missing; run: python3 -m gradle.offline :replay:installDist (make test does)")
    return Replay(asset_folder)


@pytest.fixture(scope="session")
def predictor(asset_folder) -> EmotionPredictor:
    return EmotionPredictor.from_asset(asset_folder)


@pytest.fixture(scope="session")
def golden_files(asset_folder) -> list[Path]:
    return sorted((asset_folder / "golden").glob("*.wav"))


def evenly(folder: Path, count: int) -> list[Path]:
    """Recordings at equal distances in the sorted list: all speakers and classes, the same on every run."""
    clips = select_evenly(find_recordings([folder]), count)
    if len(clips) < count:
        pytest.fail(f"{folder}: {len(clips)} recordings, the comparison needs {count}; check UNDERTONE_DATA")
    return clips


@pytest.fixture(scope="session")
def known_clips(data_folder) -> list[Path]:
    """200 recordings of CREMA-D, whose speakers trained the shipped weights."""
    return evenly(data_folder / "CREMA-D" / "AudioWAV", REAL_CLIPS)


@pytest.fixture(scope="session")
def real_clips(data_folder, shipped_weights) -> list[Path]:
    """200 recordings of two corpora that the shipped weights learned nothing from: speech that they know is answered far from a tie."""
    assert {"ravdess", "emo-db"}.isdisjoint(json.loads((shipped_weights / "card.json").read_text())["training"]["corpora"])
    return [*evenly(data_folder / "RAVDESS", REAL_CLIPS // 2), *evenly(data_folder / "EMO-DB" / "wav", REAL_CLIPS // 2)]


@pytest.fixture(scope="session")
def shipped_int8(shipped_weights, tmp_path_factory) -> Path:
    """The shipped weights, exported and quantized by this code, whatever the asset was built from."""
    folder = tmp_path_factory.mktemp("shipped")
    export_onnx(load_weights(shipped_weights), folder / "fp32.onnx")
    quantize(folder / "fp32.onnx", folder / "int8.onnx")
    return folder / "int8.onnx"


@pytest.fixture(scope="session")
def arm64_python() -> str:
    command = os.environ.get("UNDERTONE_ARM64_PYTHON")
    if not command:
        pytest.skip("UNDERTONE_ARM64_PYTHON is not set: give a command that runs a script in an arm64 Python with ONNX Runtime")
    if not Path(command).is_file():
        pytest.fail(f"UNDERTONE_ARM64_PYTHON={command}: there is no such command")
    return command
