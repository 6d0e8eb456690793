"""A small convolutional network on log-mel spectra: learns in minutes from hours of speech, and teaches DistilHuBERT from scratch."""

import math
from typing import cast

import librosa
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.corpora.utterance import ASKED, LABELS, VOTED

WINDOW_SAMPLES = 512
MEL_BANDS = 64
FEATURES = 128
HOP_SAMPLES = 160
VOTE_WEIGHT = 0.5
"""Of the votes of either kind beside the label. They tell which clips sound like their label, and like what else."""

LOG_FLOOR = math.log(1e-3)
"""Of power against the clip's mean; what is weaker is more often a microphone's noise than a voice."""


class LogMel(nn.Module):
    """Log-mel power against the clip's mean power, natural logarithm: gain carries no information.

    pcm (batch, samples) -> (batch, 64, samples / hop_samples + 1).
    """

    filters: Tensor
    window: Tensor

    def __init__(self, hop_samples: int = HOP_SAMPLES):
        super().__init__()
        self.hop_samples = hop_samples
        filters = librosa.filters.mel(sr=SAMPLE_RATE_HZ, n_fft=WINDOW_SAMPLES, n_mels=MEL_BANDS)
        self.register_buffer("filters", torch.from_numpy(filters), persistent=False)
        self.register_buffer("window", torch.hann_window(WINDOW_SAMPLES), persistent=False)

    def forward(self, pcm: Tensor) -> Tensor:
        spectrum = torch.stft(pcm, WINDOW_SAMPLES, self.hop_samples, window=self.window, return_complex=True)
        power = self.filters @ (spectrum.real.square() + spectrum.imag.square())
        return torch.log(power / (power.mean(dim=(1, 2), keepdim=True) + 1e-12) + 1e-8)


def standardised(log_mels: Tensor, log_floor: float = LOG_FLOOR) -> Tensor:
    """Zero mean and unit variance over each clip, above a floor. log_mels and result: (batch, 64, frames)."""
    floored = torch.logaddexp(log_mels, torch.tensor(log_floor, device=log_mels.device))
    mean, deviation = floored.mean(dim=(1, 2), keepdim=True), floored.std(dim=(1, 2), keepdim=True)
    return (floored - mean) / (deviation + 1e-5)


class LogMelNetwork(nn.Module):
    """Four double convolutions over (mel, time), mean over time, a linear head; about 0.4 M parameters.

    logits_and_features: spectra as `LogMel` gives them, (batch, 64, frames) -> logits (batch, labels) and features
    (batch, 128, frames / 8), one every 80 ms.
    """

    def __init__(self, dropout: float = 0.3):
        super().__init__()
        self.blocks = nn.Sequential(
            double_convolution(1, 24, stride=(2, 2)),
            double_convolution(24, 48, stride=(2, 2)),
            nn.Dropout(0.1),
            double_convolution(48, 96, stride=(2, 2)),
            double_convolution(96, FEATURES, stride=(2, 1)),
        )
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(FEATURES, len(LABELS)))
        self.vote_head = nn.Sequential(nn.Dropout(dropout), nn.Linear(FEATURES, len(ASKED) * len(VOTED)))

    def logits_and_features(self, log_mels: Tensor) -> tuple[Tensor, Tensor]:
        spectra = mask_spectra(standardised(apply_channel(log_mels))) if self.training else standardised(log_mels)
        maps = self.blocks(spectra[:, None].contiguous(memory_format=torch.channels_last))   # (batch, 128, 4, frames / 8)
        features = maps.float().mean(dim=2)                       # (batch, 128, frames / 8)
        return self.head(features.mean(dim=2)), features

    def guess_votes(self, features: Tensor) -> Tensor:
        """features: (batch, 128, frames / 8). Returns the logarithm of the listeners' shares, (batch, 2, 6), as `vote_shares` has them."""
        guesses: Tensor = self.vote_head(features.mean(dim=2))
        return guesses.float().view(-1, len(ASKED), len(VOTED)).log_softmax(dim=2)


