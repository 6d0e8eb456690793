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

from model_builder.audio.finding import search
from model_builder.audio.unfinished import PatchedFile, patched
from model_builder.errors import AudioError

SAMPLE_RATE_HZ = 16_000
SILENCE_DBFS = -80.0
SILENCE_BLOCK_SAMPLES = 1_600
LARGEST_PEAK = 8.0  # 18 dB over full scale: more is another scale
CANCELLED_SHARE = 1 / 100  # of the loudest channel's power: a mean below it has lost the voice; a dead channel leaves a quarter
LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 1_000, 768_000
LARGEST_VALUES = 2**29  # 2 GiB of float32: 9 h of 16 kHz mono
LARGEST_PIPE_BYTES = 2**29  # it is kept in memory: 4.6 h of 16-bit mono at 16 kHz
BLOCK_VALUES = 2**18
MOST_CHANNELS = 256  # more are rather (channels, frames), turned around
INTEGER_SCALES = {np.dtype(np.uint8): (128, 128.0), np.dtype(np.int16): (0, 2.0**15), np.dtype(np.int32): (0, 2.0**31)}
"""Zero and full scale of what recorders and libraries hand out."""
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
    """The recording at `path`, a file or a pipe, as float32, shape (samples,), 16 kHz, mono: what `converted` makes of its samples.

    16-bit samples become x / 32768 exactly. A header that was written before the length was known counts as "to the end of the file".
    Raises AudioError, naming the file, for one that is missing, empty, truncated, not audio, or refused by `converted`, and for one that
    holds more than 2^29 values or has a rate that no recorder has: a few bytes can unpack to more than memory holds.
    """
    path = Path(path)
    with ExitStack() as opened:
        try:
            file = opened.enter_context(open_recording(path))
            if file.read(len(LFS_POINTER)) == LFS_POINTER:
                raise AudioError(f"{path}: is a Git LFS pointer, not the recording; run git lfs pull")
            source = patched(file)
        except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
            remedy = "check its permissions" if isinstance(error, PermissionError) else "check the path"
            raise AudioError(f"{path}: {getattr(error, 'strerror', None) or error}; {remedy}") from error
        truncated = AudioError(f"{path}: truncated, it ends before its header says; record or copy it again")
        if source.size_bytes == 0:
            raise AudioError(f"{path}: the file is empty; record or copy it again")
        try:
            # By name where it can be, bytes since a name need not be UTF-8: an ending tells libsndfile formats that have no magic number.
            by_name = not source.is_patched and not isinstance(file, io.BytesIO)
            samples, rate_hz, is_whole = decode(path, os.fsencode(path) if by_name else source, not source.has_estimated_length)
        except (soundfile.LibsndfileError, RuntimeError, OSError, TypeError) as error:  # TypeError: a file that is called .raw
            if not source.is_whole:
                raise truncated from error
            raise AudioError(f"{path}: not a recording that can be read ({reason_of(error)}); give a WAV, FLAC or OGG file") from error
    if not (source.is_whole and is_whole) or len(samples) < source.promised_samples:
        raise truncated
    if len(samples) == 0:
        raise AudioError(f"{path}: holds no samples; record or copy it again")
    if (channels := samples.shape[1]) > MOST_CHANNELS:
        raise AudioError(f"{path}: its header has {channels} channels, and recorders at most {MOST_CHANNELS}; record or copy it again")
    try:
        return converted(samples, rate_hz)
    except AudioError as error:
        raise AudioError(f"{path}: {error}") from error


def converted(samples: np.ndarray, sample_rate_hz: float) -> Pcm:
    """Samples as the model takes them: float32, shape (samples,), 16 kHz mono.

    samples: float, shape (frames,) or (frames, channels), full scale at 1; integers (uint8, int16, int32) by their own full scale.
    Channels become one by `to_mono`; other rates are resampled by soxr at high quality.
    Raises AudioError for NaN and infinite samples, floats beyond 8 and a rate that no recorder has, TypeError and ValueError for
    other types and shapes.
    """
    require_rate(sample_rate_hz)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused below
        pcm = to_mono(as_float(samples))
    if sample_rate_hz != SAMPLE_RATE_HZ:
        pcm = soxr.resample(pcm, sample_rate_hz, SAMPLE_RATE_HZ, quality="HQ")
    if not np.isfinite(pcm).all():  # here, since finite samples near the largest float overflow in a mean
        raise AudioError("holds NaN or infinite samples; export it again")
    return np.ascontiguousarray(pcm, dtype=np.float32)


