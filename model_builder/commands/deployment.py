"""`export`, `quantize` and `build-apk-asset`."""

from pathlib import Path
from typing import Annotated

import typer

from model_builder.console import errors, say, show_asset
from model_builder.learning.card import SHIPPED, require_weights

WeightsOption = Annotated[Path | None, typer.Option(help="Folder of weights that `train` wrote; without it, the shipped weights.")]


def export(
    out: Annotated[Path, typer.Option(help="The ONNX file to write.")],
    weights: WeightsOption = None,
) -> None:
    """Export weights as a float32 ONNX file that takes raw PCM (1, samples) and gives logits and probabilities."""
    folder = require_weights(weights or SHIPPED)
    from model_builder.deployment.export import export_onnx
    from model_builder.deployment.predict import rules_of
    from model_builder.learning.weights import load_weights

    export_onnx(load_weights(folder), out, rules_of(folder).temperature)
    say(f"{out}: {out.stat().st_size:,} bytes")


def quantize(
    fp32: Annotated[Path, typer.Argument(help="A float32 file that `export` wrote.")],
    out: Annotated[Path, typer.Option(help="The int8 ONNX file to write.")],
) -> None:
    """Quantize an exported file to int8, at most 23,000,000 bytes."""
    from model_builder.deployment.quantization import quantize as run_quantization

    run_quantization(fp32, out)
    say(f"{out}: {out.stat().st_size:,} bytes, from {fp32.stat().st_size:,}")


def build_apk_asset(
    weights: WeightsOption = None,
    out: Annotated[Path | None, typer.Option(help="Folder to build; without it, the asset folder in the app's sources.")] = None,
    recordings: Annotated[Path | None, typer.Option(help="Folder of real recordings; 200 of them join the comparison.")] = None,
) -> None:
    """Build the app's asset: export, quantize, golden vectors, manifest; compared with PyTorch before it replaces the previous one."""
    folder = require_weights(weights or SHIPPED)
    from model_builder.deployment.asset import build_asset
    from model_builder.deployment.manifest import DEFAULT_FOLDER

    with errors.status("starting") as status:
        report = build_asset(folder, out or DEFAULT_FOLDER, recordings, status.update)
    show_asset(report)
