"""One float32 ONNX file into one of at most 23,000,000 bytes that the phone runs on integer kernels."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import onnx

from model_builder.audio.golden_voices import VOICES, generated_pcm
from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm
from model_builder.errors import UserError
from model_builder.export.bit_search import BitSearch, search_bits
from model_builder.export.chunked_front_end import LOOP, set_chunk_frames
from model_builder.export.graph import all_graphs, fold_constants, sort_nodes
from model_builder.export.hoisting import hoist_quantization
from model_builder.export.integer_product import move_weights_into_loops, to_integer_products
from model_builder.export.portable_rounding import make_rounding_portable
from model_builder.export.positional_convolution import to_integer_convolutions
from model_builder.export.stored_weight import Bits
from model_builder.export.variant import RECIPES, Variant
from model_builder.whole_file import atomic_write_bytes, atomic_write_json

CALIBRATION_CLIPS = 32
LONGEST_CALIBRATION_SAMPLES = 6 * SAMPLE_RATE_HZ


@dataclass(frozen=True)
class QuantizationReport:
    """What the passes did, the size of both files in bytes, and how the bits were found."""

    variant: Variant
    fp32_bytes: int
    int8_bytes: int
    integer_matmuls: int
    hoisted_quantizations: int
    integer_convolutions: int
    search: BitSearch


def quantize(
    fp32_path: Path,
    int8_path: Path,
    variant: Variant = Variant.ACCURATE,
    target_bytes: int | None = None,
    calibration: Sequence[Pcm] | None = None,
) -> QuantizationReport:
    """Writes the quantized model and reports on it; the same input gives the same bytes.

    Products with a constant matrix and the positional convolution become integer products: weights int8, one scale a column,
    activations uint8 with a scale taken while the model runs. Their quantization is hoisted in front of data movement. So many layers
    as the size asks for are stored with 4 bits, those that cost the logits least on `calibration` first. Everything else stays float32,
    in forms that every CPU rounds alike.
    target_bytes: instead of the variant's. calibration: float32 clips, (samples,), 16 kHz; without them, generated voices.
    Raises UserError for a file that `export` did not write, and when the result is too large, leaving nothing behind.
    """
    model = _read(fp32_path)
    recipe = RECIPES[variant]
    clips = calibration if calibration is not None else [generated_pcm(voice) for voice in VOICES]
    set_chunk_frames(model, recipe.chunk_frames)
    bits, search = search_bits(
        model, recipe.target_bytes if target_bytes is None else target_bytes, lambda bits: _converted(model, bits).model.ByteSize(), clips
    )
    converted = _converted(model, bits)
    onnx.checker.check_model(converted.model)
    atomic_write_bytes(int8_path, converted.model.SerializeToString(deterministic=True))
    return QuantizationReport(
        variant=variant,
        fp32_bytes=fp32_path.stat().st_size,
        int8_bytes=int8_path.stat().st_size,
        integer_matmuls=converted.products,
        hoisted_quantizations=converted.hoisted,
        integer_convolutions=converted.convolutions,
        search=search,
    )


def write_search(report: QuantizationReport, path: Path) -> None:
    """How the bits were found, as JSON: the fields of the report."""
    atomic_write_json(path, asdict(report))


@dataclass(frozen=True)
class _Converted:
    model: onnx.ModelProto
    products: int
    convolutions: int
    hoisted: int


def _converted(fp32: onnx.ModelProto, bits: Mapping[str, Bits]) -> _Converted:
    model = onnx.ModelProto()
    model.CopyFrom(fp32)
    convolutions = to_integer_convolutions(model, bits)
    products = to_integer_products(model, bits)
    make_rounding_portable(model)
    sort_nodes(model.graph)
    hoisted = hoist_quantization(model)
    move_weights_into_loops(model)
    return _Converted(model, products, convolutions, hoisted)


def _read(path: Path) -> onnx.ModelProto:
    try:
        if path.stat().st_size > onnx.checker.MAXIMUM_PROTOBUF:
            raise ValueError("larger than the 2 GiB that a protobuf may have")
        model = onnx.load(str(path))
        onnx.checker.check_model(model)
    except Exception as error:  # protobuf, the file system and the checker have no common base class
        raise UserError(f"{path}: not a readable ONNX model ({_first_line(error)}); export it again") from error
    if not any(node.name == LOOP and node.op_type == "Loop" for node in model.graph.node):
        raise UserError(f"{path}: not a model that `export` wrote; export the weights again")
    if any(node.op_type == "MatMulInteger" for graph in all_graphs(model) for node in graph.node):
        raise UserError(f"{path}: is quantized already; give the float32 file that `export` wrote")
    fold_constants(model)
    return model


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
