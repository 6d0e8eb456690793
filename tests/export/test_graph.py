"""The passes' common ground, on graphs of a few nodes."""

import numpy as np
import onnx
import pytest

from model_builder.export.graph import fold_constants, remove_dead_nodes, sort_nodes
from model_builder.inference.session import open_session

TRANSPOSED_WEIGHT = """
<ir_version: 9, opset_import: ["" : 20]>
sample (float[1, 3] x) => (float[1, 2] y) <float[2, 3] w = {1, 2, 3, 4, 5, 6}, float unused = {1}>
{
    t = Transpose <perm = [1, 0]> (w)
    doubled = Add (t, t)
    y = MatMul (x, doubled)
    nobody = Neg (x)
}
"""


def run(model: onnx.ModelProto, **feeds: np.ndarray) -> list[np.ndarray]:
    return open_session(model.SerializeToString()).run(None, feeds)


def test_folding_leaves_only_the_nodes_that_depend_on_an_input():
    model = onnx.parser.parse_model(TRANSPOSED_WEIGHT)
    x = np.array([[1.0, -1.0, 0.5]], np.float32)
    expected = run(model, x=x)
    fold_constants(model)
    assert [node.op_type for node in model.graph.node] == ["MatMul"]
    np.testing.assert_array_equal(run(model, x=x), expected)


def test_a_model_without_constants_is_folded_to_itself():
    model = onnx.parser.parse_model('<ir_version: 9, opset_import: ["" : 20]> g (float[2] x) => (float[2] y) { y = Neg (x) }')
    before = model.SerializeToString()
    fold_constants(model)
    assert model.SerializeToString() == before


def test_dead_nodes_and_initializers_disappear_and_the_outputs_stay():
    model = onnx.parser.parse_model(TRANSPOSED_WEIGHT)
    remove_dead_nodes(model.graph)
    assert [node.op_type for node in model.graph.node] == ["Transpose", "Add", "MatMul"]
    assert [tensor.name for tensor in model.graph.initializer] == ["w"]


def test_sorting_puts_every_node_after_those_it_reads():
    model = onnx.parser.parse_model(TRANSPOSED_WEIGHT)
    shuffled = list(model.graph.node)[::-1]
    del model.graph.node[:]
    model.graph.node.extend(shuffled)
    sort_nodes(model.graph)
    onnx.checker.check_model(model)


def test_a_cycle_is_named():
    model = onnx.parser.parse_model(TRANSPOSED_WEIGHT)
    model.graph.node[0].input[0] = "doubled"
    with pytest.raises(ValueError, match="reads a tensor that no node before it makes"):
        sort_nodes(model.graph)
