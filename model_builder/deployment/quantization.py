"""One float32 ONNX file into one of at most 23,000,000 bytes that the phone runs on integer kernels."""

import logging
import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

from model_builder.deployment.graph import fold_constants, initializers, remove_dead_nodes, sort_nodes
from model_builder.deployment.hoisting import hoist_quantization
from model_builder.deployment.manifest import LARGEST_MODEL_BYTES
from model_builder.deployment.positional_convolution import compress_positional_convolution
from model_builder.errors import UserError
from model_builder.whole_file import replacing_file

SMALLEST_INTEGER_WEIGHT = 65_536  # elements; the classifier below it costs 4 kB in float32 and would lose most by rounding


@dataclass(frozen=True)
class QuantizationReport:
    """What the passes did, and the size of both files in bytes."""

    fp32_bytes: int
    int8_bytes: int
    integer_matmuls: int
    hoisted_quantizations: int
    compressed_convolutions: int


def quantize(fp32_path: Path, int8_path: Path, largest_bytes: int = LARGEST_MODEL_BYTES) -> QuantizationReport:
    """Writes the quantized model and reports on it; the same input gives the same bytes.

    Products with a constant matrix become integer products: weights int8, one scale a column, activations uint8 with a scale
    taken from each clip. Their quantization is hoisted in front of data movement, and the positional convolution stored with
    4 bits. Everything else stays float32.
    Raises UserError when the result is larger than `largest_bytes`, leaving nothing behind.
    """
    try:
        model = onnx.load(str(fp32_path))
        onnx.checker.check_model(model)
    except Exception as error:  # protobuf, the file system and the checker have no common base class
        raise UserError(f"{fp32_path}: not a readable ONNX model ({_first_line(error)}); export it again") from error
    model = _with_integer_matmuls(model)
    fold_constants(model)
    hoisted = hoist_quantization(model)
    compressed = compress_positional_convolution(model)
    sort_nodes(model.graph)
    remove_dead_nodes(model.graph)
    onnx.checker.check_model(model)
    size_bytes = model.ByteSize()
    if size_bytes > largest_bytes:
        raise UserError(
            f"{int8_path}: the quantized model would take {size_bytes:,} bytes, more than {largest_bytes:,};"
            " quantize a network of DistilHuBERT's size"
        )
    with replacing_file(int8_path) as unfinished:
        unfinished.write_bytes(model.SerializeToString(deterministic=True))
    return QuantizationReport(
        fp32_bytes=fp32_path.stat().st_size,
        int8_bytes=int8_path.stat().st_size,
        integer_matmuls=sum(node.op_type == "MatMulInteger" for node in model.graph.node),
        hoisted_quantizations=hoisted,
        compressed_convolutions=compressed,
    )


def _with_integer_matmuls(model: onnx.ModelProto) -> onnx.ModelProto:
    with tempfile.TemporaryDirectory(prefix="undertone-quantization-") as folder, _quiet_root_logger():
        target = Path(folder) / "dynamic.onnx"
        quantize_dynamic(
            model,
            target,
            op_types_to_quantize=["MatMul"],
            nodes_to_exclude=_nodes_with_small_weights(model.graph),
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
        return onnx.load(str(target))


def _nodes_with_small_weights(graph: onnx.GraphProto) -> list[str]:
    """Names to exclude; the quantizer first turns each Gemm into a MatMul of another name."""
    sizes = {name: math.prod(tensor.dims) for name, tensor in initializers(graph).items()}
    small = [
        node
        for node in graph.node
        if node.op_type in ("MatMul", "Gemm") and sizes.get(node.input[1], SMALLEST_INTEGER_WEIGHT) < SMALLEST_INTEGER_WEIGHT
    ]
    return [f"{node.name}_MatMul" if node.op_type == "Gemm" else node.name for node in small]


@contextmanager
def _quiet_root_logger() -> Iterator[None]:
    """ONNX Runtime's quantizer advises its own pre-processing on the root logger; this recipe has its own passes."""
    level = logging.root.level
    logging.root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logging.root.setLevel(level)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
