"""Layers that every CPU rounds alike: the same function as before, in sums whose order no longer shows."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from model_builder.export.portable_rounding import make_rounding_portable
from model_builder.export.quantize import quantize
from model_builder.inference.session import open_session
from tests.networks import ONE_SHORT_CLIP

CHANNELS = 768
NORM = """
<ir_version: 10, opset_import: ["" : 21]>
norm (float[1, frames, 768] x, float[768] gain, float[768] bias) => (float[1, frames, 768] y)
{ y = LayerNormalization <axis = -1, epsilon = 0.00001> (x, gain, bias) }
"""
ATTENTION = """
<ir_version: 10, opset_import: ["" : 21]>
attention (float[1, 2, queries, keys] scores, float[1, 2, keys, 64] values) => (float[1, 2, queries, 64] y)
{
    weights = Softmax <axis = -1> (scores)
    y = MatMul (weights, values)
}
"""
# As an exporter leaves it that finds equal tensors.
SHARED_BIAS = """
<ir_version: 10, opset_import: ["" : 21]>
shared (float[1, frames, 4] x) => (float[1, frames, 4] y)
<float[4] gain = {1, 2, 3, 4}, float[4] bias = {0.5, -1, 2, 0}>
{
    sum = Add (bias, x)
    y = LayerNormalization <axis = -1> (sum, gain, bias)
}
"""


def portable(text: str) -> onnx.ModelProto:
    model = onnx.parser.parse_model(text)
    make_rounding_portable(model)
    onnx.checker.check_model(model)
    return model


def run(model: onnx.ModelProto, **inputs: np.ndarray) -> np.ndarray:
    return open_session(model.SerializeToString()).run(None, inputs)[0]


def test_a_layer_norm_is_rounded_once_whatever_the_order_of_its_channels():
    rng = np.random.default_rng(0)
    x, gain, bias = (rng.normal(size=shape).astype(np.float32) for shape in ((1, 200, CHANNELS), CHANNELS, CHANNELS))
    x[..., 5] += 50  # channels of transformers have such outliers
    order, model = rng.permutation(CHANNELS), portable(NORM)
    y = run(model, x=x, gain=gain, bias=bias)
    np.testing.assert_array_equal(run(model, x=x[..., order], gain=gain[order], bias=bias[order]), y[..., order])
    wide = x.astype(np.float64)
    exact = (wide - wide.mean(-1, keepdims=True)) / np.sqrt(wide.var(-1, keepdims=True) + 1e-5) * gain + bias
    np.testing.assert_allclose(y, exact, rtol=2e-7, atol=1e-9)


@pytest.mark.parametrize("offset", [0, 300, -300])
def test_attention_is_the_softmax_at_any_level_of_the_scores(offset):
    rng = np.random.default_rng(1)
    scores, values = (rng.normal(0, 5, shape).astype(np.float32) for shape in ((1, 2, 7, 300), (1, 2, 300, 64)))
    scores += offset
    wide = np.exp(scores.astype(np.float64) - scores.max(-1, keepdims=True))
    exact = wide / wide.sum(-1, keepdims=True) @ values
    model = portable(ATTENTION)
    assert "Softmax" not in {node.op_type for node in model.graph.node}
    np.testing.assert_allclose(run(model, scores=scores, values=values), exact, rtol=2e-6, atol=2e-6)


def test_a_bias_that_a_norm_reads_as_well_stays_a_vector_there():
    x = np.random.default_rng(2).normal(size=(1, 3, 4)).astype(np.float32)
    before = run(onnx.parser.parse_model(SHARED_BIAS), x=x)
    np.testing.assert_allclose(run(portable(SHARED_BIAS), x=x), before, rtol=0, atol=1e-6)


def test_onnx_runtime_finds_nothing_to_fuse_that_rounds_differently_on_arm(small_onnx, tmp_path):
    quantize(small_onnx, tmp_path / "int8.onnx", calibration=ONE_SHORT_CLIP)
    nodes = optimized(tmp_path / "int8.onnx", tmp_path / "optimized.onnx").graph.node
    products = [node for node in nodes if node.op_type in ("DynamicQuantizeMatMul", "MatMulIntegerToFloat")]
    bias = {"DynamicQuantizeMatMul": 4, "MatMulIntegerToFloat": 6}  # the inputs of both kernels that are added
    biases = [node.name for node in products if "".join(node.input[bias[node.op_type] :])]
    assert products and not biases
    assert not {node.op_type for node in nodes} & {"SkipLayerNormalization", "BiasGelu", "BiasSoftmax", "Attention", "MultiHeadAttention"}
    assert [node.output[0] for node in nodes if node.op_type == "Softmax"] == ["probabilities"]


def optimized(model: Path, path: Path) -> onnx.ModelProto:
    """What ONNX Runtime runs of a model file on this machine."""
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(path)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return onnx.load(str(path))
