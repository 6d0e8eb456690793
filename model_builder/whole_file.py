"""Writes a file whole or not at all."""

import json
import os
import re
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

_counter = count()


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Yields a path to write to; when the block ends well, what was written is on disk and takes the place of `path` in one step.

    The yielded path is this call's alone: of several writers of one file, the last to finish wins, and each publishes what it wrote.
    When the block raises, `path` is untouched and what was written is removed; a killed process leaves a `.unfinished` file that the
    next writer of `path` on the same machine removes. Creates the folder. Raises OSError where it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(path)
    unfinished = path.with_name(f"{path.name}.{_machine()}-{os.getpid()}-{next(_counter)}.unfinished")
    try:
        yield unfinished
        descriptor = os.open(unfinished, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        unfinished.replace(path)
    except BaseException as error:
        unfinished.unlink(missing_ok=True)
        if isinstance(error, OSError) and (error.filename is None or str(error.filename) == str(unfinished)):
            # A full disk does not say where it was met, and nobody knows the name of the moment.
            error.filename, error.filename2 = str(path), None
        raise


def atomic_write_bytes(path: Path, content: bytes) -> None:
    """Writes `content` as `atomic_write` does."""
    with atomic_write(path) as unfinished:
        unfinished.write_bytes(content)


def atomic_write_text(path: Path, text: str) -> None:
    """Writes `text` in UTF-8 as `atomic_write` does; a name of a file that is not UTF-8 appears with its bytes as escapes."""
    atomic_write_bytes(path, text.encode(errors="backslashreplace"))


def atomic_write_json(path: Path, content: object) -> None:
    """Writes `content` as indented JSON and a final newline, as `atomic_write` does."""
    atomic_write_text(path, json.dumps(content, indent=2) + "\n")


def _machine() -> str:
    """Where process numbers mean what they mean here: the machine, and the container on it; 8 hexadecimal digits."""
    try:
        namespace = os.readlink("/proc/self/ns/pid")
    except OSError:  # not Linux
        namespace = ""
    return f"{zlib.crc32(f'{socket.gethostname()} {namespace}'.encode()):08x}"


def _remove_abandoned(path: Path) -> None:
    """Removes what dead processes of this machine left of `path`; nobody knows of other machines whether a process lives."""
    name = re.compile(re.escape(f"{path.name}.{_machine()}") + r"-(\d+)-\d+\.unfinished")
    for sibling in path.parent.iterdir():
        if (owner := name.fullmatch(sibling.name)) and not _is_alive(int(owner[1])):
            sibling.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    if os.name != "posix":
        return True  # elsewhere signal 0 is no question
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # of another user, who can write here too
        return True
    return True
