"""Which floating-point format the matrix products of training run in."""

import math
import time
from contextlib import AbstractContextManager
from functools import cache
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from model_builder.fitting.data_parallel import training_processes

Precision = Literal["float32", "bf16"]
PrecisionChoice = Literal["auto", "float32", "bf16"]

SMALLEST_GAIN = 1.25
"""bf16 has to be so many times as fast as float32: a smaller gain is lost in what stays float32, and would flip from run to run."""

EMULATED = 0.15
"""Below, bf16 is computed by other instructions."""

STEPS = 5


def resolve_precision(choice: PrecisionChoice, device: torch.device, begun: Precision | None = None) -> Precision:
    """`choice`, where `auto` is bf16 on a GPU that computes it and on a processor that is measurably faster in it, else float32.

    begun: of a run that goes on; `auto` is the same then, as one run has one format. Processes that train together take what the first
    one finds.
    """
    if choice != "auto":
        return choice
    if begun is None:
        is_cuda = device.type == "cuda"
        is_fast = torch.cuda.is_bf16_supported(including_emulation=False) if is_cuda else cpu_bf16_speed_up() >= SMALLEST_GAIN
        begun = "bf16" if is_fast else "float32"
    return training_processes().of_first(begun)


def autocast(device: torch.device, precision: Precision) -> AbstractContextManager[object]:
    """The context in which a forward pass of training runs."""
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16")


@cache
def cpu_bf16_speed_up() -> float:
    """Time of a layer's training step in float32, divided by its time in bf16: below 1 where bf16 is slower; about 0.2 s.

    Measured, because no flag tells it: without instructions for bf16 oneDNN emulates it, at 1/30 of the pace of float32 on AVX2 and 1/4 on
    AVX-512, and some processors that have the instructions are no faster by them. A small layer finds out whether it is emulated, which
    would take seconds with one of DistilHuBERT's size; the gain of a small one is next to nothing where that of a large one is threefold.
    """
    speed_up = bf16_speed_up_of(frames=128, inputs=512, outputs=512)
    return speed_up if speed_up < EMULATED else bf16_speed_up_of(frames=512, inputs=768, outputs=1536)


def bf16_speed_up_of(frames: int, inputs: int, outputs: int) -> float:
    """Of the fastest of a few steps in each format, in turn: what else the processor does slows some of them, but not all."""
    weight = torch.full((outputs, inputs), 0.01, requires_grad=True)
    activations = torch.full((frames, inputs), 0.5, requires_grad=True)
    fastest_s = {False: math.inf, True: math.inf}
    for _ in range(STEPS):
        for is_bf16 in fastest_s:
            started = time.perf_counter()
            training_step(activations, weight, is_bf16)
            fastest_s[is_bf16] = min(fastest_s[is_bf16], time.perf_counter() - started)
    return fastest_s[False] / fastest_s[True]


def training_step(activations: Tensor, weight: Tensor, is_bf16: bool) -> None:
    with torch.autocast("cpu", torch.bfloat16, enabled=is_bf16):
        product = F.linear(activations, weight)
    product.float().sum().backward()
