"""Batches for a student that teachers teach: augmented crops of one clip, or of two joined in time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from model_builder.corpora.survey import Clip
from model_builder.fitting.batches import CropBatches, labels_of

JOINED_SHARE = 0.4
"""How many batches have crops that are joined from two clips."""


@dataclass(frozen=True)
class JoinedTargets:
    """What the student learns from beside its crops. A crop is `share` of a clip, then 1 - `share` of another, or one clip alone.

    labels, other_labels: int64, (batch,).
    """

    labels: Tensor
    other_labels: Tensor
    share: float

    def to(self, device: torch.device) -> "JoinedTargets":
        return JoinedTargets(self.labels.to(device), self.other_labels.to(device), self.share)


class JoinedBatches(CropBatches):
    """Item: pcm float32 (batch_clips, samples) and `JoinedTargets`.

    Crops of two clips joined in time, which the teachers get joined too, are inputs that no recording has: the student learns the
    teachers' function from them, not their opinion of the training clips (Beyer et al. 2022, arXiv 2106.05237).
    """

    def batch(self, clips: Sequence[Clip], samples: int, rng: np.random.Generator) -> tuple[Tensor, JoinedTargets]:
        labels = labels_of(clips)
        if rng.random() >= JOINED_SHARE:
            return self.crops(clips, samples, rng), JoinedTargets(labels, labels, 1.0)
        others = [clips[place] for place in rng.permutation(len(clips))]
        first = int(samples * rng.uniform(0.25, 0.75))
        before, after = self.crops(clips, first, rng), self.crops(others, samples - first, rng)
        after = after * (level_of(before) / level_of(after))  # or the softer clip would count for nothing
        return torch.cat([before, after], dim=1), JoinedTargets(labels, labels_of(others), first / samples)


def level_of(pcm: Tensor) -> Tensor:
    """Root mean square of each crop, (batch, 1)."""
    return pcm.square().mean(dim=1, keepdim=True).sqrt() + 1e-4
