"""On what training runs: it decides how long a run takes, not what comes out, so that no run folder or checkpoint records it.

On a processor. Another kind of device, or another GPU, rounds differently.
"""

import os
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

import torch

from model_builder.errors import UserError

DeviceChoice = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True)
class Machine:
    """device: auto is a GPU where there is one. workers: processes that make batches; 0: the training process itself.

    Batches follow from seed, epoch and place alone, so that any number of workers gives the same ones.
    """

    device: DeviceChoice = "auto"
    workers: int = 1


_current: ContextVar[Machine] = ContextVar("machine")
DEFAULT = Machine()


def use_machine(machine: Machine) -> None:
    """Train on `machine` from now on, in this process. Raises UserError for a GPU that is not there."""
    if machine.device == "cuda" and not torch.cuda.is_available():
        raise UserError("--device cuda: PyTorch finds no GPU here; leave it out, or install a PyTorch built for this machine's GPU")
    _current.set(machine)


def batch_workers() -> int:
    return _current.get(DEFAULT).workers


def best_device() -> torch.device:
    """The GPU of this process, by the LOCAL_RANK that torchrun gives it, or the CPU; GPUs are shared where they are too few."""
    if _current.get(DEFAULT).device == "cpu" or not torch.cuda.is_available():
        return torch.device("cpu")
    return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")) % torch.cuda.device_count())
