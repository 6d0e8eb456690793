"""What weights are worth, on clips of speakers that they were not trained on, and the card that says so."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import HubertForSequenceClassification

from model_builder.corpora.dimensions import DIMENSIONS, arousal_valence
from model_builder.corpora.splits import speakers_of
from model_builder.corpora.survey import Clip, hours_of
from model_builder.corpora.utterance import LABELS
from model_builder.evaluation.bootstrap import bootstrap_intervals
from model_builder.evaluation.calibration import cross_fitted_calibration_error
from model_builder.evaluation.concordance import agreement
from model_builder.evaluation.metrics import Scores, score
from model_builder.evaluation.split_half import split_half_by_speaker
from model_builder.evaluation.uncertainty import choose_rule, held_back_risk
from model_builder.fitting.precision import Precision, autocast
from model_builder.models.arousal_valence_head import ArousalValenceNetwork
from model_builder.reporting.report_json import interval_as_json
from model_builder.training.config import TrainingPlan

LARGEST_RISK = 0.2
"""How often an answer that the model is sure of may be wrong: where it says "uncertain" follows from it."""


@dataclass(frozen=True)
class HeldOutPredictions:
    """Predictions for clips of speakers that the weights were not trained on. split: which, in words.

    labels: int, (clips,). logits: float, (clips, labels).
    """

    split: str
    labels: np.ndarray
    logits: np.ndarray
    speakers: tuple[str, ...]

    @property
    def scores(self) -> Scores:
        return score(self.labels, self.logits.argmax(axis=1), len(LABELS))


def clip_logits(network: nn.Module, clips: Sequence[Clip], precision: Precision = "float32") -> np.ndarray:
    """Logits of whole clips, float32, shape (clips, labels), computed in `precision`."""
    device = next(network.parameters()).device
    rows = []
    with torch.inference_mode():
        for clip in clips:
            pcm = torch.from_numpy(clip.float_pcm())[None].to(device)
            with autocast(device, precision):
                output = network(pcm)
            rows.append((output[0] if isinstance(output, tuple) else output).float().cpu().numpy()[0])
    return np.stack(rows)


def validated_concordance(model: HubertForSequenceClassification, clips: Sequence[Clip]) -> dict[str, float]:
    """CCC of arousal and valence on whole clips; only the dimensions that the corpora say of these clips."""
    predicted = clip_logits(ArousalValenceNetwork(model), clips)
    target = arousal_valence([clip.utterance for clip in clips])
    found = {name: agreement(predicted[:, index], target[:, index]) for index, name in enumerate(DIMENSIONS)}
    return {name: round(agreed.concordance, 4) for name, agreed in found.items() if agreed is not None}


def class_indices(clips: Sequence[Clip]) -> np.ndarray:
    return np.array([LABELS.index(clip.utterance.emotion) for clip in clips])


def describe_adaptation(unlabelled: Sequence[Clip]) -> dict[str, Any]:
    return {"by": "gradient reversal", **describe_speech(unlabelled)}


def describe_speech(unlabelled: Sequence[Clip]) -> dict[str, Any]:
    return {
        "corpora": sorted({clip.utterance.corpus for clip in unlabelled}),
        "clips": len(unlabelled),
        "speakers": sorted(speakers_of(unlabelled)),
        "hours": hours_of(unlabelled),
    }


def describe(plan: TrainingPlan, training: Sequence[Clip], held_out: HeldOutPredictions | None) -> dict[str, Any]:
    """The card: all that the asset's manifest says about the model.

    Temperature and threshold are chosen on all clips that were held_out. ECE, coverage and risk are of speakers that they were not chosen
    on: None where there is one speaker, which gives no intervals either. Without held-out clips the posterior stays as it is and nothing is
    claimed.
    """
    card: dict[str, Any] = {
        "temperature": 1.0,
        "uncertainty_threshold": 1 - LARGEST_RISK,
        "training": {
            **asdict(plan),
            "corpora": sorted({clip.utterance.corpus for clip in training}),
            "clips": len(training),
            "speakers": sorted({clip.utterance.speaker for clip in training}),
            "hours": hours_of(training),
        },
        "results": {"split": "none"},
    }
    if held_out is None:
        return card
    labels, logits, scores = held_out.labels, held_out.logits, held_out.scores
    halves = split_half_by_speaker(held_out.speakers) if len(set(held_out.speakers)) > 1 else None
    error = None if halves is None else cross_fitted_calibration_error(logits, labels, halves)
    intervals = bootstrap_intervals(labels, logits.argmax(axis=1), held_out.speakers, len(LABELS))
    rule = choose_rule(logits, labels, LARGEST_RISK)
    held_back = None if halves is None else held_back_risk(logits, labels, halves, LARGEST_RISK)
    card["temperature"], card["uncertainty_threshold"] = round(rule.temperature, 4), round(rule.threshold, 4)
    card["results"] = {
        "split": held_out.split,
        "clips": len(labels),
        "speakers": sorted(set(held_out.speakers)),
        "unweighted_accuracy": round(scores.unweighted_accuracy, 4),
        "weighted_accuracy": round(scores.weighted_accuracy, 4),
        "macro_f1": round(scores.macro_f1, 4),
        "recalls": {label: round(recall, 4) for label, recall in zip(LABELS, scores.recalls, strict=True)},
        "confusion": scores.confusion.tolist(),
        "intervals": {
            figure: {name: round(value, 4) for name, value in interval_as_json(interval).items()} for figure, interval in intervals.items()
        },
        "expected_calibration_error": None if error is None else round(error, 4),
        "uncertainty": {
            "largest_risk": LARGEST_RISK,
            "is_chosen": rule.is_chosen,
            "coverage": None if held_back is None else round(held_back.coverage, 4),
            "risk": None if held_back is None or held_back.risk is None else round(held_back.risk, 4),
        },
    }
    return card
