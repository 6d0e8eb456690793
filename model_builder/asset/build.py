"""From weights to the asset that the app bundles, verified before it replaces the one before."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from model_builder.asset.clips import RealClips, read_clips
from model_builder.asset.folder_swap import atomic_replace_folder
from model_builder.asset.golden import golden_pcm, verify_golden, write_golden
from model_builder.asset.speech_gate import write_speech_gate
from model_builder.errors import DISK_IS_FULL, UserError, os_error_behind
from model_builder.export.quantize import QuantizationReport, quantize
from model_builder.export.to_onnx import export_onnx
from model_builder.export.variant import Variant
from model_builder.inference.asset_manifest import (
    DEFAULT_FOLDER,
    IS_CHECKOUT,
    MODEL,
    REPOSITORY,
    SPEECH_GATE,
    AssetManifest,
    describe_files,
    write_manifest,
)
from model_builder.inference.parity import LARGEST_MEAN_ERROR, Parity, measure_parity
from model_builder.inference.predictor import inference_config_of, open_asset, session_logits
from model_builder.inference.session import open_session
from model_builder.inference.timing import median_ms
from model_builder.inference.torch_reference import torch_logits
from model_builder.models.card import SHIPPED
from model_builder.models.checkpoint import load_weights

REAL_CLIPS = 200
NEEDED_MB = 300


class AccuracyLost(UserError):
    """Quantized, these weights answer differently from PyTorch."""


@dataclass(frozen=True)
class AssetReport:
    """What was built, and how it compares with the float32 network; times are for 3 s of audio on one thread."""

    folder: Path
    size_bytes: int
    quantization: QuantizationReport
    golden: Parity
    real: Parity | None
    real_clips: RealClips | None
    fp32_ms: float
    int8_ms: float


def build_asset(
    weights: Path = SHIPPED,
    folder: Path = DEFAULT_FOLDER,
    recordings: Path | None = None,
    on_step: Callable[[str], None] = lambda step: None,
    variant: Variant = Variant.ACCURATE,
) -> AssetReport:
    """Builds the asset of the weights in `weights` and puts it in the place of `folder`, in one step at the end.

    recordings: a folder of real recordings; 200 of them take part in the comparison with PyTorch. Those that cannot be used are left
    out and named in the report.
    on_step: called with a few words on what is being done.
    variant: how to quantize.
    Whatever goes wrong, and when the process is killed, the previous asset stays as it was.
    Raises AccuracyLost for a model that lost accuracy, UserError for weights that cannot be read, a full disk or a model that is too
    large.
    """
    rules = inference_config_of(weights)
    model = load_weights(weights)
    real_clips = read_clips(recordings, REAL_CLIPS) if recordings is not None else None
    with _disk_errors_named(folder), atomic_replace_folder(folder) as building:
        scratch = building / "scratch"
        scratch.mkdir()
        fp32_path = scratch / "fp32.onnx"
        on_step("exporting")
        export_onnx(model, fp32_path, rules.temperature)
        on_step("quantizing")
        quantization = quantize(fp32_path, building / MODEL, variant)
        on_step("generating golden vectors")
        write_speech_gate(building / SPEECH_GATE)
        int8, gate = open_session(building / MODEL, threads=1), open_session(building / SPEECH_GATE, threads=1)
        write_golden(building, int8, gate)
        on_step("comparing with PyTorch")
        compare = partial(measure_parity, partial(torch_logits, model), partial(session_logits, int8))
        golden = compare(golden_pcm(building))
        real = compare(real_clips.pcm) if real_clips else None
        _require_accuracy(real or golden)
        on_step("timing")
        fp32_ms, int8_ms = median_ms([open_session(fp32_path, threads=1), int8])
        shutil.rmtree(scratch)
        on_step("verifying")
        write_manifest(_manifest(rules, building, quantization, golden, real), building)
        _, verified = open_asset(building)
        verify_golden(building, verified, gate)
        size_bytes = sum(path.stat().st_size for path in building.rglob("*") if path.is_file())
    return AssetReport(folder, size_bytes, quantization, golden, real, real_clips, fp32_ms, int8_ms)


def _manifest(
    rules: AssetManifest, building: Path, quantization: QuantizationReport, golden: Parity, real: Parity | None
) -> AssetManifest:
    measured = {
        "model_bytes": quantization.int8_bytes,
        "variant": quantization.variant,
        "four_bit_layers": list(quantization.search.four_bit_groups),
        "int8_against_fp32_golden": asdict(golden),
    }
    if real is not None:
        measured["int8_against_fp32_real"] = asdict(real)
    results = {**(rules.results or {}), "deployment": measured}
    return replace(rules, files=describe_files(building), results=results, git_commit=git_commit())


def git_commit() -> str | None:
    """The commit that this package was run from, None outside of a repository with commits."""
    if not IS_CHECKOUT:  # the repository around an environment with a wheel is another project's
        return None
    try:
        answer = subprocess.run(["git", "rev-parse", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def _require_accuracy(parity: Parity) -> None:
    if not parity.mean_error <= LARGEST_MEAN_ERROR:
        raise AccuracyLost(
            f"{MODEL}: quantized logits differ from PyTorch's by {parity.mean_error:.3f} on average, more than"
            f" {LARGEST_MEAN_ERROR}; these weights do not stand 8 bits, train them again"
        )


@contextmanager
def _disk_errors_named(folder: Path) -> Iterator[None]:
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        cause = os_error_behind(error)
        if cause is None:
            raise
        if cause.errno in DISK_IS_FULL:
            raise UserError(
                f"{folder}: no space left while building; free about {NEEDED_MB} MB there and run again"
                " (the previous asset is unchanged)"
            ) from error
        what = cause.filename or folder
        raise UserError(
            f"{folder}: cannot be written ({cause.strerror or cause}: {what}); check its permissions (the previous asset is unchanged)"
        ) from error
