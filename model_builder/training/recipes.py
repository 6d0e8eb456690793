"""The fits that make up a training run, each with a checkpoint of its own."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from filelock import FileLock
from torch import Tensor, nn
from transformers import HubertForSequenceClassification

from model_builder.corpora.dimensions import says_arousal_or_valence
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.evaluation.metrics import score
from model_builder.fitting.annotations import AnnotatedBatches
from model_builder.fitting.batches import CropBatches
from model_builder.fitting.trainer import BatchesOf, BatchLoss, FitPlan, Network, Report, best_device, run_stage
from model_builder.models.arousal_valence_head import add_head
from model_builder.models.channel_pruning import pruned_copy
from model_builder.models.checkpoint import load_encoder
from model_builder.models.encoder_teacher import EncoderTeacher, FrozenEncoder
from model_builder.models.hubert import ChannelsLastHubert
from model_builder.models.log_mel import Teachers
from model_builder.pretraining.front_end import trained_front_end
from model_builder.training.config import TrainingPlan
from model_builder.training.distillation import Classifying, ClassifyingNetwork, DistillationLoss, Student
from model_builder.training.domain_adversary import AdaptationBatches, AdaptingNetwork
from model_builder.training.focal_loss import AdaptiveFocalLoss
from model_builder.training.held_out import class_indices, clip_logits
from model_builder.training.joined_batches import JoinedBatches
from model_builder.training.multitask_loss import MultiTaskLoss

LABEL_SMOOTHING = 0.05


class Stages:
    def __init__(
        self,
        training: list[Clip],
        validation: list[Clip],
        plan: TrainingPlan,
        run_folder: Path,
        report: Report,
        unlabelled: Sequence[Clip] = (),
        shared_folder: Path | None = None,
    ):
        self.training, self.validation, self.plan, self.run_folder, self.report = training, validation, plan, run_folder, report
        self.unlabelled = unlabelled
        self.shared_folder = shared_folder or run_folder

    def trained(self) -> HubertForSequenceClassification:
        torch.manual_seed(self.plan.seed)
        network: ClassifyingNetwork = self.taught() if self.is_taught else self.fine_tuned()
        return network.model

    def fine_tuned(self) -> ChannelsLastHubert:
        """A trained encoder with a fresh head, on labels alone."""
        network, criterion = ChannelsLastHubert(load_encoder(self.plan.encoder)), self.criterion()

        def label_loss(pcm: Tensor, labels: Tensor, progress: float) -> Tensor:
            loss: Tensor = criterion(network(pcm).float(), labels)
            return loss

        return self.run_last(network, label_loss, criterion)

    @property
    def is_taught(self) -> bool:
        return self.plan.encoder == "scratch" or self.plan.teacher is not None

    def start(self) -> HubertForSequenceClassification:
        """The given encoder or, from scratch, random weights behind a front end that learns from generated sound."""
        plan = self.plan
        if plan.encoder != "scratch":
            return load_encoder(plan.encoder)
        self.shared_folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.shared_folder / "shared.lock"):  # folds of other processes wait, and find it made
            front_end = trained_front_end(plan.front_end_epochs, plan.seed, self.shared_folder, self.report, plan.precision)
        torch.manual_seed(plan.seed)  # a run that finds stages trained starts the next ones from the same weights
        model = load_encoder("scratch")
        model.hubert.feature_extractor.load_state_dict(front_end)
        return model

    def taught(self) -> Student:
        """The start; teachers; transformer over the frozen front end; then, if asked for, everything."""
        plan, model = self.plan, self.start()
        torch.manual_seed(plan.seed)
        teachers = Teachers(plan.teachers) if plan.teacher is None else EncoderTeacher(FrozenEncoder(plan.teacher))
        student = Student(model, teachers.feature_channels)
        self.run(
            "teachers",
            teachers,
            lambda pcm, said, progress: teachers.loss(pcm, said.labels, said.vote_shares),
            replace(self.fit_plan(plan.teacher_epochs, teachers.peak_learning_rate), batch_clips=2 * plan.batch_clips, averaging=0.99),
            batches_of=AnnotatedBatches,
        )
        student.model.hubert.feature_extractor.requires_grad_(False)
        frozen = ChannelsLastHubert(pruned_copy(student.model)).to(best_device())
        criterion = self.criterion()
        loss = DistillationLoss(student, teachers, criterion, frozen.front_end)
        short = (2 / 3 * plan.crop_s[0], 2 / 3 * plan.crop_s[1])  # an epoch's cost is its seconds, its worth its clips
        self.run(
            "encoder",
            student,
            loss,
            replace(self.fit_plan(plan.encoder_epochs, 5e-4), crop_s=short, averaging=0.99),
            criterion,
            JoinedBatches,
        )
        if plan.epochs == 0:
            return student
        student.requires_grad_(True)
        return self.run_last(student, DistillationLoss(student, teachers, criterion).of_labels, criterion)

    def run_last(self, network: Classifying, label_loss: BatchLoss, criterion: nn.Module) -> Classifying:
        """The whole network, on labels, on what else the training clips say, and on the corpus to adapt to."""
        says_dimensions = any(says_arousal_or_valence(clip.utterance) for clip in self.training)
        torch.manual_seed(self.plan.seed)  # what is added starts from the same weights whichever stages were found trained
        if says_dimensions:
            add_head(network.model)
        if self.unlabelled:
            adapting = AdaptingNetwork(network)
            loss = MultiTaskLoss(label_loss, network, adapting.domain_classifier)
            batches_of = partial(AdaptationBatches, unlabelled=self.unlabelled)
            self.run("adapted", adapting, loss, self.last_plan(), criterion, batches_of)
            return network
        if says_dimensions:
            return self.run("whole", network, MultiTaskLoss(label_loss, network), self.last_plan(), criterion, AnnotatedBatches)
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
        return FitPlan(
            epochs,
            plan.batch_clips,
            peak_learning_rate,
            plan.crop_s,
            plan.seed,
            precision=plan.precision,
            augmentation=plan.augmentation,
        )

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
            predicted = clip_logits(averaged, self.validation, self.plan.precision).argmax(axis=1)
            return score(class_indices(self.validation), predicted, len(LABELS)).unweighted_accuracy

        validate = validation_ua if self.validation else None
        return run_stage(stage, network, loss, self.training, plan, self.run_folder, self.report, validate, criterion, batches_of)
