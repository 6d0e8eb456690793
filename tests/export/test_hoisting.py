"""Quantization in front of data movement, on the movement that a strided convolution of three taps makes."""

import numpy as np
import onnx
import pytest

from model_builder.export.hoisting import hoist_quantization
from model_builder.inference.session import open_session

# (1, frames, 2) -> windows of frames 2k, 2k + 1, 2k + 2 side by side: (1, 3, 6), of 7 frames or more.
WINDOWS = """
<ir_version: 9, opset_import: ["" : 20]>
windows (float[1, frames, 2] x) => (uint8[1, 3, 6] bytes, float scale, uint8 zero, float[1, frames, 2] other)
<int64[1] zero_at = {0}, int64[1] two = {2}, int64[1] six = {6}, int64[1] seven = {7}, int64[1] axis = {1}, int64[3] shape = {1, 3, 4}>
{
    features = Tanh (x)
    pairs = Slice (features, zero_at, six, axis)
    side = Reshape (pairs, shape)
    third = Slice (features, two, seven, axis, two)
    window = Concat <axis = 2> (side, third)
    bytes, scale, zero = DynamicQuantizeLinear (window)
    other = Neg (features)
}
"""


@pytest.fixture
def models() -> tuple[onnx.ModelProto, onnx.ModelProto]:
    hoisted = onnx.parser.parse_model(WINDOWS)
    assert hoist_quantization(hoisted) == 1
    onnx.checker.check_model(hoisted)
    return onnx.parser.parse_model(WINDOWS), hoisted


def run(model: onnx.ModelProto, x: np.ndarray) -> list[np.ndarray]:
    return open_session(model.SerializeToString()).run(None, {"x": x})


def test_what_is_moved_is_bytes(models):
    types = [node.op_type for node in models[1].graph.node]
    assert types.index("DynamicQuantizeLinear") < min(types.index("Slice"), types.index("Reshape"), types.index("Concat"))
    assert len(types) == len(models[0].graph.node)


def test_nothing_changes_when_the_movement_drops_no_frame(models):
    x = np.random.default_rng(0).normal(size=(1, 7, 2)).astype(np.float32)
    for before, after in zip(*(run(model, x) for model in models), strict=True):
        np.testing.assert_array_equal(after, before)


def test_a_dropped_frame_can_only_widen_the_range(models):
    x = np.random.default_rng(0).normal(size=(1, 8, 2)).astype(np.float32) / 4
    x[0, 7] = 3.0
    before, scale_before, zero_before, _ = run(models[0], x)
    after, scale, zero, _ = run(models[1], x)
    assert scale > scale_before
    restored_before, restored = (before.astype(float) - zero_before) * scale_before, (after.astype(float) - zero) * scale
    assert np.abs(restored - restored_before).max() <= (scale + scale_before) / 2 + 1e-7


def test_a_quantization_that_already_comes_first_stays():
    text = """<ir_version: 9, opset_import: ["" : 20]> g (float[4] x) => (uint8[4] b, float s, uint8 z)
        { t = Tanh (x) b, s, z = DynamicQuantizeLinear (t) }"""
    model = onnx.parser.parse_model(text)
    assert hoist_quantization(model) == 0
