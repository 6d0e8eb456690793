"""DistilHuBERT's convolutions set to be a filter bank: frames that hold most of a log-mel spectrum before anything was learned.

GELU(x) - GELU(-x) = x: two channels of opposite sign carry a signal through a layer unharmed. The first four layers do nothing else.
They hand on the pre-emphasised samples of a growing window, as coefficients of a cosine transform, each of about unit variance, which
is what 8 bits represent best. The fifth layer filters: band-passes in quadrature, 6.6 ms long, for the bands above 1 kHz. The bands
below are carried on and filtered over 14.7 ms in the sixth layer and over 24.7 ms in the last. GELU(x) + GELU(-x) is about |x|, and the
magnitudes of cosine and sine add up to an envelope. Its logarithm comes from ramps max(0, 1 - envelope / threshold), one for each of
several thresholds: they are bounded, so they too survive 8 bits.

Filters are least-squares mixtures of what a layer's inputs carry, under the average spectrum of generated sounds; thresholds are
quantiles of their envelopes; what the last layer makes of the ramps is a linear regression on their spectra. Channels that are left
over in the last three layers get random weights, to learn with.
"""

from collections.abc import Sequence

import librosa
import numpy as np
import scipy.fft
import scipy.linalg
import torch
from torch import Tensor, nn
from transformers import HubertForSequenceClassification

from model_builder.audio.generated_voice import generated_sound
from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.models.channel_pruning import convolutions, kept_channels, pruned_copy
from model_builder.models.hubert import ChannelsLastHubert, strided_product
from model_builder.models.log_mel import MEL_BANDS, LogMel
from model_builder.pretraining.spectrum_target import spectrum_target

PRE_EMPHASIS = 0.9
LAYERS, STRIDE, HOPS = 7, 5, (5, 10, 20, 40, 80, 160)
CONSTANT = -1
"""The channel that is the same everywhere, for thresholds: the convolutions have no bias."""
CONSTANT_LEVELS = (8.0, 8.0, 8.0, 8.0, 30.0, 5.0)
"""Its level after each layer: near the thresholds that it serves, or 8 bits would lose the smaller weight of the two."""
LOW_BANDS = 21
CARRIED = (26, 36)
"""How many of the lowest coefficients the fifth and the sixth layer carry on, for the low bands."""
DEVIATIONS = (4.0, 2.0, 1.5)
"""Of the signals in the last three layers: above 1, where GELU(x) + GELU(-x) is near |x|."""
RAMP_HEIGHTS = (8.0, 3.0)
HIGH_QUANTILES, LOW_QUANTILES = (0.15, 0.35, 0.55, 0.75, 0.93), (0.15, 0.4, 0.65, 0.9)
QUIETEST = 0.12  # threshold, against the mean envelope
NOISE_VARIANCE = 1e-3  # of each channel, for the least squares: about that of 8 bits
SOUNDS, SOUND_SAMPLES = 160, 2 * SAMPLE_RATE_HZ


