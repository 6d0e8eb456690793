"""A small convolutional network on log-mel spectra: learns in minutes from hours of speech, and teaches DistilHuBERT from scratch."""

import librosa
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.corpora.utterance import LABELS

WINDOW_SAMPLES = 512
MEL_BANDS = 64
FEATURES = 128
HOP_SAMPLES = 160


class LogMel(nn.Module):
    """Log-mel spectra, standardised over each clip. pcm (batch, samples) -> (batch, 64, samples / hop_samples + 1)."""

    def __init__(self, hop_samples: int):
        super().__init__()
        self.hop_samples = hop_samples
        filters = librosa.filters.mel(sr=SAMPLE_RATE_HZ, n_fft=WINDOW_SAMPLES, n_mels=MEL_BANDS)
        self.register_buffer("filters", torch.from_numpy(filters), persistent=False)
        self.register_buffer("window", torch.hann_window(WINDOW_SAMPLES), persistent=False)

    def forward(self, pcm: Tensor) -> Tensor:
        spectrum = torch.stft(pcm, WINDOW_SAMPLES, self.hop_samples, window=self.window, return_complex=True)
        power = self.filters @ (spectrum.real.square() + spectrum.imag.square())
        level = power.mean(dim=(1, 2), keepdim=True)
        log_mel = torch.log(power / (level + 1e-12) + 1e-4)       # the floor follows the level: gain carries no information
        mean, deviation = log_mel.mean(dim=(1, 2), keepdim=True), log_mel.std(dim=(1, 2), keepdim=True)
        return (log_mel - mean) / (deviation + 1e-5)


class LogMelNetwork(nn.Module):
    """Four double convolutions over (mel, time), mean over time, a linear head; about 0.5 M parameters.

    forward: pcm (batch, samples) -> logits (batch, labels) and features (batch, 128, samples / 1280), one frame every 80 ms.
    """

    def __init__(self, dropout: float = 0.3):
        super().__init__()
        self.log_mel = LogMel(HOP_SAMPLES)
        self.blocks = nn.Sequential(
            double_convolution(1, 24, stride=(2, 2)),
            double_convolution(24, 48, stride=(2, 2)),
            nn.Dropout(0.1),
            double_convolution(48, 96, stride=(2, 2)),
            double_convolution(96, FEATURES, stride=(2, 1)),
        )
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * FEATURES, len(LABELS)))

    def forward(self, pcm: Tensor) -> tuple[Tensor, Tensor]:
        spectra = self.log_mel(pcm)                               # (batch, 64, frames)
        if self.training:
            spectra = mask_spectra(spectra)
        maps = self.blocks(spectra[:, None].contiguous(memory_format=torch.channels_last))   # (batch, 128, 4, frames / 8)
        features = maps.float().mean(dim=2)                       # (batch, 128, frames / 8)
        pooled = torch.cat([features.mean(dim=2), features.std(dim=2)], dim=1)
        return self.head(pooled), features


def double_convolution(channels_in: int, channels_out: int, stride: tuple[int, int]) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, stride, 1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
        nn.Conv2d(channels_out, channels_out, 3, 1, 1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    ).to(memory_format=torch.channels_last)


def mask_spectra(spectra: Tensor, bands: int = 8, frames: int = 20) -> Tensor:
    """One band of mel bands and two stretches of time set to the mean, zero (SpecAugment, Park et al. 2019, arXiv 1904.08779)."""
    batch, mels, length = spectra.shape
    keep = torch.ones_like(spectra)
    for axis, size, widest in ((1, mels, bands), (2, length, frames), (2, length, frames)):
        width = torch.randint(0, widest + 1, (batch, 1))
        start = (torch.rand(batch, 1) * (size - width)).long()
        position = torch.arange(size)[None]
        masked = ((position >= start) & (position < start + width)).to(spectra.device)
        keep = keep * (~masked[:, :, None] if axis == 1 else ~masked[:, None, :])
    return spectra * keep


def teacher_loss(network: LogMelNetwork, pcm: Tensor, labels: Tensor) -> Tensor:
    """Cross entropy on mixed-up waveforms (Zhang et al. 2018, arXiv 1710.09412), half of the batches."""
    if torch.rand(()) < 0.5:
        return F.cross_entropy(network(pcm)[0].float(), labels, label_smoothing=0.1)
    share = float(torch.distributions.Beta(0.4, 0.4).sample())
    other = torch.randperm(len(pcm))
    logits = network(share * pcm + (1 - share) * pcm[other])[0].float()
    return share * F.cross_entropy(logits, labels, label_smoothing=0.1) + (1 - share) * F.cross_entropy(
        logits, labels[other], label_smoothing=0.1
    )
