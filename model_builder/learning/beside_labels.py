"""What the last stage of training learns beside the labels, from the same forward pass."""

from torch import Tensor, nn

from model_builder.learning.annotations import Annotations
from model_builder.learning.arousal_valence import concordance_loss, head_of, pooled_features
from model_builder.learning.fitting import BatchLoss

CONCORDANCE_WEIGHT = 0.5


class LossesBesideLabels:
    """Callable as `fit` wants it, on `AnnotatedBatches`: the loss on labels, and the concordance loss beside it.

    label_loss: takes labels (batch,) and runs `network`, whose model has a head.
    """

    def __init__(self, label_loss: BatchLoss, network: nn.Module):
        self.label_loss, self.model = label_loss, network.model

    def __call__(self, pcm: Tensor, said: Annotations, progress: float) -> Tensor:
        with pooled_features(self.model) as pooled:
            loss = self.label_loss(pcm, said.labels, progress)
        predicted = head_of(self.model)(pooled[-1]).float()
        return loss + CONCORDANCE_WEIGHT * concordance_loss(predicted, said.arousal_valence)
