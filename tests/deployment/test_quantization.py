"""The int8 file of the full network: size, kernels, and how far its logits are off."""

import numpy as np
import onnx
import pytest

from model_builder.deployment.predict import session_logits
from model_builder.deployment.quantization import LARGEST_MODEL_BYTES, quantize
from model_builder.deployment.reference import torch_logits
from model_builder.deployment.session import open_session
from model_builder.errors import UserError
from tests.recordings import speech_like

# Rounding of activations to 8 bits on random weights, whose logits spread by about 3: mean error measured 0.05.
INTEGER_ROUNDING = 0.5


def test_the_full_network_fits_and_reports_what_was_done(full_onnx, tmp_path):
    report = quantize(full_onnx, tmp_path / "int8.onnx")
    assert report.int8_bytes == (tmp_path / "int8.onnx").stat().st_size <= LARGEST_MODEL_BYTES
    assert report.fp32_bytes > 90_000_000
    # six strided convolutions, feature projection, six products in each of two layers, projector
    assert report.integer_matmuls == 6 + 1 + 2 * 6 + 1
    assert report.compressed_convolutions == 1
    assert report.hoisted_quantizations >= 6


def test_the_same_network_gives_the_same_bytes(full_onnx, full_int8_onnx, tmp_path):
    quantize(full_onnx, tmp_path / "again.onnx")
    assert (tmp_path / "again.onnx").read_bytes() == full_int8_onnx.read_bytes()


@pytest.mark.parametrize("duration_s", [0.25, 0.5, 1.0, 2.3456, 7.0, 15.0])
def test_logits_stay_near_those_of_pytorch_at_every_length(full_model, full_int8_onnx, duration_s):
    pcm = speech_like(duration_s)
    errors = session_logits(open_session(full_int8_onnx), pcm) - torch_logits(full_model, pcm)
    assert np.abs(errors).max() < INTEGER_ROUNDING


@pytest.mark.parametrize("level", [1e-3, 1e-2, 1.0, 10.0])
def test_logits_do_not_depend_on_the_level(full_int8_onnx, level):
    session = open_session(full_int8_onnx)
    expected = session_logits(session, speech_like(1.0, level=0.1))
    clip = np.clip(speech_like(1.0, level=level), -1e3, 1e3)
    np.testing.assert_allclose(session_logits(session, clip), expected, atol=INTEGER_ROUNDING)


def test_a_constant_signal_gives_finite_logits_that_equal_those_of_pytorch(full_model, full_int8_onnx):
    pcm = np.full(16_000, 0.25, np.float32)
    logits = session_logits(open_session(full_int8_onnx), pcm)
    np.testing.assert_allclose(logits, torch_logits(full_model, pcm), atol=INTEGER_ROUNDING)


def test_the_classifier_keeps_its_float32_weight(full_int8_onnx, full_model):
    weight = full_model.classifier.weight.detach().numpy()
    stored = [onnx.numpy_helper.to_array(t) for t in onnx.load(str(full_int8_onnx)).graph.initializer if 4 in t.dims]
    assert any(np.array_equal(array, weight) or np.array_equal(array, weight.T) for array in stored)


def test_a_network_that_does_not_fit_is_refused_and_leaves_no_file(small_onnx, tmp_path):
    with pytest.raises(UserError, match=r"would take [\d,]+ bytes, more than 1,000"):
        quantize(small_onnx, tmp_path / "int8.onnx", largest_bytes=1_000)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"this is no model"])
def test_a_file_that_is_no_model_is_named(tmp_path, content):
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(content)
    with pytest.raises(UserError, match=r"broken\.onnx: not a readable ONNX model"):
        quantize(broken, tmp_path / "int8.onnx")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"missing\.onnx: not a readable ONNX model"):
        quantize(tmp_path / "missing.onnx", tmp_path / "int8.onnx")
