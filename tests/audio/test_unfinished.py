"""CAF and SPH files whose header does not know how long they are, and those that are cut: libsndfile says neither."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from model_builder.audio.reading import SAMPLE_RATE_HZ, read_pcm
from model_builder.errors import AudioError
from tests.recordings import speech_like


@pytest.fixture
def caf(tmp_path) -> tuple[Path, bytearray, int]:
    """A stereo CAF file, its bytes, and where its header says how large the audio and the edit number before it are."""
    path = tmp_path / "a.caf"
    soundfile.write(path, np.stack([speech_like(0.5)] * 2, axis=1), SAMPLE_RATE_HZ, format="CAF", subtype="PCM_16")
    content = bytearray(path.read_bytes())
    return path, content, content.index(b"data") + 4


@pytest.mark.parametrize("size", [-1, 0, 4])
def test_caf_whose_size_was_never_written_is_read_to_the_end_of_the_file_in_whole_frames(caf, size):
    path, content, size_at = caf
    expected = read_pcm(path)
    content[size_at : size_at + 8] = struct.pack(">q", size)
    path.write_bytes(content + bytes(3))
    assert np.array_equal(read_pcm(path), expected)


@pytest.mark.parametrize("size", [0, 4])
def test_caf_without_audio_whose_other_chunks_follow_has_no_samples(caf, size):
    path, content, size_at = caf
    content[size_at : size_at + 8] = struct.pack(">q", size)
    path.write_bytes(content[: size_at + 8 + 4] + b"info" + struct.pack(">q", 4) + bytes(4))
    with pytest.raises(AudioError, match=r"holds no samples|not a recording"):
        read_pcm(path)


@pytest.mark.parametrize("missing", [1, 100, 4_000, 20_000])
def test_caf_that_is_cut_is_truncated(caf, missing):
    path, content, _ = caf
    path.write_bytes(content[:-missing])
    with pytest.raises(AudioError, match=r"a\.caf: truncated, it ends before its header says"):
        read_pcm(path)


@pytest.fixture
def sphere(tmp_path) -> Callable[[str], Path]:
    """Writes an SPH file whose header has this line in place of its sample_count."""
    path = tmp_path / "a.sph"

    def write(count: str) -> Path:
        soundfile.write(path, speech_like(0.5), SAMPLE_RATE_HZ, format="NIST", subtype="PCM_16")
        content = path.read_bytes()
        header = content[:1024].rstrip(b"\0").replace(b"sample_count -i 8000\n", count.encode())
        path.write_bytes(header.ljust(1024, b"\0") + content[1024:])
        return path

    return write


@pytest.mark.parametrize("count", ["", "-i 0", "-i -1", "-i 2147483647", "-i 99999999999999999999", "-i 7000"])
def test_sph_without_a_count_or_with_one_that_nobody_records_is_read_to_the_end_of_the_file(sphere, count):
    assert len(read_pcm(sphere(f"sample_count {count}\n" if count else ""))) == 8_000


def test_sph_that_is_cut_is_truncated(sphere):
    whole = sphere("sample_count -i 8000\n")
    assert len(read_pcm(whole)) == 8_000
    whole.write_bytes(whole.read_bytes()[:-1])
    with pytest.raises(AudioError, match=r"a\.sph: truncated, it ends before its header says"):
        read_pcm(whole)
