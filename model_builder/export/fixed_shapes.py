"""Makes a graph for inputs of one shape: no shape is computed and no branch chosen at run time."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

from model_builder.export.graph import fold_constants, initializers, remove_dead_nodes, replace_nodes
from model_builder.inference.session import open_session


def fix_shapes(model: onnx.ModelProto, inputs: dict[str, np.ndarray]) -> None:
    """Declares the shapes of `inputs` for the model's inputs, and leaves out what follows from them.

    inputs: an example of each input, of its type; of their values nothing is used but the shapes.
    Invariant: the outputs' values, for inputs of these shapes. Branches that depend on values stay.
    """
    is_open = True
    while is_open:
        _replace_shapes(model, inputs)
        fold_constants(model)
        is_open = _inline_decided_branches(model.graph)
    remove_dead_nodes(model.graph)
    # Last: ONNX Runtime 1.26 fails where fixed shapes let it take a branch that holds weights.
    _declare_shapes(model, inputs)


def _replace_shapes(model: onnx.ModelProto, inputs: dict[str, np.ndarray]) -> None:
    """Those outside of branches; a branch that is decided gives up its own later."""
    shapes = [node.output[0] for node in model.graph.node if node.op_type == "Shape"]
    values = _evaluate(model, shapes, inputs)
    replace_nodes(model.graph, [node for node in model.graph.node if node.op_type != "Shape"])
    model.graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in values.items())


def _evaluate(model: onnx.ModelProto, names: list[str], inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    if not names:
        return {}
    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    del shown.graph.output[:]
    shown.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    values = open_session(shown.SerializeToString(), threads=1).run(names, inputs)
    return dict(zip(names, map(np.asarray, values), strict=True))


def _inline_decided_branches(graph: onnx.GraphProto) -> bool:
    """Puts the branch that is taken in the place of each If whose condition is constant. Returns whether there was one."""
    constants = initializers(graph)
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        if node.op_type != "If" or node.input[0] not in constants:
            nodes.append(node)
            continue
        name = "then_branch" if numpy_helper.to_array(constants[node.input[0]]).item() else "else_branch"
        branch = next(attribute.g for attribute in node.attribute if attribute.name == name)
        graph.initializer.extend(branch.initializer)
        nodes += branch.node
        nodes += [
            helper.make_node("Identity", [inner.name], [outer]) for inner, outer in zip(branch.output, node.output, strict=True)
        ]
    is_changed = nodes != list(graph.node)
    replace_nodes(graph, nodes)
    return is_changed


def _declare_shapes(model: onnx.ModelProto, inputs: dict[str, np.ndarray]) -> None:
    outputs = _evaluate(model, [value.name for value in model.graph.output], inputs)
    for value in (*model.graph.input, *model.graph.output):
        shape = (inputs | outputs)[value.name].shape
        value.CopyFrom(helper.make_tensor_value_info(value.name, value.type.tensor_type.elem_type, shape))
