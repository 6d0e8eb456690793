"""The commands: they parse, call one function each, and print. `python -m model_builder --help` lists them."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from model_builder.console import console, errors, progress_bar, say, show_asset, show_findings, show_scores, show_survey
from model_builder.corpora import LOADERS, load_corpus
from model_builder.corpora.survey import Clip, Survey, survey_together
from model_builder.corpora.utterance import LABELS, Utterance
from model_builder.errors import UserError
from model_builder.learning.card import SHIPPED, require_weights

if TYPE_CHECKING:  # torch and scikit-learn take seconds to import; commands import what they need
    from model_builder.deployment.predict import EmotionPredictor, Recording

app = typer.Typer(
    help="Builds Undertone's speech emotion model: survey corpora, train, export, quantize, build the app's asset, predict.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

CorpusOption = Annotated[
    list[str],
    typer.Option(
        "--corpus",
        metavar="NAME=PATH",
        help=f"A corpus and its folder (of `manifest`, its CSV file); repeatable. Names: {', '.join(sorted(LOADERS))}.",
    ),
]


def main() -> None:
    """Run the command line; bad input ends with one sentence and exit code 2."""
    try:
        app()
    except UserError as error:
        say(f"error: {error}", errors, "bold red")
        sys.exit(2)


@dataclass(frozen=True)
class GivenCorpus:
    name: str
    path: Path


def parse_corpora(values: list[str]) -> list[GivenCorpus]:
    """`NAME=PATH` values; raises UserError for any other form."""
    parsed = []
    for value in values:
        name, separator, path = value.partition("=")
        if not separator or not path:
            raise UserError(f"--corpus {value}: write NAME=PATH, for example crema-d=/data/CREMA-D")
        parsed.append(GivenCorpus(name, Path(path)))
    return parsed


@app.command()
def corpora(corpus: CorpusOption) -> None:
    """List what corpora really hold: clips, speakers, classes, hours; unreadable, silent and duplicated files by name."""
    for given in parse_corpora(corpus):
        [found] = read_corpora([given])
        show_survey(f"{given.name}: {given.path}", found)


def read_corpora(given: list[GivenCorpus], labels_only: bool = False) -> list[Survey]:
    """Survey corpora together behind a progress bar; `labels_only` leaves out the classes that the model does not know."""
    loaded = [load_corpus(each.name, each.path) for each in given]
    with progress_bar() as bar:
        names = ", ".join(each.name for each in given)
        task = bar.add_task(f"reading {names}", total=sum(len(each.utterances) for each in loaded), note="")
        return survey_together(loaded, LABELS if labels_only else None, lambda: bar.advance(task))


def read_clips(corpus: list[str], skip_unreadable: bool = False) -> list[Clip]:
    """The usable clips of all corpora; raises UserError when files cannot be read, unless they are to be skipped."""
    clips = []
    everything = parse_corpora(corpus)
    for given, found in zip(everything, read_corpora(everything, labels_only=True), strict=True):
        warn(found)
        if found.unreadable and not skip_unreadable:
            raise UserError(
                f"{given.name}: {len(found.unreadable)} of {found.clips:,} files cannot be read "
                f"(first: {found.unreadable[0]}); --skip-unreadable leaves them out"
            )
        say_left_out(given, found.clips - len(found.usable), found.clips)
        clips += found.usable
    return clips


def warn(found: Survey) -> None:
    for warning in found.warnings:
        say(f"warning: {warning}", errors)


def say_left_out(given: GivenCorpus, left_out: int, clips: int) -> None:
    if left_out:
        say(f"{given.name}: {left_out:,} of {clips:,} clips left out; `corpora` names them", errors)


@app.command()
def train(
    corpus: CorpusOption,
    encoder: Annotated[
        str, typer.Option(help="Start: a hub name such as ntu-spml/distilhubert, a local folder, or `scratch` for random weights.")
    ] = "ntu-spml/distilhubert",
    run: Annotated[Path, typer.Option(help="Folder for checkpoints, log and weights; a stopped run goes on.")] = Path("runs/latest"),
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the training clips with the whole network.")] = 10,
    batch: Annotated[int, typer.Option(min=1, help="Clips a batch.")] = 16,
    learning_rate: Annotated[float, typer.Option(help="Peak learning rate of the whole network.")] = 2e-4,
    seed: Annotated[int, typer.Option(help="Decides the split, the crops and everything random.")] = 0,
    validation_share: Annotated[float, typer.Option(min=0.01, max=0.9, help="Share of the speakers held back for validation.")] = 0.2,
    teacher_epochs: Annotated[int, typer.Option(min=1, help="scratch only: passes of the log-mel teacher.")] = 24,
    spectrum_epochs: Annotated[int, typer.Option(min=1, help="scratch only: passes that teach the front end the spectrum.")] = 4,
    context_epochs: Annotated[int, typer.Option(min=1, help="scratch only: passes of the transformer over the resting front end.")] = 8,
    skip_unreadable: Annotated[bool, typer.Option("--skip-unreadable", help="Leave out files that cannot be read.")] = False,
) -> None:
    """Fine-tune DistilHuBERT on corpora, with a fifth of the speakers held back; resumes after a stop."""
    clips = read_clips(corpus, skip_unreadable)
    from model_builder.learning.training import Progress as Step
    from model_builder.learning.training import TrainingPlan
    from model_builder.learning.training import train as run_training

    plan = TrainingPlan(
        encoder=encoder,
        epochs=epochs,
        seed=seed,
        batch_clips=batch,
        peak_learning_rate=learning_rate,
        validation_share=validation_share,
        teacher_epochs=teacher_epochs,
        spectrum_epochs=spectrum_epochs,
        context_epochs=context_epochs,
    )
    with progress_bar() as bar:
        tasks: dict[tuple[str, int], int] = {}

        def report(step: Step) -> None:
            key = (step.stage, step.epoch)
            if step.batches:
                if key not in tasks:
                    tasks[key] = bar.add_task(f"{step.stage} {step.epoch + 1}/{step.epochs}", total=step.batches, note="")
                bar.update(tasks[key], advance=1, note=f"loss {step.loss:.3f}")
            else:
                ua = "" if step.validation_ua is None else f", validation UA {step.validation_ua:.1%}"
                bar.print(f"{step.stage} {step.epoch}/{step.epochs}: loss {step.loss:.3f}{ua}")

        result = run_training(clips, plan, run, report)
    show_scores("validation speakers", result.scores)
    say(f"weights: {result.weights}")


WeightsOption = Annotated[Path | None, typer.Option(help="Folder of weights that `train` wrote; without it, the shipped weights.")]
AssetOption = Annotated[Path | None, typer.Option(help="Asset folder; without it, the one in the app's sources.")]


@app.command()
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


@app.command()
def quantize(
    fp32: Annotated[Path, typer.Argument(help="A float32 file that `export` wrote.")],
    out: Annotated[Path, typer.Option(help="The int8 ONNX file to write.")],
) -> None:
    """Quantize an exported file to int8, at most 23,000,000 bytes."""
    from model_builder.deployment.quantization import quantize as run_quantization

    run_quantization(fp32, out)
    say(f"{out}: {out.stat().st_size:,} bytes, from {fp32.stat().st_size:,}")


@app.command("build-apk-asset")
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


def open_predictor(weights: Path | None, asset: Path | None) -> "EmotionPredictor":
    from model_builder.deployment.manifest import DEFAULT_FOLDER
    from model_builder.deployment.predict import EmotionPredictor

    if weights is not None:
        return EmotionPredictor.from_weights(require_weights(weights))
    return EmotionPredictor.from_asset(asset or DEFAULT_FOLDER)


def predict_all(predictor: "EmotionPredictor", paths: list[Path]) -> "Iterator[Recording]":
    """Predictions behind a progress bar; every bad file gets one line, and the last good one is followed by exit code 2."""
    from model_builder.deployment.predict import Rejected

    rejected = 0
    with progress_bar() as bar:
        task = bar.add_task("predicting", total=len(paths), note="")
        for outcome in predictor.predict_files(paths):
            bar.advance(task)
            if isinstance(outcome, Rejected):
                rejected += 1
                say(f"error: {outcome.reason}", errors)
            else:
                yield outcome
    if rejected:
        raise UserError(f"{rejected} of {len(paths):,} files could not be used")


@app.command()
def predict(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recordings, or folders of them.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line instead of a table.")] = False,
    weights: Annotated[Path | None, typer.Option(help="Use these float32 weights in PyTorch instead of the asset's int8 model.")] = None,
    asset: AssetOption = None,
) -> None:
    """Name the emotion of whole recordings, of any rate, channels and format that libsndfile reads."""
    from model_builder.deployment.predict import find_recordings

    recordings = predict_all(open_predictor(weights, asset), find_recordings(files))
    if as_json:
        for recording in recordings:
            heard = recording.prediction
            line = {
                "file": str(recording.path),
                "duration_s": recording.duration_s,
                "label": heard.label,
                "logits": heard.logits,
                "probabilities": dict(zip(heard.labels, heard.probabilities, strict=True)),
            }
            print(json.dumps(line, ensure_ascii=False), flush=True)
        return
    table = Table()
    for heading in ("file", "seconds", "heard", *LABELS):
        table.add_column(heading, justify="left" if heading in ("file", "heard") else "right", overflow="fold")
    try:
        for recording in recordings:
            heard = recording.prediction
            word = f"{heard.label} (not sure)" if heard.is_uncertain else heard.label
            table.add_row(
                str(recording.path), f"{recording.duration_s:.2f}", word, *(f"{probability:.0%}" for probability in heard.probabilities)
            )
    finally:
        if table.row_count:
            console.print(table)


@app.command()
def evaluate(
    corpus: CorpusOption,
    weights: Annotated[Path | None, typer.Option(help="Score these float32 weights in PyTorch instead of the asset's int8 model.")] = None,
    asset: AssetOption = None,
    report: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for report.html, with plots, and report.json.")] = None,
) -> None:
    """Score whole recordings of labelled corpora: overall, by speaker, sex and intensity, arousal, calibration, uncertainty.

    Only the four classes count.
    """
    from model_builder.evaluation.findings import evaluate_answers
    from model_builder.evaluation.report import prepare_folder, write_report
    from model_builder.judged import answers_of, describe_system

    if report is not None:
        prepare_folder(report)
    asked = [(given.name, *read_judgeable(given)) for given in parse_corpora(corpus)]
    predictor, system = open_predictor(weights, asset), describe_system(weights, asset)
    findings = []
    for name, utterances, left_out in asked:
        recordings = predict_all(predictor, [utterance.path for utterance in utterances])
        findings.append(evaluate_answers(answers_of(name, utterances, recordings, left_out), system))
        show_findings(findings[-1])
    if report is not None:
        write_report(report, system, findings)
        say(f"report: {report / 'report.html'}")


def read_judgeable(given: GivenCorpus) -> tuple[list[Utterance], int]:
    """What can be judged, and how many clips are left out; each corpus alone: protocols of the same recordings may differ in labels.

    Raises UserError where nothing can be judged.
    """
    [found] = read_corpora([given], labels_only=True)
    warn(found)
    left_out = found.clips - len(found.judgeable)
    say_left_out(given, left_out, found.clips)
    if not found.judgeable:
        raise UserError(f"{given.name}: no recording of {', '.join(LABELS)} under {given.path}; give a corpus that has some")
    return found.judgeable, left_out
