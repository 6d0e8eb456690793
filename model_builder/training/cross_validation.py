"""`cross-validate`: every group of a corpus is evaluated once, by a network that was not trained on its speakers."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model_builder.corpora.splits import Fold, speakers_of
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.evaluation.bootstrap import Figure, Gain, bootstrap_gain
from model_builder.evaluation.metrics import Scores
from model_builder.fitting.same_run import LOCK_WAIT_S, PLAN_FILE, BusyRun, exclusive_run, require_same_run
from model_builder.fitting.trainer import Report
from model_builder.models.checkpoint import weights_digests
from model_builder.training.config import TrainingPlan
from model_builder.training.fold_result import EvaluatedAs, FoldResult, fold_folder, read_result, write_result
from model_builder.training.held_out import HeldOutPredictions
from model_builder.training.renditions import key_of
from model_builder.training.train import fit_and_describe, require_trainable

BUSY_PAUSE_S = 2.0

LogitsOf = Callable[[Path, Sequence[Clip]], np.ndarray]
"""(folder of weights, clips) -> logits, float, (clips, labels)."""

@dataclass(frozen=True)
class MeanOverFolds:
    """Mean and standard deviation (of the folds, n - 1) of one figure, in 0..1."""

    mean: float
    deviation: float


def cross_validate(
    folds: Mapping[str, Sequence[Fold]],
    plan: TrainingPlan,
    run_folder: Path,
    logits_of: LogitsOf,
    report: Report = lambda progress: None,
    rank: int = 0,
    processes: int = 1,
    evaluated_as: EvaluatedAs = "int8",
    speech: Sequence[Clip] = (),
    on_fold: Callable[[FoldResult], None] = lambda result: None,
    leave_busy_folds: bool = False,
    adapts_to_test: bool = False,
) -> list[FoldResult]:
    """Train and evaluate every fold of every system; returns the results that `run_folder` holds at the end.

    folds: by system. logits_of: is given the trained weights and the test clips; nothing before it sees the test side.
    adapts_to_test: but for its sound: each fold adapts to the test side by gradient reversal, without labels (transductive).
    evaluated_as: the number format in which `logits_of` answers.
    speech: unlabelled, which a speech encoder teaches too; each fold leaves out that of its own test and validation speakers.
    rank, processes: this process takes every `processes`-th fold from the `rank`-th on; all of them may share `run_folder`.
    on_fold: is given every fold once it is finished, those that were found finished too.
    leave_busy_folds: whether processes share the folds as they come: each goes over all of them, from the `rank`-th on, leaves those that
        another one works on to that, waits for them in the end, and takes over where it dies. Else such a fold is an error.
    A run that was stopped goes on: finished folds are read, the unfinished one continues from its checkpoints.
    Raises UserError where `run_folder` holds results of another plan, other clips or another format, or another process works on the
    fold; before any fold is trained, where one of them cannot be.
    """
    jobs = [(system, fold) for system, of_system in folds.items() for fold in of_system]
    for _, fold in jobs:
        try:
            require_trainable(fold.training, plan)
        except UserError as error:
            raise UserError(f"fold {fold.name}: {error}") from error
    weights = weights_digests({"encoder": plan.encoder, "teacher": plan.teacher})
    clips = {key_of(clip): clip for _, fold in jobs for clip in (*fold.training, *fold.validation, *fold.test, *speech)}
    everything = list(clips.values())

    def finish(system: str, fold: Fold, wait_s: float) -> FoldResult:
        held_out = speakers_of([*fold.validation, *fold.test])
        unlabelled = fold.test if adapts_to_test else ()
        taught = [clip for clip in speech if clip.utterance.speaker not in held_out]
        folder = fold_folder(run_folder, system, fold)
        path = folder / "result.json"
        if (folder / PLAN_FILE).is_file():  # of a finished fold too: its result names only the test clips
            sides = {"training": fold.training, "validation": fold.validation, "unlabelled": unlabelled, "speech": taught}
            require_same_run(folder, plan, sides, weights)
        if path.is_file():
            return read_result(path, plan, fold, evaluated_as)
        with exclusive_run(folder, wait_s):
            if not path.is_file():  # else of the process that was waited for
                trained = fit_and_describe(
                    list(fold.training),
                    list(fold.validation),
                    plan,
                    folder,
                    report,
                    unlabelled,
                    shared_folder=run_folder,
                    speech=taught,
                    rendition_clips=everything,
                )
                write_result(path, system, fold, plan, logits_of(trained.weights, fold.test), evaluated_as)
            for checkpoint in folder.glob("*.pt"):
                checkpoint.unlink()
        return read_result(path, plan, fold, evaluated_as)

    pending = [*jobs[rank:], *jobs[:rank]] if leave_busy_folds else jobs[rank::processes]
    while pending:
        busy = []
        for system, fold in pending:
            try:
                on_fold(finish(system, fold, wait_s=0 if leave_busy_folds else LOCK_WAIT_S))
            except BusyRun:
                if not leave_busy_folds:
                    raise
                busy.append((system, fold))
        pending = busy
        if busy:
            time.sleep(BUSY_PAUSE_S)
    paths = [(fold_folder(run_folder, system, fold) / "result.json", fold) for system, fold in jobs]
    return [read_result(path, plan, fold, evaluated_as) for path, fold in paths if path.is_file()]


def predict_again(
    folds: Mapping[str, Sequence[Fold]], plan: TrainingPlan, run_folder: Path, logits_of: LogitsOf, kept_as: EvaluatedAs
) -> list[FoldResult]:
    """The finished folds of `cross_validate` by another way to run the same weights; results are kept beside the first ones.

    kept_as: the number format in which `logits_of` answers; names their files, `<kept_as>.json`, which are read where they exist.
    Raises UserError as `cross_validate` does.
    """
    results = []
    for system, fold in [(system, fold) for system, of_system in folds.items() for fold in of_system]:
        folder = fold_folder(run_folder, system, fold)
        if not (folder / "result.json").is_file():
            continue
        path = folder / f"{kept_as}.json"
        if not path.is_file():
            write_result(path, system, fold, plan, logits_of(folder / "weights", fold.test), kept_as)
        results.append(read_result(path, plan, fold, kept_as))
    return results


def held_out_of_folds(run_folder: Path, plan: TrainingPlan) -> HeldOutPredictions:
    """The test sides of all finished folds in the run folder of a cross-validation, together; `split` says so where some are missing.

    Raises UserError where there are none, where they are of another plan, or of more than one system.
    """
    return held_out_of([read_result(path, plan) for path in sorted(run_folder.glob("*/*/result.json"))], run_folder)


def held_out_of(results: Sequence[FoldResult], run_folder: Path) -> HeldOutPredictions:
    """`held_out_of_folds` of results that were read from `run_folder`."""
    if not results:
        raise UserError(f"{run_folder}: holds no results of `cross-validate`")
    if len({result.system for result in results}) > 1:
        raise UserError(f"{run_folder}: holds the folds of two systems; give the folder of one that ran with --skip-baseline")
    formats = {result.evaluated_as for result in results}
    if len(formats) > 1:
        raise UserError(f"{run_folder}: some of its folds were evaluated in int8 and some in float32; give the folder of one format")
    return HeldOutPredictions(
        f"{speaker_disjoint_folds([result.fold for result in results])} of the same recipe, {formats.pop()}",
        np.concatenate([result.labels for result in results]),
        np.concatenate([result.logits for result in results]),
        tuple(speaker for result in results for speaker in result.speakers),
    )


def speaker_disjoint_folds(names: Sequence[str]) -> str:
    """Finished folds in words, by their names: those that `grouped_folds` gives say how many there are.

    >>> speaker_disjoint_folds(["1 of 2", "2 of 2"]), speaker_disjoint_folds(["1 of 5", "3 of 5"])
    ('speaker-disjoint 2-fold', '2 of 5 speaker-disjoint folds')
    """
    wanted = max(int(of[1]) if (of := re.fullmatch(r"\d+ of (\d+)", name)) else len(names) for name in names)
    finished = len(names)
    return f"speaker-disjoint {finished}-fold" if finished == wanted else f"{finished} of {wanted} speaker-disjoint folds"


def over_folds(results: Sequence[FoldResult], figure: Callable[[Scores], float]) -> MeanOverFolds:
    """`figure` over the folds of one system; the deviation of a single fold is 0."""
    values = [figure(result.scores) for result in results]
    return MeanOverFolds(float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0)


def gain_over_clips(first: Sequence[FoldResult], second: Sequence[FoldResult], figure: Figure) -> Gain:
    """`figure` of `second` less that of `first` on all test clips together, with its interval over speakers.

    Raises ValueError where the two were not evaluated on the same clips.
    """
    if [result.files for result in first] != [result.files for result in second]:
        raise ValueError("the two systems were not evaluated on the same clips")
    labels = np.concatenate([result.labels for result in first])
    speakers = [speaker for result in first for speaker in result.speakers]
    before, after = (np.concatenate([result.predicted for result in side]) for side in (first, second))
    return bootstrap_gain(labels, before, after, speakers, len(LABELS), figure)


def share_of_same_answers(first: Sequence[FoldResult], second: Sequence[FoldResult]) -> float:
    """Share of the clips of all folds, in 0..1, that both call the same."""
    return float(np.mean(np.concatenate([one.predicted == other.predicted for one, other in zip(first, second, strict=True)])))
