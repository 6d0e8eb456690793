"""Products with a constant matrix on the integer kernels: weights int8, activations uint8 with a scale taken while the model runs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import onnx
from onnx import TensorProto, helper, numpy_helper

from model_builder.export.graph import all_graphs, initializers, producers, remove_dead_nodes, replace_nodes
from model_builder.export.stored_weight import Bits, StoredWeight, add_restoring_nodes, store_weight

SMALLEST_INTEGER_WEIGHT = 65_536  # elements; the classifier below it costs 4 kB in float32 and would lose most by rounding


def constant_products(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    """The MatMul nodes with a constant matrix worth storing as integers, in the order in which the network runs them."""
    known = initializers(model.graph)
    return [
        node
        for graph in all_graphs(model)
        for node in graph.node
        if node.op_type == "MatMul" and node.input[1] in known and math.prod(known[node.input[1]].dims) >= SMALLEST_INTEGER_WEIGHT
    ]


def to_integer_products(model: onnx.ModelProto, bits: Mapping[str, Bits]) -> int:
    """Turns the products whose node `bits` names into integer products, weights stored with so many bits; returns how many.

    Invariant: the products are those of the rounded matrices. Activations are rounded to 256 steps of their range, 0 included, as
    DynamicQuantizeLinear does (ONNX operators, opset 11): anew for each chunk in the front end's loop, for the whole clip behind it.
    """
    known = initializers(model.graph)
    restoring: list[onnx.NodeProto] = []
    chosen = [node.name for node in constant_products(model) if node.name in bits]
    for graph in all_graphs(model):
        nodes = []
        for node in graph.node:
            if node.name not in chosen:
                nodes.append(node)
                continue
            weight = known[node.input[1]]
            stored = store_weight(node.input[1], numpy_helper.to_array(weight), bits[node.name])
            model.graph.initializer.remove(weight)
            model.graph.initializer.extend(stored.tensors)
            activations = QuantizedActivations(f"{node.name}_quantized", f"{node.name}_scale", f"{node.name}_zero_point")
            nodes.append(quantize_activations(node.input[0], activations))
            nodes += integer_product(activations, stored, node.output[0], node.name)
            restoring += stored.restoring
        replace_nodes(graph, nodes)
    add_restoring_nodes(model, restoring)
    return len(chosen)


def move_weights_into_loops(model: onnx.ModelProto) -> None:
    """Gives the body of each loop the weights of its integer products, with the nodes that restore them. Invariant: the outputs' values.

    ONNX Runtime looks for a weight that it is to exchange (`inference.session.config_entries`) in the graph of its product alone.
    """
    made, known = producers(model.graph), initializers(model.graph)
    for body in all_graphs(model)[:-1]:
        pending = [name for node in body.node if node.op_type == "MatMulInteger" for name in (node.input[1], node.input[3])]
        nodes, tensors = [], {}
        while pending:
            name = pending.pop()
            if name in made:
                nodes.append(made[name])
                pending += made[name].input
            else:
                tensors[name] = known[name]
        body.initializer.extend(tensors.values())
        replace_nodes(body, [*reversed(nodes), *list(body.node)])
    remove_dead_nodes(model.graph)


@dataclass(frozen=True)
class QuantizedActivations:
    """Names of tensors: uint8 values, float32 scale and uint8 zero point, both scalars."""

    values: str
    scale: str
    zero_point: str


def quantize_activations(tensor: str, into: QuantizedActivations) -> onnx.NodeProto:
    return helper.make_node("DynamicQuantizeLinear", [tensor], [into.values, into.scale, into.zero_point], into.values)


def integer_product(activations: QuantizedActivations, weight: StoredWeight, output: str, name: str) -> list[onnx.NodeProto]:
    """The nodes of output = (values - zero point) W * scale * scales, in the form that ONNX Runtime fuses into one kernel."""
    return [
        helper.make_node(
            "MatMulInteger",
            [activations.values, weight.values, activations.zero_point, weight.zero_point],
            [f"{name}_sum"],
            f"{name}_integer",
        ),
        helper.make_node("Cast", [f"{name}_sum"], [f"{name}_sum_float"], f"{name}_cast", to=TensorProto.FLOAT),
        helper.make_node("Mul", [activations.scale, weight.scales], [f"{name}_step"], f"{name}_steps"),
        helper.make_node("Mul", [f"{name}_sum_float", f"{name}_step"], [output], name),
    ]
