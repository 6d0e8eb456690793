"""How far a figure would move with other speakers: bootstrap intervals that draw speakers, not clips.

Clips of one speaker resemble each other, so that intervals over clips come out too narrow; drawing whole clusters keeps that
resemblance (Field & Welsh 2007, J. R. Statist. Soc. B 69(3)). Paired differences of two systems on the same clips after Bisani & Ney
2004, ICASSP, "Bootstrap estimates for confidence intervals in ASR performance evaluation". Percentile intervals: they are a little
too narrow for few speakers, and hold the truth in about 87 % of cases with 6, 90 % with 12 and 95 % with 66 (simulated).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Figure = Literal["unweighted_accuracy", "weighted_accuracy", "macro_f1"]
RESAMPLES = 10_000
LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """A figure on all clips, in 0..1, and its 95 % interval over speakers."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Gain:
    """A figure of the second system less that of the first, in -1..1, with its 95 % interval over speakers.

    share_above_zero: of the resamples, those in which the second system is better.
    """

    estimate: float
    low: float
    high: float
    share_above_zero: float


def bootstrap_interval(
    true: np.ndarray, predicted: np.ndarray, speakers: Sequence[str], classes: int, figure: Figure, seed: int = 0
) -> Interval:
    """true, predicted: int, shape (utterances,), in 0..classes-1; speakers: one name an utterance.

    The same seed gives the same interval. Raises ValueError for unequal lengths or fewer than two speakers.
    """
    confusions = _confusions_by_speaker(true, predicted, speakers, classes)
    drawn = FIGURES[figure](_drawn_sums(confusions, seed))
    low, high = _limits(drawn)
    return Interval(float(FIGURES[figure](confusions.sum(axis=0))), low, high)


def bootstrap_intervals(true: np.ndarray, predicted: np.ndarray, speakers: Sequence[str], classes: int) -> dict[Figure, Interval]:
    """`bootstrap_interval` of every figure; empty for a single speaker, who says nothing about others."""
    if len(set(speakers)) < 2:
        return {}
    return {figure: bootstrap_interval(true, predicted, speakers, classes, figure) for figure in FIGURES}


def bootstrap_gain(
    true: np.ndarray, first: np.ndarray, second: np.ndarray, speakers: Sequence[str], classes: int, figure: Figure, seed: int = 0
) -> Gain:
    """Whether `second` answers better than `first`: both int, (utterances,), on the same clips in the same order; else as above."""
    return _gain(true, first, second, speakers, classes, FIGURES[figure], seed)


def bootstrap_f1_gain(
    true: np.ndarray, first: np.ndarray, second: np.ndarray, speakers: Sequence[str], classes: int, of_class: int, seed: int = 0
) -> Gain:
    """`bootstrap_gain` of the F1 of one class."""
    return _gain(true, first, second, speakers, classes, lambda confusion: _f1s(confusion)[..., of_class], seed)


def confusion_intervals(
    true: np.ndarray, predicted: np.ndarray, speakers: Sequence[str], classes: int, seed: int = 0
) -> list[list[Interval | None]]:
    """Of every cell of the confusion its share of the true class, with its interval: [true][predicted]; the diagonal is the recalls.

    None in the rows of classes without clips. Resamples without clips of a class do not count in its row. The rest as in
    `bootstrap_interval`.
    """
    confusions = _confusions_by_speaker(true, predicted, speakers, classes)
    total, drawn = confusions.sum(axis=0), _drawn_sums(confusions, seed)
    cells: list[list[Interval | None]] = []
    for row in range(classes):
        if not total[row].any():
            cells.append([None] * classes)
            continue
        present = drawn[drawn[:, row].any(axis=1), row]                              # (resamples, classes)
        shares = present / present.sum(axis=1, keepdims=True)
        estimates = total[row] / total[row].sum()
        cells.append([Interval(float(estimates[column]), *_limits(shares[:, column])) for column in range(classes)])
    return cells


def _gain(
    true: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    speakers: Sequence[str],
    classes: int,
    of: Callable[[np.ndarray], np.ndarray],
    seed: int,
) -> Gain:
    before = _confusions_by_speaker(true, first, speakers, classes)
    after = _confusions_by_speaker(true, second, speakers, classes)
    # One seed draws the same speakers for both, which is what makes the difference paired.
    drawn = of(_drawn_sums(after, seed)) - of(_drawn_sums(before, seed))
    low, high = _limits(drawn)
    estimate = float(of(after.sum(axis=0)) - of(before.sum(axis=0)))
    return Gain(estimate, low, high, float((drawn > 0).mean()))


def _confusions_by_speaker(true: np.ndarray, predicted: np.ndarray, speakers: Sequence[str], classes: int) -> np.ndarray:
    """int, (speakers, classes, classes), speakers in sorted order."""
    if not len(true) == len(predicted) == len(speakers):
        raise ValueError(f"{len(true)} labels, {len(predicted)} answers and {len(speakers)} speakers; each clip needs one of each")
    names = sorted(set(speakers))
    if len(names) < 2:
        raise ValueError(f"{len(names)} speaker(s) say nothing about other speakers; an interval needs at least two")
    confusions = np.zeros((len(names), classes, classes), int)
    np.add.at(confusions, (np.searchsorted(names, speakers), true, predicted), 1)
    return confusions


def _drawn_sums(confusions: np.ndarray, seed: int) -> np.ndarray:
    """Confusions of as many speakers, drawn with replacement: (resamples, classes, classes)."""
    speakers = len(confusions)
    times_drawn = np.random.default_rng(seed).multinomial(speakers, np.full(speakers, 1 / speakers), RESAMPLES)
    return np.tensordot(times_drawn, confusions, axes=1)


def _limits(drawn: np.ndarray) -> tuple[float, float]:
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return float(low), float(high)


def _weighted_accuracy(confusion: np.ndarray) -> np.ndarray:
    """(..., classes, classes) -> (...); the same for the two below, which leave out classes without clips, as `score` does."""
    accuracy: np.ndarray = np.trace(confusion, axis1=-2, axis2=-1) / confusion.sum(axis=(-2, -1))
    return accuracy


def _unweighted_accuracy(confusion: np.ndarray) -> np.ndarray:
    return _mean_of_present(_hits(confusion), confusion.sum(axis=-1), confusion)


def _macro_f1(confusion: np.ndarray) -> np.ndarray:
    return _mean_of_present(2 * _hits(confusion), confusion.sum(axis=-1) + confusion.sum(axis=-2), confusion)


def _f1s(confusion: np.ndarray) -> np.ndarray:
    """(..., classes, classes) -> (..., classes); 0 for a class that is neither there nor predicted."""
    clips = confusion.sum(axis=-1) + confusion.sum(axis=-2)
    f1s: np.ndarray = np.divide(2 * _hits(confusion), clips, out=np.zeros(clips.shape), where=clips > 0)
    return f1s


def _hits(confusion: np.ndarray) -> np.ndarray:
    return np.diagonal(confusion, axis1=-2, axis2=-1)


def _mean_of_present(numerator: np.ndarray, denominator: np.ndarray, confusion: np.ndarray) -> np.ndarray:
    present = confusion.sum(axis=-1) > 0
    ratio = np.divide(numerator, denominator, out=np.zeros(numerator.shape), where=denominator > 0)
    mean: np.ndarray = (ratio * present).sum(axis=-1) / present.sum(axis=-1)
    return mean


FIGURES: dict[Figure, Callable[[np.ndarray], np.ndarray]] = {
    "unweighted_accuracy": _unweighted_accuracy,
    "weighted_accuracy": _weighted_accuracy,
    "macro_f1": _macro_f1,
}
