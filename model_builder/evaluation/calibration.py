"""Temperature scaling: probabilities that mean what they say."""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax


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


def expected_calibration_error(logits: np.ndarray, labels: np.ndarray, temperature: float = 1.0, bins: int = 15) -> float:
    """ECE in 0..1: mean distance of confidence and accuracy over equal-width confidence bins, weighted by their share of utterances.

    logits: float, shape (utterances, classes); labels: int, shape (utterances,).
    Source: Guo et al. 2017, arXiv 1706.04599, equation 3.
    """
    probabilities = softmax(logits / temperature, axis=1)
    confidence, correct = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for index in range(bins):
        members = bin_of == index
        if members.any():
            error += members.mean() * abs(correct[members].mean() - confidence[members].mean())
    return float(error)
