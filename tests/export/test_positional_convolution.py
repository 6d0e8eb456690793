"""The positional convolution as integer products of windows against ONNX Runtime's own convolution of the rounded weight."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from model_builder.export.graph import remove_dead_nodes, sort_nodes
from model_builder.export.positional_convolution import group_matrix, positional_convolutions, to_integer_convolutions
from model_builder.export.stored_weight import integer_matrix
from model_builder.inference.session import open_session

GROUPS, CHANNELS = 4, 64  # of 16 channels each


def convolution(taps: int, strides: int = 1) -> onnx.ModelProto:
    rng = np.random.default_rng(1)
    weight = rng.normal(0, 0.05, (CHANNELS, CHANNELS // GROUPS, taps)).astype(np.float32)
    node = helper.make_node(
        "Conv", ["x", "w", "b"], ["y"], "positional", group=GROUPS, pads=[taps // 2, taps // 2], strides=[strides], dilations=[1]
    )
    graph = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", CHANNELS, "frames"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", CHANNELS, "frames_out"])],
        [numpy_helper.from_array(weight, "w"), numpy_helper.from_array(rng.normal(size=CHANNELS).astype(np.float32), "b")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def run(model: onnx.ModelProto, x: np.ndarray) -> np.ndarray:
    return open_session(model.SerializeToString()).run(None, {"x": x})[0]


@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("taps", [128, 95])
@pytest.mark.parametrize("frames", [1, 12, 749])
def test_it_is_the_convolution_of_the_rounded_weight(bits, taps, frames):
    model, rounded = convolution(taps), convolution(taps)
    weight = numpy_helper.to_array(rounded.graph.initializer[0])
    matrices = [integer_matrix(group_matrix(rows), bits) for rows in np.split(weight, GROUPS)]
    restored = [(m.values * m.scales).reshape(taps, CHANNELS // GROUPS, -1).transpose(2, 1, 0) for m in matrices]
    rounded.graph.initializer[0].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(np.concatenate(restored)), "w"))
    assert to_integer_convolutions(model, {"positional": bits}) == 1
    sort_nodes(model.graph)
    remove_dead_nodes(model.graph)
    onnx.checker.check_model(model)
    x = np.random.default_rng(2).normal(size=(2, CHANNELS, frames)).astype(np.float32)
    expected = run(rounded, x)
    actual = run(model, x)
    assert actual.shape == expected.shape
    # Each activation is off by half a step of their range at most, at random: five standard deviations of that sum over a window.
    step = (x.max() - x.min()) / 255
    deviation = step / 12**0.5 * np.linalg.norm(weight.reshape(CHANNELS, -1), axis=1).max()
    assert np.abs(actual - expected).max() < 5 * deviation


def test_silence_gives_exactly_the_bias():
    model = convolution(128)
    bias = numpy_helper.to_array(model.graph.initializer[1])
    to_integer_convolutions(model, {"positional": 4})
    sort_nodes(model.graph)
    actual = run(model, np.zeros((1, CHANNELS, 20), np.float32))
    np.testing.assert_array_equal(actual, np.broadcast_to(bias[:, None], actual.shape[1:])[None])


def test_a_convolution_with_a_stride_is_left_alone():
    assert positional_convolutions(convolution(128, strides=2)) == []
