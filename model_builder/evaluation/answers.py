"""What a system answered to the labelled clips of one corpus."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class DimensionAnswers:
    """Predictions of one dimension of the voice, arousal or valence, and what the corpus says; float, (clips,), the latter with NaN."""

    name: str
    predicted: np.ndarray
    target: np.ndarray


@dataclass(frozen=True)
class Answers:
    """All that `evaluate_answers` needs to know of one corpus; everything but `corpus`, `labels`, `left_out` and `unscored` has one entry a
    clip.

    labels: names of the classes, in the order of the logits. logits: float, shape (clips, classes), of whole clips, before any
    temperature. true: int, shape (clips,), indices into `labels`. speakers: unique names. sexes, intensities: what the corpus says,
    None where it does not. left_out: clips of these classes without a usable label, silent ones for example. unscored: why each
    further clip has no answer, one sentence each that names it. dimensions: of a system that predicts them.
    Raises ValueError where lengths differ or there is no clip.
    """

    corpus: str
    labels: tuple[str, ...]
    logits: np.ndarray
    true: np.ndarray
    speakers: tuple[str, ...]
    sexes: tuple[str | None, ...]
    intensities: tuple[str | None, ...]
    left_out: int = 0
    unscored: tuple[str, ...] = ()
    dimensions: tuple[DimensionAnswers, ...] = ()

    def __post_init__(self) -> None:
        clips = len(self.true)
        if clips == 0:
            raise ValueError(f"{self.corpus}: no clip to evaluate")
        if self.logits.shape != (clips, len(self.labels)):
            raise ValueError(f"{self.corpus}: logits of shape {self.logits.shape}, expected ({clips}, {len(self.labels)})")
        if not all(len(values) == clips for values in (self.speakers, self.sexes, self.intensities)):
            raise ValueError(f"{self.corpus}: speakers, sexes and intensities must have one entry for each of the {clips} clips")

    @property
    def predicted(self) -> np.ndarray:
        """int, shape (clips,): the class of the largest logit, the first of equals."""
        best: np.ndarray = self.logits.argmax(axis=1)
        return best
