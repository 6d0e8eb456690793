"""What the phone would answer: weights, exported and quantized as for the asset, on clips that are in memory; and what PyTorch would."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model_builder.corpora.survey import Clip
from model_builder.export.quantize import quantize
from model_builder.export.to_onnx import export_onnx
from model_builder.export.variant import RECIPES, Variant
from model_builder.inference.asset_manifest import MODEL
from model_builder.inference.predictor import EmotionPredictor, inference_config_of, session_answer
from model_builder.inference.session import open_session
from model_builder.models.channel_pruning import pruned_copy
from model_builder.models.checkpoint import load_encoder, load_weights


def excess_in_int8(encoder: str) -> str:
    """Why a network that starts from `encoder`, a folder or a hub name, is too large for `int8_logits`; empty where it is not.

    By the least that its parameters take, 4 bits each: scales and what stays float32 come on top, so that a network a few percent below
    the bound may still turn out too large. Raises UserError where the encoder cannot be loaded.
    """
    if encoder == "scratch":
        return ""  # of DistilHuBERT's size, as the app's model is
    parameters = sum(parameter.numel() for parameter in pruned_copy(load_encoder(encoder)).parameters())
    least_bytes, largest_bytes = parameters // 2, RECIPES[Variant.ACCURATE].target_bytes
    if least_bytes <= largest_bytes:
        return ""
    return (
        f"{encoder}: its {parameters:,} parameters take {least_bytes:,} bytes with 4 bits each, and the app's model may have"
        f" {largest_bytes:,}"
    )


def int8_logits(weights: Path, clips: Sequence[Clip], model: Path | None = None) -> np.ndarray:
    """float32, (clips, labels): whole clips through the int8 model of the weights in the folder `weights`, by the predictor's rules.

    model: where that model is kept; it is made of the weights where it is missing. None: it is made anew and not kept.
    """
    with tempfile.TemporaryDirectory(prefix="undertone-fold-") as folder:
        int8_path = model or Path(folder) / MODEL
        if not int8_path.is_file():
            fp32_path = Path(folder) / "fp32.onnx"
            export_onnx(load_weights(weights), fp32_path)
            quantize(fp32_path, int8_path)
        session = open_session(int8_path)
    return predicted_logits(EmotionPredictor.from_rules(inference_config_of(weights), lambda pcm: session_answer(session, pcm)), clips)


def kept_int8_logits(weights: Path, clips: Sequence[Clip]) -> np.ndarray:
    """`int8_logits` by a model that is kept beside the folder of the weights, for further corpora."""
    return int8_logits(weights, clips, weights.parent / MODEL)


def float32_logits(weights: Path, clips: Sequence[Clip]) -> np.ndarray:
    """`int8_logits` of the same weights in float32 in PyTorch: what 8 bits cost is the difference."""
    return predicted_logits(EmotionPredictor.from_weights(weights), clips)


def predicted_logits(predictor: EmotionPredictor, clips: Sequence[Clip]) -> np.ndarray:
    return np.array([predictor.predict_pcm(clip.float_pcm()).logits for clip in clips], np.float32)
