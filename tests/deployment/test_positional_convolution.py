"""4-bit weights: how far they are off, and that the graph restores exactly them."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from model_builder.deployment.positional_convolution import (
    GROUP_SIZE,
    POSITIONAL_TAPS,
    compress_positional_convolution,
    quantize_groups,
)
from model_builder.deployment.session import open_session


def convolution(taps: int) -> onnx.ModelProto:
    weight = np.random.default_rng(1).normal(0, 0.05, (8, 2, taps)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "w"], ["y"], group=4, pads=[taps // 2, taps // 2])],
        "positional",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 8, "frames"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 8, "frames_out"])],
        [numpy_helper.from_array(weight, "w")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def test_each_weight_is_within_half_a_step_or_its_group_is_better_off():
    weight = np.random.default_rng(0).normal(size=(6, 4, POSITIONAL_TAPS)).astype(np.float32)
    quantized = quantize_groups(weight)
    groups = weight.reshape(6, -1, GROUP_SIZE)
    error = quantized.values * quantized.scales - groups
    plain_scale = np.abs(groups).max(axis=-1, keepdims=True) / 7
    plain_error = np.rint(groups / plain_scale) * plain_scale - groups
    assert quantized.values.min() >= -8 and quantized.values.max() <= 7
    assert ((error**2).sum(-1) <= (plain_error**2).sum(-1) * (1 + 1e-6)).all()
    is_clipped = (quantized.values == 7) | (quantized.values == -8)
    assert (np.abs(error) <= quantized.scales * 0.5001)[~is_clipped].all()


def test_weights_of_zero_stay_zero():
    quantized = quantize_groups(np.zeros((2, 1, GROUP_SIZE), np.float32))
    assert not (quantized.values * quantized.scales).any()


def test_the_graph_convolves_with_exactly_the_quantized_weight_in_an_eighth_of_the_bytes():
    model = convolution(POSITIONAL_TAPS)
    weight = numpy_helper.to_array(model.graph.initializer[0])
    expected_model = convolution(POSITIONAL_TAPS)
    quantized = quantize_groups(weight)
    restored = (quantized.values * quantized.scales).astype(np.float32).reshape(weight.shape)
    expected_model.graph.initializer[0].CopyFrom(numpy_helper.from_array(restored, "w"))
    assert compress_positional_convolution(model) == 1
    onnx.checker.check_model(model)
    x = np.random.default_rng(2).normal(size=(1, 8, 40)).astype(np.float32)
    actual, expected = (open_session(m.SerializeToString()).run(None, {"x": x})[0] for m in (model, expected_model))
    np.testing.assert_allclose(actual, expected, atol=1e-6)
    assert len(next(t for t in model.graph.initializer if t.data_type == TensorProto.INT4).raw_data) * 8 == weight.nbytes


def test_other_convolutions_are_left_alone():
    model = convolution(64)
    before = model.SerializeToString()
    assert compress_positional_convolution(model) == 0
    assert model.SerializeToString() == before
