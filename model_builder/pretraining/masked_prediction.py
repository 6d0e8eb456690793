"""Masked prediction: the network gets speech with gaps, and learns to tell the units of what is missing.

Hsu et al. 2021, arXiv 2106.07447 (HuBERT), first iteration. Left out of its recipe: slowing the front end's gradient by ten and the
penalty on its features, which serve training that is thousands of hours long.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import HubertConfig, HubertForSequenceClassification

from model_builder.models.hubert import ChannelsLastHubert

MASK_START_SHARE, MASK_FRAMES = 0.08, 10
UNIT_FEATURES = 256
TEMPERATURE = 0.1


class MaskedPredictor(nn.Module):
    """An encoder with what only its pretraining needs: the embedding of a gap, a projection, an embedding of each unit."""

    def __init__(self, config: HubertConfig, units: int):
        super().__init__()
        self.hubert = ChannelsLastHubert(HubertForSequenceClassification(config))
        self.gap = nn.Parameter(torch.empty(config.hidden_size).uniform_())
        self.projection = nn.Linear(config.hidden_size, UNIT_FEATURES)
        self.units = nn.Parameter(torch.randn(units, UNIT_FEATURES))

    @property
    def model(self) -> HubertForSequenceClassification:
        return self.hubert.model

    def forward(self, pcm: Tensor, is_masked: Tensor) -> Tensor:
        """pcm (batch, samples), is_masked bool (batch, frames) -> logits (batch, frames, units): cosine similarity over 0.1."""
        hubert = self.model.hubert
        frames = hubert.feature_projection(self.hubert.front_end(pcm))               # (batch, frames, 768)
        frames = torch.where(is_masked[..., None], self.gap.to(frames.dtype), frames)
        projected = self.projection(hubert.encoder(frames)[0]).float()                # (batch, frames, 256)
        return F.normalize(projected, dim=-1) @ F.normalize(self.units, dim=-1).T / TEMPERATURE


class MaskedPredictionLoss:
    """Callable as `fit` wants it, on `UnitBatches`: cross entropy of the units of masked frames, HuBERT's loss with alpha = 1."""

    def __init__(self, network: MaskedPredictor):
        self.network = network

    def __call__(self, pcm: Tensor, units: Tensor, progress: float) -> Tensor:
        is_masked = span_masks(*units.shape).to(pcm.device)
        return F.cross_entropy(self.network(pcm, is_masked)[is_masked].float(), units[is_masked])


def span_masks(batch: int, frames: int) -> Tensor:
    """bool, (batch, frames): spans of 10 frames (200 ms) from 8 % of the frames on, drawn without replacement; spans may overlap.

    At least one span a clip; frames: at least 10. Drawn on the CPU, so that every device masks the same.
    """
    starts = max(1, round(MASK_START_SHARE * frames))
    positions = frames - MASK_FRAMES + 1
    drawn = torch.rand(batch, positions).topk(min(starts, positions), dim=1).indices                  # (batch, starts)
    covered = (drawn[:, :, None] + torch.arange(MASK_FRAMES)).flatten(1)                              # (batch, starts * 10)
    return torch.zeros(batch, frames, dtype=torch.bool).scatter_(1, covered, True)
