import os
from collections import Counter

import pytest

from model_builder.audio.finding import READABLE, UNREADABLE, search
from tests.recordings import speech_like, write_wav


@pytest.fixture
def tree(tmp_path):
    """a.wav and deep/b.wav."""
    (tmp_path / "deep").mkdir()
    return write_wav(tmp_path / "a.wav", speech_like(0.1)), write_wav(tmp_path / "deep" / "b.wav", speech_like(0.1))


def test_no_ending_is_both_read_and_left_out():
    assert not READABLE & UNREADABLE
    assert {".wav", ".flac", ".ogg", ".mp3", ".aifc", ".sph", ".opus", ".caf"} <= READABLE


def test_what_is_not_read_is_counted_by_its_ending(tmp_path, tree):
    for name in ("x.m4a", "deep/y.M4A", "z.3gp", "table.csv", "._a.m4a"):
        (tmp_path / name).write_bytes(b"")
    found = search([tmp_path])
    assert (found.recordings, found.left_out) == (sorted(tree), Counter({".m4a": 2, ".3gp": 1}))
    assert (found.problems, found.loops) == ([], [])


def test_hidden_files_and_folders_are_skipped_but_not_when_given(tmp_path, tree):
    (tmp_path / ".git").mkdir()
    hidden = write_wav(tmp_path / ".git" / "c.wav", speech_like(0.1))
    assert search([tmp_path]).recordings == sorted(tree)
    assert search([tmp_path / ".git", hidden]).recordings == [hidden, hidden]


def test_linked_folders_are_entered_and_each_real_folder_once(tmp_path, tree):
    inside, outside = tmp_path / "deep", tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    elsewhere = write_wav(outside / "c.wav", speech_like(0.1))
    (tmp_path / "0-deep").symlink_to(inside)
    (tmp_path / "link").symlink_to(outside)
    (tmp_path / "same").symlink_to(outside)
    found = search([tmp_path])
    assert found.recordings == sorted([*tree, tmp_path / "link" / elsewhere.name])
    assert (found.problems, found.loops) == ([], [])


def test_a_link_back_to_a_folder_around_it_is_named_and_hides_nothing(tmp_path, tree):
    (tmp_path / "deep" / "up").symlink_to(tmp_path)
    (tmp_path / "itself").symlink_to("itself")
    found = search([tmp_path])
    assert found.recordings == sorted(tree)
    assert found.loops == [f"{tmp_path / 'deep' / 'up'}: leads back to a folder that it lies in; not entered again"]
    [problem] = found.problems
    assert problem.startswith(f"{tmp_path / 'itself'}: cannot be entered")


@pytest.mark.parametrize("is_root", [False, True])
def test_a_folder_that_must_not_be_entered_is_named_and_the_rest_found(tmp_path, tree, monkeypatch, is_root):
    """By a listing that is refused: to the superuser, whom CI may run as, permissions say nothing."""
    refused, listing = tmp_path if is_root else tmp_path / "deep", os.scandir

    def scandir(folder):
        if folder == refused:
            raise PermissionError(13, "Permission denied", str(folder))
        return listing(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    found = search([tmp_path])
    assert found.recordings == ([] if is_root else [tmp_path / "a.wav"])
    assert found.problems == [f"{refused}: cannot be entered (Permission denied); check its permissions"]


def test_pipes_in_a_folder_are_named_and_not_waited_for(tmp_path, tree):
    os.mkfifo(tmp_path / "live.wav")
    found = search([tmp_path])
    assert found.recordings == sorted(tree)
    assert found.problems == [f"{tmp_path / 'live.wav'}: is a pipe or a device in a folder; give it by its name"]


def test_names_too_long_and_links_that_lead_nowhere_stay_to_be_rejected(tmp_path):
    (tmp_path / "gone.wav").symlink_to("nowhere.wav")
    long = tmp_path / ("x" * 300 + ".wav")
    assert search([tmp_path, long]).recordings == [tmp_path / "gone.wav", long]
