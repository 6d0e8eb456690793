"""The second thing that the network may say of a voice: arousal and valence, by a linear head on the classifier's own features.

Experimental. The head is a part `arousal_valence` of the model, there only in models that were trained on such labels.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import cast

import torch
from torch import Tensor, nn
from transformers import HubertForSequenceClassification

from model_builder.corpora.dimensions import DIMENSIONS
from model_builder.models.hubert import ChannelsLastHubert, SpeechClassifier


def add_head(model: HubertForSequenceClassification) -> nn.Linear:
    """Give `model` a head with fresh weights: pooled features (batch, 256) -> (batch, 2)."""
    model.arousal_valence = nn.Linear(model.config.classifier_proj_size, len(DIMENSIONS))
    return model.arousal_valence


def head_of(model: SpeechClassifier) -> nn.Linear | None:
    return getattr(model, "arousal_valence", None)


class ArousalValenceNetwork(nn.Module):
    """The second output alone, of a model that has the head: pcm (batch, samples) -> (batch, 2)."""

    def __init__(self, model: HubertForSequenceClassification):
        super().__init__()
        self.hubert = ChannelsLastHubert(model)

    def forward(self, pcm: Tensor) -> Tensor:
        head = cast(nn.Linear, head_of(self.hubert.model))
        answer: Tensor = head(self.hubert.features(pcm))
        return answer


@contextmanager
def pooled_features(model: HubertForSequenceClassification) -> Iterator[list[Tensor]]:
    """Yields a list that gets the mean over time of the projector's output, (batch, 256), each time that `model` runs in the block.

    What the classifier sees, whichever loss runs the network: a loss beside it costs no second pass. For one thread at a time.
    """
    seen: list[Tensor] = []
    hook = model.projector.register_forward_hook(lambda projector, inputs, projected: seen.append(projected.mean(dim=1)))
    try:
        yield seen
    finally:
        hook.remove()


def concordance_loss(predicted: Tensor, target: Tensor) -> Tensor:
    """1 - CCC, the mean over the dimensions that can be measured; zero where none can.

    predicted: float32, (batch, dimensions); target: the same, NaN where the corpus does not say. A dimension counts over the clips
    that have it: at least two, not all equal.
    Source: Lin (1989), Biometrics 45, with moments of the batch; as a loss Trigeorgis et al. 2016, ICASSP.
    """
    losses = [1 - batch_concordance(*column) for column in measurable(predicted, target)]
    return torch.stack(losses).mean() if losses else predicted.new_zeros(())


def batch_concordance(predicted: Tensor, target: Tensor) -> Tensor:
    """CCC of two tensors (clips,), the second not constant."""
    deviation, target_deviation = predicted - predicted.mean(), target - target.mean()
    covariance = (deviation * target_deviation).mean()
    spread = deviation.square().mean() + target_deviation.square().mean() + (predicted.mean() - target.mean()).square()
    return 2 * covariance / spread


def measurable(predicted: Tensor, target: Tensor) -> Iterable[tuple[Tensor, Tensor]]:
    """Of each dimension the clips that have it, unless they are fewer than two or all equal."""
    for guesses, truth in zip(predicted.T, target.T, strict=True):
        known = ~truth.isnan()
        if known.any() and truth[known].min() < truth[known].max():
            yield guesses[known], truth[known]
