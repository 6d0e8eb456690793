"""What each picture shows, in words and numbers, for those who cannot see it."""

import numpy as np

from model_builder.evaluation.calibration import Reliability
from model_builder.evaluation.evaluation_result import EvaluationResult


def confusion_text(findings: EvaluationResult) -> str:
    shares = row_shares(findings.overall.confusion)
    rows = [
        f"{label} was taken for " + ", ".join(f"{predicted} {share:.0%}" for predicted, share in zip(findings.labels, row, strict=True))
        for label, row in zip(findings.labels, shares, strict=True)
        if row.any()
    ]
    return f"Confusion of {findings.overall.clips:,} clips: {'; '.join(rows)}."


def recall_text(findings: EvaluationResult) -> str:
    classes = zip(findings.labels, findings.overall.recalls, findings.overall.f1s, findings.overall.class_clips, strict=True)
    each = "; ".join(f"{label} recall {recall:.0%}, F1 {f1:.0%}" for label, recall, f1, clips in classes if clips)
    return f"Bars for each class: {each}. UA is {findings.overall.unweighted_accuracy:.0%}."


def reliability_text(findings: EvaluationResult) -> str:
    calibration = findings.calibration
    return (
        f"Share of right answers against confidence, with the share of clips at each confidence below. The calibration error is"
        f" {calibration.error_before:.3f} before and {calibration.error_after:.3f} with temperature {calibration.temperature:.2f}; "
        f"{_lean(calibration.after)}."
    )


def risk_text(findings: EvaluationResult) -> str:
    curve, shipped = findings.selectivity.curve, findings.selectivity.shipped
    point = "answers nothing"
    if shipped.risk is not None:
        point = f"answers {shipped.coverage:.0%} of the clips, {shipped.risk:.0%} of them wrongly"
    return (
        f"Share of wrong answers against the share of clips answered, surest first. With all answered, {curve.risks[-1]:.0%} are wrong;"
        f" the threshold {shipped.threshold:.2f} {point}."
    )


def speaker_text(findings: EvaluationResult) -> str:
    ranked = ranked_speakers(findings)
    values = [findings.speakers[speaker].unweighted_accuracy for speaker in ranked]
    return (
        f"UA of each of {len(ranked)} speakers, worst first: from {values[0]:.0%} ({short_name(ranked[0])}) over a median of"
        f" {np.median(values):.0%} to {values[-1]:.0%} ({short_name(ranked[-1])})."
    )


def ranked_speakers(findings: EvaluationResult) -> list[str]:
    return sorted(findings.speakers, key=lambda speaker: findings.speakers[speaker].unweighted_accuracy)


def _lean(found: Reliability) -> str:
    held = found.clips > 0
    gap = float(((found.confidence - found.accuracy)[held] * found.clips[held]).sum() / found.clips.sum())
    return f"on average it is {abs(gap):.0%} {'too sure' if gap > 0 else 'too modest'}"


def row_shares(confusion: np.ndarray) -> np.ndarray:
    """Each row over its sum; a class without clips has zeros."""
    shares: np.ndarray = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    return shares


def short_name(speaker: str) -> str:
    """
    >>> short_name("crema-d:1004")
    '1004'
    """
    return speaker.partition(":")[2] or speaker
