"""Recordings made of others: speech in steady noise, sounds at a stated level, clips joined with pauses."""

from collections.abc import Sequence

import numpy as np

from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm


def at_level(pcm: Pcm, level_dbfs: float) -> Pcm:
    """The sound scaled to this RMS in dB of full scale, and clipped to [-1, 1] as a microphone would.

    Raises ValueError for silence, which has no level.
    """
    rms = float(np.sqrt(np.mean(pcm.astype(np.float64) ** 2)))
    if rms == 0:
        raise ValueError("silence cannot be brought to a level")
    return np.clip(pcm * (10 ** (level_dbfs / 20) / rms), -1, 1).astype(np.float32)


def white_noise(samples: int, level_dbfs: float, seed: int) -> Pcm:
    return at_level(np.random.default_rng(seed).standard_normal(samples).astype(np.float32), level_dbfs)


def pink_noise(samples: int, level_dbfs: float, seed: int) -> Pcm:
    """Equal power in every octave, from 20 Hz up: what rooms and fans sound like, roughly."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(samples))
    frequencies_hz = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE_HZ)
    return at_level(np.fft.irfft(spectrum / np.sqrt(np.maximum(frequencies_hz, 20)), samples).astype(np.float32), level_dbfs)


def mains_hum(samples: int, level_dbfs: float) -> Pcm:
    """50 Hz and its harmonics up to 1 kHz, each 1/n as strong."""
    seconds = np.arange(samples) / SAMPLE_RATE_HZ
    harmonics = np.sum([np.sin(2 * np.pi * 50 * n * seconds) / n for n in range(1, 21)], axis=0)
    return at_level(harmonics.astype(np.float32), level_dbfs)


def speech_in_noise(clips: Sequence[Pcm], pauses_s: Sequence[float], snr_db: float, seed: int) -> tuple[Pcm, list[float]]:
    """The clips in this order, a pause before each and 1 s after the last, with pink noise through all of it.

    clips: float32, 16 kHz, not silent; each is brought to -26 dB of full scale, so that noise of `snr_db` below is equally far from all.
    Returns the recording and where each clip starts in it, in seconds.
    """
    parts, starts_s, samples = [], [], 0
    for clip, pause_s in zip(clips, pauses_s, strict=True):
        pause = int(pause_s * SAMPLE_RATE_HZ)
        starts_s.append((samples + pause) / SAMPLE_RATE_HZ)
        parts += [np.zeros(pause, np.float32), at_level(clip, SPEECH_DBFS)]
        samples += pause + len(clip)
    speech = np.concatenate([*parts, np.zeros(SAMPLE_RATE_HZ, np.float32)])
    return np.clip(speech + pink_noise(len(speech), SPEECH_DBFS - snr_db, seed), -1, 1), starts_s


SPEECH_DBFS = -26.0
