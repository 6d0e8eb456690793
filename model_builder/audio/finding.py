"""Recordings below folders: what libsndfile reads, what it does not, and what cannot be entered."""

import os
import stat
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import soundfile

FURTHER_ENDINGS = ("8svx", "aif", "aifc", "bwf", "iff", "mp1", "mp2", "mpga", "oga", "opus", "sf", "snd", "sph", "wave")
READABLE = {f".{name.lower()}" for name in (*soundfile.available_formats(), *FURTHER_ENDINGS)} - {".raw", ".sd2"}
"""Endings of what libsndfile reads; .raw has no rate, and .sd2 keeps it beside the file."""

UNREADABLE = {
    ".3g2", ".3ga", ".3gp", ".3gpp", ".aac", ".ac3", ".amr", ".ape", ".avi", ".awb", ".dff", ".dsf", ".dts", ".flv", ".gsm", ".m4a", ".m4b",
    ".m4v", ".mka", ".mkv", ".mov", ".mp4", ".mpc", ".mpeg", ".mpg", ".pcm", ".qcp", ".ra", ".raw", ".sd2", ".spx", ".tak", ".tta", ".weba",
    ".webm", ".wma", ".wmv", ".wv",
}  # fmt: skip
"""Endings of other recordings, which are counted; files with any other ending are no recordings."""


@dataclass(frozen=True)
class Found:
    """What lies below folders, in sorted order.

    recordings: files that libsndfile reads by their ending, and links with such an ending that lead nowhere, to be named when read.
    left_out: how many recordings there are of each ending that libsndfile does not read.
    problems: one sentence for each entry that could not be entered or is no file. loops: one for each link back to a folder around it.
    """

    recordings: list[Path] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    loops: list[str] = field(default_factory=list)


def search(paths: Iterable[Path]) -> Found:
    """Files as given; for each folder, what lies anywhere below it. A folder without any recordings stays, to be rejected.

    Hidden files and folders (.name) are skipped. Links to folders are followed, and each real folder is entered once.
    """
    found = Found()
    for path in paths:
        if not os.path.isdir(path):  # unlike Path.is_dir, it takes any name
            found.recordings.append(path)
            continue
        inside = search_folder(path)
        found.recordings.extend(inside.recordings or ([] if inside.problems else [path]))
        found.left_out.update(inside.left_out)
        found.problems.extend(inside.problems)
        found.loops.extend(inside.loops)
    return found


def search_folder(root: Path) -> Found:
    """`search` of one folder."""
    found, entered = Found(), set[tuple[int, int]]()
    waiting, links = deque([root]), deque[Path]()
    while waiting or links:
        folder = waiting.popleft() if waiting else links.popleft()  # real folders first: recordings are named by where they are
        try:
            status = os.stat(folder)
            if (status.st_dev, status.st_ino) in entered:
                if Path(os.path.realpath(folder.parent)).is_relative_to(os.path.realpath(folder)):
                    found.loops.append(f"{folder}: leads back to a folder that it lies in; not entered again")
                continue
            entered.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
        except OSError as error:
            found.problems.append(f"{folder}: cannot be entered ({error.strerror}); check its permissions")
            continue
        for name in names:
            _sort_in(folder / name, found, waiting, links)
    found.recordings.sort()
    found.problems.sort()
    return found


def _sort_in(path: Path, found: Found, waiting: deque[Path], links: deque[Path]) -> None:
    ending = path.suffix.lower()
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        if ending in READABLE:
            found.recordings.append(path)  # a link that leads nowhere: reading it says so
        elif not isinstance(error, FileNotFoundError):
            found.problems.append(f"{path}: cannot be entered ({error.strerror}); check where it leads")
        return
    if stat.S_ISDIR(mode):
        (links if path.is_symlink() else waiting).append(path)
    elif ending in UNREADABLE:
        found.left_out[ending] += 1
    elif ending in READABLE:
        if stat.S_ISREG(mode):
            found.recordings.append(path)
        else:  # it would be waited for
            found.problems.append(f"{path}: is a pipe or a device in a folder; give it by its name")
