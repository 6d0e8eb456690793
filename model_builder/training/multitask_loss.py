"""What the last stage of training learns beside the labels, mostly from the same forward pass."""

from torch import Tensor

from model_builder.fitting.annotations import Annotations
from model_builder.fitting.trainer import BatchLoss
from model_builder.models.arousal_valence_head import concordance_loss, head_of, pooled_features
from model_builder.models.hubert import ChannelsLastHubert
from model_builder.training.distillation import ClassifyingNetwork
from model_builder.training.domain_adversary import DomainClassifier, domain_loss

CONCORDANCE_WEIGHT = 0.5


class MultiTaskLoss:
    """Callable as `fit` wants it: the loss on labels, and beside it concordance where the model has a head, and the domain's loss.

    label_loss: takes labels (batch,) and runs `network`, on labelled clips alone.
    domain_classifier: needs `AdaptationBatches`; without it, `AnnotatedBatches`.
    """

    def __init__(self, label_loss: BatchLoss, network: ClassifyingNetwork, domain_classifier: DomainClassifier | None = None):
        self.label_loss, self.domain_classifier = label_loss, domain_classifier
        self.hubert = ChannelsLastHubert(network.model)

    def __call__(self, pcm: Tensor, annotations: Annotations, progress: float) -> Tensor:
        labelled, unlabelled = pcm[: len(annotations.labels)], pcm[len(annotations.labels) :]
        with pooled_features(self.hubert.model) as seen:
            loss = self.label_loss(labelled, annotations.labels, progress)
        pooled, head = seen[-1], head_of(self.hubert.model)
        if head is not None:
            loss = loss + CONCORDANCE_WEIGHT * concordance_loss(head(pooled).float(), annotations.arousal_valence)
        if self.domain_classifier is not None:
            loss = loss + domain_loss(self.domain_classifier, pooled, self.hubert.features(unlabelled), progress)
        return loss
