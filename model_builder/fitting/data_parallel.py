"""Training of one network by several processes that torchrun starts, on one machine or many over a shared run folder.

Each process takes batches of its own, and gradients are averaged over all before every step (accelerate's collective operations), so that
N processes take steps of N batches and hold the same weights all the time. The first process writes the files.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import torch
from filelock import FileLock
from torch import Tensor

from model_builder.fitting.machine import best_device

Value = TypeVar("Value")

LONGEST_WAIT = timedelta(days=1)
"""For another process: while one computes renditions or validates, the others wait."""


@dataclass(frozen=True)
class Processes:
    """Those that train one network together; `rank` is this one's number of `count`. A process alone is the first of one."""

    rank: int = 0
    count: int = 1

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def wait(self) -> None:
        """Until all are here."""
        if self.count > 1:
            torch.distributed.barrier()

    def of_first(self, value: Value) -> Value:
        """What the first process has here; pickled."""
        if self.count == 1:
            return value
        from accelerate.utils import broadcast_object_list

        values = [value]
        broadcast_object_list(values)
        return values[0]

    def share(self, tensors: Sequence[Tensor]) -> None:
        """Write the first process's values into `tensors`, of any types and devices."""
        if self.count > 1:
            from accelerate.utils import broadcast

            for tensor in tensors:
                tensor.copy_(broadcast(tensor.to(best_device())))

    @torch.no_grad()
    def average(self, tensors: Sequence[Tensor]) -> None:
        """Write the mean over all processes into `tensors`, floating-point numbers, in one exchange for each type."""
        if self.count == 1:
            return
        from accelerate.utils import reduce

        for dtype in {tensor.dtype: None for tensor in tensors}:
            of_type = [tensor for tensor in tensors if tensor.dtype == dtype]
            means = reduce(torch.cat([tensor.reshape(-1) for tensor in of_type]), reduction="mean")
            for tensor, mean in zip(of_type, means.split([tensor.numel() for tensor in of_type]), strict=True):
                tensor.copy_(mean.view_as(tensor))

    @contextmanager
    def lock(self, path: Path, wait_s: float = -1) -> Iterator[None]:
        """Hold a file lock, which the first process takes for all. Raises Timeout of filelock in that one, after which the others end."""
        lock = FileLock(path, timeout=wait_s)
        if self.is_first:
            lock.acquire()
        self.wait()
        try:
            yield
            self.wait()
        finally:
            lock.release()


ALONE = Processes()
_current: ContextVar[Processes] = ContextVar("processes", default=ALONE)


def training_processes() -> Processes:
    return _current.get()


def train_together() -> Processes:
    """From here on all processes that torchrun started train the same network; without torchrun this process stays alone.

    Commands whose processes take different folds do not call it.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and training_processes() is ALONE:
        from accelerate import PartialState

        arguments: dict[str, Any] = {"timeout": LONGEST_WAIT}
        state = PartialState(cpu=best_device().type == "cpu", **arguments)
        _current.set(Processes(state.process_index, state.num_processes))
    return training_processes()
