"""What must never be unpickled."""

from collections.abc import Callable
from pathlib import Path


class RunsWhenUnpickled:
    """Whoever unpickles this with Python's own unpickler makes the folder `ran`."""

    def __init__(self, ran: Path):
        self.ran = ran

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.mkdir, (self.ran,)
