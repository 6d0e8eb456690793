"""The int8 file of the full network: size, kernels, and how far its logits are off."""

import json

import numpy as np
import onnx
import pytest

from model_builder.cli.asset import quantize as quantize_command
from model_builder.errors import UserError
from model_builder.export.quantize import quantize, write_search
from model_builder.export.variant import Variant
from model_builder.inference.asset_manifest import LARGEST_MODEL_BYTES
from model_builder.inference.predictor import session_logits
from model_builder.inference.session import open_session
from model_builder.inference.torch_reference import torch_logits
from tests.networks import ONE_SHORT_CLIP
from tests.recordings import speech_like

# Rounding of activations to 8 bits on random weights, whose logits spread by about 3: mean error measured 0.05.
INTEGER_ROUNDING = 0.5


def test_the_full_network_fits_and_reports_what_was_done(full_onnx, tmp_path):
    report = quantize(full_onnx, tmp_path / "int8.onnx", calibration=ONE_SHORT_CLIP)
    assert report.int8_bytes == (tmp_path / "int8.onnx").stat().st_size <= LARGEST_MODEL_BYTES
    assert report.fp32_bytes > 90_000_000
    # six strided convolutions, feature projection, six products in each of two layers, projector
    assert report.integer_matmuls == 6 + 1 + 2 * 6 + 1
    assert report.integer_convolutions == 1
    assert report.search.bytes_with_8_bits > LARGEST_MODEL_BYTES
    assert report.search.four_bit_groups and len(report.search.sensitivities) == 6 + 1 + 2 * 2 + 1 + 1
    assert report.hoisted_quantizations >= 6


def test_the_same_network_gives_the_same_bytes(full_onnx, full_int8_onnx, tmp_path):
    quantize(full_onnx, tmp_path / "again.onnx", calibration=ONE_SHORT_CLIP)
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
    with pytest.raises(UserError, match=r"would take [\d,]+ bytes with 4 bits for every layer, more than 1,000"):
        quantize(small_onnx, tmp_path / "int8.onnx", target_bytes=1_000)
    assert not list(tmp_path.iterdir())


def test_a_smaller_target_takes_4_bits_for_more_layers_and_the_search_says_for_which(small_onnx, small_model, tmp_path):
    pcm = speech_like(1.0)
    eight = quantize(small_onnx, tmp_path / "eight.onnx")
    assert eight.search.four_bit_groups == () and eight.search.sensitivities == ()
    target_bytes = int(eight.int8_bytes * 0.8)
    smaller = quantize(small_onnx, tmp_path / "smaller.onnx", target_bytes=target_bytes, calibration=[pcm])
    assert smaller.int8_bytes <= target_bytes
    write_search(smaller, tmp_path / "smaller.search.json")
    told = json.loads((tmp_path / "smaller.search.json").read_text())
    assert told["search"]["four_bit_groups"] == list(smaller.search.four_bit_groups) != []
    errors = session_logits(open_session(tmp_path / "smaller.onnx"), pcm) - torch_logits(small_model, pcm)
    assert np.abs(errors).max() < INTEGER_ROUNDING


def test_every_variant_gives_nearly_the_logits_of_pytorch(small_onnx, small_model, tmp_path):
    for variant in Variant:
        quantize(small_onnx, tmp_path / "int8.onnx", variant)
        session = open_session(tmp_path / "int8.onnx")
        for duration_s in (0.25, 3.0):
            pcm = speech_like(duration_s)
            np.testing.assert_allclose(session_logits(session, pcm), torch_logits(small_model, pcm), atol=INTEGER_ROUNDING)


def test_a_model_that_export_did_not_write_is_refused(tmp_path):
    text = '<ir_version: 9, opset_import: ["" : 20]> g (float[2] x) => (float[2] y) { y = Neg (x) }'
    onnx.save(onnx.parser.parse_model(text), tmp_path / "other.onnx")
    with pytest.raises(UserError, match=r"other\.onnx: not a model that `export` wrote"):
        quantize(tmp_path / "other.onnx", tmp_path / "int8.onnx")


def test_a_quantized_file_is_not_quantized_again(full_int8_onnx, tmp_path):
    with pytest.raises(UserError, match="is quantized already"):
        quantize(full_int8_onnx, tmp_path / "int8.onnx")


def test_the_command_does_not_write_over_what_it_reads(tmp_path):
    (tmp_path / "fp32.onnx").write_bytes(b"anything")
    with pytest.raises(UserError, match="is the float32 file itself"):
        quantize_command(tmp_path / "fp32.onnx", tmp_path / "." / "fp32.onnx")


@pytest.mark.parametrize("content", [b"", b"this is no model"])
def test_a_file_that_is_no_model_is_named(tmp_path, content):
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(content)
    with pytest.raises(UserError, match=r"broken\.onnx: not a readable ONNX model"):
        quantize(broken, tmp_path / "int8.onnx")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"missing\.onnx: not a readable ONNX model"):
        quantize(tmp_path / "missing.onnx", tmp_path / "int8.onnx")


def with_external_weight(folder, location: str):
    """A model of a few bytes whose one weight is said to lie in another file."""
    weight = onnx.TensorProto(name="weight", data_type=onnx.TensorProto.FLOAT, dims=[4], data_location=onnx.TensorProto.EXTERNAL)
    weight.external_data.add(key="location", value=location)
    pcm, sums = (onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [4]) for name in ("pcm", "sums"))
    graph = onnx.helper.make_graph([onnx.helper.make_node("Add", ["pcm", "weight"], ["sums"])], "outside", [pcm], [sums], [weight])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 20)], ir_version=10)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    return folder / "model.onnx"


@pytest.mark.parametrize("way", ["../weight.bin", "absolute", "link"])
def test_a_model_that_points_at_files_outside_its_folder_is_neither_quantized_nor_run(tmp_path, way):
    (tmp_path / "weight.bin").write_bytes(np.arange(4, dtype=np.float32).tobytes())
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "weight.bin")
    path = with_external_weight(folder, str(tmp_path / "weight.bin") if way == "absolute" else way)
    with pytest.raises(UserError, match=r"model\.onnx: not a readable ONNX model \(.*(outside|relative|symbolic link)"):
        quantize(path, tmp_path / "int8.onnx")
    with pytest.raises(Exception, match="External data path validation failed"):  # what the session raises has no public class
        open_session(path)


def test_a_file_above_the_size_of_any_protobuf_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "large.onnx").open("wb") as file:
        file.truncate(2**31)  # sparse: takes no room
    with pytest.raises(UserError, match=r"large\.onnx: not a readable ONNX model \(larger than the 2 GiB"):
        quantize(tmp_path / "large.onnx", tmp_path / "int8.onnx")
