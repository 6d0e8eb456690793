"""Saying "uncertain" instead of guessing: how much is still answered, and how often an answer is wrong.

Source of the terms and of the choice of the threshold: Geifman & El-Yaniv 2017, arXiv 1705.08500. Confidence is the largest
probability ("softmax response" there); coverage is the share of clips whose confidence is at least the threshold; selective risk
is the share of wrong answers among those.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta


@dataclass(frozen=True)
class RiskCoverage:
    """The curve, one point for each confidence that occurs, from the strictest threshold to none. Arrays have shape (points,).

    area: mean risk over all coverages (AURC), in 0..1, smaller is better; 0 without errors, the error rate where confidence says nothing.
    excess_area: what of it a better order of the same answers could save: E-AURC of Geifman et al. 2019, arXiv 1805.08206.
    """

    thresholds: np.ndarray
    coverages: np.ndarray
    risks: np.ndarray
    area: float
    excess_area: float


@dataclass(frozen=True)
class OperatingPoint:
    """A threshold with the coverage and the selective risk that it has on some clips. Without any answer the risk is None."""

    threshold: float
    coverage: float
    risk: float | None


def risk_coverage(confidence: np.ndarray, correct: np.ndarray) -> RiskCoverage:
    """confidence: float in 0..1; correct: bool; both (utterances,), at least one. Clips of equal confidence are answered together.

    The area weighs each step of the curve by its width, so that neither ties nor the order of clips matter.
    """
    negated, group, counts = np.unique(-confidence, return_inverse=True, return_counts=True)
    answered = counts.cumsum()
    wrong = np.bincount(group, ~correct).cumsum()
    risks = wrong / answered
    area = float((risks * counts).sum() / len(confidence))
    return RiskCoverage(-negated, answered / len(confidence), risks, area, area - _least_area(int(wrong[-1]), len(confidence)))


def operating_point(confidence: np.ndarray, correct: np.ndarray, threshold: float) -> OperatingPoint:
    """What `threshold` does to these clips; shapes as for `risk_coverage`. A clip is uncertain below the threshold, as in the engine."""
    answered = confidence >= threshold
    return OperatingPoint(threshold, float(answered.mean()), float(1 - correct[answered].mean()) if answered.any() else None)


def choose_threshold(confidence: np.ndarray, correct: np.ndarray, largest_risk: float, error_probability: float = 0.05) -> float | None:
    """The threshold of largest coverage whose selective risk stays below `largest_risk`, but for a chance of `error_probability`.

    Algorithm 1 ("selection with guaranteed risk") of Geifman & El-Yaniv 2017: a binary search over the m different confidences, which
    takes the bound b of lemma 3.1 at each of its at most k = ceil(log2(m + 1)) steps. b is the risk at which as few as the w wrong
    of the n answered clips have probability error_probability / k:

        sum over j = 0..w of binomial(n, j) b^j (1 - b)^(n - j) = error_probability / k

    which is a quantile of a beta distribution (Clopper & Pearson 1934). The bound takes clips for independent; those of a speaker are
    not, and new speakers differ from these: measure the threshold on held-back ones with `operating_point`.

    confidence, correct: as for `risk_coverage`, on clips that neither weights nor temperature were fitted on. largest_risk,
    error_probability: in (0, 1), or ValueError. Returns None where no step of the search stays below `largest_risk`.

    >>> choose_threshold(np.array([0.9] * 80 + [0.5] * 20), np.array([True] * 80 + [False] * 20), largest_risk=0.1)
    0.9
    """
    for name, share in (("largest_risk", largest_risk), ("error_probability", error_probability)):
        if not 0 < share < 1:
            raise ValueError(f"{name} is {share}; it must be between 0 and 1")
    curve = risk_coverage(confidence, correct)
    answered = np.rint(curve.coverages * len(confidence)).astype(int)
    wrong = np.rint(curve.risks * answered).astype(int)
    steps = math.ceil(math.log2(len(curve.thresholds) + 1))
    chosen, strictest, loosest = None, 0, len(curve.thresholds) - 1
    while strictest <= loosest:
        point = (strictest + loosest + 1) // 2
        if _risk_bound(int(wrong[point]), int(answered[point]), error_probability / steps) < largest_risk:
            chosen, strictest = float(curve.thresholds[point]), point + 1
        else:
            loosest = point - 1
    return chosen


def _risk_bound(wrong: int, answered: int, error_probability: float) -> float:
    return 1.0 if wrong == answered else float(beta.ppf(1 - error_probability, wrong + 1, answered - wrong))


def _least_area(wrong: int, clips: int) -> float:
    """The area of the order that has all errors last."""
    ranks = np.arange(1, clips + 1)
    return float((np.maximum(ranks - (clips - wrong), 0) / ranks).mean())
