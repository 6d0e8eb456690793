"""Quantizes before data is moved instead of after: a quarter of the bytes to move, and one quantization where two readers share."""

import onnx
from onnx import helper

from model_builder.export.graph import all_graphs, names_outside, producers, remove_dead_nodes, sort_nodes

# Operators that only copy elements: the same on uint8 as on float32. The value is the number of leading inputs that are data.
MOVES_DATA = {"Reshape": 1, "Slice": 1, "Transpose": 1, "Concat": None}


def hoist_quantization(model: onnx.ModelProto) -> int:
    """Moves each DynamicQuantizeLinear in front of the reshapes, slices and concatenations that it reads; returns how many.

    Invariant: the quantized tensor has the same shape, and the same values when the movement drops no element. Where it drops
    some (the odd last frame of a strided convolution), the scale covers them too: the range can only grow, by elements that
    come out of the same layer, so the error stays below half a step of that range.
    """
    hoisted = sum(_hoist_in(graph, names_outside(graph, model)) for graph in all_graphs(model))
    del model.graph.value_info[:]  # the moved tensors changed their type
    return hoisted


def _hoist_in(graph: onnx.GraphProto, outside: set[str]) -> int:
    source = producers(graph)
    hoisted = 0
    for quantize in [node for node in graph.node if node.op_type == "DynamicQuantizeLinear"]:
        roots, moves = _movement_behind(quantize.input[0], source)
        if len(roots) != 1 or not moves:
            continue
        (root,) = roots
        values, scale, zero_point = quantize.output
        on_bytes = {root: f"{root}_{values}_bytes"}
        early = helper.make_node("DynamicQuantizeLinear", [root], [on_bytes[root], scale, zero_point], on_bytes[root])
        copies = [_copy_on_bytes(move, on_bytes, quantize, values) for move in moves]
        graph.node.remove(quantize)
        graph.node.extend([early, *copies])
        source = producers(graph)
        hoisted += 1
    sort_nodes(graph, outside)
    remove_dead_nodes(graph)
    return hoisted


def _movement_behind(tensor: str, source: dict[str, onnx.NodeProto]) -> tuple[set[str], list[onnx.NodeProto]]:
    """The tensors that feed `tensor` through data movement alone, and that movement, sources first."""
    node = source.get(tensor)
    if node is None or node.op_type not in MOVES_DATA:
        return {tensor}, []
    roots: set[str] = set()
    moves: list[onnx.NodeProto] = []
    for name in node.input[: MOVES_DATA[node.op_type]]:
        behind, before = _movement_behind(name, source)
        roots |= behind
        moves += [move for move in before if move not in moves]
    return roots, [*moves, node]


def _copy_on_bytes(move: onnx.NodeProto, on_bytes: dict[str, str], quantize: onnx.NodeProto, values: str) -> onnx.NodeProto:
    """The same movement on uint8 tensors; the original stays for other readers until it is found dead."""
    is_last = move.output[0] == quantize.input[0]
    on_bytes[move.output[0]] = values if is_last else f"{move.output[0]}_{values}_bytes"
    data_inputs = MOVES_DATA[move.op_type]
    copy = onnx.NodeProto()
    copy.CopyFrom(move)
    copy.name = on_bytes[move.output[0]]
    for index in range(len(move.input) if data_inputs is None else data_inputs):
        copy.input[index] = on_bytes[move.input[index]]
    copy.output[0] = on_bytes[move.output[0]]
    return copy
