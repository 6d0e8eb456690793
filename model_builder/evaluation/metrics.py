"""Accuracy figures for speech emotion recognition, over arrays of class indices; scikit-learn computes them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, recall_score


@dataclass(frozen=True)
class Scores:
    """WA (accuracy), UA (mean recall of the classes), macro F1, recall and F1 of each class, all in 0..1.

    confusion[true, predicted]: int, in clips. A class without clips has recall and F1 0, and does not count in UA and macro F1.
    """

    weighted_accuracy: float
    unweighted_accuracy: float
    macro_f1: float
    recalls: tuple[float, ...]
    f1s: tuple[float, ...]
    confusion: np.ndarray

    @property
    def clips(self) -> int:
        return int(self.confusion.sum())

    @property
    def class_clips(self) -> tuple[int, ...]:
        """Clips of each true class."""
        return tuple(self.confusion.sum(axis=1).tolist())


def score(true: np.ndarray, predicted: np.ndarray, classes: int) -> Scores:
    """true, predicted: int, shape (utterances,), in 0..classes-1. Classes that never occur in `true` do not count in UA and F1.

    Raises ValueError on unequal lengths or no utterance.

    >>> score(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), 2).unweighted_accuracy
    0.75
    """
    if len(true) == 0:
        raise ValueError("no utterance to score")
    present = sorted(set(true.tolist()))
    recalls = recall_score(true, predicted, labels=range(classes), average=None, zero_division=0)
    f1s = f1_score(true, predicted, labels=range(classes), average=None, zero_division=0)
    return Scores(
        weighted_accuracy=float(accuracy_score(true, predicted)),
        unweighted_accuracy=float(np.mean(recalls[present])),
        macro_f1=float(np.mean(f1s[present])),
        recalls=tuple(recalls.tolist()),
        f1s=tuple(f1s.tolist()),
        confusion=confusion_matrix(true, predicted, labels=range(classes)),
    )


def score_groups(true: np.ndarray, predicted: np.ndarray, groups: Sequence[str | None], classes: int) -> dict[str, Scores]:
    """`score` of the utterances of each group, by name in sorted order; those whose group is None are in none."""
    of_clip = np.array(groups, dtype=object)
    names = sorted({name for name in groups if name is not None})
    return {name: score(true[of_clip == name], predicted[of_clip == name], classes) for name in names}
