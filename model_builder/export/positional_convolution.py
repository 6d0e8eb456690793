"""The positional convolution, a fifth of all parameters, as integer products of windows: a third of the time, a quarter of the memory."""

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import helper, numpy_helper

from model_builder.export.graph import initializers, replace_nodes, sort_nodes
from model_builder.export.integer_product import SMALLEST_INTEGER_WEIGHT, QuantizedActivations, integer_product, quantize_activations
from model_builder.export.stored_weight import Bits, add_restoring_nodes, store_weight


def positional_convolutions(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    """The grouped convolutions over time, stride 1, with a constant weight worth storing as integers."""
    known = initializers(model.graph)
    found = []
    for node in model.graph.node:
        weight = known.get(node.input[1]) if node.op_type == "Conv" else None
        if weight is None or len(weight.dims) != 3 or np.prod(weight.dims) < SMALLEST_INTEGER_WEIGHT:
            continue
        settings = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        if settings.get("strides", [1]) == [1] and settings.get("dilations", [1]) == [1]:
            found.append(node)
    return found


def to_integer_convolutions(model: onnx.ModelProto, bits: Mapping[str, Bits]) -> int:
    """Turns the convolutions whose node `bits` names into one integer product a group, over windows of frames; returns how many.

    Invariant: the convolution of the rounded weight with activations rounded once for all windows; zero padding is exact, since 0 is
    always a step. The windows of one group at a time are gathered, so that they stay in the cache.
    """
    known = initializers(model.graph)
    chosen = [node for node in positional_convolutions(model) if node.name in bits]
    for convolution in chosen:
        weight = numpy_helper.to_array(known[convolution.input[1]])  # (out channels, channels of a group, taps)
        model.graph.initializer.remove(known[convolution.input[1]])
        nodes = _windows(convolution, weight.shape[2], model.graph) + _products(convolution, weight, bits[convolution.name], model)
        replace_nodes(model.graph, [*(node for node in model.graph.node if node != convolution), *nodes])
        sort_nodes(model.graph)
    return len(chosen)


def _windows(convolution: onnx.NodeProto, taps: int, graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """Padded and quantized frames, (batch, frames, channels), and the index of each window's frames, (windows, taps)."""
    settings = {attribute.name: helper.get_attribute_value(attribute) for attribute in convolution.attribute}
    before, after = settings.get("pads", [0, 0])
    name = convolution.name
    integers = {"pads": [0, before, 0, 0, after, 0], "first": 0, "one": 1, "reach": taps - 1, "last_axis": [1], "scalar": []}
    graph.initializer.extend(numpy_helper.from_array(np.array(value, np.int64), f"{name}_{key}") for key, value in integers.items())
    graph.initializer.append(numpy_helper.from_array(np.arange(taps, dtype=np.int64), f"{name}_taps"))
    return [
        helper.make_node("Transpose", [convolution.input[0]], [f"{name}_frames"], f"{name}_frames", perm=[0, 2, 1]),
        helper.make_node("Pad", [f"{name}_frames", f"{name}_pads"], [f"{name}_padded"], f"{name}_pad"),
        quantize_activations(f"{name}_padded", _activations(name, f"{name}_quantized")),
        helper.make_node("Shape", [f"{name}_padded"], [f"{name}_length"], f"{name}_length", start=1, end=2),
        helper.make_node("Reshape", [f"{name}_length", f"{name}_scalar"], [f"{name}_count"], f"{name}_count"),
        helper.make_node("Sub", [f"{name}_count", f"{name}_reach"], [f"{name}_windows"], f"{name}_windows"),
        helper.make_node("Range", [f"{name}_first", f"{name}_windows", f"{name}_one"], [f"{name}_starts"], f"{name}_starts"),
        helper.make_node("Unsqueeze", [f"{name}_starts", f"{name}_last_axis"], [f"{name}_column"], f"{name}_column"),
        helper.make_node("Add", [f"{name}_column", f"{name}_taps"], [f"{name}_index"], f"{name}_index"),
    ]


def _activations(name: str, values: str) -> QuantizedActivations:
    return QuantizedActivations(values, f"{name}_scale", f"{name}_zero_point")


def _products(convolution: onnx.NodeProto, weight: np.ndarray, bits: Bits, model: onnx.ModelProto) -> list[onnx.NodeProto]:
    name = convolution.name
    channels, taps = weight.shape[1:]
    groups = next(attribute.i for attribute in convolution.attribute if attribute.name == "group")
    model.graph.initializer.append(numpy_helper.from_array(np.array([0, -1, taps * channels], np.int64), f"{name}_window"))
    parts = [f"{name}_{group}" for group in range(groups)]
    restoring: list[onnx.NodeProto] = []
    nodes = [helper.make_node("Split", [f"{name}_quantized"], [f"{part}_frames" for part in parts], name, axis=2, num_outputs=groups)]
    for part, rows in zip(parts, np.split(weight, groups), strict=True):
        matrix = group_matrix(rows)
        stored = store_weight(part, matrix, bits)
        model.graph.initializer.extend(stored.tensors)
        restoring += stored.restoring
        nodes += [
            helper.make_node("Gather", [f"{part}_frames", f"{name}_index"], [f"{part}_gathered"], f"{part}_gather", axis=1),
            helper.make_node("Reshape", [f"{part}_gathered", f"{name}_window"], [f"{part}_windows"], f"{part}_windows"),
            *integer_product(_activations(name, f"{part}_windows"), stored, f"{part}_product", part),
        ]
    add_restoring_nodes(model, restoring)
    products = f"{name}_products"
    nodes.append(helper.make_node("Concat", [f"{part}_product" for part in parts], [products], products, axis=2))
    if len(convolution.input) > 2:
        nodes.append(helper.make_node("Add", [products, convolution.input[2]], [f"{name}_biased"], f"{name}_bias"))
        products = f"{name}_biased"
    return [*nodes, helper.make_node("Transpose", [products], [convolution.output[0]], f"{name}_channels", perm=[0, 2, 1])]


def group_matrix(rows: np.ndarray) -> np.ndarray:
    """One group's weight, (out channels, channels, taps), as the matrix of its windows, (taps * channels, out channels)."""
    return rows.transpose(2, 1, 0).reshape(-1, rows.shape[0])
