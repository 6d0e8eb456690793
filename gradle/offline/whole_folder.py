"""Folders that are there whole or not at all, made by one process at a time."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path


def whole_folder(folder: Path, fill: Callable[[Path], None]) -> Path:
    """Returns `folder`, which `fill` made: now, in an empty folder beside it that is renamed at the end, or some time before.

    Processes that need the same folder wait for the one that makes it. What a killed one left is made anew, and never used.
    """
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with folder.with_name(f"{folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # ends with the process, even when that is killed
            if not folder.is_dir():
                partial = folder.with_name(f"{folder.name}.partial")
                shutil.rmtree(partial, ignore_errors=True)
                partial.mkdir()
                fill(partial)
                partial.rename(folder)
    return folder
