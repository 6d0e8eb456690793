"""Figures of the answers of several folds together, with intervals over speakers; and the corpus that every fold's model answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from model_builder.corpora.splits import Fold
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import LABELS
from model_builder.evaluation.answers import Answers
from model_builder.evaluation.arousal import LEVEL_OF, LEVELS, score_arousal
from model_builder.evaluation.bootstrap import Interval, bootstrap_intervals, confusion_intervals
from model_builder.evaluation.evaluation_result import EvaluationResult, evaluate_answers
from model_builder.evaluation.metrics import score
from model_builder.evaluation.session_adaptation import SessionAdaptation, adapted_by_speaker
from model_builder.evaluation.system import System
from model_builder.reporting.report_json import interval_as_json, scores_as_json
from model_builder.training.config import TrainingPlan
from model_builder.training.cross_validation import LogitsOf
from model_builder.training.fold_result import FoldResult, fold_folder, read_result, write_result

ZERO_SHOT_FILE = "zero_shot.json"
LEVEL_INDICES = np.array([LEVELS.index(LEVEL_OF[label]) for label in LABELS])
CONFUSED = (("happy", "angry"), ("angry", "happy"))


@dataclass(frozen=True)
class PooledAnswers:
    """Answers of folds in a row: labels int (answers,), logits float (answers, labels), one speaker an answer."""

    labels: np.ndarray
    logits: np.ndarray
    speakers: tuple[str, ...]

    @property
    def predicted(self) -> np.ndarray:
        best: np.ndarray = self.logits.argmax(axis=1)
        return best


def pooled(results: Sequence[FoldResult], wanted: Callable[[str], bool] = lambda file: True) -> PooledAnswers:
    """wanted: of which files, by the names that results have for them."""
    kept = [np.array([wanted(file) for file in result.files]) for result in results]
    return PooledAnswers(
        np.concatenate([result.labels[of] for result, of in zip(results, kept, strict=True)]),
        np.concatenate([result.logits[of] for result, of in zip(results, kept, strict=True)]),
        tuple(name for result, of in zip(results, kept, strict=True) for name, is_kept in zip(result.speakers, of, strict=True) if is_kept),
    )


def measured(answers: PooledAnswers) -> dict[str, Any]:
    """Scores and their intervals, recalls of the classes and of both levels of arousal, and the two confusions that the paper names.

    Only what `json.dumps(..., allow_nan=False)` takes; shares in 0..1, None where there are no clips. No intervals for a single speaker.
    """
    true, predicted, speakers = answers.labels, answers.predicted, answers.speakers
    several = len(set(speakers)) > 1
    levels = confusion_intervals(LEVEL_INDICES[true], LEVEL_INDICES[predicted], speakers, len(LEVELS)) if several else None
    cells = confusion_intervals(true, predicted, speakers, len(LABELS)) if several else None

    def cell(of: str, taken_for: str) -> dict[str, float] | None:
        return None if cells is None else as_json(cells[LABELS.index(of)][LABELS.index(taken_for)])

    return {
        **scores_as_json(score(true, predicted, len(LABELS)), LABELS),
        "speakers": len(set(speakers)),
        "intervals": {name: interval_as_json(found) for name, found in bootstrap_intervals(true, predicted, speakers, len(LABELS)).items()},
        "recall_intervals": {label: cell(label, label) for label in LABELS},
        "confused": [{"label": of, "taken_for": other, "share": cell(of, other)} for of, other in CONFUSED],
        "arousal": {
            **scores_as_json(score_arousal(true, predicted, LABELS), LEVELS),
            "recall_intervals": {
                level: None if levels is None else as_json(levels[index][index]) for index, level in enumerate(LEVELS)
            },
        },
    }


def as_json(interval: Interval | None) -> dict[str, float] | None:
    return None if interval is None else interval_as_json(interval)


def zero_shot_of_folds(
    folds: Mapping[str, Sequence[Fold]],
    plan: TrainingPlan,
    run_folder: Path,
    clips: Sequence[Clip],
    logits_of: LogitsOf,
    on_fold: Callable[[], None] = lambda: None,
) -> list[FoldResult]:
    """Answers of every fold's model to `clips` of a corpus that none was trained on; kept beside the fold's result, and read from there.

    All folds have to be finished. Raises UserError where what is kept is of another plan or of other clips.
    """
    results = []
    for system, fold in [(system, fold) for system, of_system in folds.items() for fold in of_system]:
        folder, tested = fold_folder(run_folder, system, fold), Fold(fold.name, (), (), tuple(clips))
        path = folder / ZERO_SHOT_FILE
        if not path.is_file():
            write_result(path, system, tested, plan, logits_of(folder / "weights", tested.test), "int8")
        results.append(read_result(path, plan, tested, "int8"))
        on_fold()
    return results


def adapted_to_speakers(result: FoldResult) -> FoldResult:
    """What a phone makes of the same answers: each less the running mean of the speaker's earlier ones, which needs no label."""
    answers = answers_of("", pooled([result]))
    return replace(result, logits=adapted_by_speaker(answers, SessionAdaptation()).logits)


def answers_of(corpus: str, answers: PooledAnswers) -> Answers:
    nothing = (None,) * len(answers.labels)
    return Answers(corpus, LABELS, answers.logits, answers.labels, answers.speakers, nothing, nothing)


def findings_of(corpus: str, answers: PooledAnswers, system: str) -> EvaluationResult:
    """For the pictures that every evaluation has."""
    return evaluate_answers(answers_of(corpus, answers), System(system, training_speakers=()))
