"""Channels of a front end that carry nothing, and the same front end without them.

A channel without weights gives GELU(0) = 0 for every recording; neither it nor what the next layer would make of it has to be computed.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from transformers import HubertForSequenceClassification

from model_builder.models.hubert import SpeechClassifier

Network = TypeVar("Network", bound=SpeechClassifier)


def kept_channels(model: SpeechClassifier) -> list[Tensor]:
    """For each convolution, the indices of the channels that are not zero for every recording, int64, ascending."""
    live = []
    for layer in convolutions(model):
        is_kept = layer.conv.weight.flatten(1).ne(0).any(dim=1)
        if isinstance(layer_norm := getattr(layer, "layer_norm", None), nn.GroupNorm):
            is_kept = (is_kept & layer_norm.weight.ne(0)) | layer_norm.bias.ne(0)
        live.append(is_kept.nonzero()[:, 0])
    live[-1] = torch.arange(len(convolutions(model)[-1].conv.weight))  # what follows expects every frame at its width
    return live


def pruned_copy(model: Network) -> Network:
    """A copy whose convolutions have only live channels; its logits are the same but for rounding. The configuration does not know."""
    pruned, live = copy.deepcopy(model), kept_channels(model)
    inputs = None
    for layer, channels in zip(convolutions(pruned), live, strict=True):
        weight = layer.conv.weight.detach()[channels]
        layer.conv.weight = nn.Parameter(weight if inputs is None else weight[:, inputs], layer.conv.weight.requires_grad)
        if isinstance(layer_norm := getattr(layer, "layer_norm", None), nn.GroupNorm):
            pruned_norm = nn.GroupNorm(len(channels), len(channels), layer_norm.eps)
            pruned_norm.weight = nn.Parameter(layer_norm.weight.detach()[channels], layer_norm.weight.requires_grad)
            pruned_norm.bias = nn.Parameter(layer_norm.bias.detach()[channels], layer_norm.bias.requires_grad)
            layer.layer_norm = pruned_norm
        inputs = channels
    return pruned


def restore_pruned(pruned: HubertForSequenceClassification, model: HubertForSequenceClassification, live: list[Tensor]) -> None:
    """Write the convolutions of `pruned`, of which `model` has the channels `live`, into `model`."""
    _write_live(convolutions(pruned), convolutions(model), live)


@contextmanager
def only_live_channels(model: HubertForSequenceClassification) -> Iterator[None]:
    """The convolutions of `model` are those of its `pruned_copy` while the block runs; what they learn there is written back."""
    live, encoder = kept_channels(model), model.hubert
    whole, pruned = encoder.feature_extractor, pruned_copy(model).hubert.feature_extractor
    encoder.feature_extractor = pruned
    try:
        yield
    finally:
        encoder.feature_extractor = whole.to(next(pruned.parameters()).device)
        _write_live(pruned.conv_layers, whole.conv_layers, live)


@torch.no_grad()
def _write_live(pruned: Any, whole: Any, live: list[Tensor]) -> None:
    """Both ModuleLists of convolutions; `pruned` has the channels `live` of `whole`."""
    inputs = torch.zeros(1, dtype=torch.int64)
    for layer, source, channels in zip(whole, pruned, live, strict=True):
        layer.conv.weight[channels[:, None], inputs] = source.conv.weight.to(layer.conv.weight.device)
        if isinstance(layer_norm := getattr(source, "layer_norm", None), nn.GroupNorm):
            layer.layer_norm.weight[channels] = layer_norm.weight.to(layer.conv.weight.device)
            layer.layer_norm.bias[channels] = layer_norm.bias.to(layer.conv.weight.device)
        inputs = channels


def convolutions(model: SpeechClassifier) -> Any:
    """transformers' own layers, a ModuleList; as Any, since a module's parts are typed as tensors or modules."""
    encoder: Any = model.base_model
    return encoder.feature_extractor.conv_layers
