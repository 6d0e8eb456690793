"""Distillation of an encoder from a larger one, without labels, as DistilHuBERT was made (Chang et al. 2022, arXiv 2110.01900)."""

import torch
from torch import Tensor, nn
from transformers import HubertConfig, HubertForSequenceClassification, PreTrainedModel

from model_builder.models.encoder_teacher import distilled_layers, layer_loss
from model_builder.models.hubert import ChannelsLastHubert, normalised


class LayerStudent(nn.Module):
    """An encoder with a linear head for each layer of the teacher that it learns from.

    It starts from the teacher's front end and first layers, where names and shapes agree; heads and the rest are random.
    """

    def __init__(self, config: HubertConfig, teacher: PreTrainedModel):
        super().__init__()
        self.hubert = ChannelsLastHubert(HubertForSequenceClassification(config))
        own, theirs = self.model.hubert.state_dict(), teacher.state_dict()
        shared = {name: tensor for name, tensor in theirs.items() if name in own and tensor.shape == own[name].shape}
        self.model.hubert.load_state_dict(shared, strict=False)
        layers = distilled_layers(teacher.config.num_hidden_layers)
        self.heads = nn.ModuleList(nn.Linear(config.hidden_size, teacher.config.hidden_size) for _ in layers)

    @property
    def model(self) -> HubertForSequenceClassification:
        return self.hubert.model

    def forward(self, pcm: Tensor) -> list[Tensor]:
        """pcm (batch, samples) -> a guess of each layer, (batch, frames, width of the teacher)."""
        hidden = self.hubert.encode(self.hubert.front_end(pcm))
        return [head(hidden).float() for head in self.heads]


class LayerDistillationLoss:
    """Callable as `fit` wants it; takes no notice of targets. The sum of `layer_loss` over the layers (equation 1)."""

    def __init__(self, student: LayerStudent, teacher: PreTrainedModel):
        self.student = student
        self.teacher: nn.Module = teacher  # as any module: transformers' own `to` has a type that takes no device
        self.layers = distilled_layers(teacher.config.num_hidden_layers)

    def __call__(self, pcm: Tensor, targets: Tensor, progress: float) -> Tensor:
        with torch.no_grad():
            states = self.teacher.to(pcm.device)(normalised(pcm), output_hidden_states=True).hidden_states
        guesses = self.student(pcm)
        losses = [layer_loss(guess, states[layer].float()) for guess, layer in zip(guesses, self.layers, strict=True)]
        return torch.stack(losses).sum()
