"""Distillation of an encoder from a larger one, without labels, as DistilHuBERT was made (Chang et al. 2022, arXiv 2110.01900)."""

import math

import torch
from torch import Tensor, nn
from transformers import AutoModel, HubertConfig, HubertForSequenceClassification, PreTrainedModel

from model_builder.errors import UserError
from model_builder.models.encoder_teacher import distilled_layers, layer_loss
from model_builder.models.hub_source import hub_source
from model_builder.models.hubert import HOP_SAMPLES, ChannelsLastHubert, normalised


def load_teacher(source: str) -> PreTrainedModel:
    """Any encoder of transformers that makes a frame of every 320 samples of raw PCM: HuBERT, wav2vec 2.0, WavLM.

    It is given normalised PCM, for which those with a group norm, normalised or not, do the same.
    source: a local folder or a hub name. Raises UserError where it cannot be loaded or makes other frames.
    """
    try:
        name, revision = hub_source(source)
        teacher: PreTrainedModel = AutoModel.from_pretrained(name, revision=revision, trust_remote_code=False)
    except Exception as error:  # safetensors, the unpickler and transformers raise many types for a damaged file
        reason = str(error).partition("\n")[0]
        raise UserError(f"--teacher {source}: cannot be loaded ({reason}); give a local folder or a name on the hub") from error
    strides = getattr(teacher.config, "conv_stride", ())
    if math.prod(strides) != HOP_SAMPLES or not hasattr(teacher, "feature_extractor"):
        raise UserError(f"--teacher {source}: makes no frame every {HOP_SAMPLES} samples; give HuBERT, wav2vec 2.0 or WavLM")
    teacher.eval().requires_grad_(False)
    return teacher


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
