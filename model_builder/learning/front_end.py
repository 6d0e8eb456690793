"""DistilHuBERT's convolutional front end, from random weights to one whose frames hold the log-mel spectrum.

Emotion labels teach it very slowly; the spectrum of generated sound is a dense target that no corpus is needed for. A linear
regression from the frames has to find the spectrum; the regression is then dropped.
"""

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import HubertForSequenceClassification

from model_builder.audio.generated_voice import generated_sound
from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.errors import UserError
from model_builder.learning.batches import CropBatches
from model_builder.learning.fitting import FitPlan
from model_builder.learning.network import ChannelsLastHubert
from model_builder.learning.stage import Report, run_stage
from model_builder.learning.teacher import MEL_BANDS, LogMel, standardised
from model_builder.learning.weights import load_encoder, write_tensors

SOUNDS_AN_EPOCH = 160
LOG_FLOOR = math.log(3e-4)
PEAK_LEARNING_RATE = 1.5e-3


class GeneratedBatches(CropBatches):
    """Generated sound where others have clips, new in every epoch. Item: pcm float32 (batch, samples), and labels of no meaning."""

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        if not 0 <= index < len(self):
            raise IndexError(index)
        rng = np.random.default_rng((self.seed, self.epoch, index))
        samples = int(10 * rng.uniform(*self.crop_s)) * SAMPLE_RATE_HZ // 10
        sounds = [generated_sound(samples, int(rng.integers(2**32)), self.plan) for _ in range(self.batch_clips)]
        return torch.from_numpy(np.stack(sounds)), torch.zeros(self.batch_clips, dtype=torch.int64)


class FrontEnd(nn.Module):
    """A front end with its regression: pcm (batch, samples) -> guessed spectra (batch, frames, 128)."""

    def __init__(self, model: HubertForSequenceClassification):
        super().__init__()
        self.hubert = ChannelsLastHubert(model)
        self.to_spectrum = nn.Linear(model.config.conv_dim[-1], 2 * MEL_BANDS)
        self.hubert.requires_grad_(False)
        model.hubert.feature_extractor.requires_grad_(True)

    def forward(self, pcm: Tensor) -> Tensor:
        spectra: Tensor = self.to_spectrum(self.hubert.front_end(pcm))
        return spectra.float()


def trained_front_end(epochs: int, seed: int, folder: Path, report: Report) -> dict[str, Tensor]:
    """Weights of the feature extractor, from `folder / "front_end.safetensors"`, which is trained and written where it is missing."""
    finished = folder / "front_end.safetensors"
    if not finished.is_file():
        torch.manual_seed(seed)
        network, log_mel = FrontEnd(load_encoder("scratch")), LogMel()

        def spectrum_loss(pcm: Tensor, labels: Tensor, progress: float) -> Tensor:
            with torch.no_grad():
                spectra = spectrum_target(log_mel.to(pcm.device), pcm)
            return relative_error(network(pcm), spectra)

        plan = FitPlan(epochs, 16, PEAK_LEARNING_RATE, crop_s=(0.8, 2.0), seed=seed)
        network = run_stage(
            "front_end", network, spectrum_loss, range(SOUNDS_AN_EPOCH), plan, folder, report, batches_of=GeneratedBatches
        )
        weights = network.hubert.model.hubert.feature_extractor.state_dict()
        write_tensors({name: tensor.cpu().contiguous() for name, tensor in weights.items()}, finished)
    try:
        return load_file(finished)
    except SafetensorError as error:
        raise UserError(f"{finished}: cannot be read ({error}); delete it to train the front end again") from error


def spectrum_target(log_mel: LogMel, pcm: Tensor) -> Tensor:
    """Two log-mel spectra for each 20 ms frame of the front end, 160 and 320 samples after its start: (batch, frames, 128)."""
    spectra = standardised(log_mel(pcm), LOG_FLOOR)                                    # (batch, 64, samples / 160 + 1)
    frames = (spectra.shape[2] - 1) // 2
    return torch.cat([spectra[:, :, 1 : 2 * frames : 2], spectra[:, :, 2 : 2 * frames + 1 : 2]], dim=1).transpose(1, 2)


def relative_error(guessed: Tensor, target: Tensor) -> Tensor:
    """Mean squared error over the target's variance, on the frames that both have. Both (batch, frames, width)."""
    frames = min(guessed.shape[1], target.shape[1])
    guessed, target = guessed[:, :frames], target[:, :frames]
    variance = target.var(dim=(0, 1), keepdim=True).mean()
    return F.mse_loss(guessed, target) / (variance + 1e-6)
