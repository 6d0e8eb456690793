"""`predict` and `evaluate`."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table

from model_builder.cli.console import console, errors, print_json, printable, progress_bar, say, search_and_show, show_findings
from model_builder.cli.corpora import CorpusOption, GivenCorpus, nothing_labelled, parse_corpora, say_left_out, warn
from model_builder.corpora import load_corpus
from model_builder.corpora.corpus import Corpus
from model_builder.corpora.dimensions import DIMENSIONS
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.models.card import SHIPPED, require_weights

if TYPE_CHECKING:  # commands import what they need: some of it takes seconds
    from model_builder.inference.corpus_answers import CorpusPredictions
    from model_builder.inference.prediction import Recording, Rejected
    from model_builder.inference.predictor import EmotionPredictor

AssetOption = Annotated[Path | None, typer.Option(help="Asset folder; without it, the one in the app's sources.")]
FloatWeightsOption = Annotated[
    Path | None,
    typer.Option(help="Float32 weights to use in PyTorch instead of an asset; an installed wheel takes its own if neither is given."),
]


def chosen_weights(weights: Path | None, asset: Path | None) -> Path | None:
    """`weights`, or those of the package where neither is given and there are no app's sources to hold an asset; None for an asset.

    Raises UserError where both are given.
    """
    from model_builder.inference.asset_manifest import IS_CHECKOUT

    if weights is not None and asset is not None:
        raise UserError(f"--weights {weights} and --asset {asset}: only one model can be used; leave one of the options out")
    return SHIPPED if weights is None and asset is None and not IS_CHECKOUT else weights


def open_predictor(weights: Path | None, asset: Path | None) -> "EmotionPredictor":
    from model_builder.inference.asset_manifest import DEFAULT_FOLDER
    from model_builder.inference.predictor import EmotionPredictor

    if weights is not None:
        return EmotionPredictor.from_weights(require_weights(weights))
    return EmotionPredictor.from_asset(asset or DEFAULT_FOLDER)


def predict_all(predictor: "EmotionPredictor", paths: list[Path], problems: int) -> "Iterator[Recording]":
    """`accepted` predictions, as they become ready, behind a progress bar. problems: entries that were named before."""
    with progress_bar() as bar:
        task = bar.add_task("predicting", total=len(paths), note="")
        yield from accepted(bar.track(predictor.predict_files(paths), len(paths), task_id=task), len(paths) + problems, problems)


def accepted(outcomes: "Iterable[Recording | Rejected]", files: int, rejected: int = 0) -> "Iterator[Recording]":
    """Every bad file gets one line, and the last good one is followed by exit code 2. rejected: how many of `files` were named before."""
    from model_builder.inference.prediction import Rejected

    for outcome in outcomes:
        if isinstance(outcome, Rejected):
            rejected += 1
            say(f"error: {outcome.reason}", errors)
        else:
            yield outcome
    if rejected:
        raise UserError(f"{rejected} of {files:,} files could not be used")


def predict(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recordings, or folders of them.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line instead of a table.")] = False,
    weights: FloatWeightsOption = None,
    asset: AssetOption = None,
) -> None:
    """Name the emotion of whole recordings, of any rate, channels and format that libsndfile reads."""
    predictor = open_predictor(chosen_weights(weights, asset), asset)
    recordings = predict_all(predictor, *search_and_show(files))
    if as_json:
        for recording in recordings:
            prediction = recording.prediction
            line = {
                "file": str(recording.path),
                "duration_s": recording.duration_s,
                "label": prediction.label,
                "logits": prediction.logits,
                "probabilities": dict(zip(prediction.labels, prediction.probabilities, strict=True)),
            }
            if prediction.arousal_valence is not None:
                line["arousal_valence"] = dict(zip(DIMENSIONS, prediction.arousal_valence, strict=True))
            print_json(line)
        return
    table = Table()
    for heading in ("file", "seconds", "emotion", *LABELS):
        table.add_column(heading, justify="left" if heading in ("file", "emotion") else "right", overflow="fold")
    try:
        for recording in recordings:
            prediction = recording.prediction
            word = f"{prediction.label} (not sure)" if prediction.is_uncertain else prediction.label
            shares = (f"{probability:.0%}" for probability in prediction.probabilities)
            table.add_row(printable(str(recording.path)), f"{recording.duration_s:.2f}", word, *shares)
    finally:
        if table.row_count:
            console.print(table)


def evaluate(
    corpus: CorpusOption,
    weights: FloatWeightsOption = None,
    asset: AssetOption = None,
    report: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for report.html, with plots, and report.json.")] = None,
    adapt_by: Annotated[
        Literal["speaker"] | None,
        typer.Option(help="Also score answers less the running mean of the speaker's earlier ones, for sessions of all moods and of one."),
    ] = None,
) -> None:
    """Score whole recordings of labelled corpora: overall, by speaker, sex and intensity, arousal, calibration, uncertainty.

    Only the four classes count. Recordings that cannot be read or are too short are named and left out; the exit status is then 2.
    """
    from model_builder.evaluation.evaluation_result import evaluate_answers
    from model_builder.evaluation.session_adaptation import SessionAdaptation, adapted_by_speaker
    from model_builder.inference.corpus_answers import adaptation_recordings, describe_system
    from model_builder.reporting.report import prepare_folder, write_report

    weights = chosen_weights(weights, asset)
    if report is not None:
        prepare_folder(report)
    asked = [(given, load_labelled(given)) for given in parse_corpora(corpus)]
    predictor, system = open_predictor(weights, asset), describe_system(weights, asset)
    adapted_to = adaptation_recordings(weights, asset)
    findings, unscored, recordings, without_figures = [], 0, 0, 0
    for given, loaded in asked:
        predicted = predict_behind_bar(given, loaded, predictor)
        if known := len(predicted.digests & adapted_to):
            say(f"warning: {given.name}: the model was adapted to {known} of these recordings, which it may know", errors)
        for reason in predicted.unscored:
            say(f"error: {reason}", errors)
        unscored += len(predicted.unscored)
        recordings += len(predicted.outcomes)
        answers = predicted.answers(given.name)
        if answers is None:
            say(f"error: {given.name}: no recording of {', '.join(LABELS)} under {given.path} can be scored", errors)
            without_figures += 1
            continue
        scored = [answers]
        if adapt_by is not None:
            scored += [adapted_by_speaker(answers, SessionAdaptation(), one_mood=one_mood) for one_mood in (False, True)]
        for each in scored:
            findings.append(evaluate_answers(each, system))
            show_findings(findings[-1])
    if report is not None and findings:
        write_report(report, system, findings)
        say(f"report: {report / 'report.html'}")
    if unscored and findings:
        raise UserError(f"{unscored:,} of {recordings:,} recordings could not be scored; the figures are of the others")
    if without_figures:
        raise UserError(f"{without_figures} of {len(asked)} corpora have no figures; give recordings that can be read")


def load_labelled(given: GivenCorpus) -> Corpus:
    """Raises UserError where a corpus has no recording of the classes."""
    corpus = load_corpus(given.name, given.path)
    if not any(utterance.emotion in LABELS for utterance in corpus.utterances):
        raise nothing_labelled(given)
    return corpus


def predict_behind_bar(given: GivenCorpus, corpus: Corpus, predictor: "EmotionPredictor") -> "CorpusPredictions":
    """`predict_corpus` behind a progress bar; each corpus alone: protocols of the same recordings may differ in labels."""
    from model_builder.inference.corpus_answers import predict_corpus

    with progress_bar() as bar:
        task = bar.add_task(f"predicting {given.name}", total=len(corpus.utterances), note="")
        predicted = predict_corpus(corpus, predictor, lambda: bar.advance(task))
    warn(predicted.survey)
    say_left_out(given.name, predicted.left_out, predicted.survey.clips)
    return predicted
