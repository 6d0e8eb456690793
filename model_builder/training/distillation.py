"""DistilHuBERT over a trained front end learns from labels and from teachers, log-mel networks.

Two targets come beside the labels: the teachers' posterior (Hinton et al. 2015, arXiv 1503.02531) and their features over time
(Romero et al. 2015, arXiv 1412.6550), of the very crop that the student gets.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import HubertForSequenceClassification

from model_builder.models.hubert import ChannelsLastHubert
from model_builder.models.log_mel import Teachers
from model_builder.training.joined_batches import JoinedTargets


class TargetWeights(NamedTuple):
    """What the targets of a student count for in its loss."""

    label: float
    posterior: float
    feature: float
    mean_feature: float = 0.0


WEIGHTS = TargetWeights(label=0.3, posterior=0.7, feature=1.0)
LAST_WEIGHTS = TargetWeights(label=0.5, posterior=1.0, feature=0.3, mean_feature=1.0)  # once a speech encoder's states are learnt
POSTERIOR_TEMPERATURE = 2.0


class Student(nn.Module):
    """The model to train with the linear regression that only training needs."""

    def __init__(self, model: HubertForSequenceClassification, feature_channels: int):
        super().__init__()
        self.hubert = ChannelsLastHubert(model)
        self.to_features = nn.Linear(model.config.hidden_size, feature_channels)

    @property
    def model(self) -> HubertForSequenceClassification:
        return self.hubert.model

    def forward(self, pcm: Tensor) -> Tensor:
        logits: Tensor = self.hubert(pcm)
        return logits


ClassifyingNetwork = ChannelsLastHubert | Student
"""What the last stage trains: PCM (batch, samples) -> logits (batch, labels), by the `model` inside."""

Classifying = TypeVar("Classifying", ChannelsLastHubert, Student)


class DistillationLoss:
    """Callable as `fit` wants it.

    criterion: the loss on labels, of logits (batch, labels) and class indices (batch,).
    front_end: pcm -> features, where they are not to be learnt: the student's own then rests. None: the student's own, which learns.
    """

    def __init__(
        self, student: Student, teachers: Teachers, criterion: nn.Module, front_end: Callable[[Tensor], Tensor] | None = None
    ):
        self.student, self.teachers, self.criterion, self.front_end = student, teachers.eval().requires_grad_(False), criterion, front_end

    def __call__(self, pcm: Tensor, targets: JoinedTargets, progress: float) -> Tensor:
        """pcm: (batch, samples)."""
        with torch.no_grad():
            posterior, features = self.teachers.posterior_and_features(pcm, POSTERIOR_TEMPERATURE)
            features = features.transpose(1, 2).float()                                # (batch, frames of the teacher, channels)
        if self.front_end is None:
            frames = self.student.hubert.front_end(pcm)
        else:
            with torch.no_grad():
                frames = self.front_end(pcm)
        hidden = self.student.hubert.encode(frames)
        slow = F.avg_pool1d(hidden.transpose(1, 2), self.teachers.frames_a_feature).transpose(1, 2)
        guessed_logits, guessed_features = self.student.hubert.classify(hidden).float(), self.student.to_features(slow).float()
        label_loss = targets.share * self.criterion(guessed_logits, targets.labels)
        if targets.share < 1:
            label_loss = label_loss + (1 - targets.share) * self.criterion(guessed_logits, targets.other_labels)
        posterior_loss = POSTERIOR_TEMPERATURE**2 * F.kl_div(
            F.log_softmax(guessed_logits / POSTERIOR_TEMPERATURE, -1), posterior, reduction="batchmean"
        )
        count = min(features.shape[1], guessed_features.shape[1])
        feature_loss = self.teachers.feature_loss(guessed_features[:, :count], features[:, :count])
        loss: Tensor = WEIGHTS.label * label_loss + WEIGHTS.posterior * posterior_loss + WEIGHTS.feature * feature_loss
        return loss

    def of_labels(self, pcm: Tensor, labels: Tensor, progress: float) -> Tensor:
        """labels: (batch,), of crops that are of one clip each."""
        return self(pcm, JoinedTargets(labels, labels, 1.0), progress)
