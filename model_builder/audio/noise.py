"""Noise to mix into speech: recorded, from a folder, or generated with a slope."""

import math
from functools import lru_cache
from pathlib import Path

import numpy as np
import scipy.fft

from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm, find_recordings, is_silent, read_pcm
from model_builder.errors import UserError

FLAT_BELOW_HZ = 60.0
DB_PER_FACTOR_OF_TWO = 20 * math.log10(2)  # of amplitude


@lru_cache(maxsize=2)
def read_noise(folder: str) -> tuple[np.ndarray, ...]:
    """Every recording anywhere below `folder`, read once in the life of the process: int16, shape (samples,), 16 kHz mono.

    Each at full scale: noise is mixed in at a level of the mix's own.
    Raises UserError where there is none, and AudioError naming a file that cannot be read.
    """
    paths = find_recordings([Path(folder)])
    if paths == [Path(folder)]:
        raise UserError(f"--noise {folder}: holds no recordings; give a folder with WAV, FLAC or OGG files")
    recordings = []
    for path in paths:
        pcm = read_pcm(path)
        if is_silent(pcm):
            raise UserError(f"--noise {path}: is silent; take it out of the folder")
        recordings.append((pcm * (32767 / np.abs(pcm).max())).astype(np.int16))
    return tuple(recordings)


def coloured_noise(samples: int, slope_db_per_octave: float, rng: np.random.Generator) -> Pcm:
    """Gaussian noise whose power a hertz follows the slope above 60 Hz and is constant below: float32, (samples,).

    Flat below, or else a steep slope would put most of the power where no speech is. audiomentations' AddColorNoise takes five times as
    long and has three quarters of a noise of -6 dB an octave below 60 Hz.
    """
    size = scipy.fft.next_fast_len(samples, real=True)
    octaves = octaves_of(size)
    spectrum = rng.standard_normal(2 * len(octaves), dtype=np.float32).view(np.complex64)     # (size / 2 + 1,)
    spectrum *= np.exp2(octaves * np.float32(slope_db_per_octave / DB_PER_FACTOR_OF_TWO))
    return np.asarray(scipy.fft.irfft(spectrum, size)[:samples])


def coloured_noise_below(snr_db: float, samples: int, slope_db_per_octave: float, rng: np.random.Generator) -> Pcm:
    """`coloured_noise` whose RMS lies `snr_db` below 1: float32, (samples,)."""
    noise = coloured_noise(samples, slope_db_per_octave, rng)
    return noise * np.float32(10 ** (-snr_db / 20) / np.sqrt((noise.astype(np.float64) ** 2).mean()))


def mixed(pcm: Pcm, noise: np.ndarray, snr_db: float) -> Pcm:
    """`pcm` with `noise` of the same shape, scaled so that their mean powers differ by `snr_db`; silent noise changes nothing."""
    noise = noise.astype(np.float32)
    noise_energy = float(noise @ noise)
    if noise_energy == 0:
        return pcm
    return pcm + noise * np.float32(math.sqrt(float(pcm @ pcm) / noise_energy) * 10 ** (-snr_db / 20))


@lru_cache(maxsize=32)
def octaves_of(size: int) -> np.ndarray:
    """Octaves above 1 kHz of each bin of a real FFT of `size` samples at 16 kHz; what is below 60 Hz counts as 60 Hz.

    float32, shape (size / 2 + 1,). Shared by all callers: not to be written to.
    """
    frequencies_hz = np.maximum(scipy.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ), FLAT_BELOW_HZ)
    octaves: np.ndarray = np.log2(frequencies_hz / 1000).astype(np.float32)
    return octaves
