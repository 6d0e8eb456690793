"""EvaluationResult as JSON: every number of a report, shares in 0..1, null where there is nothing to measure."""

import json
from typing import Any

import numpy as np

from model_builder.evaluation.arousal import LEVELS
from model_builder.evaluation.bootstrap import LEVEL, Interval
from model_builder.evaluation.calibration import Reliability
from model_builder.evaluation.evaluation_result import EvaluationResult
from model_builder.evaluation.metrics import Scores
from model_builder.evaluation.selective_risk import OperatingPoint


def json_text(document: object) -> str:
    """A report's JSON as it stands in its file. Raises ValueError for NaN and infinity, which JSON does not have."""
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def findings_as_json(findings: EvaluationResult) -> dict[str, Any]:
    """Only what `json.dumps(..., allow_nan=False)` takes."""
    labels, calibration, selectivity = findings.labels, findings.calibration, findings.selectivity
    curve = selectivity.curve
    return {
        "corpus": findings.corpus,
        "labels": list(labels),
        "left_out": findings.left_out,
        "unscored": list(findings.unscored),
        "speakers_of_training": None if findings.speakers_of_training is None else list(findings.speakers_of_training),
        "overall": scores_as_json(findings.overall, labels),
        "intervals": {figure: interval_as_json(interval) for figure, interval in findings.intervals.items()},
        "arousal": scores_as_json(findings.arousal, LEVELS),
        "dimensions": {name: {"clips": found.clips, "concordance": found.concordance} for name, found in findings.dimensions.items()},
        "speakers": {
            speaker: {"sex": findings.sex_of_speaker.get(speaker), **scores_as_json(scores, labels)}
            for speaker, scores in findings.speakers.items()
        },
        "sexes": {name: scores_as_json(scores, labels) for name, scores in findings.sexes.items()},
        "intensities": {name: scores_as_json(scores, labels) for name, scores in findings.intensities.items()},
        "calibration": {
            "temperature": calibration.temperature,
            "expected_calibration_error_before": calibration.error_before,
            "expected_calibration_error_after": calibration.error_after,
            "expected_calibration_error_cross_fitted": calibration.cross_fitted_error,
            "own_temperature": calibration.own_temperature,
            "reliability_before": _reliability(calibration.before),
            "reliability_after": _reliability(calibration.after),
        },
        "selective_risk": {
            "area": curve.area,
            "excess_area": curve.excess_area,
            "shipped": _point(selectivity.shipped),
            "choices": [
                {"largest_risk": choice.largest_risk, "held_back": None if choice.held_back is None else _point(choice.held_back)}
                for choice in selectivity.choices
            ],
            "curve": {
                "thresholds": curve.thresholds.tolist(),
                "coverages": curve.coverages.tolist(),
                "risks": curve.risks.tolist(),
            },
        },
    }


def scores_as_json(scores: Scores, labels: tuple[str, ...]) -> dict[str, Any]:
    """Recall and F1 are null for classes without clips."""
    classes = list(zip(labels, scores.recalls, scores.f1s, scores.class_clips, strict=True))
    return {
        "clips": scores.clips,
        "weighted_accuracy": scores.weighted_accuracy,
        "unweighted_accuracy": scores.unweighted_accuracy,
        "macro_f1": scores.macro_f1,
        "recalls": {label: recall if clips else None for label, recall, _, clips in classes},
        "f1s": {label: f1 if clips else None for label, _, f1, clips in classes},
        "confusion": scores.confusion.tolist(),
    }


def interval_as_json(interval: Interval) -> dict[str, float]:
    return {"estimate": interval.estimate, "low": interval.low, "high": interval.high, "level": LEVEL}


def _point(point: OperatingPoint) -> dict[str, float | None]:
    return {"threshold": point.threshold, "coverage": point.coverage, "risk": point.risk}


def _reliability(found: Reliability) -> dict[str, list[float | None]]:
    return {
        "upper_edges": found.upper_edges.tolist(),
        "clips": found.clips.tolist(),
        "confidence": _without_nan(found.confidence),
        "accuracy": _without_nan(found.accuracy),
    }


def _without_nan(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]
