"""Which layers are stored with 4 bits: those that cost the logits least, until the file has the size asked for."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import numpy_helper
from scipy.optimize import Bounds, LinearConstraint, milp

from model_builder.audio.reading import Pcm
from model_builder.errors import UserError
from model_builder.export.graph import initializers
from model_builder.export.integer_product import constant_products
from model_builder.export.positional_convolution import group_matrix, positional_convolutions
from model_builder.export.stored_weight import Bits, integer_matrix
from model_builder.inference.asset_manifest import INPUT, LOGITS
from model_builder.inference.session import open_session

ConvertedSize = Callable[[Mapping[str, Bits]], int]


@dataclass(frozen=True)
class LayerGroup:
    """Layers that share their bits: one convolution, an attention, a feed-forward network. nodes: names in the float32 graph."""

    name: str
    nodes: tuple[str, ...]


@dataclass(frozen=True)
class Sensitivity:
    """What 4 bits for one group save in the file, in bytes, and cost: RMS over all logits of all calibration clips."""

    group: str
    saved_bytes: int
    logit_rms_error: float


@dataclass(frozen=True)
class BitSearch:
    """How the bits were found. expected_rms_error: of 4-bit weights alone, taking the errors of the groups as independent.

    sensitivities are empty where 8 bits for all fit.
    """

    target_bytes: int
    bytes_with_8_bits: int
    calibration_clips: int
    sensitivities: tuple[Sensitivity, ...]
    four_bit_groups: tuple[str, ...]
    expected_rms_error: float


def layer_groups(model: onnx.ModelProto) -> list[LayerGroup]:
    """Of a float32 graph, in the order in which the network runs them.

    Layers of one transformer block are grouped by the module that they stand in (`encoder.layers.0.attention`); the convolutions of the
    front end are `front_end.1` and on; the positional convolution is `positional`.
    """
    members: dict[str, list[str]] = {}
    strided = 0
    for node in constant_products(model):
        path = [part for part in node.name.split("/") if part and not re.fullmatch(r"MatMul(_\d+)?", part)]
        if not path:
            strided += 1
        name = ".".join(path[:-1] or path) or f"front_end.{strided}"
        members.setdefault(name, []).append(node.name)
    for node in positional_convolutions(model):
        members.setdefault("positional", []).append(node.name)
    return [LayerGroup(name, tuple(nodes)) for name, nodes in members.items()]


def search_bits(
    model: onnx.ModelProto, target_bytes: int, converted_size: ConvertedSize, calibration: Sequence[Pcm]
) -> tuple[dict[str, Bits], BitSearch]:
    """The bits of every node of `layer_groups` whose file has at most `target_bytes` and the least expected error; and how it was found.

    Errors of groups are taken as independent, so their squares add up, and the choice is a knapsack, solved exactly.
    converted_size: the bytes of the file with the given bits. calibration: float32 clips, (samples,), 16 kHz.
    Raises UserError where 4 bits for all are still too many.
    """
    groups = layer_groups(model)
    eight: dict[str, Bits] = {node: 8 for group in groups for node in group.nodes}
    largest = converted_size(eight)
    excess_bytes = largest - target_bytes
    if excess_bytes <= 0:
        return eight, BitSearch(target_bytes, largest, len(calibration), (), (), 0.0)
    savings = [largest - converted_size({**eight, **dict.fromkeys(group.nodes, 4)}) for group in groups]
    if sum(savings) < excess_bytes:
        raise UserError(
            f"the quantized model would take {largest - sum(savings):,} bytes with 4 bits for every layer, more than {target_bytes:,};"
            " quantize a network of DistilHuBERT's size, or give more bytes"
        )
    reference = _logits(model, calibration)
    errors = [float(np.sqrt(np.mean((_logits(_rounded(model, group), calibration) - reference) ** 2))) for group in groups]
    chosen = least_error(savings, errors, excess_bytes)
    bits: dict[str, Bits] = {**eight, **{node: 4 for group, four in zip(groups, chosen, strict=True) if four for node in group.nodes}}
    sensitivities = tuple(
        Sensitivity(group.name, saved, error) for group, saved, error in zip(groups, savings, errors, strict=True)
    )
    four_bit = tuple(group.name for group, four in zip(groups, chosen, strict=True) if four)
    expected = float(np.sqrt(sum(error**2 for error, four in zip(errors, chosen, strict=True) if four)))
    return bits, BitSearch(target_bytes, largest, len(calibration), sensitivities, four_bit, expected)


def least_error(savings_bytes: Sequence[int], errors: Sequence[float], excess_bytes: int) -> list[bool]:
    """Which to take so that their savings reach `excess_bytes` and the sum of squared errors is least.

    >>> least_error([10, 6, 5], [3.0, 1.0, 2.0], 11)
    [False, True, True]
    """
    squares = np.square(errors)
    scale = squares.max() or 1.0
    solution = milp(
        squares / scale,
        constraints=LinearConstraint(np.array([savings_bytes]) / excess_bytes, lb=1),
        integrality=np.ones(len(squares)),
        bounds=Bounds(0, 1),
    )
    return [bool(take > 0.5) for take in solution.x]


def _rounded(model: onnx.ModelProto, group: LayerGroup) -> onnx.ModelProto:
    """The float32 graph with the weights of one group as 4 bits would restore them."""
    rounded = onnx.ModelProto()
    rounded.CopyFrom(model)
    known = initializers(rounded.graph)
    convolutions = {node.name for node in positional_convolutions(rounded)}
    for node in (*constant_products(rounded), *positional_convolutions(rounded)):
        if node.name in group.nodes:
            tensor = known[node.input[1]]
            weight = numpy_helper.to_array(tensor)
            restored = _restored_convolution(weight, node) if node.name in convolutions else _restored(weight)
            tensor.CopyFrom(numpy_helper.from_array(restored, tensor.name))
    return rounded


def _restored(weight: np.ndarray) -> np.ndarray:
    matrix = integer_matrix(weight, 4)
    restored: np.ndarray = matrix.values * matrix.scales
    return restored


def _restored_convolution(weight: np.ndarray, node: onnx.NodeProto) -> np.ndarray:
    """weight: (out channels, channels of a group, taps)."""
    groups = next(attribute.i for attribute in node.attribute if attribute.name == "group")
    _, channels, taps = weight.shape
    restored = [_restored(group_matrix(rows)).reshape(taps, channels, -1).transpose(2, 1, 0) for rows in np.split(weight, groups)]
    return np.ascontiguousarray(np.concatenate(restored))


def _logits(model: onnx.ModelProto, clips: Sequence[Pcm]) -> np.ndarray:
    """float32, (clips, labels)."""
    session = open_session(model.SerializeToString())
    return np.concatenate([session.run([LOGITS], {INPUT: pcm[None]})[0] for pcm in clips])
