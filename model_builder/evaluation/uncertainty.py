"""The rule by which a model says "uncertain": chosen for a stated risk, and measured on speakers that it was not chosen on."""

from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from model_builder.evaluation.calibration import fit_temperature
from model_builder.evaluation.selective_risk import choose_threshold


@dataclass(frozen=True)
class UncertaintyRule:
    """A model is uncertain where the largest probability, after division of the logits by `temperature`, is below `threshold`.

    is_chosen: True where the threshold is that of `choose_threshold`; False where no threshold can be trusted to keep the risk, by too
    few clips or by too many errors. Then the probabilities are taken at their word: the threshold is 1 less the risk.
    """

    temperature: float
    threshold: float
    is_chosen: bool

    def answered(self, logits: np.ndarray) -> np.ndarray:
        """Which clips are answered: bool, (clips,). logits: float, (clips, classes), before any temperature."""
        return confidence_of(logits, self.temperature) >= self.threshold


@dataclass(frozen=True)
class HeldBackRisk:
    """Share of the clips that are answered, and share of wrong ones among those, both in 0..1; without any answer the risk is None."""

    coverage: float
    risk: float | None


def choose_rule(logits: np.ndarray, labels: np.ndarray, largest_risk: float) -> UncertaintyRule:
    """The temperature that fits these clips, and with it the threshold that answers most of them at a risk below `largest_risk`.

    logits: float, (clips, classes); labels: int, (clips,); of speakers that the model was not trained on, at least one clip.
    largest_risk: in (0, 1), or ValueError. The bound of `choose_threshold` takes the temperature for given; here it comes from the same
    clips, one number that hardly changes their order. `held_back_risk` measures both together.
    """
    temperature = fit_temperature(logits, labels)
    threshold = choose_threshold(confidence_of(logits, temperature), logits.argmax(axis=1) == labels, largest_risk)
    if threshold is None:
        return UncertaintyRule(temperature, 1 - largest_risk, is_chosen=False)
    return UncertaintyRule(temperature, threshold, is_chosen=True)


def held_back_risk(logits: np.ndarray, labels: np.ndarray, first_half: np.ndarray, largest_risk: float) -> HeldBackRisk:
    """What `choose_rule` really does: each half of the speakers is evaluated by the rule of the other half.

    first_half: bool, (clips,), from `split_half_by_speaker`; both halves need clips. The rest as for `choose_rule`. A rule of half of the
    clips answers rather less than one of all, whose bound is nearer to what was counted.
    """
    answered = np.empty(len(labels), bool)
    for half in (first_half, ~first_half):
        answered[half] = choose_rule(logits[~half], labels[~half], largest_risk).answered(logits[half])
    wrong = logits.argmax(axis=1) != labels
    return HeldBackRisk(float(answered.mean()), float(wrong[answered].mean()) if answered.any() else None)


def confidence_of(logits: np.ndarray, temperature: float) -> np.ndarray:
    """The largest probability of each clip, in 0..1, shape (clips,). logits: float, (clips, classes)."""
    confidence: np.ndarray = softmax(logits.astype(np.float64) / temperature, axis=1).max(axis=1)
    return confidence
