"""Adaptation without training: another corpus's features get the mean and the variance that the classifier knows.

What a channel and a room do to all recordings of a corpus moves the features of all of them alike. Standardising each feature over the
unlabelled recordings takes that away, as batch statistics of the target domain do (AdaBN, Li et al. 2016, arXiv 1603.04779), here on the
pooled features in front of the classifier. It takes for granted that the emotions come about as often as in training.
"""

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from transformers import HubertForSequenceClassification

from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm
from model_builder.errors import UserError
from model_builder.models.arousal_valence_head import head_of
from model_builder.models.hubert import ChannelsLastHubert

LONGEST_PIECE_SAMPLES = 15 * SAMPLE_RATE_HZ
SMALLEST_DEVIATION = 1e-6
SMALLEST_SHARE = 0.05
"""Of the training's deviation: below, the classifier would be stretched by more than 20."""


@dataclass(frozen=True)
class FeatureStatistics:
    """Mean and standard deviation of each pooled feature over recordings; float64, shape (features,)."""

    mean: np.ndarray
    deviation: np.ndarray


def statistics_of(features: np.ndarray) -> FeatureStatistics:
    """features: (recordings, features). Raises ValueError for fewer than two recordings, which have no variance."""
    if len(features) < 2:
        raise ValueError(f"{len(features)} recording(s) have no variance; at least two are needed")
    wide = features.astype(np.float64)
    return FeatureStatistics(wide.mean(axis=0), np.maximum(wide.std(axis=0), SMALLEST_DEVIATION))


def features_of(
    model: HubertForSequenceClassification, recordings: Iterable[Pcm], on_recording: Callable[[], None] = lambda: None
) -> np.ndarray:
    """float32, (recordings, 256): what the classifier sees of whole recordings; longer than 15 s, the mean over equal pieces."""
    network = ChannelsLastHubert(model)
    rows = []
    with torch.inference_mode():
        for pcm in recordings:
            pieces = np.array_split(pcm, -(-len(pcm) // LONGEST_PIECE_SAMPLES))
            rows.append(torch.cat([network.features(torch.from_numpy(piece)[None]) for piece in pieces]).mean(dim=0).numpy())
            on_recording()
    return np.array(rows)


def adapted_to(
    target: FeatureStatistics, training: FeatureStatistics, model: HubertForSequenceClassification
) -> HubertForSequenceClassification:
    """A copy of `model` with the standardisation folded into the classifier, and into the head for arousal and valence, if any.

    With W and b of a layer, mu and s of the statistics: W (s (z - mu') / s' + mu) + b = (W s / s') z + b + W (mu - mu' s / s'), where the
    target's have a prime. The graph that is exported does not change. Raises UserError where the target's deviations are next to nothing.
    """
    share = float(np.median(target.deviation / training.deviation))
    if share < SMALLEST_SHARE:
        raise UserError(f"the recordings are nearly the same: their features vary {share:.1%} as much as in training; give more")
    adapted = copy.deepcopy(model)
    for layer in (adapted.classifier, head_of(adapted)):
        if layer is not None:
            _fold(layer, training, target)
    return adapted


def _fold(layer: nn.Linear, training: FeatureStatistics, target: FeatureStatistics) -> None:
    scale = torch.from_numpy(training.deviation / target.deviation)                    # (features,)
    shift = torch.from_numpy(training.mean) - torch.from_numpy(target.mean) * scale
    with torch.no_grad():
        weight = layer.weight.double()                                                 # (labels, features)
        layer.bias.copy_(layer.bias.double() + weight @ shift)
        layer.weight.copy_(weight * scale)
