"""The file of the asset, cut into three graphs between which tests can look; nothing is quantized again."""

from dataclasses import dataclass

import onnx
from onnx import TensorProto, helper

from model_builder.export.chunked_front_end import (
    CENTRED,
    CHUNK,
    CHUNK_FEATURES,
    FEATURES,
    FIRST_WEIGHT,
    nodes_between,
)
from model_builder.export.graph import bodies, remove_dead_nodes, replace_nodes, sort_nodes


@dataclass(frozen=True)
class StageGraphs:
    """statistics: pcm -> centred pcm and first weight. front_end: chunk of centred pcm, first weight -> features of the chunk.

    context: features -> the outputs of the model.
    """

    statistics: onnx.ModelProto
    front_end: onnx.ModelProto
    context: onnx.ModelProto


def cut_stages(model: onnx.ModelProto) -> StageGraphs:
    """model: what `export_onnx` or `quantize` wrote. Invariant: run one after the other on a whole clip they give its answers."""
    [loop] = [node for node in model.graph.node if node.op_type == "Loop"]
    [body] = bodies(loop)
    first_weight = helper.make_tensor_value_info(FIRST_WEIGHT, TensorProto.FLOAT, ["batch", "taps", "channels"])
    centred = helper.make_tensor_value_info(CENTRED, TensorProto.FLOAT, ["batch", "samples"])
    chunk = helper.make_tensor_value_info(CHUNK, TensorProto.FLOAT, ["batch", "samples"])
    chunk_features = helper.make_tensor_value_info(CHUNK_FEATURES, TensorProto.FLOAT, ["batch", "frames", "features"])
    features = helper.make_tensor_value_info(FEATURES, TensorProto.FLOAT, ["batch", "frames", "features"])
    outputs = list(model.graph.output)
    restoring = [node for node in model.graph.node if FEATURES not in node.output]
    inside = nodes_between({CHUNK, FIRST_WEIGHT}, CHUNK_FEATURES, body)
    return StageGraphs(
        statistics=_stage(model, restoring, list(model.graph.input), [centred, first_weight]),
        front_end=_stage(model, [*restoring, *inside], [chunk, first_weight], [chunk_features]),
        context=_stage(model, restoring, [features], outputs),
    )


def _stage(
    model: onnx.ModelProto, nodes: list[onnx.NodeProto], inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto]
) -> onnx.ModelProto:
    given = {value.name for value in inputs}
    stage = onnx.ModelProto()
    stage.CopyFrom(model)
    replace_nodes(stage.graph, [node for node in nodes if not given & set(node.output)])
    for field, values in ((stage.graph.input, inputs), (stage.graph.output, outputs)):
        del field[:]
        field.extend(values)
    del stage.graph.value_info[:]
    remove_dead_nodes(stage.graph)
    sort_nodes(stage.graph)
    onnx.checker.check_model(stage)
    return stage
