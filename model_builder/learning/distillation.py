"""DistilHuBERT from random weights: it learns from labels, from a log-mel teacher, and from the spectrum itself.

Labels alone teach the convolutional front end very slowly. Three dense targets come beside them: the teacher's posterior
(Hinton et al. 2015, arXiv 1503.02531), its features every 80 ms (Romero et al. 2015, arXiv 1412.6550), and the log-mel spectrum.
The teacher sees the very crop that the student sees.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import HubertForSequenceClassification

from model_builder.learning.network import ChannelsLastHubert
from model_builder.learning.teacher import FEATURES, MEL_BANDS, LogMel, LogMelNetwork
from model_builder.learning.teacher import HOP_SAMPLES as MEL_HOP_SAMPLES

LABEL_WEIGHT, POSTERIOR_WEIGHT, FEATURE_WEIGHT = 0.3, 0.7, 1.0
SPECTRUM_WEIGHT, LEAST_SPECTRUM_WEIGHT, SPECTRUM_SHARE = 2.0, 0.1, 0.6
POSTERIOR_TEMPERATURE = 2.0
STUDENT_FRAMES_A_FEATURE = 4  # 20 ms frames in the teacher's 80 ms


class Student(nn.Module):
    """The model to train with the two linear regressions that only training needs."""

    def __init__(self, model: HubertForSequenceClassification):
        super().__init__()
        self.hubert = ChannelsLastHubert(model)
        self.to_spectrum = nn.Linear(model.config.conv_dim[-1], 2 * MEL_BANDS)
        self.to_features = nn.Linear(model.config.hidden_size, FEATURES)

    @property
    def model(self) -> HubertForSequenceClassification:
        return self.hubert.model

    def forward(self, pcm: Tensor) -> Tensor:
        return self.hubert(pcm)

    def outputs(self, pcm: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """pcm (batch, samples) -> logits (batch, labels), spectra (batch, frames, 128), features (batch, frames / 4, 128)."""
        frames = self.hubert.front_end(pcm)
        hidden = self.hubert.context(frames)
        slow = F.avg_pool1d(hidden.transpose(1, 2), STUDENT_FRAMES_A_FEATURE).transpose(1, 2)
        return self.hubert.classify(hidden).float(), self.to_spectrum(frames).float(), self.to_features(slow).float()


class DistillationLoss:
    """Callable as `fit` wants it. teachers: trained networks; their posteriors are averaged, the first gives features.

    criterion: the loss on labels, of logits (batch, labels) and class indices (batch,).
    """

    def __init__(self, student: Student, teachers: list[LogMelNetwork], criterion: nn.Module):
        self.student, self.criterion = student, criterion
        self.teachers = [teacher.eval().requires_grad_(False) for teacher in teachers]

    def __call__(self, pcm: Tensor, labels: Tensor, progress: float) -> Tensor:
        with torch.no_grad():
            outputs = [teacher(pcm) for teacher in self.teachers]
            posterior = torch.stack([(logits.float() / POSTERIOR_TEMPERATURE).softmax(-1) for logits, _ in outputs]).mean(0)
            features = outputs[0][1].transpose(1, 2)                                   # (batch, frames / 4, 128)
            spectra = spectrum_target(self.teachers[0].log_mel, pcm)
        logits, guessed_spectra, guessed_features = self.student.outputs(pcm)
        label_loss = self.criterion(logits, labels)
        posterior_loss = POSTERIOR_TEMPERATURE**2 * F.kl_div(
            F.log_softmax(logits / POSTERIOR_TEMPERATURE, -1), posterior, reduction="batchmean"
        )
        spectrum_weight = SPECTRUM_WEIGHT * max(LEAST_SPECTRUM_WEIGHT, 1 - progress / SPECTRUM_SHARE)
        return (
            LABEL_WEIGHT * label_loss
            + POSTERIOR_WEIGHT * posterior_loss
            + FEATURE_WEIGHT * relative_error(guessed_features, features)
            + spectrum_weight * relative_error(guessed_spectra, spectra)
        )


class SpectrumLoss:
    """Callable as `fit` wants it: the front end alone learns the log-mel spectrum; the fastest way to a useful front end."""

    def __init__(self, student: Student):
        self.student, self.log_mel = student, LogMel(MEL_HOP_SAMPLES).to(student.to_spectrum.weight.device)

    def __call__(self, pcm: Tensor, labels: Tensor, progress: float) -> Tensor:
        with torch.no_grad():
            spectra = spectrum_target(self.log_mel, pcm)
        return relative_error(self.student.to_spectrum(self.student.hubert.front_end(pcm)).float(), spectra)


def spectrum_target(log_mel: LogMel, pcm: Tensor) -> Tensor:
    """Two log-mel spectra for each 20 ms frame of the student, 160 and 320 samples after its start: (batch, frames, 128)."""
    spectra = log_mel(pcm)                                                             # (batch, 64, samples / 160 + 1)
    frames = (spectra.shape[2] - 1) // 2
    return torch.cat([spectra[:, :, 1 : 2 * frames : 2], spectra[:, :, 2 : 2 * frames + 1 : 2]], dim=1).transpose(1, 2)


def relative_error(guessed: Tensor, target: Tensor) -> Tensor:
    """Mean squared error over the target's variance, on the frames that both have. Both (batch, frames, width)."""
    frames = min(guessed.shape[1], target.shape[1])
    guessed, target = guessed[:, :frames], target[:, :frames]
    variance = target.var(dim=(0, 1), keepdim=True).mean()
    return F.mse_loss(guessed, target) / (variance + 1e-6)
