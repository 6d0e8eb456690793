"""Runs the convolutional front end on a part of a second at a time: its memory does not grow with the recording.

The first layer makes 3,200 frames of 512 channels a second. All of a 10 s recording at once takes 65 MB a tensor, in several copies.
"""

import onnx
from onnx import TensorProto, helper, numpy_helper

from model_builder.export.graph import initializers, producers, remove_dead_nodes, replace_nodes, sort_nodes
from model_builder.models.hubert import FIRST_STRIDE, HOP_SAMPLES

WINDOWS, FIRST_WEIGHT, FEATURES = "first_windows", "first_weight", "features"
"""The tensors between the stages: (batch, samples / 5 - 1, 11), (batch, 11, 512) and (batch, frames, 768)."""

HOP_WINDOWS = HOP_SAMPLES // FIRST_STRIDE
RECEPTIVE_WINDOWS = 79  # 400 samples: one of 10, and 78 more 5 samples apart
CHUNK_FRAMES = 20  # 0.4 s
CHUNK, CHUNK_FEATURES, LOOP = "chunk_windows", "chunk_features", "front_end"


def loop_front_end(model: onnx.ModelProto) -> None:
    """Moves what lies between `WINDOWS` and `FEATURES` into a Loop over chunks of frames, each with the windows that it sees.

    Invariant: the outputs' values. A frame of features follows from its 79 windows and the weight alone, so that chunks at multiples
    of the hop give the frames of the whole; the statistics of the whole recording are in the weight. Needs 400 samples or more.
    Raises ValueError where the front end reads anything else.
    """
    graph = model.graph
    front_end = nodes_between({WINDOWS, FIRST_WEIGHT}, FEATURES, graph)
    outside = {value.name for value in graph.input} | {name for node in graph.node if node not in front_end for name in node.output}
    read = {name for node in front_end for name in node.input} & outside
    if not read <= {WINDOWS, FIRST_WEIGHT}:
        raise ValueError(f"the front end reads {sorted(read - {WINDOWS, FIRST_WEIGHT})} beside its windows and its weight")
    names = {name: f"chunk{name}" for node in front_end for name in node.output} | {WINDOWS: CHUNK, FEATURES: CHUNK_FEATURES}
    body_nodes = [_renamed(node, names) for node in front_end]
    channels = _channels(front_end, graph)
    body = helper.make_graph(
        [
            helper.make_node("Mul", ["chunk_index", "chunk_hop"], ["chunk_start"], "chunk_start"),
            helper.make_node("Add", ["chunk_start", "chunk_reach"], ["chunk_end"], "chunk_end"),
            helper.make_node("Slice", [f"{WINDOWS}_padded", "chunk_start", "chunk_end", "axis_of_time"], [CHUNK], CHUNK),
            *body_nodes,
            helper.make_node("Identity", ["is_wanted"], ["is_still_wanted"], "is_still_wanted"),
        ],
        LOOP,
        [
            helper.make_tensor_value_info("chunk_index", TensorProto.INT64, []),
            helper.make_tensor_value_info("is_wanted", TensorProto.BOOL, []),
        ],
        [
            helper.make_tensor_value_info("is_still_wanted", TensorProto.BOOL, []),
            helper.make_tensor_value_info(CHUNK_FEATURES, TensorProto.FLOAT, [None, None, channels]),
        ],
    )
    looping = [
        helper.make_node("Shape", [WINDOWS], ["windows"], "windows", start=1, end=2),
        helper.make_node("Sub", ["windows", "uncovered_windows"], ["covered_windows"], "covered_windows"),
        helper.make_node("Div", ["covered_windows", "hop_windows"], ["frames"], "frames"),
        helper.make_node("Add", ["frames", "rounding_up"], ["frames_rounded_up"], "frames_rounded_up"),
        helper.make_node("Div", ["frames_rounded_up", "chunk_frames"], ["chunks"], "chunks"),
        helper.make_node("Reshape", ["chunks", "scalar"], ["chunk_count"], "chunk_count"),
        # The last chunk is as long as the others: the chunks' features are put together at once, where one after the other is quadratic.
        helper.make_node("Mul", ["chunks", "chunk_hop"], ["hops"], "hops"),
        helper.make_node("Add", ["hops", "uncovered_windows"], ["needed_windows"], "needed_windows"),
        helper.make_node("Sub", ["needed_windows", "windows"], ["missing_windows"], "missing_windows"),
        helper.make_node("Concat", ["no_windows", "missing_windows"], ["padding"], "padding", axis=0),
        helper.make_node("Pad", [WINDOWS, "padding", "", "axis_of_time"], [f"{WINDOWS}_padded"], f"{WINDOWS}_padded"),
        helper.make_node("Loop", ["chunk_count", ""], ["chunks_apart"], LOOP, body=body),
        helper.make_node("Transpose", ["chunks_apart"], ["chunks_in_time"], "chunks_in_time", perm=[1, 0, 2, 3]),
        helper.make_node("Reshape", ["chunks_in_time", "shape_of_features"], ["features_of_chunks"], "features_of_chunks"),
        helper.make_node("Slice", ["features_of_chunks", "no_windows", "frames", "axis_of_time"], [FEATURES], FEATURES),
    ]
    constants = {
        "hop_windows": [HOP_WINDOWS], "uncovered_windows": [RECEPTIVE_WINDOWS - HOP_WINDOWS],
        "axis_of_time": [1], "no_windows": [0], "shape_of_features": [0, -1, channels], "scalar": [],
    }
    graph.initializer.extend(_int64_tensor(name, ints) for name, ints in constants.items())
    set_chunk_frames(model, CHUNK_FRAMES)
    replace_nodes(graph, [*(node for node in graph.node if FEATURES not in node.output), *looping])
    sort_nodes(graph)
    remove_dead_nodes(graph)
    del graph.value_info[:]  # the front end's tensors are in the body now


