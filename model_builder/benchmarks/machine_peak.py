"""What this machine can multiply at best, by the kernels that the models run on, and what a network asks for."""

from dataclasses import dataclass

import numpy as np
import onnx
import torch
from torch.utils.flop_counter import FlopCounterMode

from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.inference.session import open_session
from model_builder.inference.timing import interleaved_times
from model_builder.models.hubert import SpeechClassifier

SIDE = 1024
INTEGER_PRODUCT = f"""<ir_version: 9, opset_import: ["" : 20]>
g (uint8[{SIDE}, {SIDE}] x) => (int32[{SIDE}, {SIDE}] y) {{ y = MatMulInteger (x, w) }}"""
FLOAT_PRODUCT = f"""<ir_version: 9, opset_import: ["" : 20]>
g (float[{SIDE}, {SIDE}] x) => (float[{SIDE}, {SIDE}] y) {{ y = MatMul (x, w) }}"""


@dataclass(frozen=True)
class MachinePeak:
    """Measured on one thread with square matrices of 1,024, in 10^9 multiply-adds a second."""

    int8_gmacs_per_s: float
    fp32_gmacs_per_s: float


def measure_peak() -> MachinePeak:
    rng = np.random.default_rng(0)
    integers = rng.integers(-127, 128, (SIDE, SIDE), np.int8)
    floats = rng.normal(size=(SIDE, SIDE)).astype(np.float32)
    runs = []
    for text, weight, x in ((INTEGER_PRODUCT, integers, rng.integers(0, 256, (SIDE, SIDE), np.uint8)), (FLOAT_PRODUCT, floats, floats)):
        model = onnx.parser.parse_model(text)
        model.graph.initializer.append(onnx.numpy_helper.from_array(weight, "w"))
        session = open_session(model.SerializeToString(), threads=1)
        runs.append(lambda session=session, x=x: session.run(None, {"x": x}))
    int8, fp32 = (SIDE**3 / times.median_ms / 1e6 for times in interleaved_times(runs))
    return MachinePeak(int8, fp32)


def network_gmacs(model: SpeechClassifier, duration_s: float) -> float:
    """10^9 multiply-adds that PyTorch counts for one clip."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, int(duration_s * SAMPLE_RATE_HZ)))
    return float(counter.get_total_flops() / 2 / 1e9)
