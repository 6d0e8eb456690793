"""Everything that is measured on one corpus."""

from dataclasses import dataclass

import numpy as np

from model_builder.evaluation.answers import Answers
from model_builder.evaluation.arousal import score_arousal
from model_builder.evaluation.bootstrap import Figure, Interval, bootstrap_intervals
from model_builder.evaluation.calibration import (
    Reliability,
    cross_fitted_calibration_error,
    expected_calibration_error,
    fit_temperature,
    reliability,
)
from model_builder.evaluation.concordance import Agreement, agreement
from model_builder.evaluation.metrics import Scores, score, score_groups
from model_builder.evaluation.selective_risk import OperatingPoint, RiskCoverage, choose_threshold, operating_point, risk_coverage
from model_builder.evaluation.split_half import split_half_by_speaker
from model_builder.evaluation.system import System
from model_builder.evaluation.uncertainty import confidence_of

STATED_RISKS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)


@dataclass(frozen=True)
class Calibration:
    """ECE before any temperature, with the one that the model ships, and with those fitted on the other half of this corpus's speakers.

    cross_fitted_error is None for a single speaker. own_temperature: the best one for all of these clips, fitted on them.
    """

    temperature: float
    error_before: float
    error_after: float
    cross_fitted_error: float | None
    own_temperature: float
    before: Reliability
    after: Reliability


@dataclass(frozen=True)
class RiskChoice:
    """A threshold chosen on one half of the speakers so that answers are wrong at most in `largest_risk`; measured on the other half.

    None where no threshold can be trusted to reach that risk.
    """

    largest_risk: float
    held_back: OperatingPoint | None


@dataclass(frozen=True)
class Selectivity:
    """Saying "uncertain": the whole curve, the point of the threshold that the model ships, and thresholds for stated risks."""

    curve: RiskCoverage
    shipped: OperatingPoint
    choices: tuple[RiskChoice, ...]


@dataclass(frozen=True)
class EvaluationResult:
    """Figures of one system on one corpus.

    left_out, unscored: as in `Answers`. intervals: by figure; empty for a single speaker.
    sexes and intensities are empty where the corpus does not say.
    speakers_of_training: speakers of this corpus that the model was trained on, in sorted order; None where its training is unknown.
    With any, these are not figures of unknown voices.
    dimensions: arousal and valence by name; empty where the system does not predict them, or the corpus does not say.
    """

    corpus: str
    labels: tuple[str, ...]
    left_out: int
    unscored: tuple[str, ...]
    overall: Scores
    intervals: dict[Figure, Interval]
    arousal: Scores
    speakers: dict[str, Scores]
    sex_of_speaker: dict[str, str]
    sexes: dict[str, Scores]
    intensities: dict[str, Scores]
    calibration: Calibration
    selectivity: Selectivity
    speakers_of_training: tuple[str, ...] | None
    dimensions: dict[str, Agreement]


def evaluate_answers(answers: Answers, system: System) -> EvaluationResult:
    """Every figure of the answers that `system` gave. Deterministic: intervals and halves are drawn with fixed seeds."""
    true, predicted, classes = answers.true, answers.predicted, len(answers.labels)
    halves = split_half_by_speaker(answers.speakers) if len(set(answers.speakers)) > 1 else None
    known = None if system.training_speakers is None else set(system.training_speakers)
    return EvaluationResult(
        corpus=answers.corpus,
        labels=answers.labels,
        left_out=answers.left_out,
        unscored=answers.unscored,
        overall=score(true, predicted, classes),
        intervals=bootstrap_intervals(true, predicted, answers.speakers, classes),
        arousal=score_arousal(true, predicted, answers.labels),
        speakers=score_groups(true, predicted, answers.speakers, classes),
        sex_of_speaker={speaker: sex for speaker, sex in zip(answers.speakers, answers.sexes, strict=True) if sex is not None},
        sexes=score_groups(true, predicted, answers.sexes, classes),
        intensities=score_groups(true, predicted, answers.intensities, classes),
        calibration=_calibration(answers, system.temperature, halves),
        selectivity=_selectivity(answers, system, halves),
        speakers_of_training=None if known is None else tuple(sorted(known & set(answers.speakers))),
        dimensions={
            dimension.name: found
            for dimension in answers.dimensions
            if (found := agreement(dimension.predicted, dimension.target)) is not None
        },
    )


def _calibration(answers: Answers, temperature: float, halves: np.ndarray | None) -> Calibration:
    logits, true = answers.logits, answers.true
    return Calibration(
        temperature=temperature,
        error_before=expected_calibration_error(logits, true),
        error_after=expected_calibration_error(logits, true, temperature),
        cross_fitted_error=None if halves is None else cross_fitted_calibration_error(logits, true, halves),
        own_temperature=fit_temperature(logits, true),
        before=reliability(logits, true),
        after=reliability(logits, true, temperature),
    )


def _selectivity(answers: Answers, system: System, halves: np.ndarray | None) -> Selectivity:
    confidence = confidence_of(answers.logits, system.temperature)
    correct = answers.predicted == answers.true
    choices = []
    if halves is not None:
        for largest_risk in STATED_RISKS:
            chosen = choose_threshold(confidence[halves], correct[halves], largest_risk)
            held_back = None if chosen is None else operating_point(confidence[~halves], correct[~halves], chosen)
            choices.append(RiskChoice(largest_risk, held_back))
    shipped = operating_point(confidence, correct, system.uncertainty_threshold)
    return Selectivity(risk_coverage(confidence, correct), shipped, tuple(choices))
