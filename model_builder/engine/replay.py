"""Drives the engine's `replay` command: the live path exists once, in Kotlin, and is measured from here."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.inference.asset_manifest import DEFAULT_FOLDER, REPOSITORY

COMMAND = REPOSITORY / "android/replay/build/install/replay/bin/replay"


@dataclass(frozen=True)
class ReplayedResult:
    """An early or final result: `start_s` to `end_s` of the file, and probabilities in the order of LABELS, shape (4,)."""

    start_s: float
    end_s: float
    is_final: bool
    label: str
    probabilities: np.ndarray
    smoothed_label: str


@dataclass(frozen=True)
class Replayed:
    """What the engine found in one file.

    results: in order. skipped: start and end in seconds of segments without an emotion.
    speech: start and end in seconds of what was spoken within the segments, in order.
    reached_network: bool, shape (frames,), whether each frame of 32 ms reached the speech network; empty unless asked for.
    """

    results: tuple[ReplayedResult, ...]
    skipped: tuple[tuple[float, float], ...]
    speech: tuple[tuple[float, float], ...]
    reached_network: np.ndarray

    @property
    def segments(self) -> list[tuple[float, float]]:
        """Start and end in seconds of everything that the gate took for speech."""
        return sorted([*self.skipped, *((result.start_s, result.end_s) for result in self.results if result.is_final)])


def replay(files: Sequence[Path], asset: Path | None = None, with_frames: bool = False) -> dict[Path, Replayed]:
    """Plays `files` as fast as possible. Raises UserError where the command is not built, or refuses a file."""
    if not COMMAND.is_file():
        raise UserError(f"{COMMAND.relative_to(REPOSITORY)} is missing; run: python3 -m gradle.offline :replay:installDist")
    command = [str(COMMAND), f"--asset={asset or DEFAULT_FOLDER}", *(["--frames"] if with_frames else []), *map(str, files)]
    # A file, because an hour of frames is too much for a pipe that nobody reads meanwhile.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            raise UserError(done.stderr.strip().splitlines()[0] if done.stderr.strip() else f"replay ended with {done.returncode}")
        output.seek(0)
        records = [json.loads(line) for line in output]
    by_file: dict[str, list[dict[str, Any]]] = {str(file): [] for file in files}
    for record in records:
        by_file[record["file"]].append(record)
    return {file: _replayed(by_file[str(file)]) for file in files}


def _replayed(records: list[dict[str, Any]]) -> Replayed:
    return Replayed(
        results=tuple(_result(record) for record in records if record["type"] in ("early", "segment")),
        skipped=tuple((record["start_s"], record["end_s"]) for record in records if record["type"] == "skipped"),
        speech=tuple((start_s, end_s) for record in records for start_s, end_s in record.get("speech", ())),
        reached_network=np.array([record["reached_network"] for record in records if record["type"] == "frame"], bool),
    )


def _result(record: dict[str, Any]) -> ReplayedResult:
    return ReplayedResult(
        start_s=record["start_s"],
        end_s=record["end_s"],
        is_final=record["type"] == "segment",
        label=record["label"],
        probabilities=np.array([record["probabilities"][label] for label in LABELS]),
        smoothed_label=record["smoothed"]["label"],
    )
