"""`predict` and `evaluate`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from model_builder.audio.reading import find_recordings
from model_builder.commands.corpora import CorpusOption, GivenCorpus, parse_corpora, read_corpora, say_left_out, warn
from model_builder.console import console, errors, progress_bar, say, show_findings
from model_builder.corpora.dimensions import DIMENSIONS
from model_builder.corpora.utterance import LABELS, Utterance
from model_builder.errors import UserError
from model_builder.learning.card import require_weights

if TYPE_CHECKING:  # commands import what they need: some of it takes seconds
    from model_builder.deployment.predict import EmotionPredictor, Recording

AssetOption = Annotated[Path | None, typer.Option(help="Asset folder; without it, the one in the app's sources.")]


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


def predict(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recordings, or folders of them.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line instead of a table.")] = False,
    weights: Annotated[Path | None, typer.Option(help="Use these float32 weights in PyTorch instead of the asset's int8 model.")] = None,
    asset: AssetOption = None,
) -> None:
    """Name the emotion of whole recordings, of any rate, channels and format that libsndfile reads."""
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
            if heard.arousal_valence is not None:
                line["arousal_valence"] = dict(zip(DIMENSIONS, heard.arousal_valence, strict=True))
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


def evaluate(
    corpus: CorpusOption,
    weights: Annotated[Path | None, typer.Option(help="Score these float32 weights in PyTorch instead of the asset's int8 model.")] = None,
    asset: AssetOption = None,
    report: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for report.html, with plots, and report.json.")] = None,
) -> None:
    """Score whole recordings of labelled corpora: overall, by speaker, sex and intensity, arousal, calibration, uncertainty.

    Only the four classes count.
    """
    from model_builder.deployment.answers import answers_of, describe_system
    from model_builder.evaluation.findings import evaluate_answers
    from model_builder.evaluation.report import prepare_folder, write_report

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
    say_left_out(given.name, left_out, found.clips)
    if not found.judgeable:
        raise UserError(f"{given.name}: no recording of {', '.join(LABELS)} under {given.path}; give a corpus that has some")
    return found.judgeable, left_out
