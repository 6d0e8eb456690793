"""Golden vectors: the generated recordings of `audio.golden_voices`, and what a correct engine makes of them."""

import json
import re
import wave
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from model_builder.asset.speech_gate import speech_probabilities
from model_builder.audio.golden_voices import VOICES, generate
from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm, read_pcm
from model_builder.inference.asset_manifest import GOLDEN, INPUT, LOGITS, AssetError

TOLERANCE = 1e-4
FOLDER = "golden"


@dataclass(frozen=True)
class GoldenCase:
    """A recording in the asset with the logits of the whole of it and a speech probability for each 512 samples."""

    file: str
    samples: int
    logits: tuple[float, ...]
    speech_probabilities: tuple[float, ...]


def write_golden(folder: Path, emotion: onnxruntime.InferenceSession, gate: onnxruntime.InferenceSession) -> None:
    """Writes golden/*.wav and golden.json to the asset in `folder`, with what the two networks give here."""
    (folder / FOLDER).mkdir()
    cases = []
    for voice in VOICES:
        name = f"{FOLDER}/{voice.name}.wav"
        _write_wav(folder / name, generate(voice))
        cases.append(_case(name, read_pcm(folder / name), emotion, gate))
    document = {"tolerance": TOLERANCE, "cases": [asdict(case) for case in cases]}
    (folder / GOLDEN).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def read_golden(folder: Path) -> tuple[GoldenCase, ...]:
    """The cases of the asset in `folder`. Raises AssetError where golden.json is not one."""
    try:
        document = json.loads((folder / GOLDEN).read_text(encoding="utf-8"))
        return tuple(_case_from(case) for case in document["cases"])
    except (OSError, ValueError, OverflowError, KeyError, TypeError, RecursionError) as error:
        raise AssetError(folder, GOLDEN, f"cannot be read ({error!r})") from error


def _case_from(case: dict[str, Any]) -> GoldenCase:
    name = case["file"]
    if not isinstance(name, str) or not re.fullmatch(rf"{FOLDER}/\w+\.wav", name):
        raise ValueError(f"{name!r} is no recording in {FOLDER}")
    return GoldenCase(name, int(case["samples"]), tuple(map(float, case["logits"])), tuple(map(float, case["speech_probabilities"])))


def verify_golden(folder: Path, emotion: onnxruntime.InferenceSession, gate: onnxruntime.InferenceSession) -> None:
    """Runs every case again. Raises AssetError for the first that differs by more than the tolerance."""
    cases = read_golden(folder)
    if not cases:
        raise AssetError(folder, GOLDEN, "holds no case")
    for case in cases:
        actual = _case(case.file, read_pcm(folder / case.file), emotion, gate)
        if actual.samples != case.samples:
            raise AssetError(folder, case.file, f"has {actual.samples} samples, {GOLDEN} says {case.samples}")
        for what in ("logits", "speech_probabilities"):
            measured, expected = np.array(getattr(actual, what)), np.array(getattr(case, what))
            if measured.shape != expected.shape or not np.abs(measured - expected).max(initial=0.0) <= TOLERANCE:
                raise AssetError(folder, case.file, f"its {what} differ from those in {GOLDEN}")


def golden_pcm(folder: Path) -> list[Pcm]:
    """The golden recordings of the asset in `folder`, in the order of golden.json."""
    return [read_pcm(folder / case.file) for case in read_golden(folder)]


def _case(
    name: str, pcm: Pcm, emotion: onnxruntime.InferenceSession, gate: onnxruntime.InferenceSession
) -> GoldenCase:
    (logits,) = emotion.run([LOGITS], {INPUT: pcm[None]})
    return GoldenCase(
        file=name,
        samples=len(pcm),
        logits=tuple(map(float, logits[0])),
        speech_probabilities=tuple(map(float, speech_probabilities(gate, pcm))),
    )


def _write_wav(path: Path, pcm: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(pcm.astype("<i2").tobytes())
