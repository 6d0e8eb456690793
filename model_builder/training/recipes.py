"""The fits that make up a training run, each with a checkpoint of its own."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import HubertForSequenceClassification

from model_builder.corpora.dimensions import says_arousal_or_valence
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.evaluation.metrics import score
from model_builder.fitting.annotations import AnnotatedBatches
from model_builder.fitting.batches import CropBatches
from model_builder.fitting.data_parallel import training_processes
from model_builder.fitting.machine import best_device
from model_builder.fitting.trainer import BatchesOf, BatchLoss, FitPlan, Network, Progress, Report, run_stage
from model_builder.models.arousal_valence_head import add_head
from model_builder.models.channel_pruning import only_live_channels, pruned_copy
from model_builder.models.checkpoint import load_encoder
from model_builder.models.encoder_teacher import FrozenEncoder
from model_builder.models.hubert import ChannelsLastHubert, with_noise_floor_of
from model_builder.models.log_mel import Teachers
from model_builder.models.teacher_head import Teacher, TeacherHead
from model_builder.pretraining.front_end import trained_front_end
from model_builder.training.config import TrainingPlan
from model_builder.training.distillation import LAST_WEIGHTS, WEIGHTS, Classifying, ClassifyingNetwork, DistillationLoss, Student
from model_builder.training.domain_adversary import AdaptationBatches, AdaptingNetwork
from model_builder.training.encoder_teaching import (
    RenditionBatches,
    StateDistillationLoss,
    new_head,
    posteriors_of_new_voices,
    speaker_parts,
    statistics_of_means,
)
from model_builder.training.focal_loss import AdaptiveFocalLoss
from model_builder.training.held_out import class_indices, clip_logits
from model_builder.training.joined_batches import JoinedBatches
from model_builder.training.multitask_loss import MultiTaskLoss
from model_builder.training.renditions import CLIPS_A_STEP, RenditionPlan, Renditions, renditions_of

LABEL_SMOOTHING = 0.05
ENCODER_LEARNING_RATE, CONVOLUTIONS_LEARNING_RATE = 5e-4, 2e-4  # peaks, of the stage in which a teacher's states are learnt
FRESH_PARTS = ("projector", "classifier", "arousal_valence", "domain_classifier", "to_features")
"""What an encoder from the hub lacks, by the names of the modules."""


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
        speech: Sequence[Clip] = (),
        rendition_clips: Sequence[Clip] = (),
        teacher_digest: str = "",
    ):
        """speech: unlabelled, which a speech encoder teaches too. rendition_clips: what renditions are made of where there are none yet;
        empty: the clips that this run learns from. teacher_digest: of the weights of the plan's teacher, if it has one."""
        self.training, self.validation, self.plan, self.run_folder, self.report = training, validation, plan, run_folder, report
        self.unlabelled, self.speech = unlabelled, speech
        self.shared_folder = shared_folder or run_folder
        self.teacher_digest = teacher_digest
        self.rendition_clips = rendition_clips or [*training, *speech]

    def trained(self) -> HubertForSequenceClassification:
        torch.manual_seed(self.plan.seed)
        network: ClassifyingNetwork
        if self.plan.teacher is not None:
            network = self.taught_by_encoder(self.plan.teacher)
        else:
            network = self.taught() if self.plan.encoder == "scratch" else self.fine_tuned()
        return network.model

    def fine_tuned(self) -> ChannelsLastHubert:
        """A trained encoder with a fresh head, on labels alone."""
        network, criterion = ChannelsLastHubert(self.start()), self.criterion()
        self.require_learning(network)

        def label_loss(pcm: Tensor, labels: Tensor, progress: float) -> Tensor:
            loss: Tensor = criterion(network(pcm).float(), labels)
            return loss

        return self.run_last(network, label_loss, criterion)

    def start(self) -> HubertForSequenceClassification:
        """The given encoder or, from scratch, random weights behind a front end that learns from generated sound."""
        plan = self.plan
        if plan.encoder != "scratch":
            return with_noise_floor_of(load_encoder(plan.encoder), plan.noise_floor_snr_db)
        self.shared_folder.mkdir(parents=True, exist_ok=True)
        with training_processes().lock(self.shared_folder / "shared.lock"):  # folds of other processes wait, and find it made
            front_end = trained_front_end(plan.front_end_epochs, plan.seed, self.shared_folder, self.report, plan.precision)
        torch.manual_seed(plan.seed)  # a run that finds stages trained starts the next ones from the same weights
        model = load_encoder("scratch")
        model.hubert.feature_extractor.load_state_dict(front_end)
        return with_noise_floor_of(model, plan.noise_floor_snr_db)

    def taught(self) -> Student:
        """The start; teachers; transformer over the frozen front end; then, if asked for, everything."""
        plan, model = self.plan, self.start()
        torch.manual_seed(plan.seed)
        teachers = Teachers(plan.teachers)
        student = Student(model, teachers.feature_channels)
        self.run(
            "teachers",
            teachers,
            lambda pcm, annotations, progress: teachers.loss(pcm, annotations.labels, annotations.vote_shares),
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
            replace(self.fit_plan(plan.encoder_epochs, ENCODER_LEARNING_RATE), crop_s=short, averaging=0.99),
            criterion,
            JoinedBatches,
        )
        if plan.epochs == 0:
            return student
        self.require_learning(student)
        return self.run_last(student, DistillationLoss(student, teachers, criterion).of_labels, criterion)

    def taught_by_encoder(self, source: str) -> Student:
        """The start; heads on the encoder's states; the network, but for convolutions that are to stay; then, if asked for, once more."""
        plan, model, encoder = self.plan, self.start(), FrozenEncoder(source)
        renditions = self.renditions(encoder)
        torch.manual_seed(plan.seed)
        parts = speaker_parts(self.training)
        heads = [self.head(f"head-{number}", renditions, part) for number, part in enumerate(parts, start=1)]
        if self.validation:
            self.log_validation("teacher", self.validation_ua(Teacher(encoder, heads).to(best_device()).eval()))
        learnt_from = [*self.training, *self.speech]
        posteriors = posteriors_of_new_voices(heads, parts, renditions, learnt_from)
        batches_of = partial(RenditionBatches, renditions=renditions, posteriors=posteriors)
        torch.manual_seed(plan.seed)
        student, criterion, layers = Student(model, len(heads[0].mean)), self.criterion(), len(encoder.layers)
        loss = StateDistillationLoss(student, heads[0].standardise, layers, criterion, WEIGHTS)
        fit_plan = replace(
            self.fit_plan(plan.encoder_epochs, ENCODER_LEARNING_RATE),
            averaging=0.995,
            fresh_learning_rate=None if plan.freeze_feature_encoder else CONVOLUTIONS_LEARNING_RATE,
            fresh_parts=("feature_extractor",),
        )
        with only_live_channels(student.model):
            student.model.hubert.feature_extractor.requires_grad_(not plan.freeze_feature_encoder)
            if plan.encoder_epochs:
                self.run("encoder", student, loss, fit_plan, criterion, batches_of, learnt_from)
        if plan.epochs == 0:
            return student
        self.require_learning(student)
        if self.unlabelled or self.says_dimensions:
            return self.run_last(student, lambda pcm, labels, progress: criterion(student(pcm).float(), labels), criterion)
        means = statistics_of_means(heads[0], renditions, self.training)
        whole = StateDistillationLoss(student, heads[0].standardise, layers, criterion, LAST_WEIGHTS, means)
        with only_live_channels(student.model):
            return self.run("whole", student, whole, self.last_plan(), criterion, batches_of, learnt_from)

    def renditions(self, encoder: FrozenEncoder) -> Renditions:
        plan = RenditionPlan(self.plan.renditions, self.plan.rendition_crop_s, self.plan.seed, self.plan.augmentation)

        def on_clips(number: int, done: int, clips: int) -> None:
            self.report(Progress(f"states {number + 1}/{plan.count}", 0, 1, -(-clips // CLIPS_A_STEP), 0.0))

        return renditions_of(self.rendition_clips, plan, encoder, self.teacher_digest, self.shared_folder / "renditions", on_clips)

    def head(self, stage: str, renditions: Renditions, left_out: set[str]) -> TeacherHead:
        """A head that learns from the training clips of all speakers but `left_out`, or from all where nobody else is left."""
        clips = [clip for clip in self.training if clip.utterance.speaker not in left_out] or self.training
        head = new_head(renditions, self.training)
        batch_clips = min(2 * self.plan.batch_clips, len(clips))
        plan = replace(self.fit_plan(self.plan.teacher_epochs, 1e-3), batch_clips=batch_clips, averaging=0.99)
        return self.run(
            stage,
            head,
            lambda pcm, targets, progress: head.loss(targets.states, targets.label_shares, targets.vote_shares),
            plan,
            batches_of=partial(RenditionBatches, renditions=renditions),
            clips=clips,
            validated=False,
        )

    def run_last(self, network: Classifying, label_loss: BatchLoss, criterion: nn.Module) -> Classifying:
        """The whole network, on labels, on what else the training clips say, and on the corpus to adapt to."""
        torch.manual_seed(self.plan.seed)  # what is added starts from the same weights whichever stages were found trained
        if self.says_dimensions:
            add_head(network.model)
        if self.unlabelled:
            adapting = AdaptingNetwork(network)
            loss = MultiTaskLoss(label_loss, network, adapting.domain_classifier)
            batches_of = partial(AdaptationBatches, unlabelled=self.unlabelled)
            self.run("adapted", adapting, loss, self.last_plan(), criterion, batches_of)
            return network
        if self.says_dimensions:
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
        return AdaptiveFocalLoss(counts, self.plan.focal_gamma, beta=self.plan.class_weight_beta, label_smoothing=LABEL_SMOOTHING)

    @property
    def says_dimensions(self) -> bool:
        return self.plan.arousal_valence and any(says_arousal_or_valence(clip.utterance) for clip in self.training)

    def require_learning(self, network: ClassifyingNetwork) -> None:
        """The whole network learns, but for convolutions that are to stay."""
        network.requires_grad_(True)
        if self.plan.freeze_feature_encoder:
            network.model.hubert.feature_extractor.requires_grad_(False)

    def last_plan(self) -> FitPlan:
        plan = self.plan
        return replace(
            self.fit_plan(plan.epochs, plan.peak_learning_rate),
            patience=plan.patience,
            averaging=plan.averaging,
            fresh_learning_rate=plan.head_learning_rate,
            fresh_parts=FRESH_PARTS,
        )

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
        clips: Sequence[Clip] | None = None,
        validated: bool = True,
    ) -> Network:
        """clips: what the stage learns from; None: the training clips."""

        validate = self.validation_ua if self.validation and validated else None
        learnt_from = self.training if clips is None else clips
        return run_stage(stage, network, loss, learnt_from, plan, self.run_folder, self.report, validate, criterion, batches_of)

    def validation_ua(self, network: nn.Module) -> float:
        predicted = clip_logits(network, self.validation, self.plan.precision).argmax(axis=1)
        return score(class_indices(self.validation), predicted, len(LABELS)).unweighted_accuracy

    def log_validation(self, of: str, unweighted_accuracy: float) -> None:
        """One line of `log.jsonl`, unless an earlier start of this run wrote it or another process does."""
        if not training_processes().is_first:
            return
        path = self.run_folder / "log.jsonl"
        line = json.dumps({"stage": of, "validation_ua": unweighted_accuracy}) + "\n"
        if line not in path.read_text(encoding="utf-8"):
            with path.open("a", encoding="utf-8") as log:
                log.write(line)
