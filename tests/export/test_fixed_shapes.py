"""What follows from fixed shapes is left out of a graph, and nothing else."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from model_builder.export.fixed_shapes import fix_shapes
from model_builder.inference.session import open_session


def branch(name: str, operator: str) -> onnx.GraphProto:
    output = helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
    return helper.make_graph([helper.make_node(operator, ["x"], [name])], name, [], [output])


def graph_that_branches(condition: list[onnx.NodeProto]) -> onnx.ModelProto:
    """-x where `condition`, a tensor of that name, holds, otherwise |x|; x may have any shape of two dimensions."""
    chosen = helper.make_node("If", ["condition"], ["y"], then_branch=branch("negative", "Neg"), else_branch=branch("absolute", "Abs"))
    graph = helper.make_graph(
        [*condition, chosen],
        "branches",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", "columns"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", "columns"])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


def rows_are_one() -> list[onnx.NodeProto]:
    return [
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Constant", [], ["first"], value_int=0),
        helper.make_node("Gather", ["shape", "first"], ["rows"]),
        helper.make_node("Constant", [], ["one"], value_int=1),
        helper.make_node("Equal", ["rows", "one"], ["condition"]),
    ]


@pytest.mark.parametrize("rows", [1, 2])
def test_a_branch_that_the_shape_decides_is_taken_at_once(rows):
    model = graph_that_branches(rows_are_one())
    x = np.array([[1.5, -2.0]] * rows, np.float32)
    [before] = open_session(model.SerializeToString()).run(["y"], {"x": x})
    fix_shapes(model, {"x": np.zeros_like(x)})
    assert [node.op_type for node in model.graph.node if node.op_type != "Identity"] == ["Neg" if rows == 1 else "Abs"]
    session = open_session(model.SerializeToString())
    np.testing.assert_array_equal(session.run(["y"], {"x": x})[0], before)
    assert [value.shape for value in (*session.get_inputs(), *session.get_outputs())] == [[rows, 2], [rows, 2]]


def test_a_branch_that_a_value_decides_stays():
    model = graph_that_branches([
        helper.make_node("ReduceMax", ["x"], ["largest"], keepdims=0),
        helper.make_node("Constant", [], ["zero"], value_float=0.0),
        helper.make_node("Greater", ["largest", "zero"], ["condition"]),
    ])
    fix_shapes(model, {"x": np.zeros((1, 2), np.float32)})
    session = open_session(model.SerializeToString())
    for x in (np.array([[1.5, -2.0]], np.float32), np.array([[-1.5, -2.0]], np.float32)):
        np.testing.assert_array_equal(session.run(["y"], {"x": x})[0], -x)
