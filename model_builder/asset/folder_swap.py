"""Replaces a folder in one step: whoever looks, and whenever a build dies, sees the whole old folder or the whole new one."""

import ctypes
import errno
import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RENAME_EXCHANGE = 2
AT_FDCWD = -100
EXCHANGE_IS_UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


@contextmanager
def atomic_replace_folder(folder: Path) -> Iterator[Path]:
    """Yields an empty folder to fill; when the block ends well, it is on disk and takes the place of `folder`.

    The yielded folder lies beside `folder`, on the same file system, under a hidden name that Android's packaging skips.
    When the block raises, `folder` is untouched and what was written is removed; when the process is killed, it is removed by
    the next call. Raises OSError where the folders cannot be written.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder.parent):
        _recover(folder)
        _remove_abandoned(folder)
        building = folder.parent / f"{_prefix(folder)}{uuid.uuid4().hex}"
        building.mkdir()
        owner = os.open(building, os.O_RDONLY)
        fcntl.flock(owner, fcntl.LOCK_EX)  # the kernel lets go of it when this process dies
    try:
        yield building
        _flush(building)
        with _locked(folder.parent):
            _swap(building, folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
        os.close(owner)


def _swap(building: Path, folder: Path) -> None:
    if not folder.exists():
        building.rename(folder)
    elif not _exchange(building, folder):
        folder.rename(_set_aside(folder))
        building.rename(folder)
        shutil.rmtree(_set_aside(folder), ignore_errors=True)
    _flush_entry(folder.parent)


def _exchange(first: Path, second: Path) -> bool:
    """Swaps two paths atomically (Linux, renameat2); False where the system or the file system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(AT_FDCWD, os.fsencode(first), AT_FDCWD, os.fsencode(second), RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in EXCHANGE_IS_UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(second))


def _recover(folder: Path) -> None:
    """Puts back the folder that a process set aside and was killed before atomic_replace_folder; drops one that was replaced."""
    aside = _set_aside(folder)
    if not aside.exists():
        return
    if folder.exists():
        shutil.rmtree(aside, ignore_errors=True)
    else:
        aside.rename(folder)


def _remove_abandoned(folder: Path) -> None:
    """Removes what killed processes were building: a live one holds a lock on its folder."""
    for abandoned in folder.parent.glob(f"{_prefix(folder)}*"):
        descriptor = os.open(abandoned, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(abandoned, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(descriptor)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _flush(folder: Path) -> None:
    """Files first, then the folders that name them, so that a swap never outlives what it points at."""
    entries = sorted(folder.rglob("*"), key=lambda path: path.is_dir())
    for path in [*entries, folder]:
        _flush_entry(path)


def _flush_entry(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prefix(folder: Path) -> str:
    return f".{folder.name}.building-"


def _set_aside(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.previous"
