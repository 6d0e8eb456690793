import errno
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from model_builder.whole_file import atomic_write, atomic_write_json, atomic_write_text
from tests.conftest import ROOT


def test_a_finished_file_takes_the_place_of_the_old_one_and_its_folder_is_made(tmp_path):
    path = tmp_path / "new" / "a.txt"
    for text in ("old", "new"):
        with atomic_write(path) as unfinished:
            unfinished.write_text(text)
    assert path.read_text() == "new"
    assert [file.name for file in path.parent.iterdir()] == ["a.txt"]


def write_half(path):
    with atomic_write(path) as unfinished:
        unfinished.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_failed_write_leaves_the_old_file_and_names_it(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(OSError, match=r"a\.txt"):
        write_half(path)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_in_the_place_of_a_file_is_named_by_its_own_name(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(IsADirectoryError) as error:
        atomic_write_text(tmp_path / "a.txt", "new")
    assert error.value.filename == str(tmp_path / "a.txt") and ".unfinished" not in str(error.value)


def test_two_writes_at_once_in_one_process_do_not_share_a_file(tmp_path):
    path = tmp_path / "a.txt"
    with atomic_write(path) as first:
        first.write_text("first")
        with atomic_write(path) as second:
            second.write_text("second")
        assert path.read_text() == "second"
    assert path.read_text() == "first"
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


WRITER = """
import sys
from pathlib import Path
from model_builder.whole_file import atomic_write, atomic_write_json, atomic_write_text
path, letter, size = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for _ in range(40):
    with atomic_write(path) as unfinished, unfinished.open("w") as file:
        for _ in range(10):
            file.write(letter * (size // 10))
            file.flush()
"""


def writer(path, letter: str, size: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(path), letter, str(size)], cwd=ROOT)


def test_two_processes_that_write_one_file_publish_what_each_wrote_whole(tmp_path):
    path, sizes = tmp_path / "a.txt", {"a": 200_000, "b": 100_000}
    writers = [writer(path, letter, size) for letter, size in sizes.items()]
    seen = set()
    while any(process.poll() is None for process in writers):
        if path.is_file():
            seen.add(path.read_text())
    assert [process.returncode for process in writers] == [0, 0]
    seen.add(path.read_text())
    assert seen <= {letter * size for letter, size in sizes.items()}
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


WAITER = """
import sys, time
from pathlib import Path
from model_builder.whole_file import atomic_write, atomic_write_json, atomic_write_text
with atomic_write(Path(sys.argv[1])) as unfinished:
    unfinished.write_text("half")
    time.sleep(600)
"""


def test_what_a_killed_process_left_is_removed_and_what_a_live_one_writes_is_not(tmp_path):
    path = tmp_path / "a.txt"
    live, killed = (subprocess.Popen([sys.executable, "-c", WAITER, str(path)], cwd=ROOT) for _ in range(2))
    try:
        while len(list(tmp_path.iterdir())) < 2:
            time.sleep(0.02)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        other = tmp_path / f"a.txt.00000000-{killed.pid}-0.unfinished"
        other.write_text("of another machine")
        with atomic_write(path) as unfinished:
            unfinished.write_text("whole")
        left = sorted(tmp_path.iterdir())
        assert path in left and other in left and len(left) == 3
        assert any(f"-{live.pid}-" in file.name for file in left)
    finally:
        for process in (live, killed):
            process.kill()
            process.wait()


def test_a_name_that_is_not_utf8_is_written_with_its_bytes_as_escapes(tmp_path):
    name = os.fsdecode(b"caf\xe9.wav")
    atomic_write_text(tmp_path / "a.txt", f"grün {name}")
    atomic_write_json(tmp_path / "a.json", {"name": name})
    assert (tmp_path / "a.txt").read_bytes() == "grün caf\\udce9.wav".encode()
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == {"name": name}
