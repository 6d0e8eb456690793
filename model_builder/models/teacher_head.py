"""The head with which a frozen speech encoder tells emotions: attention pooling of the states of several layers."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model_builder.corpora.utterance import ASKED, LABELS, VOTED
from model_builder.models.log_mel import VOTE_WEIGHT

POOLING_HEADS = 4
DROPOUT = 0.3
CHANNEL_NOISE = 0.3
STYLE_SHARE = 0.5
LABEL_SMOOTHING = 0.1


class TeacherHead(nn.Module):
    """States (batch, frames, channels) -> logits (batch, labels).

    mean, deviation: of every channel over frames of training clips, (channels,): some channels are a hundred times others.
    Each pooling head weighs the frames anew and takes the mean of all channels, of all layers side by side (after arXiv 2602.06000).
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, mean: Tensor, deviation: Tensor):
        super().__init__()
        channels = len(mean)
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        self.frame_scores = nn.Linear(channels, POOLING_HEADS)
        self.dropout = nn.Dropout(DROPOUT)
        self.classifier = nn.Linear(POOLING_HEADS * channels, len(LABELS))
        self.vote_classifier = nn.Linear(POOLING_HEADS * channels, len(ASKED) * len(VOTED))

    def standardise(self, states: Tensor) -> Tensor:
        """float32, (batch, frames, channels)."""
        standardised: Tensor = (states.float() - self.mean) / self.deviation
        return standardised

    def pool(self, standardised: Tensor) -> Tensor:
        """(batch, frames, channels) -> (batch, pooling heads * channels)."""
        weights = self.frame_scores(standardised).softmax(dim=1)                       # (batch, frames, pooling heads)
        pooled: Tensor = self.dropout((weights.transpose(1, 2) @ standardised).flatten(1))
        return pooled

    def forward(self, states: Tensor) -> Tensor:
        logits: Tensor = self.classifier(self.pool(self.standardise(states)))
        return logits

    def loss(self, states: Tensor, target: Tensor, vote_shares: Tensor) -> Tensor:
        """Cross entropy with labels and with listeners' votes.

        target: a distribution over labels, (batch, labels). vote_shares: (batch, 2, 6), zeros where nobody was asked.
        A voice, a room and a microphone shift the states of a whole recording, and those of another corpus shift them in ways that no
        training clip shows. So the mean over time of every crop moves towards that of another crop of the batch, and by noise.
        """
        standardised = self.standardise(states)
        batch, _, channels = standardised.shape
        mean = standardised.mean(dim=1, keepdim=True)
        other = mean[torch.randperm(batch)]
        shift = STYLE_SHARE * torch.rand(batch, 1, 1, device=mean.device) * (other - mean)
        shift = shift + CHANNEL_NOISE * torch.randn(batch, 1, channels, device=mean.device)
        pooled = self.pool(standardised + shift)
        votes = self.vote_classifier(pooled).float().view(-1, len(ASKED), len(VOTED)).log_softmax(dim=2)
        vote_loss = -(vote_shares * votes).sum(dim=(1, 2)).mean()
        label_loss = F.cross_entropy(self.classifier(pooled).float(), target, label_smoothing=LABEL_SMOOTHING)
        loss: Tensor = label_loss + VOTE_WEIGHT * vote_loss
        return loss


class Teacher(nn.Module):
    """pcm (batch, samples), 16 kHz -> mean of the heads' logits, (batch, labels)."""

    def __init__(self, encoder: nn.Module, heads: Sequence[TeacherHead]):
        super().__init__()
        self.encoder, self.heads = encoder, nn.ModuleList(heads)

    def forward(self, pcm: Tensor) -> Tensor:
        states = self.encoder(pcm)
        return torch.stack([head(states) for head in self.heads]).mean(dim=0)
