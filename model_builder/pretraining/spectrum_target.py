"""What a front end learns to hold: the log-mel spectrum around each of its frames."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from model_builder.models.log_mel import LogMel, standardised

LOG_FLOOR = math.log(3e-4)
FRAME_CENTRE_SAMPLES, SPECTRUM_OFFSET_SAMPLES = 200, 80


def spectrum_target(log_mel: LogMel, pcm: Tensor) -> Tensor:
    """Two log-mel spectra for each 20 ms frame of the front end, 80 samples before and after its centre: (batch, frames, 128)."""
    first_spectrum = F.pad(pcm, (log_mel.hop_samples - FRAME_CENTRE_SAMPLES + SPECTRUM_OFFSET_SAMPLES, 0))
    spectra = standardised(log_mel(first_spectrum), LOG_FLOOR)                         # (batch, 64, samples / 160 + 1)
    frames = (spectra.shape[2] - 1) // 2
    return torch.cat([spectra[:, :, 1 : 2 * frames : 2], spectra[:, :, 2 : 2 * frames + 1 : 2]], dim=1).transpose(1, 2)


def relative_error(guessed: Tensor, target: Tensor) -> Tensor:
    """Mean squared error over the target's variance, on the frames that both have. Both (batch, frames, width)."""
    frames = min(guessed.shape[1], target.shape[1])
    guessed, target = guessed[:, :frames], target[:, :frames]
    variance = target.var(dim=(0, 1), keepdim=True).mean()
    return F.mse_loss(guessed, target) / (variance + 1e-6)
