"""Gradient reversal: features that tell labels and do not tell corpora apart, by unlabelled speech of the corpus to adapt to.

A classifier learns from the features which of two domains a clip is from; the reversed gradient makes the network unlearn it
(Ganin & Lempitsky 2015, arXiv 1409.7495).
"""

import math
from collections.abc import Sequence
from typing import Any, Generic

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import HubertForSequenceClassification

from model_builder.corpora.survey import Clip
from model_builder.fitting.annotations import AnnotatedBatches
from model_builder.fitting.batches import Targets
from model_builder.fitting.random_streams import Purpose, stream
from model_builder.training.distillation import Classifying

HIDDEN_FEATURES = 100
SCHEDULE_SLOPE = 10.0


class AdaptationBatches(AnnotatedBatches):
    """Behind the crops of each batch as many of `unlabelled` clips, of the same length; the annotations are of the first half only.

    Item: pcm (2 batch_clips, samples) and annotations of batch_clips. Nothing but the samples of the unlabelled clips is read.
    """

    def __init__(self, *settings: Any, unlabelled: Sequence[Clip]):
        super().__init__(*settings)
        self.unlabelled = unlabelled

    def __getitem__(self, index: int) -> tuple[Tensor, Targets]:
        pcm, annotations = super().__getitem__(index)
        rng = stream(Purpose.UNLABELLED_CROPS, self.seed, self.epoch, index)
        drawn = [self.unlabelled[position] for position in rng.integers(len(self.unlabelled), size=len(pcm))]
        return torch.cat([pcm, self.crops(drawn, pcm.shape[1], rng)]), annotations


class ReversedGradient(torch.autograd.Function):
    """The same values; the gradient times -strength (section 3.2)."""

    @staticmethod
    def forward(context: Any, features: Tensor, strength: float) -> Tensor:
        context.strength = strength
        return features.view_as(features)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None]:
        reversed_gradient: Tensor = -context.strength * gradient
        return reversed_gradient, None


def reversal_strength(progress: float) -> float:
    """lambda_p = 2 / (1 + exp(-10 p)) - 1: from 0, while the domain classifier knows nothing, to 1. progress: p, in 0..1.

    Source: Ganin & Lempitsky 2015, section 4.
    """
    return 2 / (1 + math.exp(-SCHEDULE_SLOPE * progress)) - 1


class DomainClassifier(nn.Module):
    """Pooled features (clips, features) -> logit that a clip is unlabelled, (clips,); what is behind it gets reversed gradients."""

    def __init__(self, features: int):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(features, HIDDEN_FEATURES), nn.ReLU(), nn.Linear(HIDDEN_FEATURES, 1))

    def forward(self, features: Tensor, progress: float) -> Tensor:
        logits: Tensor = self.layers(ReversedGradient.apply(features, reversal_strength(progress)))[:, 0]
        return logits


def domain_loss(classifier: DomainClassifier, labelled: Tensor, unlabelled: Tensor, progress: float) -> Tensor:
    """Cross entropy of the domain of both, (clips, features) each; scalar."""
    logits = classifier(torch.cat([labelled, unlabelled]), progress).float()
    is_unlabelled = torch.cat([logits.new_zeros(len(labelled)), logits.new_ones(len(unlabelled))])
    return F.binary_cross_entropy_with_logits(logits, is_unlabelled)


class AdaptingNetwork(nn.Module, Generic[Classifying]):
    """A network with the domain classifier that only training needs; answers as the network does."""

    def __init__(self, network: Classifying):
        super().__init__()
        self.network: Classifying = network
        self.domain_classifier = DomainClassifier(self.model.config.classifier_proj_size)

    @property
    def model(self) -> HubertForSequenceClassification:
        model: HubertForSequenceClassification = self.network.model
        return model

    def forward(self, pcm: Tensor) -> Tensor:
        logits: Tensor = self.network(pcm)
        return logits
