"""Weights as integers: how far they are off, and that the graph restores exactly them."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from model_builder.export.graph import sort_nodes
from model_builder.export.stored_weight import (
    GROUP_SIZE,
    MULTIPLIERS,
    add_restoring_nodes,
    integer_matrix,
    quantize_columns,
    quantize_groups,
    store_weight,
)
from model_builder.inference.session import open_session


@pytest.fixture
def weight() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(4 * GROUP_SIZE, 6)).astype(np.float32)


def test_8_bits_are_off_by_half_a_step_at_most(weight):
    matrix = quantize_columns(weight)
    assert (np.abs(matrix.values).max(axis=0) == 127).all()
    assert (np.abs(matrix.values * matrix.scales - weight) <= matrix.scales * 0.5001).all()


def test_4_bits_are_at_least_as_near_as_one_scale_for_the_whole_column(weight):
    grouped = quantize_groups(weight)
    assert grouped.values.min() >= -8 and grouped.values.max() <= 7
    assert set(np.unique(grouped.multipliers)) <= set(MULTIPLIERS)
    restored = grouped.matrix()
    assert np.abs(restored.values.astype(int)).max() <= 127
    plain_scale = np.abs(weight).max(axis=0) / 7
    plain = np.rint(weight / plain_scale) * plain_scale
    groups = (-1, GROUP_SIZE, weight.shape[1])
    error, plain_error = (((other - weight) ** 2).reshape(groups).sum(axis=1) for other in (restored.values * restored.scales, plain))
    assert (error <= plain_error * (1 + 1e-5)).all()
    assert error.sum() < 0.8 * plain_error.sum()


def test_a_quiet_group_beside_a_loud_one_keeps_its_shape(weight):
    weight[:GROUP_SIZE] /= 10
    matrix = quantize_groups(weight).matrix()
    quiet = weight[:GROUP_SIZE]
    assert np.linalg.norm((matrix.values * matrix.scales)[:GROUP_SIZE] - quiet) < 0.15 * np.linalg.norm(quiet)


@pytest.mark.parametrize("bits", [4, 8])
def test_a_column_of_zeros_stays_zero(bits):
    matrix = integer_matrix(np.zeros((GROUP_SIZE, 2), np.float32), bits)
    assert not matrix.values.any() and np.isfinite(matrix.scales).all()


@pytest.mark.parametrize(("bits", "rows"), [(4, 4 * GROUP_SIZE), (8, 4 * GROUP_SIZE), (4, 100)])
def test_the_graph_restores_exactly_the_integers_that_were_chosen(bits, rows):
    weight = np.random.default_rng(1).normal(size=(rows, 6)).astype(np.float32)
    stored = store_weight("w", weight, bits)
    graph = helper.make_graph(
        [helper.make_node("Identity", [stored.values], ["out"])],
        "restored",
        [],
        [helper.make_tensor_value_info("out", TensorProto.INT8, [rows, 6])],
        list(stored.tensors),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    add_restoring_nodes(model, stored.restoring)
    sort_nodes(model.graph)
    onnx.checker.check_model(model)
    (restored,) = open_session(model.SerializeToString()).run(None, {})
    np.testing.assert_array_equal(restored, integer_matrix(weight, bits).values)


def test_4_bits_take_little_more_than_half_the_bytes_of_8(weight):
    sizes = {bits: sum(len(tensor.raw_data) for tensor in store_weight("w", weight, bits).tensors) for bits in (4, 8)}
    assert sizes[4] < 0.56 * sizes[8]
