"""A network with DistilHuBERT's structure, a fifteenth of its size and random weights, and what is made of it."""

from pathlib import Path

import pytest
import torch
from transformers import HubertConfig, HubertForSequenceClassification

from model_builder.asset.build import build_asset
from model_builder.export.quantize import quantize
from model_builder.export.to_onnx import export_onnx
from model_builder.models.checkpoint import save_weights
from model_builder.models.hubert import distilhubert_config
from tests.recordings import speech_like

ONE_SHORT_CLIP = [speech_like(0.5)]  # the search runs the full network once for each group of layers


def random_model(config: HubertConfig) -> HubertForSequenceClassification:
    torch.manual_seed(20)
    model = HubertForSequenceClassification(config).eval()
    with torch.no_grad():  # spread the logits as training does, so that an error in them shows
        model.classifier.weight.mul_(20)
    return model


@pytest.fixture(scope="session")
def small_model() -> HubertForSequenceClassification:
    config = distilhubert_config()
    config.conv_dim = (160,) * 7
    config.hidden_size, config.intermediate_size, config.num_attention_heads = 256, 512, 4
    return random_model(config)


@pytest.fixture(scope="session")
def full_model() -> HubertForSequenceClassification:
    return random_model(distilhubert_config())


@pytest.fixture(scope="session")
def small_weights(small_model, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "weights"
    card = {"temperature": 1.5, "uncertainty_threshold": 0.3, "training": {"epochs": 0}, "results": {"validation_ua": 0.25}}
    save_weights(small_model, folder, card)
    return folder


@pytest.fixture(scope="session")
def small_onnx(small_model, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("onnx") / "fp32.onnx"
    export_onnx(small_model, path, temperature=2.0)
    return path


@pytest.fixture(scope="session")
def full_onnx(full_model, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("onnx") / "fp32.onnx"
    export_onnx(full_model, path)
    return path


@pytest.fixture(scope="session")
def full_int8_onnx(full_onnx) -> Path:
    path = full_onnx.with_name("int8.onnx")
    quantize(full_onnx, path, calibration=ONE_SHORT_CLIP)
    return path


@pytest.fixture(scope="session")
def small_asset(small_weights, tmp_path_factory) -> Path:
    """An asset nobody may change; copy it to damage it."""
    folder = tmp_path_factory.mktemp("assets") / "emotion"
    build_asset(small_weights, folder)
    return folder


@pytest.fixture(scope="session")
def encoder(tmp_path_factory) -> Path:
    """A tenth of DistilHuBERT's width: what is tested here does not depend on it."""
    config = HubertConfig(
        **{
            **distilhubert_config().to_dict(),
            "hidden_size": 64,
            "intermediate_size": 64,
            "num_attention_heads": 4,
            "num_conv_pos_embedding_groups": 4,
            "conv_dim": (32,) * 7,
        }
    )
    folder = tmp_path_factory.mktemp("encoder")
    HubertForSequenceClassification(config).save_pretrained(folder)
    return folder
