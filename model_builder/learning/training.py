"""`train`: from clips and a starting point to a folder of weights with a card that says what was measured."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from transformers import HubertForSequenceClassification

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.corpora.dimensions import DIMENSIONS, arousal_valence, says_arousal_or_valence
from model_builder.corpora.splits import speaker_split, speakers_of
from model_builder.corpora.survey import Clip, hours_of
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.evaluation.calibration import cross_fitted_calibration_error
from model_builder.evaluation.concordance import agreement
from model_builder.evaluation.halves import speaker_halves
from model_builder.evaluation.metrics import Scores, score
from model_builder.evaluation.uncertainty import choose_rule, held_back_risk
from model_builder.learning.annotations import AnnotatedBatches
from model_builder.learning.arousal_valence import ArousalValenceNetwork, add_head, head_of
from model_builder.learning.batches import CropBatches
from model_builder.learning.beside_labels import LossesBesideLabels
from model_builder.learning.distillation import DistillationLoss, SpectrumLoss, Student
from model_builder.learning.domain_adversary import AdaptationBatches, AdaptingNetwork
from model_builder.learning.fitting import BatchesOf, BatchLoss, FitPlan
from model_builder.learning.focal_loss import AdaptiveFocalLoss
from model_builder.learning.network import ChannelsLastHubert
from model_builder.learning.stage import Network, Report, run_stage
from model_builder.learning.teacher import LogMelNetwork, teacher_loss
from model_builder.learning.weights import load_encoder, save_weights

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
class TrainingResult:
    weights: Path
    scores: Scores
    card: dict[str, Any]


def train(
    clips: Sequence[Clip],
    plan: TrainingPlan,
    run_folder: Path,
    report: Report = lambda progress: None,
    unlabelled: Sequence[Clip] = (),
) -> TrainingResult:
    """Train on `clips`; weights and card go to `run_folder / "weights"`.

    Without a patience the last epoch's averaged weights are kept: nothing is chosen by the validation speakers, so their UA is an
    honest figure.
    unlabelled: speech of a corpus to adapt to by gradient reversal, in the last stage; nothing but its samples is read.
    A run that was stopped goes on from the checkpoints in `run_folder`. Raises UserError for clips or settings that cannot work.
    """
    if shared := speakers_of(clips) & speakers_of(unlabelled):
        raise UserError(f"{min(shared)} speaks in the training corpora and in the one to adapt to; give other recordings")
    training, validation = speaker_split(clips, plan.validation_share, plan.seed)
    return fit_and_describe(training, validation, plan, run_folder, report, unlabelled)


def fit_and_describe(
    training: list[Clip],
    validation: list[Clip],
    plan: TrainingPlan,
    run_folder: Path,
    report: Report = lambda progress: None,
    unlabelled: Sequence[Clip] = (),
) -> TrainingResult:
    """`train` with the two sides given; both at least one clip."""
    run_folder.mkdir(parents=True, exist_ok=True)
    model = Stages(training, validation, plan, run_folder, report, unlabelled).trained()
    logits = clip_logits(ChannelsLastHubert(model), validation, exact=True)
    labels = class_indices(validation)
    scores = score(labels, logits.argmax(axis=1), len(LABELS))
    card = describe(plan, training, validation, logits, labels, scores)
    if unlabelled:
        card["training"]["adapted_to"] = describe_adaptation(unlabelled)
    if head_of(model) is not None:
        card["results"]["concordance"] = validated_concordance(model, validation)
    save_weights(model, run_folder / "weights", card)
    return TrainingResult(run_folder / "weights", scores, card)


class Stages:
    """The fits that make up one run, each with a checkpoint of its own."""

    def __init__(
        self,
        training: list[Clip],
        validation: list[Clip],
        plan: TrainingPlan,
        run_folder: Path,
        report: Report,
        unlabelled: Sequence[Clip],
    ):
        self.training, self.validation, self.plan, self.run_folder, self.report = training, validation, plan, run_folder, report
        self.unlabelled = unlabelled

    def trained(self) -> HubertForSequenceClassification:
        torch.manual_seed(self.plan.seed)
        network = self.from_scratch() if self.plan.encoder == "scratch" else self.fine_tuned()
        return network.model

    def fine_tuned(self) -> ChannelsLastHubert:
        """A trained encoder with a fresh head, on labels alone."""
        network, criterion = ChannelsLastHubert(load_encoder(self.plan.encoder)), self.criterion()

        def label_loss(pcm: Tensor, labels: Tensor, progress: float) -> Tensor:
            return criterion(network(pcm).float(), labels)

        return self.run_last(network, label_loss, criterion)

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
        return self.run_last(student, loss, criterion)

    def run_last(self, network: Network, label_loss: BatchLoss, criterion: nn.Module) -> Network:
        """The whole network, on labels, on what else the training clips say, and on the corpus to adapt to."""
        says_dimensions = any(says_arousal_or_valence(clip.utterance) for clip in self.training)
        torch.manual_seed(self.plan.seed)  # what is added starts from the same weights whichever stages were found trained
        if says_dimensions:
            add_head(network.model)
        if self.unlabelled:
            adapting = AdaptingNetwork(network)
            loss = LossesBesideLabels(label_loss, network, adapting.domain_classifier)
            batches_of = partial(AdaptationBatches, unlabelled=self.unlabelled)
            return self.run("adapted", adapting, loss, self.last_plan(), criterion, batches_of).network
        if says_dimensions:
            return self.run("whole", network, LossesBesideLabels(label_loss, network), self.last_plan(), criterion, AnnotatedBatches)
        return self.run("whole", network, label_loss, self.last_plan(), criterion)

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

    def run(
        self,
        stage: str,
        network: Network,
        loss: BatchLoss,
        plan: FitPlan,
        criterion: nn.Module | None = None,
        batches_of: BatchesOf = CropBatches,
    ) -> Network:
        def validation_ua(averaged: nn.Module) -> float:
            predicted = clip_logits(averaged, self.validation).argmax(axis=1)
            return score(class_indices(self.validation), predicted, len(LABELS)).unweighted_accuracy

        validate = validation_ua if self.validation and stage != "spectrum" else None
        return run_stage(stage, network, loss, self.training, plan, self.run_folder, self.report, validate, criterion, batches_of)


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


def validated_concordance(model: HubertForSequenceClassification, clips: Sequence[Clip]) -> dict[str, float]:
    """CCC of arousal and valence on whole clips; only the dimensions that the corpora say of these clips."""
    heard = clip_logits(ArousalValenceNetwork(model), clips, exact=True)
    said = arousal_valence([clip.utterance for clip in clips])
    found = {name: agreement(heard[:, index], said[:, index]) for index, name in enumerate(DIMENSIONS)}
    return {name: round(judged.concordance, 4) for name, judged in found.items() if judged is not None}


def class_indices(clips: Sequence[Clip]) -> np.ndarray:
    return np.array([LABELS.index(clip.utterance.emotion) for clip in clips])


def describe_adaptation(unlabelled: Sequence[Clip]) -> dict[str, Any]:
    return {
        "by": "gradient reversal",
        "corpora": sorted({clip.utterance.corpus for clip in unlabelled}),
        "clips": len(unlabelled),
        "speakers": sorted(speakers_of(unlabelled)),
        "hours": hours_of(unlabelled),
    }


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
            "hours": hours_of(training),
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
