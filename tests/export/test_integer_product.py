"""Integer products against the same product of the rounded matrices in NumPy."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from model_builder.export.graph import replace_nodes, sort_nodes
from model_builder.export.integer_product import constant_products, move_weights_into_loops, to_integer_products
from model_builder.export.stored_weight import integer_matrix
from model_builder.inference.session import open_session

ROWS, COLUMNS = 256, 256


def product(rows: int = ROWS) -> onnx.ModelProto:
    weight = np.random.default_rng(1).normal(0, 0.1, (rows, COLUMNS)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"], "product")],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, "frames", rows])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, "frames", COLUMNS])],
        [numpy_helper.from_array(weight, "w")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def product_in_a_loop() -> onnx.ModelProto:
    """The same in the body of a loop that runs once."""
    model = product()
    node = model.graph.node[0]
    node.output[0] = "after"
    index = helper.make_tensor_value_info("index", TensorProto.INT64, [])
    wanted, still_wanted = (helper.make_tensor_value_info(name, TensorProto.BOOL, []) for name in ("wanted", "still_wanted"))
    before, after = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, None, COLUMNS]) for name in ("before", "after"))
    still = helper.make_node("Identity", ["wanted"], ["still_wanted"])
    body = helper.make_graph([node, still], "body", [index, wanted, before], [still_wanted, after])
    loop = helper.make_node("Loop", ["times", "", "nothing"], ["y"], "loop", body=body)
    nothing = numpy_helper.from_array(np.zeros((1, 0, COLUMNS), np.float32), "nothing")
    model.graph.initializer.extend([numpy_helper.from_array(np.int64(1), "times"), nothing])
    replace_nodes(model.graph, [loop])
    return model


# On a processor without VNNI, these fail for sessions that do not ask for exact products, and for weights outside of the loop.
@pytest.mark.parametrize("made", [product, product_in_a_loop])
@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("level", [1e-6, 1.0, 1e4])
def test_the_product_is_that_of_the_rounded_matrices(made, bits, level):
    model = made()
    weight = numpy_helper.to_array(model.graph.initializer[0])
    assert to_integer_products(model, {"product": bits}) == 1
    move_weights_into_loops(model)
    sort_nodes(model.graph)
    onnx.checker.check_model(model)
    x = np.random.default_rng(2).normal(0, level, (1, 9, ROWS)).astype(np.float32)
    low, high = min(x.min(), 0), max(x.max(), 0)
    scale = (high - low) / 255
    rounded = (np.clip(np.rint(x / scale) + np.rint(-low / scale), 0, 255) - np.rint(-low / scale)) * scale
    matrix = integer_matrix(weight, bits)
    (actual,) = open_session(model.SerializeToString()).run(None, {"x": x})
    np.testing.assert_allclose(actual, rounded @ (matrix.values * matrix.scales), rtol=0, atol=level * 2e-2)
    assert np.abs(actual - x @ weight).max() > 0


def test_a_signal_of_zeros_gives_zeros():
    model = product()
    to_integer_products(model, {"product": 8})
    (actual,) = open_session(model.SerializeToString()).run(None, {"x": np.zeros((1, 3, ROWS), np.float32)})
    assert not actual.any()


def test_a_small_matrix_is_left_alone():
    assert constant_products(product(rows=8)) == []


def test_products_that_are_not_named_stay_float32():
    model = product()
    before = model.SerializeToString()
    assert to_integer_products(model, {"another": 8}) == 0
    assert model.SerializeToString() == before
