"""Weights, encoders and cards that somebody tampered with."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from model_builder.errors import UserError
from model_builder.inference.predictor import inference_config_of
from model_builder.models.card import read_card, training_speakers
from model_builder.models.checkpoint import load_encoder, load_weights, save_weights
from model_builder.models.encoder_teacher import load_teacher
from model_builder.pretraining.front_end import trained_front_end
from tests.generated import tiny_model
from tests.pickles import RunsWhenUnpickled


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "weights"
    save_weights(tiny_model(), folder, {"temperature": 2.0})
    return folder


@pytest.fixture
def weights(whole, tmp_path) -> Path:
    return shutil.copytree(whole, tmp_path / "weights")


def put_a_pickle_in(weights: Path) -> Path:
    """`pytorch_model.bin` is what transformers reads where there is no safetensors file."""
    (weights / "model.safetensors").unlink()
    torch.save({"classifier.weight": RunsWhenUnpickled(weights / "ran")}, weights / "pytorch_model.bin")
    return weights / "ran"


@pytest.mark.parametrize("load", [load_encoder, load_teacher])
def test_a_pickle_in_the_place_of_weights_is_refused_and_not_run(weights, load):
    ran = put_a_pickle_in(weights)
    with pytest.raises(UserError, match="cannot be loaded"):
        load(str(weights))
    assert not ran.exists()


def test_weights_are_read_from_safetensors_alone(weights):
    ran = put_a_pickle_in(weights)
    with pytest.raises(UserError, match=r"model\.safetensors is missing"):
        load_weights(weights)
    assert not ran.exists()


@pytest.mark.parametrize("load", [load_weights, lambda folder: load_encoder(str(folder)), lambda folder: load_teacher(str(folder))])
def test_safetensors_that_were_cut_are_refused(weights, load):
    content = (weights / "model.safetensors").read_bytes()
    (weights / "model.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(UserError, match=r"cannot be (read|loaded)"):
        load(weights)


def test_a_front_end_that_was_cut_is_refused(tmp_path):
    (tmp_path / "front_end.safetensors").write_bytes(b"cut")
    with pytest.raises(UserError, match=r"front_end\.safetensors: cannot be read .*; delete it"):
        trained_front_end(1, 0, tmp_path, lambda progress: None)


@pytest.mark.parametrize("text", ["[]", "7", "[" * 100_000, '{"training": [1]}', '{"results": "good"}', "\x00"])
def test_a_card_that_is_none_is_refused(weights, text):
    (weights / "card.json").write_text(text)
    with pytest.raises(UserError, match=r"card\.json: (cannot be read|is not the card)"):
        read_card(weights)


@pytest.mark.parametrize("temperature", [0, -1, True, "2", 10**400, float("nan"), float("inf")])
def test_a_temperature_that_is_no_positive_number_is_refused(weights, temperature):
    (weights / "card.json").write_text(json.dumps({"temperature": temperature}))
    with pytest.raises(UserError, match=r"card\.json: temperature is"):
        inference_config_of(weights)


def test_speakers_of_an_adaptation_that_is_no_object_are_nobody():
    assert training_speakers({"speakers": ["a:1"], "adapted_to": ["b:2"]}) == ("a:1",)


def test_speakers_of_unlabelled_speech_trained_the_weights_too():
    training = {"speakers": ["a:1"], "adapted_to": {"speakers": ["b:2"]}, "unlabelled_speech": {"speakers": ["a:1", "c:3"]}}
    assert training_speakers(training) == ("a:1", "b:2", "c:3")


def test_weights_that_half_precision_cannot_hold_are_not_written(tmp_path):
    model = tiny_model()
    with torch.no_grad():
        model.classifier.bias[0] = 1e6
    with pytest.raises(UserError, match=r"classifier\.bias: is not finite in half precision"):
        save_weights(model, tmp_path / "weights", {})
    assert not (tmp_path / "weights").exists()
