"""Accuracy figures for speech emotion recognition, over arrays of class indices; scikit-learn computes them."""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, recall_score


@dataclass(frozen=True)
class Scores:
    """WA (accuracy), UA (mean recall of the classes), macro F1, recall of each class, all in 0..1; confusion[true, predicted] in clips."""

    weighted_accuracy: float
    unweighted_accuracy: float
    macro_f1: float
    recalls: tuple[float, ...]
    confusion: np.ndarray


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
    return Scores(
        weighted_accuracy=float(accuracy_score(true, predicted)),
        unweighted_accuracy=float(np.mean(recalls[present])),
        macro_f1=float(f1_score(true, predicted, labels=present, average="macro", zero_division=0)),
        recalls=tuple(float(recall) for recall in recalls),
        confusion=confusion_matrix(true, predicted, labels=range(classes)),
    )
