"""What others make of the same weights: the files that the benchmark compares with."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from model_builder.export.graph import fold_constants
from model_builder.export.to_onnx import OPSET, TRACED_SAMPLES, quiet_exporter
from model_builder.inference.asset_manifest import INPUT, LOGITS
from model_builder.models.hubert import VARIANCE_FLOOR, SpeechClassifier

PLAIN, MATMUL, CONVOLUTIONS = "plain float32 export", "ORT dynamic, MatMul", "ORT dynamic, MatMul and Conv"
OPTIMUM_PRESETS = ("arm64", "avx512_vnni")


class PlainGraph(nn.Module):
    """transformers' own network behind the normalisation of its feature extractor: pcm (batch, samples) -> logits (batch, labels)."""

    def __init__(self, model: SpeechClassifier):
        super().__init__()
        self.model = model

    def forward(self, pcm: Tensor) -> Tensor:
        deviation = pcm - pcm.mean(dim=1, keepdim=True)
        normalised = deviation * torch.rsqrt((deviation * deviation).mean(dim=1, keepdim=True) + VARIANCE_FLOOR)
        logits: Tensor = self.model(normalised).logits
        return logits


def write_stock_files(model: SpeechClassifier, folder: Path) -> dict[str, Path]:
    """The plain float32 export and ONNX Runtime's and optimum's dynamic quantizations of it, by name, the plain one first.

    optimum's presets are taken from optimum where it is installed. Where it is not, its two presets are what ONNX Runtime's MatMul-only
    quantization is: uint8 activations, int8 weights, one scale a column (optimum-onnx 0.1, `AutoQuantizationConfig`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {PLAIN: folder / "plain.onnx", MATMUL: folder / "matmul.onnx", CONVOLUTIONS: folder / "convolutions.onnx"}
    _export_plain(model, files[PLAIN])
    _quantize(files[PLAIN], files[MATMUL], ["MatMul"], per_channel=True)
    _quantize(files[PLAIN], files[CONVOLUTIONS], ["MatMul", "Conv"], per_channel=True)
    for preset in OPTIMUM_PRESETS:
        operators, per_channel, source = _preset(preset)
        name = f"optimum {preset}, {source}"
        files[name] = folder / f"{preset}.onnx"
        _quantize(files[PLAIN], files[name], operators, per_channel)
    return files


def _preset(name: str) -> tuple[list[str], bool, str]:
    if find_spec("optimum") is None or find_spec("optimum.onnxruntime") is None:
        return ["MatMul"], True, "as ORT does it"
    from optimum.onnxruntime.configuration import AutoQuantizationConfig

    preset = getattr(AutoQuantizationConfig, name)(is_static=False)
    return preset.operators_to_quantize, preset.per_channel, "its own preset"


def _export_plain(model: SpeechClassifier, path: Path) -> None:
    with torch.no_grad(), quiet_exporter():
        torch.onnx.export(
            PlainGraph(model).eval(),
            (torch.randn(2, TRACED_SAMPLES) * 0.1,),
            path,
            dynamo=False,
            opset_version=OPSET,
            input_names=[INPUT],
            output_names=[LOGITS],
            dynamic_axes={INPUT: {0: "batch", 1: "samples"}, LOGITS: {0: "batch"}},
        )


def _quantize(source: Path, target: Path, operators: list[str], per_channel: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="undertone-stock-") as folder, _quiet_root_logger():
        whole = Path(folder) / "constants.onnx"
        model = onnx.load(str(source))
        fold_constants(model)  # the graph computes the positional convolution's weight; quantizers see only what is constant
        onnx.save(model, whole)
        quantize_dynamic(whole, target, op_types_to_quantize=operators, per_channel=per_channel, weight_type=QuantType.QInt8)


@contextmanager
def _quiet_root_logger() -> Iterator[None]:
    """ONNX Runtime's quantizer advises its own pre-processing on the root logger; weights are folded already."""
    level = logging.root.level
    logging.root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logging.root.setLevel(level)
