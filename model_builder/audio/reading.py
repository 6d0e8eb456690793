"""Recordings of any rate, channel count and format that libsndfile reads, as 16 kHz mono float PCM."""

import io
import os
import stat
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import soxr

from model_builder.audio.unfinished import PatchedFile, patched
from model_builder.errors import AudioError

SAMPLE_RATE_HZ = 16_000
SILENCE_PEAK = 1 / 32768  # one step of 16-bit PCM
LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 1_000, 768_000
LARGEST_VALUES = 2**29  # 2 GiB of float32: 9 h of 16 kHz mono
LARGEST_PIPE_BYTES = 2**29  # it is kept in memory: 4.6 h of 16-bit mono at 16 kHz
BLOCK_VALUES = 2**18
LFS_POINTER = b"version https://git-lfs.github.com/spec/"
LONGEST_COUNT = 2**62  # libsndfile says 2^63 - 1 where a FLAC file does not say how long it is

Pcm = np.ndarray  # float32, shape (samples,), in [-1, 1]


class Decoder(soundfile.SoundFile):  # type: ignore[misc]  # soundfile has no types
    """A sound file that is read from its start to its end, once.

    soundfile seeks to where it is after every block. Forwards only, it also reads what cannot seek (GSM 6.10) and what fails to
    (FLAC of unknown length), and MP3 keeps its state from block to block.
    """

    def seekable(self) -> bool:
        return False


def read_pcm(path: Path | str) -> Pcm:
    """The recording at `path`, a file or a pipe, as float32, shape (samples,), 16 kHz, mono (the mean of its channels).

    16-bit samples become x / 32768 exactly. Other rates are resampled by soxr at high quality. A header that was written before
    the length was known counts as "to the end of the file".
    Raises AudioError, naming the file, for one that is missing, empty, truncated, not audio, or holds NaN, and for one that holds
    more than 2^29 values or has a rate that no recorder has: a few bytes can unpack to more than memory holds.
    """
    path = Path(path)
    with ExitStack() as opened:
        try:
            file = opened.enter_context(open_recording(path))
            if file.read(len(LFS_POINTER)) == LFS_POINTER:
                raise AudioError(f"{path}: is a Git LFS pointer, not the recording; run git lfs pull")
            source = patched(file)
        except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
            raise AudioError(f"{path}: {getattr(error, 'strerror', None) or error}; check the path") from error
        if source.size_bytes == 0:
            raise AudioError(f"{path}: the file is empty; record or copy it again")
        try:
            # By name where it can be, bytes since a name need not be UTF-8: an ending tells libsndfile formats that have no magic number.
            by_name = not source.is_patched and not isinstance(file, io.BytesIO)
            samples, rate_hz, is_whole = decode(path, os.fsencode(path) if by_name else source)
        except (soundfile.LibsndfileError, RuntimeError, OSError, TypeError) as error:  # TypeError: a file that is called .raw
            raise AudioError(f"{path}: not a recording that can be read ({reason_of(error)}); give a WAV, FLAC or OGG file") from error
    if not source.is_whole or not (is_whole or source.has_estimated_length):
        raise AudioError(f"{path}: truncated, it ends before its header says; record or copy it again")
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused below
        pcm = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1)
    if rate_hz != SAMPLE_RATE_HZ:
        pcm = soxr.resample(pcm, rate_hz, SAMPLE_RATE_HZ, quality="HQ")
    if len(pcm) == 0:
        raise AudioError(f"{path}: holds no samples; record or copy it again")
    if not np.isfinite(pcm).all():  # here, since finite samples near the largest float overflow in a mean
        raise AudioError(f"{path}: holds NaN or infinite samples; export it again")
    return np.ascontiguousarray(pcm, dtype=np.float32)


def open_recording(path: Path) -> BinaryIO:
    """A file, or the bytes of a pipe, which must be kept as readers go to and fro.

    Raises OSError, and AudioError for folders, devices and pipes without end.
    """
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise AudioError(f"{path}: is a folder, not a recording")
    if stat.S_ISREG(mode):
        return path.open("rb")
    if not stat.S_ISFIFO(mode):
        raise AudioError(f"{path}: is a device or terminal, not a recording; give a file or a pipe")
    with path.open("rb") as pipe:
        content = pipe.read(LARGEST_PIPE_BYTES + 1)
    if len(content) > LARGEST_PIPE_BYTES:
        raise AudioError(f"{path}: the pipe carries more than {LARGEST_PIPE_BYTES:,} bytes; write them to a file and give that")
    return io.BytesIO(content)


def decode(path: Path, source: bytes | PatchedFile) -> tuple[np.ndarray, int, bool]:
    """All samples, float32 (frames, channels), their rate in Hz, and whether they are as many as promised.

    Raises AudioError for more than LARGEST_VALUES, which a header may promise or a decoder may find.
    """
    with Decoder(source) as file:
        promised, channels, rate_hz = file.frames, file.channels, file.samplerate
        is_counted = promised < LONGEST_COUNT
        require_bounds(path, promised if is_counted else 0, channels, rate_hz)
        blocks: list[np.ndarray] = []
        frames, block_frames = 0, max(1, BLOCK_VALUES // channels)
        while len(block := file.read(block_frames, dtype="float32", always_2d=True)):
            blocks.append(block)
            frames += len(block)
            require_bounds(path, frames, channels, rate_hz)
    samples = np.concatenate(blocks) if blocks else np.empty((0, channels), np.float32)
    return samples, rate_hz, not is_counted or frames >= promised


def require_bounds(path: Path, samples: int, channels: int, rate_hz: int) -> None:
    """Raises AudioError for a rate, or for as many samples as the header promises or the decoder has found so far."""
    if not LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ:
        raise AudioError(f"{path}: has a rate of {rate_hz:,} Hz, not {LOWEST_RATE_HZ:,} to {HIGHEST_RATE_HZ:,}; export it again")
    if max(samples * channels, samples * SAMPLE_RATE_HZ // rate_hz) > LARGEST_VALUES:
        raise AudioError(f"{path}: its header promises {samples:,} samples of {channels} channels; cut it into shorter recordings")


def find_recordings(paths: Iterable[Path]) -> list[Path]:
    """Files as given; for each folder, the recordings anywhere below it, sorted. A folder without any stays, to be rejected."""
    endings = {f".{name.lower()}" for name in soundfile.available_formats()} | {".aif", ".oga", ".opus"}
    found: list[Path] = []
    for path in paths:
        inside = sorted(file for file in path.rglob("*") if file.suffix.lower() in endings and file.is_file()) if path.is_dir() else []
        found += inside or [path]
    return found


def is_silent(pcm: Pcm) -> bool:
    """True where no sample reaches one step of 16-bit PCM."""
    return bool(np.abs(pcm).max(initial=0.0) < SILENCE_PEAK)


def reason_of(error: Exception) -> str:
    text = getattr(error, "error_string", None) or str(error)
    return text.strip().rstrip(".").splitlines()[-1].lower()

