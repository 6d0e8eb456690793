"""`train`: from clips and a starting point to a folder of weights with a card that says what was measured."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from transformers import HubertForSequenceClassification

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.corpora.splits import speaker_split
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.evaluation.calibration import cross_fitted_calibration_error
from model_builder.evaluation.halves import speaker_halves
from model_builder.evaluation.metrics import Scores, score
from model_builder.evaluation.uncertainty import choose_rule, held_back_risk
from model_builder.learning.distillation import DistillationLoss, SpectrumLoss, Student
from model_builder.learning.fitting import BatchLoss, EpochReport, FitPlan, fit
from model_builder.learning.focal_loss import AdaptiveFocalLoss
from model_builder.learning.network import ChannelsLastHubert
from model_builder.learning.teacher import LogMelNetwork, teacher_loss
from model_builder.learning.weights import load_encoder, save_weights

Network = TypeVar("Network", bound=nn.Module)
LossName = Literal["adaptive-focal", "cross-entropy"]
LABEL_SMOOTHING = 0.05
LARGEST_RISK = 0.2
"""How often an answer that the model is sure of may be wrong: where it says "uncertain" follows from it."""


@dataclass(frozen=True)
class TrainingPlan:
    """What a run does. `epochs` counts passes of the whole network; the stages before it are for a scratch start only.

    patience: of the last stage, as in `FitPlan`.
    """

    encoder: str
    epochs: int = 10
    seed: int = 0
    batch_clips: int = 16
    crop_s: tuple[float, float] = (1.5, 3.0)
    peak_learning_rate: float = 2e-4
    validation_share: float = 0.2
    teacher_epochs: int = 24
    spectrum_epochs: int = 4
    context_epochs: int = 8
    patience: int | None = None
    loss: LossName = "adaptive-focal"
    augmentation: AugmentationPlan = field(default_factory=AugmentationPlan)


@dataclass(frozen=True)
class Progress:
    """One finished batch or, where `validation_ua` is set, one finished epoch."""

    stage: str
    epoch: int
    epochs: int
    batches: int
    loss: float
    validation_ua: float | None = None


@dataclass(frozen=True)
class TrainingResult:
    weights: Path
    scores: Scores
    card: dict[str, Any]


Report = Callable[[Progress], None]


def train(clips: Sequence[Clip], plan: TrainingPlan, run_folder: Path, report: Report = lambda progress: None) -> TrainingResult:
    """Train on `clips`; weights and card go to `run_folder / "weights"`.

    Without a patience the last epoch's averaged weights are kept: nothing is chosen by the validation speakers, so their UA is an
    honest figure.
    A run that was stopped goes on from the checkpoints in `run_folder`. Raises UserError for clips or settings that cannot work.
    """
    training, validation = speaker_split(clips, plan.validation_share, plan.seed)
    return fit_and_describe(training, validation, plan, run_folder, report)


def fit_and_describe(
    training: list[Clip], validation: list[Clip], plan: TrainingPlan, run_folder: Path, report: Report = lambda progress: None
) -> TrainingResult:
    """`train` with the two sides given; both at least one clip."""
    run_folder.mkdir(parents=True, exist_ok=True)
    model = Stages(training, validation, plan, run_folder, report).trained()
    logits = clip_logits(ChannelsLastHubert(model), validation, exact=True)
    labels = class_indices(validation)
    scores = score(labels, logits.argmax(axis=1), len(LABELS))
    card = describe(plan, training, validation, logits, labels, scores)
    save_weights(model, run_folder / "weights", card)
    return TrainingResult(run_folder / "weights", scores, card)


class Stages:
    """The fits that make up one run, each with a checkpoint of its own."""

    def __init__(self, training: list[Clip], validation: list[Clip], plan: TrainingPlan, run_folder: Path, report: Report):
        self.training, self.validation, self.plan, self.run_folder, self.report = training, validation, plan, run_folder, report

    def trained(self) -> HubertForSequenceClassification:
        torch.manual_seed(self.plan.seed)
        network = self.from_scratch() if self.plan.encoder == "scratch" else self.fine_tuned()
        return network.model

    def fine_tuned(self) -> ChannelsLastHubert:
        """A trained encoder with a fresh head, on labels alone."""
        network, criterion = ChannelsLastHubert(load_encoder(self.plan.encoder)), self.criterion()

        def label_loss(pcm: Tensor, labels: Tensor, progress: float) -> Tensor:
            return criterion(network(pcm).float(), labels)

        return self.run("whole", network, label_loss, self.last_plan(), criterion)

    def from_scratch(self) -> Student:
        """Teacher, then front end, then transformer over the resting front end, then everything."""
        plan = self.plan
        network = LogMelNetwork()
        teacher = self.run(
            "teacher",
            network,
            lambda pcm, labels, progress: teacher_loss(network, pcm, labels),
            replace(self.fit_plan(plan.teacher_epochs, 3e-3), batch_clips=2 * plan.batch_clips),
        )
        torch.manual_seed(plan.seed)  # a run that finds its teacher trained starts the student from the same weights
        student = Student(load_encoder("scratch"))
        front_end = student.model.hubert.feature_extractor
        learn_only(student, front_end, student.to_spectrum)
        short = replace(self.fit_plan(plan.spectrum_epochs, 1e-3), crop_s=(1.0, 1.0))
        student = self.run("spectrum", student, SpectrumLoss(student), short)
        learn_only(
            student,
            student.model.hubert.feature_projection,
            student.model.hubert.encoder,
            student.model.projector,
            student.model.classifier,
            student.to_features,
        )
        criterion = self.criterion()
        loss = DistillationLoss(student, [teacher], criterion)
        student = self.run("context", student, loss, self.fit_plan(plan.context_epochs, 5e-4), criterion)
        learn_only(student, student)
        return self.run("whole", student, loss, self.last_plan(), criterion)

    def criterion(self) -> nn.Module:
        """The loss on labels: takes logits (batch, labels) and class indices (batch,)."""
        if self.plan.loss == "cross-entropy":
            return nn.CrossEntropyLoss(label_smoothing=LABEL_SMOOTHING)
        counts = np.bincount(class_indices(self.training), minlength=len(LABELS)).tolist()
        if 0 in counts:
            missing = LABELS[counts.index(0)]
            raise UserError(f"no training clip is {missing}; add recordings of all classes, or train with --loss cross-entropy")
        return AdaptiveFocalLoss(counts, label_smoothing=LABEL_SMOOTHING)

    def last_plan(self) -> FitPlan:
        return replace(self.fit_plan(self.plan.epochs, self.plan.peak_learning_rate), patience=self.plan.patience)

    def fit_plan(self, epochs: int, peak_learning_rate: float) -> FitPlan:
        plan = self.plan
        return FitPlan(epochs, plan.batch_clips, peak_learning_rate, plan.crop_s, plan.seed, augmentation=plan.augmentation)

    def run(self, stage: str, network: Network, loss: BatchLoss, plan: FitPlan, criterion: nn.Module | None = None) -> Network:
        def on_batch(epoch: int, batches: int, loss: float) -> None:
            self.report(Progress(stage, epoch, plan.epochs, batches, loss))

        def validation_ua(averaged: nn.Module) -> float:
            predicted = clip_logits(averaged, self.validation).argmax(axis=1)
            return score(class_indices(self.validation), predicted, len(LABELS)).unweighted_accuracy

        def on_epoch(done: EpochReport) -> None:
            line = {"stage": stage, "epoch": done.epoch, "loss": done.mean_loss, "validation_ua": done.validation_score}
            with (self.run_folder / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")
            self.report(Progress(stage, done.epoch, plan.epochs, 0, done.mean_loss, done.validation_score))

        validate = validation_ua if self.validation and stage != "spectrum" else None
        checkpoint = self.run_folder / f"{stage}.pt"
        averaged = fit(network, loss, self.training, plan, checkpoint, validate, criterion, on_epoch, on_batch)
        network.load_state_dict(averaged.state_dict())
        return network.eval()


def learn_only(network: nn.Module, *parts: nn.Module) -> None:
    """Freeze `network` but for `parts`."""
    network.requires_grad_(False)
    for part in parts:
        part.requires_grad_(True)


def clip_logits(network: nn.Module, clips: Sequence[Clip], exact: bool = False) -> np.ndarray:
    """Logits of whole clips, float32, shape (clips, labels); in float32 where `exact`, else in the precision of training."""
    device = next(network.parameters()).device
    rows = []
    with torch.inference_mode():
        for clip in clips:
            pcm = torch.from_numpy(clip.float_pcm())[None].to(device)
            with torch.autocast(device.type, torch.bfloat16, enabled=not exact):
                output = network(pcm)
            rows.append((output[0] if isinstance(output, tuple) else output).float().cpu().numpy()[0])
    return np.stack(rows)


def class_indices(clips: Sequence[Clip]) -> np.ndarray:
    return np.array([LABELS.index(clip.utterance.emotion) for clip in clips])


def describe(
    plan: TrainingPlan, training: Sequence[Clip], validation: Sequence[Clip], logits: np.ndarray, labels: np.ndarray, scores: Scores
) -> dict[str, Any]:
    """The card: all that the asset's manifest says about the model.

    ECE, coverage and risk are of speakers that temperature and threshold were not chosen on; None where there is one speaker.
    """
    speakers = [clip.utterance.speaker for clip in validation]
    halves = speaker_halves(speakers) if len(set(speakers)) > 1 else None
    error = None if halves is None else cross_fitted_calibration_error(logits, labels, halves)
    rule = choose_rule(logits, labels, LARGEST_RISK)
    held_back = None if halves is None else held_back_risk(logits, labels, halves, LARGEST_RISK)
    return {
        "temperature": round(rule.temperature, 4),
        "uncertainty_threshold": round(rule.threshold, 4),
        "training": {
            **asdict(plan),
            "corpora": sorted({clip.utterance.corpus for clip in training}),
            "clips": len(training),
            "speakers": sorted({clip.utterance.speaker for clip in training}),
            "hours": round(sum(len(clip.pcm) for clip in training) / 16_000 / 3600, 3),
        },
        "results": {
            "split": "speaker-disjoint validation",
            "epoch": "last, nothing chosen by validation" if plan.patience is None else "chosen by validation",
            "clips": len(validation),
            "speakers": sorted(set(speakers)),
            "unweighted_accuracy": round(scores.unweighted_accuracy, 4),
            "weighted_accuracy": round(scores.weighted_accuracy, 4),
            "macro_f1": round(scores.macro_f1, 4),
            "recalls": {label: round(recall, 4) for label, recall in zip(LABELS, scores.recalls, strict=True)},
            "expected_calibration_error": None if error is None else round(error, 4),
            "uncertainty": {
                "largest_risk": LARGEST_RISK,
                "is_chosen": rule.is_chosen,
                "coverage": None if held_back is None else round(held_back.coverage, 4),
                "risk": None if held_back is None or held_back.risk is None else round(held_back.risk, 4),
            },
        },
    }