def set_chunk_frames(model: onnx.ModelProto, frames: int) -> None:
    """How many frames of features, of 20 ms each, the loop makes at a time. Invariant: the outputs' values in float32."""
    constants = {
        "chunk_frames": [frames],
        "chunk_hop": [frames * HOP_WINDOWS],
        "chunk_reach": [(frames - 1) * HOP_WINDOWS + RECEPTIVE_WINDOWS],
        "rounding_up": [frames - 1],
    }
    kept = [tensor for tensor in model.graph.initializer if tensor.name not in constants]
    del model.graph.initializer[:]
    model.graph.initializer.extend([*kept, *(_int64_tensor(name, ints) for name, ints in constants.items())])


def _int64_tensor(name: str, values: list[int]) -> onnx.TensorProto:
    return helper.make_tensor(name, TensorProto.INT64, [len(values)], values)


def nodes_between(first: set[str], last: str, graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """The nodes that make `last`, in order, back to those that make `first`, which are not among them."""
    source, pending = producers(graph), [last]
    needed: set[str] = set()
    while pending:
        name = pending.pop()
        if name in source and name not in first | needed:
            needed.add(name)
            pending.extend(source[name].input)
    return [node for node in graph.node if needed & set(node.output)]


def _renamed(node: onnx.NodeProto, names: dict[str, str]) -> onnx.NodeProto:
    copy = onnx.NodeProto()
    copy.CopyFrom(node)
    copy.input[:] = [names.get(name, name) for name in node.input]
    copy.output[:] = [names.get(name, name) for name in node.output]
    return copy


def _channels(front_end: list[onnx.NodeProto], graph: onnx.GraphProto) -> int:
    """Of the features, whose weight is the last constant matrix that is read for them."""
    known = initializers(graph)
    weights = [known[node.input[1]] for node in front_end if node.op_type == "MatMul" and node.input[1] in known]
    return int(numpy_helper.to_array(weights[-1]).shape[1])
