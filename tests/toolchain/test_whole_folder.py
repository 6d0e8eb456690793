import signal
import subprocess
import sys
import time

from gradle.offline.whole_folder import whole_folder

FILL_SLOWLY = """
import sys, time
from pathlib import Path
from gradle.offline.whole_folder import whole_folder

def fill(folder):
    (folder / "first").touch()
    print("filling", flush=True)
    time.sleep(float(sys.argv[2]))
    (folder / "second").touch()

whole_folder(Path(sys.argv[1]), fill)
"""


def start(folder, seconds: float) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", FILL_SLOWLY, str(folder), str(seconds)], stdout=subprocess.PIPE, text=True)


def test_what_a_killed_process_left_is_made_anew(tmp_path):
    folder = tmp_path / "sdk"
    process = start(folder, 60)
    assert process.stdout.readline() == "filling\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not folder.exists()

    def fill(empty):
        assert not list(empty.iterdir())
        (empty / "whole").touch()

    assert [path.name for path in whole_folder(folder, fill).iterdir()] == ["whole"]


def test_of_two_processes_one_fills_the_folder_and_the_other_waits_for_it(tmp_path):
    folder = tmp_path / "sdk"
    process = start(folder, 0.3)
    assert process.stdout.readline() == "filling\n"

    def fill(empty):
        raise AssertionError("filled twice")

    assert sorted(path.name for path in whole_folder(folder, fill).iterdir()) == ["first", "second"]
    assert process.wait() == 0


def test_a_whole_folder_is_used_without_a_lock(tmp_path):
    folder = tmp_path / "sdk"
    folder.mkdir()
    started_s = time.monotonic()
    assert whole_folder(folder, lambda empty: empty.rmdir()) == folder
    assert time.monotonic() - started_s < 1
    assert [path.name for path in tmp_path.iterdir()] == ["sdk"]
