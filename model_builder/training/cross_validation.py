"""`cross-validate`: every group of a corpus is evaluated once, by a network that was not trained on its speakers."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from model_builder.corpora.splits import Fold, speakers_of
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.evaluation.bootstrap import Figure, Gain, bootstrap_gain
from model_builder.evaluation.metrics import Scores, score
from model_builder.fitting.same_run import PLAN_FILE, exclusive_run, require_same, require_same_run
from model_builder.fitting.trainer import Report
from model_builder.models.checkpoint import weights_digests
from model_builder.training.config import TrainingPlan
from model_builder.training.held_out import HeldOutPredictions, class_indices
from model_builder.training.renditions import key_of
from model_builder.training.train import fit_and_describe, require_trainable
from model_builder.whole_file import atomic_write

LogitsOf = Callable[[Path, Sequence[Clip]], np.ndarray]
"""(folder of weights, clips) -> logits, float, (clips, labels)."""

EvaluatedAs = Literal["int8", "float32"]


@dataclass(frozen=True)
class FoldResult:
    """Predictions for the test clips of its fold; labels, logits and the rest have one row a clip, in one order.

    system: what it was trained on, e.g. `with permanent`. evaluated_as: the number format of the weights that answered.
    """

    system: str
    fold: str
    files: tuple[str, ...]
    speakers: tuple[str, ...]
    labels: np.ndarray  # int, (clips,)
    logits: np.ndarray  # float32, (clips, labels)
    evaluated_as: EvaluatedAs = "int8"

    @property
    def predicted(self) -> np.ndarray:
        best: np.ndarray = self.logits.argmax(axis=1)
        return best

    @property
    def scores(self) -> Scores:
        return score(self.labels, self.predicted, len(LABELS))


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
) -> list[FoldResult]:
    """Train and evaluate every fold of every system; returns the results that `run_folder` holds at the end.

    folds: by system. logits_of: is given the trained weights and the test clips; nothing before it sees the test side.
    evaluated_as: the number format in which `logits_of` answers.
    speech: unlabelled, which a speech encoder teaches too; each fold leaves out that of its own test and validation speakers.
    rank, processes: this process takes every `processes`-th fold from the `rank`-th on; all of them may share `run_folder`.
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
    for system, fold in jobs[rank::processes]:
        held_out = speakers_of([*fold.validation, *fold.test])
        taught = [clip for clip in speech if clip.utterance.speaker not in held_out]
        folder = fold_folder(run_folder, system, fold)
        if (folder / PLAN_FILE).is_file():  # of a finished fold too: its result names only the test clips
            sides = {"training": fold.training, "validation": fold.validation, "unlabelled": (), "speech": taught}
            require_same_run(folder, plan, sides, weights)
        if (folder / "result.json").is_file():
            continue
        with exclusive_run(folder):
            if (folder / "result.json").is_file():  # of the process that was waited for
                continue
            trained = fit_and_describe(
                list(fold.training),
                list(fold.validation),
                plan,
                folder,
                report,
                shared_folder=run_folder,
                speech=taught,
                rendition_clips=everything,
            )
            write_result(folder / "result.json", system, fold, plan, logits_of(trained.weights, fold.test), evaluated_as)
            for checkpoint in folder.glob("*.pt"):
                checkpoint.unlink()
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
    results = [read_result(path, plan) for path in sorted(run_folder.glob("*/*/result.json"))]
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


def write_result(path: Path, system: str, fold: Fold, plan: TrainingPlan, logits: np.ndarray, evaluated_as: EvaluatedAs) -> None:
    """One JSON a fold, written in one step: a killed run leaves it whole or not at all."""
    clips = [
        {"file": file, "speaker": clip.utterance.speaker, "label": clip.utterance.emotion, "logits": row.tolist()}
        for file, clip, row in zip(file_names(fold), fold.test, logits, strict=True)
    ]
    scores = score(class_indices(fold.test), logits.argmax(axis=1), len(LABELS))
    figures = {name: getattr(scores, name) for name in ("weighted_accuracy", "unweighted_accuracy", "macro_f1")}
    said = {"system": system, "fold": fold.name, "evaluated_as": evaluated_as, "plan": asdict(plan)}
    content = {**said, "results": figures, "labels": LABELS, "clips": clips}
    with atomic_write(path) as unfinished:
        unfinished.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_result(
    path: Path, plan: TrainingPlan, fold: Fold | None = None, evaluated_as: EvaluatedAs | None = None
) -> FoldResult:
    """Raises UserError where the result is of another plan or, where they are given, of a fold of other clips or of another format."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    files = tuple(clip["file"] for clip in content["clips"])
    require_same(path, content["plan"], asdict(plan))
    if fold is not None:
        found = [(clip["file"], clip["speaker"], clip["label"]) for clip in content["clips"]]
        asked = zip(file_names(fold), [clip.utterance for clip in fold.test], strict=True)
        if found != [(file, utterance.speaker, utterance.emotion) for file, utterance in asked]:
            raise UserError(f"{path}: its test clips or their labels are others; give the same ones or another --run folder")
    found_as: EvaluatedAs = content.get("evaluated_as", "int8")
    if evaluated_as not in (None, found_as):
        raise UserError(f"{path}: was evaluated in {found_as}, not in {evaluated_as}; ask for {found_as} or give another --run folder")
    return FoldResult(
        evaluated_as=found_as,
        system=content["system"],
        fold=content["fold"],
        files=files,
        speakers=tuple(clip["speaker"] for clip in content["clips"]),
        labels=np.array([LABELS.index(clip["label"]) for clip in content["clips"]]),
        logits=np.array([clip["logits"] for clip in content["clips"]], np.float32),
    )


def file_names(fold: Fold) -> tuple[str, ...]:
    """Names that are the same on every machine: a run may go on where the corpora lie in another folder."""
    return tuple(f"{clip.utterance.corpus}:{clip.utterance.path.name}" for clip in fold.test)


def fold_folder(run_folder: Path, system: str, fold: Fold) -> Path:
    return run_folder / folder_name(system) / folder_name(fold.name)


def folder_name(name: str) -> str:
    """
    >>> folder_name("iemocap:Session1"), folder_name("2 of 5")
    ('iemocap-Session1', '2-of-5')
    """
    return re.sub(r"[^\w.]+", "-", name)
