"""Layers in a form that gives the same bits on every CPU, so that what is quantized behind them falls on the same steps everywhere.

ONNX Runtime's products, GELU, exponential and quantization round alike on x86 and ARM. Three kernels do not: LayerNormalization and
Softmax sum in an order that depends on the vector width, and an integer product that adds the bias itself rounds once on ARM and twice
on x86. Such a last bit now and then moves an activation over the edge of a step, and every layer behind it spreads that.
"""

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from model_builder.export.graph import all_graphs, initializers, replace_nodes

LAST_AXIS, FIRST, LAST, END, ONE_COLUMN, ONE = (
    f"portable_{name}" for name in ("last_axis", "first", "last", "end", "one_column", "one")
)


def make_rounding_portable(model: onnx.ModelProto) -> None:
    """Rewrites the layer norms, the softmax of attention, and the addition of a bias, in the main graph and in loops.

    Invariant: the same function, up to rounding in float32.
    """
    known = initializers(model.graph)
    for graph in all_graphs(model):
        _rewrite(graph, known, model.graph)
    model.graph.initializer.extend(_constants())


def _rewrite(graph: onnx.GraphProto, known: Mapping[str, onnx.TensorProto], main: onnx.GraphProto) -> None:
    """known: the constants of `main`, to which new ones are added; loops read them there."""
    weighting = {node.input[0]: node for node in graph.node if node.op_type == "MatMul"}
    rewritten: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        if node.op_type == "LayerNormalization":
            rewritten[node.output[0]] = _norm_in_float64(node)
        elif node.op_type == "Softmax" and node.output[0] in weighting:
            product = weighting[node.output[0]]
            rewritten[node.output[0]] = _exponentials(node)
            rewritten[product.output[0]] = _weighted_mean(product)
        elif node.op_type == "Add":
            vectors = [name for name in node.input if name in known and known[name].data_type == TensorProto.FLOAT and known[name].dims]
            if vectors:
                rewritten[node.output[0]] = [_subtraction(node, known[vectors[0]], main)]
    replace_nodes(graph, [new for node in graph.node for new in rewritten.get(node.output[0], [node])])


def _norm_in_float64(norm: onnx.NodeProto) -> list[onnx.NodeProto]:
    """Orders of summation differ by 1e-15 there, which rounding to float32 hides."""
    wide = [f"{norm.name}_{part}" for part in ("input", "gain", "bias")]
    inside = onnx.NodeProto()
    inside.CopyFrom(norm)
    inside.input[:], inside.output[:] = wide, [f"{norm.name}_float64"]
    return [
        *(helper.make_node("Cast", [tensor], [name], name, to=TensorProto.DOUBLE) for tensor, name in zip(norm.input, wide, strict=True)),
        inside,
        helper.make_node("Cast", inside.output, norm.output, f"{norm.name}_float32", to=TensorProto.FLOAT),
    ]


def _exponentials(softmax: onnx.NodeProto) -> list[onnx.NodeProto]:
    """(batch, heads, frames, frames): the softmax less its division."""
    name = softmax.name
    return [
        helper.make_node("ReduceMax", [softmax.input[0], LAST_AXIS], [f"{name}_largest"], f"{name}_largest"),
        helper.make_node("Sub", [softmax.input[0], f"{name}_largest"], [f"{name}_below"], f"{name}_below"),
        helper.make_node("Exp", [f"{name}_below"], softmax.output, name),
    ]


def _weighted_mean(product: onnx.NodeProto) -> list[onnx.NodeProto]:
    """Divides by the sum behind the product. The sum is one more column of it: products add row by row in every kernel."""
    name, (weights, values) = product.name, product.input  # (batch, heads, frames, frames), (batch, heads, frames, width)
    return [
        helper.make_node("Pad", [values, ONE_COLUMN, ONE], [f"{name}_and_one"], f"{name}_and_one"),
        helper.make_node("MatMul", [weights, f"{name}_and_one"], [f"{name}_and_sum"], f"{name}_and_sum"),
        helper.make_node("Slice", [f"{name}_and_sum", FIRST, LAST, LAST_AXIS], [f"{name}_weighted"], f"{name}_weighted"),
        helper.make_node("Slice", [f"{name}_and_sum", LAST, END, LAST_AXIS], [f"{name}_sum"], f"{name}_sum"),
        helper.make_node("Div", [f"{name}_weighted", f"{name}_sum"], product.output, name),
    ]


def _subtraction(add: onnx.NodeProto, bias: onnx.TensorProto, main: onnx.GraphProto) -> onnx.NodeProto:
    """x - (-bias) is x + bias to the bit, and nothing that ONNX Runtime fuses into the product before it."""
    negated = f"{add.name}_negated"
    main.initializer.append(numpy_helper.from_array(-numpy_helper.to_array(bias), negated))
    (x,) = (name for name in add.input if name != bias.name)
    return helper.make_node("Sub", [x, negated], add.output, add.name)


def _constants() -> list[onnx.TensorProto]:
    integers = {LAST_AXIS: [-1], FIRST: [0], LAST: [-1], END: [np.iinfo(np.int64).max], ONE_COLUMN: [0] * 7 + [1]}
    tensors = [numpy_helper.from_array(np.array(value, np.int64), name) for name, value in integers.items()]
    return [*tensors, numpy_helper.from_array(np.array(1, np.float32), ONE)]
