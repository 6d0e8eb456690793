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
    """Padded and quantized frames, (batch, frames, channels), and two indices, by which a window is made of runs of frames.

    The frames of each run, (runs, frames of a run), and the runs of each window, (windows, runs of a window).
    """
    settings = {attribute.name: helper.get_attribute_value(attribute) for attribute in convolution.attribute}
    before, after = settings.get("pads", [0, 0])
    name, run = convolution.name, run_frames(taps)
    integers = {
        "pads": [0, before, 0, 0, after, 0], "first": 0, "one": 1, "last_axis": [1], "scalar": [],
        "run_reach": run - 1, "reach": taps - 1, "run_frames": np.arange(run), "window_runs": np.arange(0, taps, run),
    }
    graph.initializer.extend(numpy_helper.from_array(np.array(value, np.int64), f"{name}_{key}") for key, value in integers.items())
    return [
        helper.make_node("Transpose", [convolution.input[0]], [f"{name}_frames"], f"{name}_frames", perm=[0, 2, 1]),
        helper.make_node("Pad", [f"{name}_frames", f"{name}_pads"], [f"{name}_padded"], f"{name}_pad"),
        quantize_activations(f"{name}_padded", _activations(name, f"{name}_quantized")),
        helper.make_node("Shape", [f"{name}_padded"], [f"{name}_length"], f"{name}_length", start=1, end=2),
        helper.make_node("Reshape", [f"{name}_length", f"{name}_scalar"], [f"{name}_count"], f"{name}_count"),
        *_consecutive(name, "run_reach", "run_frames", "run_index"),
        *_consecutive(name, "reach", "window_runs", "window_index"),
    ]


def run_frames(taps: int) -> int:
    """How many frames a run has, a divisor of `taps`: a window copied run by run takes a fraction of its copies frame by frame.

    >>> run_frames(128), run_frames(7)
    (8, 1)
    """
    return min((frames for frames in range(1, taps + 1) if taps % frames == 0), key=lambda frames: frames + taps / frames / 2)


def _consecutive(name: str, reach: str, steps: str, index: str) -> list[onnx.NodeProto]:
    """index: (starts, steps), each start plus `steps`, for every start whose `reach` is within the frames."""
    starts = f"{name}_{index}_starts"
    return [
        helper.make_node("Sub", [f"{name}_count", f"{name}_{reach}"], [f"{starts}_end"], f"{starts}_end"),
        helper.make_node("Range", [f"{name}_first", f"{starts}_end", f"{name}_one"], [starts], starts),
        helper.make_node("Unsqueeze", [starts, f"{name}_last_axis"], [f"{starts}_column"], f"{starts}_column"),
        helper.make_node("Add", [f"{starts}_column", f"{name}_{steps}"], [f"{name}_{index}"], f"{name}_{index}"),
    ]


def _activations(name: str, values: str) -> QuantizedActivations:
    return QuantizedActivations(values, f"{name}_scale", f"{name}_zero_point")


def _products(convolution: onnx.NodeProto, weight: np.ndarray, bits: Bits, model: onnx.ModelProto) -> list[onnx.NodeProto]:
    name = convolution.name
    channels, taps = weight.shape[1:]
    groups = next(attribute.i for attribute in convolution.attribute if attribute.name == "group")
    for shape, frames in {"run": run_frames(taps), "window": taps}.items():
        model.graph.initializer.append(numpy_helper.from_array(np.array([0, -1, frames * channels], np.int64), f"{name}_{shape}"))
    parts = [f"{name}_{group}" for group in range(groups)]
    restoring: list[onnx.NodeProto] = []
    nodes = [helper.make_node("Split", [f"{name}_quantized"], [f"{part}_frames" for part in parts], name, axis=2, num_outputs=groups)]
    for part, rows in zip(parts, np.split(weight, groups), strict=True):
        matrix = group_matrix(rows)
        stored = store_weight(part, matrix, bits)
        model.graph.initializer.extend(stored.tensors)
        restoring += stored.restoring
        nodes += [
            *_gathered(f"{part}_frames", f"{name}_run_index", f"{name}_run", f"{part}_runs"),
            *_gathered(f"{part}_runs", f"{name}_window_index", f"{name}_window", f"{part}_windows"),
            *integer_product(_activations(name, f"{part}_windows"), stored, f"{part}_product", part),
        ]
    add_restoring_nodes(model, restoring)
    products = f"{name}_products"
    nodes.append(helper.make_node("Concat", [f"{part}_product" for part in parts], [products], products, axis=2))
    if len(convolution.input) > 2:
        nodes.append(helper.make_node("Add", [products, convolution.input[2]], [f"{name}_biased"], f"{name}_bias"))
        products = f"{name}_biased"
    return [*nodes, helper.make_node("Transpose", [products], [convolution.output[0]], f"{name}_channels", perm=[0, 2, 1])]


def _gathered(rows: str, index: str, shape: str, gathered: str) -> list[onnx.NodeProto]:
    """gathered: (batch, len(index), width), the rows that each line of `index` names, one behind the other."""
    return [
        helper.make_node("Gather", [rows, index], [f"{gathered}_apart"], f"{gathered}_apart", axis=1),
        helper.make_node("Reshape", [f"{gathered}_apart", shape], [gathered], gathered),
    ]


def group_matrix(rows: np.ndarray) -> np.ndarray:
    """One group's weight, (out channels, channels, taps), as the matrix of its windows, (taps * channels, out channels)."""
    return rows.transpose(2, 1, 0).reshape(-1, rows.shape[0])
