"""What a predictor answers, and how the answers for windows become the one for a recording."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model_builder.audio.reading import Pcm


@dataclass(frozen=True)
class WindowAnswer:
    """What the network gives for one window: logits float32 (labels,), and arousal and valence float32 (2,) where it knows them."""

    logits: np.ndarray
    arousal_valence: np.ndarray | None = None


AnswerOf = Callable[[Pcm], WindowAnswer]


@dataclass(frozen=True)
class Prediction:
    """The answer for one recording; logits and probabilities in the order of `labels`.

    is_uncertain: the largest probability is below the model's threshold.
    arousal_valence: about -1 to 1 each, experimental; None of a model that does not give them.
    """

    label: str
    is_uncertain: bool
    labels: tuple[str, ...]
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]
    arousal_valence: tuple[float, ...] | None = None

    @property
    def probability_by_label(self) -> dict[str, float]:
        return dict(zip(self.labels, self.probabilities, strict=True))


@dataclass(frozen=True)
class Recording:
    """A file that was read and classified."""

    path: Path
    duration_s: float
    prediction: Prediction


@dataclass(frozen=True)
class Rejected:
    """A file that could not be; `reason` is one sentence that names it."""

    path: Path
    reason: str


def windows(samples: int, longest: int) -> list[tuple[int, int]]:
    """The fewest equal windows of at most `longest` samples, as (start, end).

    >>> windows(10, 4)
    [(0, 3), (3, 6), (6, 10)]
    """
    count = max(1, math.ceil(samples / longest))
    edges = [index * samples // count for index in range(count + 1)]
    return list(zip(edges[:-1], edges[1:], strict=True))


def weighted_sum(rows: Sequence[np.ndarray], shares: Sequence[float]) -> np.ndarray:
    """The sum of float32 rows times their shares, rounded to float32 as the model gives them; float64, of the shape of one row."""
    total = np.zeros_like(rows[0], np.float64)
    for row, share in zip(rows, shares, strict=True):
        total += share * row.astype(np.float64)
    return total.astype(np.float32).astype(np.float64)


def softmax(logits: np.ndarray) -> np.ndarray:
    """float64, shape (labels,); largest first subtracted, so that no exponent overflows."""
    powers = np.exp(logits - logits.max())
    posterior: np.ndarray = powers / powers.sum()
    return posterior
