"""`export`, `quantize`, `benchmark` and `build-apk-asset`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model_builder.cli.console import errors, say, show_asset, show_benchmark, show_search
from model_builder.cli.corpora import parse_corpora, read_corpora, readable_of, require_all_read
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.export.variant import Variant
from model_builder.models.card import SHIPPED, require_weights

if TYPE_CHECKING:  # commands import what they need: some of it takes seconds
    from model_builder.asset.clips import RealClips

WeightsOption = Annotated[Path | None, typer.Option(help="Folder of weights that `train` wrote; without it, the shipped weights.")]
VariantOption = Annotated[Variant, typer.Option(help="fastest; accurate to the float32 logits; or smallest, at most 16,000,000 bytes.")]


def export(
    out: Annotated[Path, typer.Option(help="The ONNX file to write.")],
    weights: WeightsOption = None,
) -> None:
    """Export weights as a float32 ONNX file that takes raw PCM (1, samples) and gives logits and probabilities."""
    folder = require_weights(weights or SHIPPED)
    from model_builder.export.to_onnx import export_onnx
    from model_builder.inference.predictor import inference_config_of
    from model_builder.models.checkpoint import load_weights

    export_onnx(load_weights(folder), out, inference_config_of(folder).temperature)
    say(f"{out}: {out.stat().st_size:,} bytes")


def quantize(
    fp32: Annotated[Path, typer.Argument(help="A float32 file that `export` wrote.")],
    out: Annotated[Path, typer.Option(help="The int8 ONNX file to write; the search goes beside it, as JSON.")],
    variant: VariantOption = Variant.ACCURATE,
    target_bytes: Annotated[int | None, typer.Option(min=1, help="Largest size of the file; without it, the variant's.")] = None,
    calibration: Annotated[Path | None, typer.Option(help="Folder of recordings to measure on; without it, generated voices.")] = None,
) -> None:
    """Quantize an exported file to int8, and as many layers to 4 bits as its size asks for, those that stand it best."""
    from model_builder.asset.clips import read_clips
    from model_builder.export.quantize import CALIBRATION_CLIPS, LONGEST_CALIBRATION_SAMPLES, write_search
    from model_builder.export.quantize import quantize as run_quantization

    if out.resolve() == fp32.resolve():
        raise UserError(f"--out {out}: is the float32 file itself; give another name")
    clips = None if calibration is None else read_clips(calibration, CALIBRATION_CLIPS, LONGEST_CALIBRATION_SAMPLES)
    name_unusable(clips)
    with errors.status("quantizing"):
        report = run_quantization(fp32, out, variant, target_bytes, None if clips is None else clips.pcm)
    write_search(report, out.with_suffix(".search.json"))
    show_search(report.search)
    say(f"{out}: {out.stat().st_size:,} bytes, from {fp32.stat().st_size:,}")
    require_all_usable(clips, f"{out} was written")


def build_apk_asset(
    weights: WeightsOption = None,
    out: Annotated[Path | None, typer.Option(help="Folder to build; without it, that in the app's sources, if they are there.")] = None,
    recordings: Annotated[Path | None, typer.Option(help="Folder of real recordings; 200 of them join the comparison.")] = None,
    variant: VariantOption = Variant.ACCURATE,
) -> None:
    """Build the app's asset: export, quantize, golden vectors, manifest; compared with PyTorch before it replaces the previous one."""
    folder = require_weights(weights or SHIPPED)
    from model_builder.asset.build import build_asset
    from model_builder.inference.asset_manifest import DEFAULT_FOLDER, IS_CHECKOUT

    if out is None and not IS_CHECKOUT:
        raise UserError("build-apk-asset: an installed package has no app beside it; give --out DIR")
    with errors.status("starting") as status:
        report = build_asset(folder, out or DEFAULT_FOLDER, recordings, status.update, variant)
    name_unusable(report.real_clips)
    show_asset(report)
    require_all_usable(report.real_clips, "the asset was built")


def name_unusable(clips: "RealClips | None") -> None:
    for reason in clips.unusable if clips else ():
        say(f"error: {reason}", errors)
    if clips and clips.silent:
        say(f"{clips.silent} silent recordings left out", errors)


def require_all_usable(clips: "RealClips | None", what_was_done: str) -> None:
    """Raises UserError, for the exit status, where recordings were left out as unusable."""
    if clips and clips.unusable:
        raise UserError(f"{len(clips.unusable)} recordings could not be used; {what_was_done} and measured with the other {len(clips.pcm)}")


def benchmark(
    corpus: Annotated[str, typer.Option(metavar="NAME=DIR", help="Labelled recordings, such as crema-d=DIR.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the files, benchmark.json and benchmark.svg.")],
    clips: Annotated[int, typer.Option(min=1, help="Recordings at most, evenly selected.")] = 1_000,
    weights: WeightsOption = None,
) -> None:
    """Compare this project's files with stock quantizations of the same weights, on the same recordings in one run."""
    folder = require_weights(weights or SHIPPED)
    [given] = parse_corpora([corpus])
    [found] = read_corpora([given], labels_only=True)
    from model_builder.benchmarks.model_files import run_benchmark
    from model_builder.corpora.survey import read_utterance
    from model_builder.inference.asset_manifest import AssetManifest
    from model_builder.inference.parity import select_evenly
    from model_builder.models.checkpoint import load_weights

    window = AssetManifest(files=())
    chosen = select_evenly(readable_of(given, found), clips)
    pcm = [read_utterance(utterance)[: window.longest_window_samples] for utterance in chosen]
    true = [LABELS.index(utterance.emotion) for utterance in chosen]
    with errors.status("starting") as status:
        measured = run_benchmark(load_weights(folder), pcm, true, out, status.update)
    show_benchmark(measured)
    say(f"{out / 'benchmark.json'}, {out / 'benchmark.svg'}")
    require_all_read([found])
