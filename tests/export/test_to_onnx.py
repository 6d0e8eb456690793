"""The float32 file against transformers' own network."""

import copy

import numpy as np
import onnx
import pytest
import torch
from transformers import HubertConfig, HubertForSequenceClassification, Wav2Vec2Config, Wav2Vec2ForSequenceClassification

from model_builder.errors import UserError
from model_builder.export.graph import opset_version
from model_builder.export.quantize import quantize
from model_builder.export.to_onnx import OPSET, export_onnx
from model_builder.inference.predictor import session_logits, softmax
from model_builder.inference.session import open_session
from model_builder.inference.torch_reference import torch_logits
from model_builder.models.hubert import with_noise_floor_of
from tests.recordings import SAMPLE_RATE_HZ, speech_like

# float32 in another order of summation; measured below 1e-5 on these logits of up to 3.
ROUNDING = 5e-5


@pytest.fixture(scope="module")
def session(small_onnx):
    return open_session(small_onnx)


@pytest.mark.parametrize("samples", [4_000, 4_001, 4_319, 4_320, 8_123, 16_000, 47_999, 240_000])
def test_any_length_gives_the_logits_of_pytorch(small_model, session, samples):
    pcm = speech_like(samples / SAMPLE_RATE_HZ + 0.01)[:samples]
    assert len(pcm) == samples
    np.testing.assert_allclose(session_logits(session, pcm), torch_logits(small_model, pcm), atol=ROUNDING)


@pytest.mark.parametrize("samples", [400, 8_123, 240_000])
def test_the_noise_floor_of_a_network_is_inside_its_file(small_model, tmp_path, samples):
    model = with_noise_floor_of(copy.deepcopy(small_model), 14.0)
    export_onnx(model, tmp_path / "floor.onnx")
    pcm = speech_like(samples / SAMPLE_RATE_HZ + 0.01)[:samples]
    logits = session_logits(open_session(tmp_path / "floor.onnx"), pcm)
    np.testing.assert_allclose(logits, torch_logits(model, pcm), atol=ROUNDING)
    assert np.abs(logits - torch_logits(small_model, pcm)).max() > 10 * ROUNDING


def unusual_recordings() -> dict[str, np.ndarray]:
    speech = speech_like(1.5)
    impulse = np.zeros_like(speech)
    impulse[len(impulse) // 2] = 0.9
    one_step = np.zeros_like(speech)
    one_step[5_000] = 1 / 32768
    return {
        "constant": np.full_like(speech, 0.5),
        "full_scale_square": np.sign(speech),
        "tiny_level": speech * 1e-3,
        "tiny_over_an_offset": np.float32(0.9) + speech * np.float32(1e-3),
        "single_impulse": impulse,
        "one_step_of_16_bits": one_step,
        "white_noise": np.random.default_rng(3).uniform(-1, 1, len(speech)).astype(np.float32),
    }


@pytest.mark.parametrize("name", unusual_recordings())
def test_unusual_recordings_give_the_logits_of_pytorch(small_model, session, name):
    pcm = unusual_recordings()[name]
    np.testing.assert_allclose(session_logits(session, pcm), torch_logits(small_model, pcm), atol=ROUNDING)


def test_the_full_network_gives_the_logits_of_pytorch(full_model, full_onnx):
    session = open_session(full_onnx)
    for seed, duration_s in enumerate((0.25, 1.2345, 3.0)):
        pcm = speech_like(duration_s, seed)
        np.testing.assert_allclose(session_logits(session, pcm), torch_logits(full_model, pcm), atol=ROUNDING)


def test_a_batch_of_equal_lengths_gives_each_clip_its_own_logits(session):
    clips = [speech_like(0.7, seed, level) for seed, level in enumerate((0.2, 0.01, 0.05))]
    (logits,) = session.run(["logits"], {"pcm": np.stack(clips)})
    np.testing.assert_allclose(logits, [session_logits(session, pcm) for pcm in clips], atol=ROUNDING)


def test_probabilities_are_the_softmax_of_logits_by_the_temperature(session):
    logits, probabilities = session.run(["logits", "probabilities"], {"pcm": speech_like(1.0)[None]})
    np.testing.assert_allclose(probabilities[0], softmax(logits[0].astype(np.float64) / 2.0), atol=1e-6)


def test_the_file_is_opset_20_and_transposes_no_weight_at_run_time(small_onnx):
    model = onnx.load(str(small_onnx))
    constants = {tensor.name for tensor in model.graph.initializer}
    assert opset_version(model) == OPSET
    assert not [node.name for node in model.graph.node if node.input and set(node.input) <= constants]


def other_networks() -> dict[str, torch.nn.Module]:
    shape = {
        "num_hidden_layers": 3, "hidden_size": 192, "intermediate_size": 320, "num_attention_heads": 3, "conv_dim": (96,) * 7,
        "num_conv_pos_embeddings": 64, "num_conv_pos_embedding_groups": 8, "classifier_proj_size": 64, "num_labels": 5,
    }
    hubert = HubertForSequenceClassification(HubertConfig(**shape, feat_proj_layer_norm=True))
    return {"hubert": hubert.eval(), "wav2vec2": Wav2Vec2ForSequenceClassification(Wav2Vec2Config(**shape)).eval()}


@pytest.mark.parametrize("name", ["hubert", "wav2vec2"])
def test_networks_of_other_depths_and_widths_are_exported_and_quantized(name, tmp_path):
    torch.manual_seed(3)
    model = other_networks()[name]
    export_onnx(model, tmp_path / "fp32.onnx")
    quantize(tmp_path / "fp32.onnx", tmp_path / "int8.onnx")
    fp32, int8 = (open_session(tmp_path / file) for file in ("fp32.onnx", "int8.onnx"))
    for samples in (4_001, 20_480):
        pcm = speech_like(samples / SAMPLE_RATE_HZ + 0.01)[:samples]
        expected = torch_logits(model, pcm)
        np.testing.assert_allclose(session_logits(fp32, pcm), expected, atol=ROUNDING)
        np.testing.assert_allclose(session_logits(int8, pcm), expected, atol=0.05)


def test_a_network_with_layer_norm_in_its_front_end_is_refused(tmp_path):
    config = HubertConfig(feat_extract_norm="layer", conv_bias=True, num_hidden_layers=1, hidden_size=96, num_attention_heads=2,
                          intermediate_size=96, num_conv_pos_embedding_groups=8)
    with pytest.raises(UserError, match="cannot be exported: channels-last needs a group-norm feature extractor"):
        export_onnx(HubertForSequenceClassification(config), tmp_path / "never.onnx")
    assert not list(tmp_path.iterdir())


def test_exporting_leaves_the_model_as_it_was(small_model, tmp_path):
    attention = small_model.config._attn_implementation
    pcm = speech_like(0.5)
    before = torch_logits(small_model, pcm)
    export_onnx(small_model, tmp_path / "again.onnx")
    assert small_model.config._attn_implementation == attention
    np.testing.assert_array_equal(torch_logits(small_model, pcm), before)


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_a_temperature_that_is_not_positive_is_refused(small_model, tmp_path, temperature):
    with pytest.raises(UserError, match="must be positive"):
        export_onnx(small_model, tmp_path / "never.onnx", temperature)
    assert not list(tmp_path.iterdir())