def as_float(samples: np.ndarray) -> np.ndarray:
    """float32 of the same shape, full scale at 1: x / 32768 of int16, x / 2^31 of int32, (x - 128) / 128 of uint8.

    >>> as_float(np.array([-32768, 16384], np.int16)).tolist()
    [-1.0, 0.5]

    Raises TypeError for other types, ValueError for other shapes than (frames,) and (frames, channels), and AudioError for floats beyond
    8, which are on another scale, such as that of 16-bit integers.
    """
    samples = np.asarray(samples)
    if samples.ndim not in (1, 2) or (samples.ndim == 2 and not 0 < samples.shape[1] <= MOST_CHANNELS):
        raise ValueError(f"samples of shape {samples.shape}; give (frames,) or (frames, channels) of at most {MOST_CHANNELS} channels")
    if np.issubdtype(samples.dtype, np.floating):
        peak = max(float(samples.max(initial=0)), -float(samples.min(initial=0)))
        if LARGEST_PEAK < peak < np.inf:
            raise AudioError(
                f"its samples reach {peak:,.6g}, and full scale is 1: they are on another scale, such as that of 16-bit integers;"
                " divide them by it (32,768) and export it again"
            )
        return samples.astype(np.float32, copy=False)
    if samples.dtype not in INTEGER_SCALES:
        raise TypeError(f"samples of type {samples.dtype}; give floats from -1 to 1, int16, int32 or uint8")
    zero, full_scale = INTEGER_SCALES[samples.dtype]
    return ((samples - np.float64(zero)) / full_scale).astype(np.float32)


def to_mono(samples: np.ndarray) -> np.ndarray:
    """float32, shape (frames,), of float32 (frames,) or (frames, channels): the mean of the channels, or the loudest where they cancel.

    Cancel: the mean has less than a hundredth of the loudest channel's power, both without DC, as where one channel is inverted.
    """
    if samples.ndim == 1 or samples.shape[1] == 1:
        return samples.reshape(-1)
    mean: np.ndarray = samples.mean(axis=1)
    if len(samples) == 0:
        return mean
    powers = samples.var(axis=0)
    loudest = int(np.argmax(powers >= 0.999 * powers.max()))  # the first of equals, whatever was rounded
    return samples[:, loudest] if mean.var() < CANCELLED_SHARE * powers.max() else mean


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


def decode(path: Path, source: bytes | PatchedFile, is_counted: bool = True) -> tuple[np.ndarray, int, bool]:
    """All samples, float32 (frames, channels), their rate in Hz, and whether they are as many as promised, where that is counted.

    Raises AudioError for more than LARGEST_VALUES, which a header may promise or a decoder may find.
    """
    with Decoder(source) as file:
        promised, channels, rate_hz = file.frames, file.channels, file.samplerate
        is_counted = is_counted and promised < LONGEST_COUNT
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
    try:
        require_rate(rate_hz)
    except AudioError as error:
        raise AudioError(f"{path}: {error}") from error
    if max(samples * channels, samples * SAMPLE_RATE_HZ // rate_hz) > LARGEST_VALUES:
        raise AudioError(f"{path}: its header promises {samples:,} samples of {channels} channels; cut it into shorter recordings")


def require_rate(rate_hz: float) -> None:
    """Raises AudioError for a rate that no recorder has."""
    if not LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ:
        raise AudioError(f"has a rate of {rate_hz:,} Hz, not {LOWEST_RATE_HZ:,} to {HIGHEST_RATE_HZ:,}; export it again")


def find_recordings(paths: Iterable[Path]) -> list[Path]:
    """Files as given; for each folder, the recordings anywhere below it, sorted. A folder without any stays, to be rejected.

    Raises AudioError for what cannot be entered, where recordings may be missing; `finding.search` names all that is, and goes on.
    """
    found = search(paths)
    if found.problems:
        raise AudioError(found.problems[0])
    return found.recordings


def is_silent(pcm: Pcm) -> bool:
    """True where no 100 ms of it reach -80 dBFS (RMS, without DC): nothing but dither, whose 16 bits lie at -96 dBFS.

    By the loudest 100 ms, since a word in hours of digital silence is not silence.
    """
    whole = len(pcm) // SILENCE_BLOCK_SAMPLES * SILENCE_BLOCK_SAMPLES
    powers = pcm[:whole].reshape(-1, SILENCE_BLOCK_SAMPLES).var(axis=1)
    loudest = max(powers.max(initial=0.0), pcm[whole:].var() if whole < len(pcm) else 0.0)
    return bool(loudest < 10 ** (SILENCE_DBFS / 10))


def reason_of(error: Exception) -> str:
    text = getattr(error, "error_string", None) or str(error)
    return text.strip().rstrip(".").splitlines()[-1].lower()

