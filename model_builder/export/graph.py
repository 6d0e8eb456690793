"""What the graph passes share: who makes a tensor, what is constant, what is dead, and a valid order of nodes.

Every pass takes an `onnx.ModelProto` and changes it in place; a pass keeps the function that the graph computes unless its
docstring states the error that it adds.
"""

from collections.abc import Iterable, Set

import numpy as np
import onnx
from onnx import numpy_helper

from model_builder.inference.session import open_session


def opset_version(model: onnx.ModelProto) -> int:
    """The version of the default operator set that the model imports."""
    return int(next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")))


def require_opset(model: onnx.ModelProto, version: int, ir_version: int) -> None:
    """Raises the model's declared versions to at least these; operators between opset 20 and 21 did not change meaning."""
    for entry in model.opset_import:
        if entry.domain in ("", "ai.onnx"):
            entry.version = max(entry.version, version)
    model.ir_version = max(model.ir_version, ir_version)


def producers(graph: onnx.GraphProto) -> dict[str, onnx.NodeProto]:
    """The node behind each tensor; tensors that are inputs or initializers have none."""
    return {name: node for node in graph.node for name in node.output if name}


def initializers(graph: onnx.GraphProto) -> dict[str, onnx.TensorProto]:
    return {tensor.name: tensor for tensor in graph.initializer}


def reads(node: onnx.NodeProto) -> list[str]:
    """The tensors that a node depends on: its inputs, and what the graphs inside it read from outside of themselves."""
    names = list(node.input)
    for inner in bodies(node):
        own = {value.name for value in (*inner.input, *inner.initializer)} | {name for step in inner.node for name in step.output}
        names += [name for step in inner.node for name in reads(step) if name not in own]
    return names


def bodies(node: onnx.NodeProto) -> list[onnx.GraphProto]:
    """The graphs inside a node: the body of a Loop."""
    return [attribute.g for attribute in node.attribute if attribute.type == onnx.AttributeProto.GRAPH]


def all_graphs(model: onnx.ModelProto) -> list[onnx.GraphProto]:
    """The bodies of loops, then the main graph. Initializers are in the main graph alone until `move_weights_into_loops`.

    In this order each can be changed: `replace_nodes` on the main graph makes copies of its loops.
    """
    return [*(body for node in model.graph.node for body in bodies(node)), model.graph]


def replace_nodes(graph: onnx.GraphProto, nodes: Iterable[onnx.NodeProto]) -> None:
    kept = list(nodes)
    del graph.node[:]
    graph.node.extend(kept)


def names_outside(graph: onnx.GraphProto, model: onnx.ModelProto) -> set[str]:
    """What the body of a loop may read beside its own tensors; nothing for the main graph."""
    if graph is model.graph:
        return set()
    main = model.graph
    return {tensor.name for tensor in (*main.input, *main.initializer)} | {name for node in main.node for name in node.output}


def sort_nodes(graph: onnx.GraphProto, outside: Set[str] = frozenset()) -> None:
    """Orders nodes so that each comes after those that it reads from.

    Invariant: the same nodes, and the order of independent nodes is kept. outside: tensors of an outer graph.
    Raises ValueError on a cycle or a missing tensor.
    """
    ready = {"", *outside} | {value.name for value in graph.input} | {tensor.name for tensor in graph.initializer}
    waiting, ordered = list(graph.node), []
    while waiting:
        blocked = []
        for node in waiting:
            if all(name in ready for name in reads(node)):
                ordered.append(node)
                ready.update(node.output)
            else:
                blocked.append(node)
        if len(blocked) == len(waiting):
            raise ValueError(f"graph {graph.name}: node {blocked[0].name} reads a tensor that no node before it makes")
        waiting = blocked
    replace_nodes(graph, ordered)


def remove_dead_nodes(graph: onnx.GraphProto) -> None:
    """Drops nodes and initializers that no output depends on. Invariant: the outputs' values."""
    source = producers(graph)
    alive: set[str] = set()
    pending = [value.name for value in graph.output]
    while pending:
        name = pending.pop()
        if name in alive:
            continue
        alive.add(name)
        if name in source:
            pending.extend(reads(source[name]))
    replace_nodes(graph, [node for node in graph.node if any(name in alive for name in node.output)])
    kept = [tensor for tensor in graph.initializer if tensor.name in alive]
    del graph.initializer[:]
    graph.initializer.extend(kept)


def fold_constants(model: onnx.ModelProto) -> None:
    """Replaces every node that no graph input reaches by the value that it computes.

    Invariant: the outputs' values; ONNX Runtime itself evaluates what is folded. Weights end up in the layout in which the
    graph multiplies them, so nothing is transposed at run time.
    """
    graph = model.graph
    constant = {tensor.name for tensor in graph.initializer} | {""}
    folded = []
    for node in graph.node:
        if all(name in constant for name in reads(node)):
            folded.append(node)
            constant.update(node.output)
    if not folded:
        return
    inside = {name for node in folded for name in node.output}
    remaining = [node for node in graph.node if node.output[0] not in inside]
    read_outside = {name for node in remaining for name in reads(node)}
    wanted = sorted(inside & (read_outside | {value.name for value in graph.output}))
    part = onnx.ModelProto()
    part.CopyFrom(model)
    replace_nodes(part.graph, folded)
    del part.graph.input[:], part.graph.output[:], part.graph.value_info[:]
    part.graph.output.extend(onnx.ValueInfoProto(name=name) for name in wanted)
    remove_dead_nodes(part.graph)
    values = open_session(part.SerializeToString(), threads=1).run(wanted, {}) if wanted else []
    replace_nodes(graph, remaining)
    graph.initializer.extend(
        numpy_helper.from_array(np.asarray(value), name) for name, value in zip(wanted, values, strict=True)
    )
    remove_dead_nodes(graph)
