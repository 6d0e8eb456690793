"""Batches that carry everything that the corpora say of their clips."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from model_builder.corpora.dimensions import arousal_valence
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import vote_shares
from model_builder.fitting.batches import CropBatches, labels_of


@dataclass(frozen=True)
class Annotations:
    """What the corpora say of the clips of one batch, in their order.

    labels: int64, (clips,). arousal_valence: float32, (clips, 2), in [-1, 1], NaN where the corpus does not say.
    vote_shares: float32, (clips, 2, 6), as `corpora.utterance` has them, zeros where nobody was asked.
    """

    labels: Tensor
    arousal_valence: Tensor
    vote_shares: Tensor

    def to(self, device: torch.device) -> "Annotations":
        return Annotations(self.labels.to(device), self.arousal_valence.to(device), self.vote_shares.to(device))


class AnnotatedBatches(CropBatches):
    """The same crops as `CropBatches` makes, with `Annotations` beside them."""

    def targets(self, clips: Sequence[Clip], pcm: Tensor) -> Annotations:
        utterances = [clip.utterance for clip in clips]
        return Annotations(labels_of(clips), torch.from_numpy(arousal_valence(utterances)), torch.from_numpy(vote_shares(utterances)))
