"""Recordings of any rate, channel count and format that libsndfile reads, as 16 kHz mono float PCM."""

import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import soundfile
import soxr

from model_builder.errors import AudioError

SAMPLE_RATE_HZ = 16_000
SILENCE_PEAK = 1 / 32768  # one step of 16-bit PCM
LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 1_000, 768_000
LARGEST_VALUES = 2**29  # 2 GiB of float32: 9 h of 16 kHz mono

Pcm = np.ndarray  # float32, shape (samples,), in [-1, 1]


def read_pcm(path: Path | str) -> Pcm:
    """The recording at `path` as float32, shape (samples,), 16 kHz, mono (the mean of its channels).

    16-bit samples become x / 32768 exactly. Other rates are resampled by soxr at high quality.
    Raises AudioError, naming the file, for one that is missing, empty, truncated, not audio, or holds NaN, and for one whose header
    promises more than 2^29 values or a rate that no recorder has: a few bytes can unpack to more than memory holds.
    """
    path = Path(path)
    try:
        size_bytes = path.stat().st_size
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        raise AudioError(f"{path}: {getattr(error, 'strerror', None) or error}; check the path") from error
    if path.is_dir():
        raise AudioError(f"{path}: is a folder, not a recording")
    if size_bytes == 0:
        raise AudioError(f"{path}: the file is empty; record or copy it again")
    try:
        with soundfile.SoundFile(path) as file:
            promised_samples, rate_hz = file.frames, file.samplerate
            require_bounds(path, promised_samples, file.channels, rate_hz)
            samples = file.read(dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError, OSError, TypeError) as error:  # TypeError: a file that is called .raw
        raise AudioError(f"{path}: not a recording that can be read ({reason_of(error)}); give a WAV, FLAC or OGG file") from error
    if len(samples) < promised_samples or riff_is_truncated(path, size_bytes):
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


def require_bounds(path: Path, samples: int, channels: int, rate_hz: int) -> None:
    """Raises AudioError for what the header promises, before anything of that size is made."""
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


def riff_is_truncated(path: Path, size_bytes: int) -> bool:
    """True for a WAV file whose `data` chunk is longer than the file; libsndfile would read it short without a word.

    Streamed files, which write 0 or 0xFFFFFFFF as the length, are not truncated. Source: RIFF, Multimedia Programming
    Interface and Data Specifications 1.0 (IBM, Microsoft 1991).
    """
    with path.open("rb") as file:
        head = file.read(12)
        if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return False
        while len(chunk := file.read(8)) == 8:
            name, length_bytes = chunk[:4], struct.unpack("<I", chunk[4:])[0]
            if name == b"data":
                return length_bytes not in (0, 0xFFFFFFFF) and file.tell() + length_bytes > size_bytes
            file.seek(length_bytes + length_bytes % 2, 1)
    return False
