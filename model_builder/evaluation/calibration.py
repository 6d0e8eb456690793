"""Temperature scaling: probabilities that mean what they say."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

BINS = 15


@dataclass(frozen=True)
class Reliability:
    """Equal-width bins of confidence, the largest probability of an utterance. All arrays have shape (bins,).

    upper_edges: the largest confidence that a bin holds; the first bin begins at 0. clips: utterances in the bin.
    confidence, accuracy: means over those, NaN in an empty bin.
    """

    upper_edges: np.ndarray
    clips: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature, in 0.05..20, that minimises the negative log likelihood of `labels`.

    logits: float, shape (utterances, classes); labels: int, shape (utterances,).
    Source: Guo et al. 2017, arXiv 1706.04599, section 4.2.
    """

    def negative_log_likelihood(log_temperature: float) -> float:
        scaled = log_softmax(logits / np.exp(log_temperature), axis=1)
        return float(-scaled[np.arange(len(labels)), labels].mean())

    bounds = (float(np.log(0.05)), float(np.log(20.0)))
    return float(np.exp(minimize_scalar(negative_log_likelihood, bounds=bounds, method="bounded").x))


def reliability(logits: np.ndarray, labels: np.ndarray, temperature: float = 1.0, bins: int = BINS) -> Reliability:
    """How often utterances of each confidence are right. logits: float, (utterances, classes); labels: int, (utterances,)."""
    probabilities = softmax(logits / temperature, axis=1)
    confidence, correct = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    clips = np.bincount(bin_of, minlength=bins)
    with np.errstate(invalid="ignore"):  # 0 / 0 is the NaN of an empty bin
        return Reliability(
            upper_edges=np.arange(1, bins + 1) / bins,
            clips=clips,
            confidence=np.bincount(bin_of, confidence, bins) / clips,
            accuracy=np.bincount(bin_of, correct, bins) / clips,
        )


def expected_calibration_error(logits: np.ndarray, labels: np.ndarray, temperature: float = 1.0, bins: int = BINS) -> float:
    """ECE in 0..1: mean distance of confidence and accuracy over equal-width confidence bins, weighted by their share of utterances.

    logits: float, shape (utterances, classes); labels: int, shape (utterances,). Few utterances give too large an error, since the
    accuracy of a bin then strays by chance.
    Source: Guo et al. 2017, arXiv 1706.04599, equation 3.
    """
    found = reliability(logits, labels, temperature, bins)
    gaps = np.abs(found.accuracy - found.confidence)
    return float((gaps[found.clips > 0] * found.clips[found.clips > 0]).sum() / found.clips.sum())


def cross_fitted_calibration_error(logits: np.ndarray, labels: np.ndarray, first_half: np.ndarray) -> float:
    """ECE in 0..1 where the temperature of each half of the speakers was fitted on the other half.

    first_half: bool, shape (utterances,), from `split_half_by_speaker`; both halves need utterances.
    """
    scaled = np.empty_like(logits, dtype=np.float64)
    for half in (first_half, ~first_half):
        scaled[half] = logits[half] / fit_temperature(logits[~half], labels[~half])
    return expected_calibration_error(scaled, labels)
