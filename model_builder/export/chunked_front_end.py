"""Runs the convolutional front end on a part of a second at a time: its memory does not grow with the recording.

The first layer makes 3,200 frames of 512 channels a second. All of a 10 s recording at once takes 65 MB a tensor, in several copies.
"""

import onnx
from onnx import TensorProto, helper, numpy_helper

from model_builder.export.graph import initializers, producers, remove_dead_nodes, replace_nodes, sort_nodes
from model_builder.models.hubert import HOP_SAMPLES

CENTRED, FIRST_WEIGHT, FEATURES = "centred_pcm", "first_weight", "features"
"""The tensors between the stages: (batch, samples), (batch, 11, 512) and (batch, frames, 512)."""

RECEPTIVE_SAMPLES = 400
CHUNK_FRAMES = 20  # 0.4 s
CHUNK, CHUNK_FEATURES = "chunk_pcm", "chunk_features"


def loop_front_end(model: onnx.ModelProto) -> None:
    """Moves what lies between `CENTRED` and `FEATURES` into a Loop over chunks of frames, each with the samples that it sees.

    Invariant: the outputs' values. A frame of features follows from its 400 samples and the weight alone, so that chunks at multiples
    of the hop give the frames of the whole; the statistics of the whole recording are in the weight. Needs 400 samples or more.
    Raises ValueError where the front end reads anything else.
    """
    graph = model.graph
    front_end = nodes_between({CENTRED, FIRST_WEIGHT}, FEATURES, graph)
    outside = {value.name for value in graph.input} | {name for node in graph.node if node not in front_end for name in node.output}
    read = {name for node in front_end for name in node.input} & outside
    if not read <= {CENTRED, FIRST_WEIGHT}:
        raise ValueError(f"the front end reads {sorted(read - {CENTRED, FIRST_WEIGHT})} beside its pcm and its weight")
    names = {name: f"chunk{name}" for node in front_end for name in node.output} | {CENTRED: CHUNK, FEATURES: CHUNK_FEATURES}
    body_nodes = [_renamed(node, names) for node in front_end]
    channels = _channels(front_end, graph)
    body = helper.make_graph(
        [
            helper.make_node("Mul", ["chunk_index", "chunk_samples"], ["chunk_start"], "chunk_start"),
            helper.make_node("Add", ["chunk_start", "chunk_reach"], ["chunk_end"], "chunk_end"),
            helper.make_node("Slice", [CENTRED, "chunk_start", "chunk_end", "axis_of_time"], [CHUNK], CHUNK),
            *body_nodes,
            helper.make_node("Concat", ["features_before", CHUNK_FEATURES], ["features_after"], "features_after", axis=1),
            helper.make_node("Identity", ["is_wanted"], ["is_still_wanted"], "is_still_wanted"),
        ],
        "front_end",
        [
            helper.make_tensor_value_info("chunk_index", TensorProto.INT64, []),
            helper.make_tensor_value_info("is_wanted", TensorProto.BOOL, []),
            helper.make_tensor_value_info("features_before", TensorProto.FLOAT, [None, None, channels]),
        ],
        [
            helper.make_tensor_value_info("is_still_wanted", TensorProto.BOOL, []),
            helper.make_tensor_value_info("features_after", TensorProto.FLOAT, [None, None, channels]),
        ],
    )
    looping = [
        helper.make_node("Shape", [CENTRED], ["samples"], "samples", start=1, end=2),
        helper.make_node("Sub", ["samples", "uncovered_samples"], ["covered_samples"], "covered_samples"),
        helper.make_node("Div", ["covered_samples", "hop_samples"], ["frames"], "frames"),
        helper.make_node("Add", ["frames", "rounding_up"], ["frames_rounded_up"], "frames_rounded_up"),
        helper.make_node("Div", ["frames_rounded_up", "chunk_frames"], ["chunks"], "chunks"),
        helper.make_node("Reshape", ["chunks", "scalar"], ["chunk_count"], "chunk_count"),
        helper.make_node("Shape", [CENTRED], ["batch"], "batch", start=0, end=1),
        helper.make_node("Concat", ["batch", "no_frames", "channels"], ["shape_before"], "shape_before", axis=0),
        helper.make_node("ConstantOfShape", ["shape_before"], ["no_features"], "no_features"),
        helper.make_node("Loop", ["chunk_count", "", "no_features"], [FEATURES], FEATURES, body=body),
    ]
    constants = {
        "hop_samples": [HOP_SAMPLES], "uncovered_samples": [RECEPTIVE_SAMPLES - HOP_SAMPLES],
        "axis_of_time": [1], "no_frames": [0], "channels": [channels], "scalar": [],
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
        "chunk_samples": [frames * HOP_SAMPLES],
        "chunk_reach": [(frames - 1) * HOP_SAMPLES + RECEPTIVE_SAMPLES],
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
    """Of the last convolution, whose weight is the last constant matrix that the front end reads."""
    known = initializers(graph)
    weights = [known[node.input[1]] for node in front_end if node.op_type == "MatMul" and node.input[1] in known]
    return int(numpy_helper.to_array(weights[-1]).shape[1])
