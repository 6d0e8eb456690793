"""A constant matrix as an integer product reads it: int8 with one scale a column, stored with 8 bits or with 4.

What is stored with 4 bits is restored to int8 by constant nodes, which ONNX Runtime evaluates once, when it loads the model: it costs
no time later, and no more memory than 8 bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from model_builder.export.graph import replace_nodes, require_opset

OPSET_WITH_INT4, IR_WITH_INT4 = 21, 10
GROUP_SIZE = 64
LARGEST_INT8 = 127
LARGEST_INT4, SMALLEST_INT4 = 7, -8
MULTIPLIERS = range(1, 16)  # times -8 they stay within int8

Bits = Literal[4, 8]


@dataclass(frozen=True)
class IntegerMatrix:
    """weight = values * scales. values: int8, shape (rows, columns); scales: float32, shape (columns,)."""

    values: np.ndarray
    scales: np.ndarray


@dataclass(frozen=True)
class GroupedInt4:
    """64 consecutive rows of a column share a multiplier: weight = values * multipliers * scales.

    values: int8 in -8..7, shape (columns, groups, 64); multipliers: int8 in 1..15, shape (columns, groups, 1);
    scales: float32, shape (columns,).
    """

    values: np.ndarray
    multipliers: np.ndarray
    scales: np.ndarray

    def matrix(self) -> IntegerMatrix:
        columns = self.values.shape[0]
        return IntegerMatrix((self.values * self.multipliers).reshape(columns, -1).T, self.scales)


def quantize_columns(weight: np.ndarray) -> IntegerMatrix:
    """Symmetric 8 bits, the largest of each column on 127. weight: float32, shape (rows, columns). Off by half a step at most."""
    peaks = np.abs(weight).max(axis=0)
    scales = np.where(peaks > 0, peaks / LARGEST_INT8, 1).astype(np.float32)
    return IntegerMatrix(np.clip(np.rint(weight / scales), -LARGEST_INT8, LARGEST_INT8).astype(np.int8), scales)


def quantize_groups(weight: np.ndarray) -> GroupedInt4:
    """4 bits, each group with the multiplier of the column's scale that has the least squared error.

    weight: float32, shape (rows, columns), rows a multiple of 64. Scales that are whole multiples of the column's keep the product an
    integer one. Source: the nesting of scales follows QLoRA's double quantization (Dettmers et al. 2023, arXiv 2305.14314, section 3).
    """
    groups = weight.T.reshape(weight.shape[1], -1, GROUP_SIZE).astype(np.float32)  # (columns, groups, 64)
    peaks = np.abs(groups).max(axis=(1, 2))
    scales = np.where(peaks > 0, peaks / (LARGEST_INT4 * MULTIPLIERS[-1]), 1).astype(np.float32)
    in_steps = groups / scales[:, None, None]
    least = np.full((*groups.shape[:2], 1), np.inf, np.float32)
    values, multipliers = np.zeros(groups.shape, np.int8), np.ones(least.shape, np.int8)
    for multiplier in MULTIPLIERS:
        rounded = np.clip(np.rint(in_steps / multiplier), SMALLEST_INT4, LARGEST_INT4)
        error = ((rounded * multiplier - in_steps) ** 2).sum(axis=-1, keepdims=True)
        is_better = error < least
        least = np.where(is_better, error, least)
        values, multipliers = np.where(is_better, rounded.astype(np.int8), values), np.where(is_better, np.int8(multiplier), multipliers)
    return GroupedInt4(values, multipliers, scales)


def integer_matrix(weight: np.ndarray, bits: Bits) -> IntegerMatrix:
    """What the kernels multiply with when `weight`, float32 (rows, columns), is stored with so many bits."""
    return quantize_groups(weight).matrix() if bits == 4 and fits_groups(weight) else quantize_columns(weight)


def fits_groups(weight: np.ndarray) -> bool:
    """Rows that no 64 divides are stored with 8 bits."""
    return bool(weight.shape[0] % GROUP_SIZE == 0)


@dataclass(frozen=True)
class StoredWeight:
    """What a graph needs to read one matrix: the names of its int8 values, zero point and scales, the tensors of the file, and
    restoring nodes.

    zero_point: 0, of its own for each matrix: the kernels do without it, but ONNX Runtime cannot exchange a product's weight for uint8
    where it is left out or shared (`inference.session.config_entries`).
    """

    values: str
    zero_point: str
    scales: str
    tensors: tuple[onnx.TensorProto, ...]
    restoring: tuple[onnx.NodeProto, ...] = ()

    @property
    def size_bytes(self) -> int:
        return sum(len(tensor.raw_data) for tensor in self.tensors)


def store_weight(name: str, weight: np.ndarray, bits: Bits) -> StoredWeight:
    """weight: float32, shape (rows, columns)."""
    values, zero_point, scales = f"{name}_int8", f"{name}_zero_point", f"{name}_scales"
    zero = numpy_helper.from_array(np.array(0, np.int8), zero_point)
    if bits == 8 or not fits_groups(weight):
        matrix = quantize_columns(weight)
        plain = numpy_helper.from_array(matrix.values, values), zero, numpy_helper.from_array(matrix.scales, scales)
        return StoredWeight(values, zero_point, scales, plain)
    grouped = quantize_groups(weight)
    tensors = (
        _int4_tensor(grouped.values, f"{name}_int4"),
        zero,
        numpy_helper.from_array(grouped.multipliers, f"{name}_multipliers"),
        numpy_helper.from_array(grouped.scales, scales),
        numpy_helper.from_array(np.array(weight.shape[::-1], np.int64), f"{name}_shape"),
    )
    restoring = (
        helper.make_node("Cast", [f"{name}_int4"], [f"{name}_wide"], f"{name}_widen", to=TensorProto.FLOAT),
        helper.make_node("Cast", [f"{name}_multipliers"], [f"{name}_in_steps"], f"{name}_in_steps", to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}_wide", f"{name}_in_steps"], [f"{name}_multiplied"], f"{name}_multiply"),
        helper.make_node("Cast", [f"{name}_multiplied"], [f"{name}_narrow"], f"{name}_narrow", to=TensorProto.INT8),
        helper.make_node("Reshape", [f"{name}_narrow", f"{name}_shape"], [f"{name}_columns"], f"{name}_reshape"),
        helper.make_node("Transpose", [f"{name}_columns"], [values], f"{name}_transpose", perm=[1, 0]),
    )
    return StoredWeight(values, zero_point, scales, tensors, restoring)


def add_restoring_nodes(model: onnx.ModelProto, nodes: Sequence[onnx.NodeProto]) -> None:
    """Adds the restoring nodes of stored weights to the main graph, from where loops read as well."""
    if nodes:
        require_opset(model, OPSET_WITH_INT4, IR_WITH_INT4)
        replace_nodes(model.graph, [*nodes, *list(model.graph.node)])


def _int4_tensor(values: np.ndarray, name: str) -> onnx.TensorProto:
    """Two values a byte, the first in the low half, as ONNX packs INT4."""
    nibbles = values.reshape(-1).astype(np.uint8) & 0xF
    packed = (nibbles[0::2] | (nibbles[1::2] << 4)).astype(np.uint8)
    return TensorProto(name=name, data_type=TensorProto.INT4, dims=values.shape, raw_data=packed.tobytes())
