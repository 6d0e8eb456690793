"""DistilHuBERT over a trained front end learns from labels and from a log-mel teacher.

Two targets come beside the labels: the teacher's posterior (Hinton et al. 2015, arXiv 1503.02531) and its features every 80 ms
(Romero et al. 2015, arXiv 1412.6550), of the very crop that the student hears.
"""

from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import HubertForSequenceClassification

from model_builder.learning.network import ChannelsLastHubert
from model_builder.learning.rendition_batches import FRAMES_A_FEATURE, JoinedTargets
from model_builder.learning.teacher import FEATURES, LogMelNetwork

LABEL_WEIGHT, POSTERIOR_WEIGHT, FEATURE_WEIGHT = 0.3, 0.7, 1.0
POSTERIOR_TEMPERATURE = 2.0


class Student(nn.Module):
    """The model to train with the linear regression that only training needs."""

    def __init__(self, model: HubertForSequenceClassification):
        super().__init__()
        self.hubert = ChannelsLastHubert(model)
        self.to_features = nn.Linear(model.config.hidden_size, FEATURES)

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
    """Callable as `fit` wants it, of the front end's frames; `of_pcm` is callable so too, and reaches the front end.

    criterion: the loss on labels, of logits (batch, labels) and class indices (batch,).
    """

    def __init__(self, student: Student, teacher: LogMelNetwork, criterion: nn.Module):
        self.student, self.teacher, self.criterion = student, teacher.eval().requires_grad_(False), criterion

    def __call__(self, frames: Tensor, targets: JoinedTargets, progress: float) -> Tensor:
        """frames: (batch, frames, 512)."""
        with torch.no_grad():
            logits, features = self.teacher.hear(targets.log_mels)
            posterior = (logits.float() / POSTERIOR_TEMPERATURE).softmax(-1)
            features = features.transpose(1, 2).float()                                # (batch, frames / 4, 128)
            features = (features - features.mean((0, 1))) / (features.std((0, 1)) + 1e-3)
        hidden = self.student.hubert.context(frames)
        slow = F.avg_pool1d(hidden.transpose(1, 2), FRAMES_A_FEATURE).transpose(1, 2)
        guessed_logits, guessed_features = self.student.hubert.classify(hidden).float(), self.student.to_features(slow).float()
        label_loss = targets.share * self.criterion(guessed_logits, targets.labels)
        if targets.share < 1:
            label_loss = label_loss + (1 - targets.share) * self.criterion(guessed_logits, targets.other_labels)
        posterior_loss = POSTERIOR_TEMPERATURE**2 * F.kl_div(
            F.log_softmax(guessed_logits / POSTERIOR_TEMPERATURE, -1), posterior, reduction="batchmean"
        )
        count = min(features.shape[1], guessed_features.shape[1])
        feature_loss = F.mse_loss(guessed_features[:, :count], features[:, :count])
        loss: Tensor = LABEL_WEIGHT * label_loss + POSTERIOR_WEIGHT * posterior_loss + FEATURE_WEIGHT * feature_loss
        return loss

    def of_pcm(self, pcm: Tensor, labels: Tensor, progress: float) -> Tensor:
        """pcm: (batch, samples); labels: (batch,)."""
        frames = self.student.hubert.front_end(pcm)
        return self(frames, JoinedTargets(self.teacher.log_mel(pcm), labels, labels, 1.0), progress)