class Teachers(nn.Module):
    """Networks that learn from the same crops, each from other weights, other masks and other mixtures, and that answer together.

    forward: pcm (batch, samples) -> the logarithm of their mean posterior, (batch, labels).
    """

    frames_a_feature = 4  # of the student's, of 20 ms
    peak_learning_rate = 3e-3

    def __init__(self, count: int):
        super().__init__()
        self.log_mel = LogMel()
        self.networks = nn.ModuleList(LogMelNetwork() for _ in range(count))
        self.feature_channels = FEATURES * count

    def together(self) -> list[LogMelNetwork]:
        return cast(list[LogMelNetwork], list(self.networks))

    def forward(self, pcm: Tensor) -> Tensor:
        posterior, _ = self.posterior_and_features(pcm)
        return posterior.log()

    def posterior_and_features(self, pcm: Tensor, temperature: float = 1.0) -> tuple[Tensor, Tensor]:
        """The mean of their posteriors and their features side by side, standardised over the batch.

        (batch, labels) and (batch, 128 * count, samples / 1280).
        """
        log_mels: Tensor = self.log_mel(pcm)
        outputs = [network.logits_and_features(log_mels) for network in self.together()]
        posteriors = torch.stack([(logits.float() / temperature).softmax(-1) for logits, _ in outputs])
        features = torch.cat([features for _, features in outputs], dim=1).float()
        deviation, mean = torch.std_mean(features, dim=(0, 2), keepdim=True)
        return posteriors.mean(dim=0), (features - mean) / (deviation + 1e-3)

    def feature_loss(self, guess: Tensor, target: Tensor) -> Tensor:
        """Mean squared difference; both (batch, samples / 1280, 128 * count)."""
        return F.mse_loss(guess, target)

    def loss(self, pcm: Tensor, labels: Tensor, vote_shares: Tensor) -> Tensor:
        log_mels = self.log_mel(pcm)
        return torch.stack([teacher_loss(network, log_mels, labels, vote_shares) for network in self.together()]).sum()


def double_convolution(channels_in: int, channels_out: int, stride: tuple[int, int]) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, stride, 1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
        nn.Conv2d(channels_out, channels_out, 3, 1, 1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    ).to(memory_format=torch.channels_last)


def apply_channel(log_mels: Tensor) -> Tensor:
    """Spectra as another microphone in another room would have them: a smooth random equaliser (3 dB a knot) and a noise floor.

    The floor lies 13 to 50 dB below the clip's mean power, with a slope. Without it a network tells loud voices from soft ones by the
    noise of the recording, and takes every voice from a quiet studio for an angry one. (batch, 64, frames) in and out.
    """
    batch, bands, frames = log_mels.shape
    place = torch.linspace(-1, 1, bands, device=log_mels.device)[None, :, None]
    knots = 0.7 * torch.randn(batch, 1, 6, device=log_mels.device)
    equaliser = F.interpolate(knots, size=bands, mode="linear", align_corners=True).transpose(1, 2)
    augmented = log_mels + equaliser + 0.7 * torch.randn(batch, 1, 1, device=log_mels.device) * place
    augmented = augmented - torch.logsumexp(augmented, dim=(1, 2), keepdim=True) + math.log(bands * frames)
    level = torch.empty(batch, 1, 1, device=log_mels.device).uniform_(math.log(1e-5), math.log(5e-2))
    slope = torch.empty(batch, 1, 1, device=log_mels.device).uniform_(-2.5, 1.0)
    return torch.logaddexp(augmented, level + slope * place + 0.5 * torch.randn_like(augmented).clamp(-2, 2))


def mask_spectra(spectra: Tensor, bands: int = 16, frames: int = 20) -> Tensor:
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


def teacher_loss(network: LogMelNetwork, log_mels: Tensor, labels: Tensor, vote_shares: Tensor) -> Tensor:
    """Cross entropy with labels and listeners' votes, half of the batches mixed up in power (Zhang et al. 2018, arXiv 1710.09412).

    log_mels: (batch, 64, frames), as `LogMel` gives them. labels: int64, (batch,). vote_shares: (batch, 2, 6), as `corpora.utterance` has
    them.
    """
    targets = F.one_hot(labels, len(LABELS)).float()
    votes = vote_shares
    if torch.rand(()) >= 0.5:
        share = float(torch.distributions.Beta(0.4, 0.4).sample())
        other = torch.randperm(len(log_mels))
        log_mels = torch.logaddexp(log_mels + math.log(share + 1e-6), log_mels[other] + math.log(1 - share + 1e-6))
        targets, votes = (share * these + (1 - share) * these[other] for these in (targets, votes))
    logits, features = network.logits_and_features(log_mels)
    label_loss = F.cross_entropy(logits.float(), targets, label_smoothing=0.1)
    vote_loss = -(votes * network.guess_votes(features)).sum(dim=(1, 2)).mean()  # nothing where nobody was asked
    return label_loss + VOTE_WEIGHT * vote_loss
