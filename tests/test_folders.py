"""Folders as people have them: every good recording answered, every bad one named in one line, exit code 2."""

import json
import os
import subprocess
import sys

import pytest

from tests.bad_recordings import NOT_UTF8, write_bad, write_good, write_named, write_unnoticed
from tests.recordings import speech_like, write_wav

GOOD_RECORDINGS = int(os.environ.get("UNDERTONE_GOOD_RECORDINGS", "32"))  # 1000 is the bar, and takes minutes


def predict(*arguments: object, encoding: str = "utf-8", **settings) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "200"}
    command = [sys.executable, "-m", "model_builder", "predict", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, env=environment, **settings)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_every_good_recording_is_answered_and_every_bad_one_named_once(asset_folder, tmp_path, encoding):
    good = write_good(tmp_path, GOOD_RECORDINGS)
    bad = write_bad(tmp_path)
    write_unnoticed(tmp_path)
    answer = predict("--json", tmp_path, encoding=encoding)
    assert answer.returncode == 2
    files = [json.loads(line)["file"] for line in answer.stdout.decode("utf-8").splitlines()]
    expected = {*map(str, good), str(tmp_path / "inner" / "a.aifc"), str(tmp_path / "inner" / "b.sph")}
    assert len(files) == len(expected) and set(files) == expected  # the byte that is no UTF-8 comes back as it was
    lines = answer.stderr.decode(encoding).splitlines()
    for name in bad:
        assert sum(name in line for line in lines) == 1, name
    for ending in (".m4a", ".3gp", ".webm"):
        assert sum(line.startswith(f"left out: 1 {ending} file") for line in lines) == 1
    assert lines[-1] == f"error: {len(bad)} of {len(expected) + len(bad):,} files could not be used"
    assert not any(name in line for line in lines for name in ("._good", ".Trashes", "notes.txt", "linked", "Traceback"))


@pytest.fixture
def crema_d(tmp_path):
    """Good recordings with the corpus's names, and one of each bad kind, those with such names too that can have them; the bad names."""
    names = [f"{sentence}_{emotion}_XX" for sentence in ("DFA", "IEO", "TIE", "MTI") for emotion in ("ANG", "HAP", "NEU", "SAD")]
    for index in range(GOOD_RECORDINGS):
        write_wav(tmp_path / f"{1001 + index // 16}_{names[index % 16]}.wav", speech_like(0.3, seed=index))
    bad = write_bad(tmp_path)
    named = []
    for index, name in enumerate(bad):
        path = tmp_path / name.replace("\\n", "\n")
        is_named = path.is_file() or name == "gone.wav"
        named.append(path.rename(tmp_path / f"{2001 + index}_DFA_SAD_XX.wav").name if is_named else name)
    return dict(zip(bad, named, strict=True))


@pytest.mark.parametrize("command", ["corpora", "evaluate"])
def test_a_corpus_of_good_and_bad_recordings_is_counted_and_scored_and_each_bad_one_named_once(asset_folder, tmp_path, crema_d, command):
    words = [sys.executable, "-m", "model_builder", command, "--corpus", f"crema-d={tmp_path}"]
    answer = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200"})
    assert answer.returncode == 2
    lines = (answer.stdout + answer.stderr).splitlines()
    silent = {"silent.wav", "dither.wav", r"line\nbreak.wav"}
    named = set(crema_d) - (silent if command == "evaluate" else {"short.wav"})  # `corpora` counts every length
    for kind in named:
        assert sum(crema_d[kind] in line and "first: " not in line for line in lines) == 1, kind
    for ending in (".m4a", ".3gp", ".webm"):
        assert sum(f"1 {ending}" in line and line.startswith("warning: crema-d: left out ") for line in lines) == 1
    unread = len(named - silent)
    if command == "corpora":
        readable = GOOD_RECORDINGS + len(silent) + 1
        assert f"error: {unread:,} of {readable + unread - 2:,} files cannot be read; copy or unpack them again" == lines[-1]
    else:
        assert f"crema-d: {GOOD_RECORDINGS:,} clips" in answer.stdout
        assert f"crema-d: {len(silent)} of " in answer.stderr and "Traceback" not in answer.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_names_in_the_table_are_whole_and_reversible_on_any_console(asset_folder, tmp_path, encoding):
    write_good(tmp_path, 3)
    answer = predict(".", cwd=tmp_path, encoding=encoding)
    assert answer.returncode == 0, answer.stderr
    shown = answer.stdout.decode(encoding)
    assert r"caf\xe9.wav" in shown and "[red] take [1].wav" in shown
    assert ("\N{GRINNING FACE} :smile:.wav" if encoding == "utf-8" else r"\U0001f600 :smile:.wav") in shown


def test_a_folder_that_holds_only_what_is_not_read_says_both(asset_folder, tmp_path):
    (tmp_path / "a.m4a").write_bytes(b"ftyp")
    (tmp_path / "b.M4A").write_bytes(b"ftyp")
    answer = predict(tmp_path)
    assert answer.returncode == 2
    assert b"left out: 2 .m4a files" in answer.stderr and b"holds no recordings" in answer.stderr


@pytest.mark.parametrize("arguments", [[""], ["--asset="], ["--weights", "", "a.wav"]])
def test_an_empty_argument_is_refused_and_not_taken_for_the_current_folder(tmp_path, arguments):
    write_wav(tmp_path / "a.wav", speech_like(0.5))
    answer = predict(*arguments, cwd=tmp_path)
    assert answer.returncode == 2 and answer.stdout == b""
    assert b"empty" in answer.stderr and len(answer.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3"])
def test_a_recording_may_come_through_a_pipe(asset_folder, tmp_path, name):
    import soundfile

    soundfile.write(tmp_path / name, speech_like(1.0), 16_000)
    answer = predict("--json", "/dev/stdin", input=(tmp_path / name).read_bytes())
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["file"] == "/dev/stdin"
    assert json.loads(answer.stdout)["label"] == json.loads(predict("--json", tmp_path / name).stdout)["label"]


def test_a_file_redirected_to_stdin_is_read_and_a_terminal_or_device_refused(asset_folder, tmp_path):
    path = write_named(tmp_path / NOT_UTF8, speech_like(0.5))
    with path.open("rb") as file:
        assert predict("/dev/stdin", stdin=file).returncode == 0
    answer = predict("/dev/stdin", stdin=subprocess.DEVNULL)
    assert answer.returncode == 2 and b"is a device or terminal" in answer.stderr
