"""Agreement of two columns of numbers."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Agreement:
    """CCC of a system and a corpus over the clips of which the corpus says something."""

    clips: int
    concordance: float


def agreement(predicted: np.ndarray, target: np.ndarray) -> Agreement | None:
    """Both float, (clips,); target is NaN where the corpus does not say. None where it never says, or says the same of all clips."""
    known = ~np.isnan(target)
    if not known.any() or target[known].min() == target[known].max():
        return None
    return Agreement(int(known.sum()), concordance(predicted[known], target[known]))


def concordance(predicted: np.ndarray, target: np.ndarray) -> float:
    """Concordance correlation coefficient, in [-1, 1].

    predicted, target: float, shape (utterances,), same unit; at least two values, not all equal.
    Raises ValueError on NaN, unequal lengths, or values that are all equal.
    Source: Lin (1989), Biometrics 45, with the moments of the sample.
    """
    if predicted.shape != target.shape:
        raise ValueError(f"{len(predicted)} predicted and {len(target)} true values; each utterance needs one of each")
    if np.isnan(predicted).any() or np.isnan(target).any():
        raise ValueError("NaN among the values")
    spread = predicted.var() + target.var() + (predicted.mean() - target.mean()) ** 2
    if len(target) < 2 or spread == 0:
        raise ValueError("the values are all equal: they agree or disagree on nothing")
    return float(2 * ((predicted - predicted.mean()) * (target - target.mean())).mean() / spread)
