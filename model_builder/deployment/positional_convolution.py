"""Stores the weight of the positional convolution, a fifth of all parameters, with 4 bits; it is restored to float32 at load.

It stands 4 bits best of all layers: 128 taps average its error away, and its output is added to a much larger signal.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from model_builder.deployment.graph import initializers, require_opset

OPSET_WITH_INT4, IR_WITH_INT4 = 21, 10
POSITIONAL_TAPS = 128
GROUP_SIZE = 64
LARGEST, SMALLEST = 7, -8
CLIPPING = np.linspace(0.7, 1.05, 15)


@dataclass(frozen=True)
class GroupedInt4:
    """Integers in -8..7 and one positive scale a group: weight = values * scales.

    values: int8, shape (rows, groups, GROUP_SIZE); scales: float32, shape (rows, groups, 1).
    """

    values: np.ndarray
    scales: np.ndarray


def quantize_groups(weight: np.ndarray) -> GroupedInt4:
    """Symmetric 4-bit quantization of groups of consecutive weights, each with the clipping that has the least squared error.

    weight: float32, shape (rows, ...), a multiple of GROUP_SIZE elements a row.
    Invariant: no element is off by more than half a step, except where clipping it makes the whole group better.
    """
    groups = weight.reshape(weight.shape[0], -1, GROUP_SIZE).astype(np.float64)  # (rows, groups, GROUP_SIZE)
    peak = np.abs(groups).max(axis=-1, keepdims=True) + 1e-12
    best_error = np.full(peak.shape, np.inf)
    best_values, best_scales = np.zeros_like(groups), np.zeros_like(peak)
    for clipping in CLIPPING:
        scales = (peak * clipping / LARGEST).astype(np.float32).astype(np.float64)
        values = np.clip(np.rint(groups / scales), SMALLEST, LARGEST)
        error = ((values * scales - groups) ** 2).sum(axis=-1, keepdims=True)
        is_better = error < best_error
        best_error = np.where(is_better, error, best_error)
        best_values, best_scales = np.where(is_better, values, best_values), np.where(is_better, scales, best_scales)
    return GroupedInt4(best_values.astype(np.int8), best_scales.astype(np.float32))


def compress_positional_convolution(model: onnx.ModelProto) -> int:
    """Replaces the weight of each 128-tap convolution by 4-bit groups that constant nodes restore; returns how many.

    Invariant: the convolution is unchanged but for its weight, which is exactly `values * scales` of `quantize_groups`.
    ONNX Runtime evaluates the restoring nodes once, when it loads the model.
    """
    graph = model.graph
    known = initializers(graph)
    compressed = 0
    for convolution in [node for node in graph.node if node.op_type == "Conv"]:
        name = convolution.input[1]
        if name not in known or known[name].dims[-1] != POSITIONAL_TAPS:
            continue
        weight = numpy_helper.to_array(known[name])  # (out channels, in channels of a group, taps)
        quantized = quantize_groups(weight)
        graph.initializer.remove(known[name])
        graph.initializer.extend(
            [
                _int4_tensor(quantized.values, f"{name}_int4"),
                numpy_helper.from_array(quantized.scales, f"{name}_scales"),
                numpy_helper.from_array(np.array(weight.shape, np.int64), f"{name}_shape"),
            ]
        )
        restoring = [
            helper.make_node("Cast", [f"{name}_int4"], [f"{name}_float"], f"{name}_cast", to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}_float", f"{name}_scales"], [f"{name}_scaled"], f"{name}_mul"),
            helper.make_node("Reshape", [f"{name}_scaled", f"{name}_shape"], [name], f"{name}_reshape"),
        ]
        for position, node in enumerate(restoring):
            graph.node.insert(position, node)
        compressed += 1
    if compressed:
        require_opset(model, OPSET_WITH_INT4, IR_WITH_INT4)
    return compressed


def _int4_tensor(values: np.ndarray, name: str) -> onnx.TensorProto:
    """Two values a byte, the first in the low half, as ONNX packs INT4."""
    nibbles = values.reshape(-1).astype(np.uint8) & 0xF
    packed = (nibbles[0::2] | (nibbles[1::2] << 4)).astype(np.uint8)
    return TensorProto(name=name, data_type=TensorProto.INT4, dims=values.shape, raw_data=packed.tobytes())
