"""The contract with the engine: what an asset holds, how to run it, where it comes from; and the checks that it has to pass."""

import hashlib
import json
import math
import os
import re
import sys
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.evaluation.session_adaptation import SessionAdaptation

REPOSITORY = Path(__file__).resolve().parents[2]
DEFAULT_FOLDER = REPOSITORY / "android/app/src/main/assets/emotion"
IS_CHECKOUT = (REPOSITORY / "android/app/src").is_dir()
"""False of a package installed from its wheel: what lies around it is not ours to read, ask git about, or build into."""
MANIFEST = "manifest.json"
MODEL, SPEECH_GATE, GOLDEN = "model.onnx", "speech_gate.onnx", "golden.json"
INPUT, LOGITS, PROBABILITIES, AROUSAL_VALENCE = "pcm", "logits", "probabilities", "arousal_valence"
LARGEST_MODEL_BYTES = 23_000_000
SCHEMA_VERSION = 2
SHA256 = re.compile(r"[0-9a-f]{64}")


class AssetError(UserError):
    """An asset cannot be used; names the file in it and the reason, as the engine does."""

    def __init__(self, folder: Path, file: str, reason: str):
        super().__init__(f"{folder / file}: {reason}; build the asset again (make asset)")
        self.file = file
        self.reason = reason


@dataclass(frozen=True)
class GateParameters:
    """When somebody speaks: thresholds on Silero's probability, on the level above the noise floor, and times."""

    frame_samples: int = 512
    enter_probability: float = 0.5
    leave_probability: float = 0.35
    shortest_speech_ms: int = 250
    pre_roll_ms: int = 300
    hangover_ms: int = 480
    longest_segment_ms: int = 15_000
    noise_margin_db: float = 4.5
    noise_window_ms: int = 3_000
    network_hold_ms: int = 320
    network_lead_in_ms: int = 96


@dataclass(frozen=True)
class LiveParameters:
    """When results come while somebody speaks, and how they are smoothed: `LiveParameters.kt` says what each means."""

    early_result_ms: int = 1_000
    early_window_ms: int = 3_000
    early_step_ms: int = 2_000
    smoothing_ms: int = 1_400
    switch_margin: float = 0.35


@dataclass(frozen=True)
class AssetFile:
    """One file of the asset; the name is relative to its folder, with forward slashes."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class AssetManifest:
    """Everything that the engine needs to know, and what a reader wants to know about the training.

    has_arousal_valence: whether the model has the output `arousal_valence`, float32 (1, 2), from -1 to 1; experimental.
    session_adaptation: what of all results of a stream is taken off before the temperature; None takes off nothing.
    """

    files: tuple[AssetFile, ...]
    temperature: float = 1.0
    uncertainty_threshold: float = 0.4
    training: dict[str, Any] | None = None
    results: dict[str, Any] | None = None
    git_commit: str | None = None
    gate: GateParameters = GateParameters()
    live: LiveParameters = LiveParameters()
    labels: tuple[str, ...] = LABELS
    sample_rate_hz: int = SAMPLE_RATE_HZ
    shortest_window_samples: int = SAMPLE_RATE_HZ // 4
    longest_window_samples: int = SAMPLE_RATE_HZ * 15
    schema_version: int = SCHEMA_VERSION
    has_arousal_valence: bool = False
    session_adaptation: SessionAdaptation | None = None


def describe_files(folder: Path) -> tuple[AssetFile, ...]:
    """Every file below `folder` but the manifest, with its size and hash, sorted by name."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = [(path, path.relative_to(folder).as_posix()) for path in paths]
    return tuple(AssetFile(name, path.stat().st_size, sha256_of(path)) for path, name in names if name != MANIFEST)


