"""PyTorch weights into one float32 ONNX file that takes raw PCM."""

import copy
import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import Tensor, nn

from model_builder.errors import UserError
from model_builder.export.chunked_front_end import FEATURES, FIRST_WEIGHT, WINDOWS, loop_front_end
from model_builder.export.graph import fold_constants, sort_nodes
from model_builder.inference.asset_manifest import AROUSAL_VALENCE, INPUT, LOGITS, PROBABILITIES
from model_builder.models.arousal_valence_head import head_of
from model_builder.models.channel_pruning import pruned_copy
from model_builder.models.hubert import HOP_SAMPLES, ChannelsLastHubert, SpeechClassifier
from model_builder.whole_file import atomic_write_bytes

OPSET = 20
TRACED_SAMPLES = 32_000


class EmotionGraph(nn.Module):
    """What the ONNX file computes: pcm (batch, samples) -> logits and probabilities, both (batch, labels), and arousal and valence.

    The last is (batch, 2), and only there where the model has the head for it.

    After them come the tensors between its stages, by which the passes know where the front end begins and ends.
    """

    def __init__(self, model: SpeechClassifier, temperature: float, prune: bool):
        super().__init__()
        hops = model.config.inputs_to_logits_ratio
        if hops != HOP_SAMPLES:
            raise ValueError(f"it gives a frame every {hops} samples, not every {HOP_SAMPLES}")
        ChannelsLastHubert(model)  # raises ValueError for what it cannot compute
        self.network = ChannelsLastHubert(pruned_copy(model) if prune else copy.deepcopy(model))
        self.temperature = temperature

    def forward(self, pcm: Tensor) -> tuple[Tensor, ...]:
        centred, first_weight = self.network.first_weight(self.network.over_noise_floor(pcm))
        windows = self.network.first_windows(centred)
        features = self.network.project(self.network.convolve(windows, first_weight))
        pooled = self.network.pool(self.network.transform(features))
        logits = self.network.model.classifier(pooled)
        head = head_of(self.network.model)
        further = () if head is None else (head(pooled),)
        return (logits, torch.softmax(logits / self.temperature, dim=-1), *further, windows, first_weight, features)


def export_onnx(model: SpeechClassifier, path: Path, temperature: float = 1.0, prune: bool = True) -> None:
    """Writes `model` as ONNX, opset 20, for any number of samples from 400 on.

    Input `pcm`: float32, (batch, samples), 16 kHz mono in [-1, 1); normalisation is inside. Outputs `logits` and
    `probabilities` = softmax(logits / temperature): float32, (batch, labels); of a model with the head for them also
    `arousal_valence`: float32, (batch, 2). Clips of one batch have the same length: zero padding would change GroupNorm's statistics.
    The front end runs in a loop over parts of a second, see `chunked_front_end`; with `prune`, channels of it that carry
    nothing are left out, which changes no logit but for rounding.
    Raises UserError for a temperature that is not positive, and for a network that is not of wav2vec 2.0's group-norm kind.
    """
    if not temperature > 0:
        raise UserError(f"temperature {temperature}: must be positive; the weights' card.json holds it")
    try:
        graph = EmotionGraph(model, temperature, prune).eval()
    except ValueError as error:
        raise UserError(f"this network cannot be exported: {error}; give one of DistilHuBERT's kind") from error
    outputs = [LOGITS, PROBABILITIES] if head_of(model) is None else [LOGITS, PROBABILITIES, AROUSAL_VALENCE]
    stages = [WINDOWS, FIRST_WEIGHT, FEATURES]
    graph.network.model.set_attn_implementation("eager")  # plain products and softmax, which the exporter traces without casts
    traced: Any = io.BytesIO()  # what only the older exporter takes, and its type does not say
    with torch.no_grad(), quiet_exporter():
        torch.onnx.export(
            graph,
            (torch.randn(2, TRACED_SAMPLES) * 0.1,),
            traced,
            dynamo=False,
            opset_version=OPSET,
            input_names=[INPUT],
            output_names=outputs + stages,
            dynamic_axes={INPUT: {0: "batch", 1: "samples"}, **{output: {0: "batch"} for output in outputs}},
        )
    exported = onnx.load_model_from_string(traced.getvalue())
    del exported.graph.output[len(outputs) :]
    fold_constants(exported)
    sort_nodes(exported.graph)
    loop_front_end(exported)
    onnx.checker.check_model(exported)
    atomic_write_bytes(path, exported.SerializeToString(deterministic=True))


@contextmanager
def quiet_exporter() -> Iterator[None]:
    """Hides the notices of the TorchScript exporter: that it is the older one, and that shapes are traced."""
    level = logging.getLogger("torch.onnx").level
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logging.getLogger("torch.onnx").setLevel(level)