class AverageSpectrum:
    """Second-order statistics of pre-emphasised sounds of unit variance. Responses are (filters, window) in samples."""

    def __init__(self, sounds: np.ndarray, window: int = 512):
        wide = sounds.astype(np.float64)
        emphasised = wide[:, 1:] - PRE_EMPHASIS * wide[:, :-1]
        emphasised /= emphasised.std(axis=1, keepdims=True) + 1e-9
        power = np.abs(np.fft.rfft(emphasised, 2 * SOUND_SAMPLES)) ** 2
        self.autocorrelation = np.fft.irfft(power.mean(axis=0))[:window] / emphasised.shape[1]

    def covariance(self, window: int) -> np.ndarray:
        return np.asarray(scipy.linalg.toeplitz(self.autocorrelation[:window]))

    def of_unit_variance(self, responses: np.ndarray) -> np.ndarray:
        variance = np.einsum("ij,jk,ik->i", responses, self.covariance(responses.shape[1]), responses)
        scaled: np.ndarray = responses / np.sqrt(variance)[:, None]
        return scaled

    def cosine_transform(self, window: int, coefficients: int | None = None) -> np.ndarray:
        """The lowest coefficients (or all) of a window, each of unit variance."""
        return self.of_unit_variance(scipy.fft.dct(np.eye(window), axis=0, norm="ortho")[:coefficients])

    def mixture(self, available: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        """The linear mixture (wanted, available) of filters that comes nearest to the wanted ones where each brings its noise."""
        covariance = self.covariance(wanted.shape[1]) + 1e-4 * np.eye(wanted.shape[1])
        gram = available @ covariance @ available.T + NOISE_VARIANCE * np.eye(len(available))
        return np.linalg.solve(gram, available @ covariance @ wanted.T).T


def set_filter_bank(model: HubertForSequenceClassification, seed: int) -> nn.Linear:
    """Set the convolutions of `model`; returns the regression of its frames on `spectrum_target`, (frames, 512) -> (frames, 128)."""
    sounds = np.stack([generated_sound(SOUND_SAMPLES, seed * SOUNDS + number) for number in range(SOUNDS)])
    layers = convolutions(model)
    with torch.no_grad():
        return _set_layers(model, [layer.conv.weight for layer in layers], sounds, torch.Generator().manual_seed(seed))


def _set_layers(model: HubertForSequenceClassification, weights: list[Tensor], sounds: np.ndarray, random: torch.Generator) -> nn.Linear:
    average, pcm = AverageSpectrum(sounds), torch.from_numpy(sounds)
    centres_hz = librosa.mel_frequencies(MEL_BANDS + 2, fmin=0, fmax=SAMPLE_RATE_HZ / 2)[1:-1]
    low_hz, high_hz = centres_hz[:LOW_BANDS], centres_hz[LOW_BANDS:]
    target = torch.cat([spectrum_target(LogMel(), part) for part in pcm.split(16)])
    for weight in weights:
        weight.zero_()

    carried = _set_first_layer(model)
    for layer in range(1, LAYERS - 1):
        weights[layer][CONSTANT, CONSTANT, 0] = CONSTANT_LEVELS[layer] / CONSTANT_LEVELS[layer - 1]
    for layer in (1, 2, 3):
        inputs = windows_of(carried, HOPS[layer - 1], kernel_of(weights[layer]))
        carried = average.cosine_transform(inputs.shape[1])
        carry(weights[layer], average.mixture(inputs, carried))

    fourth, fifth, sixth = weights[4], weights[5], weights[6]
    inputs = windows_of(carried, HOPS[3], kernel_of(fourth))
    low = DEVIATIONS[0] * average.cosine_transform(inputs.shape[1], CARRIED[0])
    high = DEVIATIONS[0] * average.of_unit_variance(
        np.concatenate([quadratures(high_hz, inputs.shape[1], 105, start) for start in (5, 45)])
    )
    used = carry(fourth, average.mixture(inputs, np.concatenate([low, high])))

    inputs = windows_of(low, HOPS[4], kernel_of(fifth))
    carried = DEVIATIONS[1] * average.cosine_transform(inputs.shape[1], CARRIED[1])
    short = DEVIATIONS[1] * average.of_unit_variance(quadratures(low_hz, inputs.shape[1], inputs.shape[1], 0))
    used_of_fifth = carry(fifth, average.mixture(inputs, np.concatenate([carried, short])))
    features = pairs_of_frames(activations(model, pcm, 5))
    first = 2 * len(low)
    for band in range(len(high_hz)):
        envelope = [first + 4 * (place * len(high_hz) + band) + channel for place in (0, 1) for channel in range(4)]
        used_of_fifth = add_ramps(fifth, used_of_fifth, features, envelope, (0, 1), HIGH_QUANTILES, RAMP_HEIGHTS[0])
    add_random(fourth, used, activations(model, pcm[:16], 4), random)

    features = pairs_of_frames(activations(model, pcm, 6))
    ramps = regression(features.flatten(2), target)
    inputs = windows_of(carried, HOPS[5], kernel_of(sixth))
    long = DEVIATIONS[2] * average.of_unit_variance(quadratures(low_hz, inputs.shape[1], inputs.shape[1], 0))
    used_of_sixth = carry(sixth, average.mixture(inputs, long))
    for frame in (0, 1):
        for band in range(LOW_BANDS):
            envelope = [2 * len(carried) + 4 * band + channel for channel in range(4)]
            used_of_sixth = add_ramps(sixth, used_of_sixth, features, envelope, (frame,), LOW_QUANTILES, RAMP_HEIGHTS[1])
    used_of_sixth = add_regression(sixth, used_of_sixth, ramps)
    add_random(fifth, used_of_fifth, activations(model, pcm[:16], 5), random)
    add_random(sixth, used_of_sixth, activations(model, pcm[:16], 6), random)
    return regression(activations(model, pcm, LAYERS), target)


def _set_first_layer(model: HubertForSequenceClassification) -> np.ndarray:
    """Pre-emphasis at each of the five samples of a stride. One filter at five places: GroupNorm gives all of them the same gain."""
    layer = convolutions(model)[0]
    layer.layer_norm.weight.fill_(1)
    layer.layer_norm.bias.zero_()
    layer.layer_norm.bias[CONSTANT] = CONSTANT_LEVELS[0]
    for place in range(STRIDE):
        layer.conv.weight[2 * place, 0, place : place + 2] = torch.tensor([-PRE_EMPHASIS, 1.0])
        layer.conv.weight[2 * place + 1] = -layer.conv.weight[2 * place]
    return np.eye(STRIDE)


def kernel_of(weight: Tensor) -> int:
    return weight.shape[2]


def windows_of(carried: np.ndarray, hop: int, kernel: int) -> np.ndarray:
    """Responses of what `kernel` consecutive frames carry, over the window of all of them: (kernel * signals, window)."""
    signals, window = carried.shape
    wide = np.zeros((kernel, signals, window + hop * (kernel - 1)))
    for frame in range(kernel):
        wide[frame, :, frame * hop : frame * hop + window] = carried
    return wide.reshape(kernel * signals, -1)


def quadratures(centres_hz: np.ndarray, window: int, taps: int, start: int) -> np.ndarray:
    """Hann-windowed cosines and sines, two for each band: (2 * bands, window)."""
    time_s = (np.arange(taps) - (taps - 1) / 2) / SAMPLE_RATE_HZ
    angles = 2 * np.pi * centres_hz[:, None] * time_s
    filters = np.stack([np.cos(angles), np.sin(angles)], axis=1).reshape(-1, taps) * np.hanning(taps + 2)[1:-1]
    return np.pad(filters, ((0, 0), (start, window - taps - start)))


def carry(weight: Tensor, mixture: np.ndarray) -> int:
    """Give `weight` the signals of `mixture` (signals, kernel * carried signals) in pairs of channels; returns how many it then has."""
    kernel, channels = kernel_of(weight), 2 * len(mixture)
    mixed = torch.from_numpy(mixture.reshape(len(mixture), kernel, -1)).transpose(1, 2)          # (signals, carried, kernel)
    inputs = 2 * mixed.shape[1]
    for sign_out in (0, 1):
        for sign_in in (0, 1):
            weight[sign_out:channels:2, sign_in:inputs:2] = (mixed if sign_out == sign_in else -mixed).to(weight.dtype)
    return channels


def add_ramps(
    weight: Tensor, first: int, features: Tensor, channels: Sequence[int], frames: Sequence[int], quantiles: Sequence[float], height: float
) -> int:
    """Ramps of one envelope, the sum of `channels` in `frames`: from `height` at silence to 0 at each threshold.

    features: what goes into the layer, (batch, pairs, 2, 512). Returns the first free channel.
    """
    envelope = features[:, :, list(frames)][..., list(channels)].sum(dim=(2, 3)).flatten()
    level, threshold = float(features[0, 0, 0, CONSTANT]), QUIETEST * float(envelope.mean()) / 1.3
    for number, quantile in enumerate(quantiles, start=first):
        threshold = max(float(envelope.quantile(quantile)), 1.3 * threshold)
        for frame in frames:
            weight[number, list(channels), frame] = -height / threshold
        weight[number, CONSTANT, 0] = height / level
    return first + len(quantiles)


def add_regression(weight: Tensor, first: int, ramps: nn.Linear) -> int:
    """Both spectra of the high bands, as a regression from a pair of frames gives them, by sign. Returns the first free channel."""
    bands = [spectrum * MEL_BANDS + band for spectrum in (0, 1) for band in range(LOW_BANDS, MEL_BANDS)]
    mixed = ramps.weight[bands].unflatten(1, (2, -1)).transpose(1, 2).clone()                    # (bands, 512, 2)
    mixed[:, CONSTANT, 0] += ramps.bias[bands] / CONSTANT_LEVELS[-1]
    weight[first : first + 2 * len(bands) : 2], weight[first + 1 : first + 2 * len(bands) : 2] = mixed, -mixed
    return first + 2 * len(bands)


def add_random(weight: Tensor, first: int, features: Tensor, random: torch.Generator) -> None:
    """Random mixtures of unit variance in the channels from `first` on. features: (batch, frames, 512)."""
    shape = (weight.shape[0] - 1 - first, *weight.shape[1:])
    drawn = torch.randn(shape, generator=random)
    drawn[:, (features.std(dim=(0, 1)) == 0).nonzero()[:, 0]] = 0
    weight[first:CONSTANT] = drawn / strided_product(features, drawn).std(dim=(0, 1))[:, None, None]


def activations(model: HubertForSequenceClassification, pcm: Tensor, layers: int) -> Tensor:
    """What the first `layers` convolutions make of pcm, (batch, samples): (batch, frames, 512)."""
    pruned, live = pruned_copy(model), kept_channels(model)
    network = ChannelsLastHubert(pruned)
    features = torch.cat([network.convolutions(part, layers) for part in pcm.split(16)])
    wide = torch.zeros(*features.shape[:2], len(convolutions(model)[layers - 1].conv.weight))
    wide[..., live[layers - 1]] = features
    return wide


def pairs_of_frames(features: Tensor) -> Tensor:
    """(batch, frames, channels) to (batch, frames / 2, 2, channels)."""
    pairs: Tensor = features[:, : features.shape[1] // 2 * 2].unflatten(1, (-1, 2))
    return pairs


def regression(features: Tensor, target: Tensor) -> nn.Linear:
    """Regression from (batch, frames, channels) to (batch, frames, width), each channel with the noise of 8 bits for all of them."""
    frames = min(features.shape[1], target.shape[1])
    given, wanted = features[:, :frames].flatten(0, 1).double(), target[:, :frames].flatten(0, 1).double()
    centred = given - given.mean(dim=0)
    noise_variance = (features.amax(dim=(1, 2)) / 255).square().mean().double() / 12
    gram = centred.T @ centred / len(centred) + noise_variance * torch.eye(centred.shape[1], dtype=torch.float64)
    weight = torch.linalg.solve(gram, centred.T @ (wanted - wanted.mean(dim=0)) / len(centred))
    linear = nn.Linear(*weight.shape)
    linear.weight.copy_(weight.T)
    linear.bias.copy_(wanted.mean(dim=0) - given.mean(dim=0) @ weight)
    return linear