def write_manifest(manifest: AssetManifest, folder: Path) -> None:
    ordered = {
        "schema_version": manifest.schema_version,
        "labels": list(manifest.labels),
        "sample_rate_hz": manifest.sample_rate_hz,
        "shortest_window_samples": manifest.shortest_window_samples,
        "longest_window_samples": manifest.longest_window_samples,
        "temperature": manifest.temperature,
        "uncertainty_threshold": manifest.uncertainty_threshold,
        "gate": asdict(manifest.gate),
        "live": asdict(manifest.live),
        "files": [asdict(file) for file in manifest.files],
        "training": manifest.training or {},
        "results": manifest.results or {},
        "git_commit": manifest.git_commit,
    }
    if manifest.has_arousal_valence:
        ordered["has_arousal_valence"] = True  # an asset without it stays as it was before there was one
    if manifest.session_adaptation is not None:
        ordered["session_adaptation"] = asdict(manifest.session_adaptation)
    text = json.dumps(ordered, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> AssetManifest:
    """The manifest of the asset in `folder`, its values checked; the files it names are not.

    Raises AssetError, naming the field that is missing or does not fit.
    """
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise AssetError(folder, MANIFEST, "is missing") from error
    except (OSError, ValueError, RecursionError) as error:
        raise AssetError(folder, MANIFEST, f"cannot be read ({error})") from error
    try:
        return _manifest_from(data)
    except _Misfit as error:
        raise AssetError(folder, MANIFEST, str(error)) from error


def session_adaptation_of(data: dict[str, Any]) -> SessionAdaptation | None:
    """The object `session_adaptation` of a manifest or of a card of weights; None where it is left out.

    Raises ValueError, naming the field that is missing or does not fit.
    """
    if "session_adaptation" not in data:
        return None
    given = _value(data, "session_adaptation", dict)
    values = {field.name: _value(given, field.name, field.type, "session_adaptation.") for field in fields(SessionAdaptation)}
    for name, value in values.items():
        _require(value > 0, f"session_adaptation.{name} is {value}, expected more than 0")
    return SessionAdaptation(**values)


def verify_files(folder: Path, manifest: AssetManifest) -> None:
    """Raises AssetError for the first file of the manifest that is missing, a link out of the asset, or not the one that was hashed."""
    inside = os.path.realpath(folder)
    for file in manifest.files:
        path = folder / file.name
        if not os.path.isfile(path):  # unlike Path.is_file, it takes any name
            raise AssetError(folder, file.name, "is missing")
        if not Path(os.path.realpath(path)).is_relative_to(inside):
            raise AssetError(folder, file.name, "is a link that leads out of the asset")
        size_bytes = path.stat().st_size
        if size_bytes != file.size_bytes:
            raise AssetError(folder, file.name, f"has {size_bytes:,} bytes, the manifest says {file.size_bytes:,}")
        if sha256_of(path) != file.sha256:
            raise AssetError(folder, file.name, "its sha256 is not the one in the manifest")


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Misfit(ValueError):
    """A value of the manifest that is missing or wrong; the message names it."""


def _manifest_from(data: Any) -> AssetManifest:
    if not isinstance(data, dict):
        raise _Misfit("is not a JSON object")
    version = _value(data, "schema_version", int)
    _require(version == SCHEMA_VERSION, f"schema_version is {version}, this version reads {SCHEMA_VERSION}")
    labels = tuple(_value(data, "labels", list))
    _require(labels == LABELS, f"labels are {list(labels)}, expected {list(LABELS)}")
    rate_hz = _value(data, "sample_rate_hz", int)
    _require(rate_hz == SAMPLE_RATE_HZ, f"sample_rate_hz is {rate_hz}, expected {SAMPLE_RATE_HZ}")
    shortest, longest = _value(data, "shortest_window_samples", int), _value(data, "longest_window_samples", int)
    _require(0 < shortest <= longest, f"windows of {shortest} to {longest} samples are none")
    temperature = _value(data, "temperature", float)
    _require(temperature > 0, f"temperature is {temperature}, expected more than 0")
    threshold = _value(data, "uncertainty_threshold", float)
    _require(0 <= threshold <= 1, f"uncertainty_threshold is {threshold}, expected 0 to 1")
    commit, has_arousal_valence = data.get("git_commit"), data.get("has_arousal_valence", False)
    _require(commit is None or isinstance(commit, str), "git_commit is neither a text nor null")
    _require(isinstance(has_arousal_valence, bool), f"has_arousal_valence is {has_arousal_valence!r}, expected true or false")
    return AssetManifest(
        files=_files_from(_value(data, "files", list)),
        temperature=temperature,
        uncertainty_threshold=threshold,
        training=_value(data, "training", dict),
        results=_value(data, "results", dict),
        git_commit=commit,
        gate=_gate_from(_value(data, "gate", dict)),
        live=_live_from(_value(data, "live", dict)),
        labels=labels,
        sample_rate_hz=rate_hz,
        shortest_window_samples=shortest,
        longest_window_samples=longest,
        has_arousal_valence=has_arousal_valence,
        session_adaptation=session_adaptation_of(data),
    )


def _gate_from(data: dict[str, Any]) -> GateParameters:
    gate = GateParameters(**{field.name: _value(data, field.name, field.type, "gate.") for field in fields(GateParameters)})
    _require(gate.frame_samples == 512, f"gate.frame_samples is {gate.frame_samples}, Silero takes 512")
    ordered = 0 <= gate.leave_probability <= gate.enter_probability <= 1
    _require(ordered, "gate probabilities are not 0 <= leave_probability <= enter_probability <= 1")
    times = (gate.shortest_speech_ms, gate.pre_roll_ms, gate.hangover_ms)
    _require(min(times) >= 0 and gate.longest_segment_ms > 0, "gate times are negative")
    _require(0 <= gate.noise_margin_db <= 60, f"gate.noise_margin_db is {gate.noise_margin_db}, expected 0 to 60")
    _require(gate.noise_window_ms > 0 and gate.network_hold_ms >= 0, "gate.noise_window_ms or gate.network_hold_ms is no duration")
    _require(0 <= gate.network_lead_in_ms <= gate.pre_roll_ms, "gate.network_lead_in_ms is not within gate.pre_roll_ms")
    return gate


def _live_from(data: dict[str, Any]) -> LiveParameters:
    # Assets that were built before the steps have the first interval throughout.
    data = {"early_step_ms": data.get("early_result_ms"), **data}
    live = LiveParameters(**{field.name: _value(data, field.name, field.type, "live.") for field in fields(LiveParameters)})
    _require(0 < live.early_result_ms <= live.early_window_ms, "live times are not 0 < early_result_ms <= early_window_ms")
    _require(live.early_step_ms >= live.early_result_ms, f"live.early_step_ms is {live.early_step_ms}, less than early_result_ms")
    _require(live.smoothing_ms > 0, f"live.smoothing_ms is {live.smoothing_ms}, expected more than 0")
    _require(0 <= live.switch_margin <= 1, f"live.switch_margin is {live.switch_margin}, expected 0 to 1")
    return live


def _files_from(entries: list[Any]) -> tuple[AssetFile, ...]:
    files = []
    for index, entry in enumerate(entries):
        _require(isinstance(entry, dict), f"files[{index}] is not an object")
        file = AssetFile(*(_value(entry, field.name, field.type, f"files[{index}].") for field in fields(AssetFile)))
        parts = PurePosixPath(file.name).parts
        is_inside = bool(parts) and not file.name.startswith("/") and not {"..", "."} & set(parts)
        _require(is_inside and not set(file.name) & set("\\:\0"), f"files[{index}].name {file.name!r} leads out of the asset")
        _require(file.size_bytes >= 0, f"files[{index}].size_bytes is negative")
        _require(SHA256.fullmatch(file.sha256) is not None, f"files[{index}].sha256 is not a sha256 in hexadecimal")
        files.append(file)
    sizes = {file.name: file.size_bytes for file in files}
    _require(len(sizes) == len(files), "files names one file twice")
    for name in (MODEL, SPEECH_GATE, GOLDEN):
        _require(name in sizes, f"files does not name {name}")
    _require(sizes[MODEL] <= LARGEST_MODEL_BYTES, f"{MODEL} has {sizes[MODEL]:,} bytes, more than {LARGEST_MODEL_BYTES:,}")
    return tuple(files)


def _value(data: dict[str, Any], name: str, kind: Any, prefix: str = "") -> Any:
    _require(name in data, f"{prefix}{name} is missing")
    value = data[name]
    if kind is float and type(value) is int:
        _require(abs(value) <= sys.float_info.max, f"{prefix}{name} is not finite")
        value = float(value)
    _require(type(value) is kind, f"{prefix}{name} is {value!r}, expected {kind.__name__}")
    _require(kind is not float or math.isfinite(value), f"{prefix}{name} is not finite")
    return value


def _require(holds: bool, complaint: str) -> None:
    if not holds:
        raise _Misfit(complaint)
