"""One folder in the place of another, with processes that die in between."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from model_builder.asset import folder_swap
from model_builder.asset.folder_swap import atomic_replace_folder


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def fill(building: Path, text: str) -> None:
    (building / "deep").mkdir()
    (building / "model").write_text(text)
    (building / "deep/golden").write_text(text)


NEW = {"deep/golden": "new", "model": "new"}
OLD = {"deep/golden": "old", "model": "old", "only old": "old"}


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "assets/emotion"
    folder.mkdir(parents=True)
    fill(folder, "old")
    (folder / "only old").write_text("old")
    return folder


@pytest.fixture(params=["exchange", "renames"])
def system(request, monkeypatch):
    """With and without the kernel's exchange of two names."""
    if request.param == "renames":
        monkeypatch.setattr(folder_swap, "_exchange", lambda first, second: False)


def test_the_new_folder_takes_the_place_of_the_old_one_and_nothing_else_is_left(folder, system):
    with atomic_replace_folder(folder) as building:
        fill(building, "new")
        assert contents(folder) == OLD
    assert contents(folder) == NEW
    assert [path.name for path in folder.parent.iterdir()] == ["emotion"]


def test_the_first_folder_needs_none_before_it(tmp_path, system):
    with atomic_replace_folder(tmp_path / "not/yet/there") as building:
        fill(building, "new")
    assert contents(tmp_path / "not/yet/there") == NEW


def test_a_block_that_raises_leaves_the_old_folder_alone(folder, system):
    with pytest.raises(RuntimeError), atomic_replace_folder(folder) as building:
        fill(building, "new")
        raise RuntimeError
    assert contents(folder) == OLD
    assert [path.name for path in folder.parent.iterdir()] == ["emotion"]


def test_the_folder_being_built_is_hidden_from_android_packaging(folder):
    with atomic_replace_folder(folder) as building:
        assert building.name.startswith(".") and building.parent == folder.parent


KILLED_WHILE_FILLING = "kill()"
KILLED_WHILE_FLUSHING = "folder_swap.os.fsync = lambda descriptor: kill()"
KILLED_BEFORE_THE_SWAP = "folder_swap._swap = lambda *_: kill()"
KILLED_AFTER_THE_SWAP = "swap = folder_swap._swap; folder_swap._swap = lambda *paths: (swap(*paths), kill())"
KILLED_BETWEEN_RENAMES = (
    "folder_swap._exchange = lambda *_: False; rename = Path.rename\n"
    "    Path.rename = lambda self, to: kill() if 'building' in self.name else rename(self, to)"
)


def run_and_be_killed(folder: Path, how: str) -> None:
    script = f"""
import os, signal
from pathlib import Path
from model_builder.asset import folder_swap
kill = lambda: os.kill(os.getpid(), signal.SIGKILL)
with folder_swap.atomic_replace_folder(Path({str(folder)!r})) as building:
    (building / "deep").mkdir()
    (building / "model").write_text("new")
    (building / "deep/golden").write_text("new")
    {how}
"""
    code = subprocess.run([sys.executable, "-c", script], check=False).returncode
    assert code == -signal.SIGKILL


@pytest.mark.parametrize("how", [KILLED_WHILE_FILLING, KILLED_WHILE_FLUSHING, KILLED_BEFORE_THE_SWAP])
def test_a_killed_build_leaves_the_old_folder_and_the_next_one_cleans_up(folder, how):
    run_and_be_killed(folder, how)
    assert contents(folder) == OLD
    assert len(list(folder.parent.iterdir())) == 2
    with atomic_replace_folder(folder) as building:
        fill(building, "new")
    assert contents(folder) == NEW
    assert [path.name for path in folder.parent.iterdir()] == ["emotion"]


def test_a_build_that_is_killed_after_the_swap_has_replaced_the_folder(folder):
    run_and_be_killed(folder, KILLED_AFTER_THE_SWAP)
    assert contents(folder) == NEW


def test_without_exchange_a_build_killed_between_renames_is_undone_by_the_next_one(folder):
    run_and_be_killed(folder, KILLED_BETWEEN_RENAMES)
    assert not folder.exists()
    with pytest.raises(RuntimeError), atomic_replace_folder(folder):
        assert contents(folder) == OLD
        raise RuntimeError
    assert contents(folder) == OLD
    assert [path.name for path in folder.parent.iterdir()] == ["emotion"]


def test_a_build_that_is_still_running_is_not_cleaned_up(folder):
    with atomic_replace_folder(folder) as first:
        fill(first, "first")
        with atomic_replace_folder(folder) as second:
            fill(second, "new")
        assert contents(folder) == NEW
        assert first.is_dir()
    assert contents(folder)["model"] == "first"


def test_a_system_that_cannot_exchange_is_noticed(folder, monkeypatch):
    class OldKernel:
        pass

    monkeypatch.setattr(folder_swap.ctypes, "CDLL", lambda *_, **__: OldKernel())
    with atomic_replace_folder(folder) as building:
        fill(building, "new")
    assert contents(folder) == NEW
