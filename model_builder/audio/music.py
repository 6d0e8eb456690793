"""Generated music, to measure what a speech gate takes for speech: chords, drums, and a line with the vibrato and vowels of a singer."""

import numpy as np

from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm

CHORD_S = 2.0
BEAT_S = 0.5
CHORDS_HZ = ((220.0, 261.6, 329.6), (174.6, 220.0, 261.6), (261.6, 329.6, 392.0), (196.0, 246.9, 293.7))  # A minor, F, C, G
NOTES_HZ = (220.0, 246.9, 261.6, 293.7, 329.6, 261.6, 196.0, 220.0)
VOWELS_HZ = ((800.0, 1150.0, 2900.0), (350.0, 2000.0, 2800.0), (450.0, 800.0, 2830.0))  # formants of a, e and o
FORMANT_WIDTH_HZ = 90.0
VIBRATO_HZ, VIBRATO_DEPTH = 5.5, 0.012
HARMONICS_TO_HZ = 4_000.0


def chords(samples: int) -> Pcm:
    """Four chords of three notes in a circle, each with eight harmonics and the decay of a plucked string, in [-1, 1]."""
    seconds = np.arange(samples) / SAMPLE_RATE_HZ
    place = (seconds / CHORD_S).astype(int) % len(CHORDS_HZ)
    pcm = np.zeros(samples)
    for index, notes_hz in enumerate(CHORDS_HZ):
        tone = sum(np.sin(2 * np.pi * note_hz * n * seconds) / n**1.5 for note_hz in notes_hz for n in range(1, 9))
        pcm += np.where(place == index, tone, 0)
    return _normalised(pcm * np.exp(-1.2 * (seconds % CHORD_S)))


def drums(samples: int, seed: int) -> Pcm:
    """A kick on each beat, a snare on every second, a hi-hat on each half: falling sines and bursts of noise, in [-1, 1]."""
    seconds = np.arange(samples) / SAMPLE_RATE_HZ
    noise = np.random.default_rng(seed).standard_normal(samples)
    beat, half = seconds % BEAT_S, seconds % (BEAT_S / 2)
    kick = np.sin(2 * np.pi * (50 * beat + 4 * (1 - np.exp(-30 * beat)))) * np.exp(-14 * beat)
    snare = np.where((seconds / BEAT_S).astype(int) % 2 == 1, noise * np.exp(-18 * beat), 0)
    hat = np.diff(noise, prepend=0.0) * np.exp(-60 * half)
    return _normalised(kick + 0.5 * snare + 0.2 * hat)


def sung_line(samples: int) -> Pcm:
    """A tune of half-second notes with vibrato, whose harmonics have the formants of a, e and o in turn, in [-1, 1]."""
    seconds = np.arange(samples) / SAMPLE_RATE_HZ
    place = (seconds / BEAT_S).astype(int)
    pitch_hz = np.array(NOTES_HZ)[place % len(NOTES_HZ)] * (1 + VIBRATO_DEPTH * np.sin(2 * np.pi * VIBRATO_HZ * seconds))
    phase = 2 * np.pi * np.cumsum(pitch_hz) / SAMPLE_RATE_HZ
    formants_hz = np.array(VOWELS_HZ)[place // 2 % len(VOWELS_HZ)]  # (samples, 3)
    pcm = np.zeros(samples)
    for n in range(1, int(HARMONICS_TO_HZ / min(NOTES_HZ)) + 1):
        distance = (n * pitch_hz[:, None] - formants_hz) / FORMANT_WIDTH_HZ
        pcm += (1 / (1 + distance**2)).sum(axis=1) / n * np.sin(n * phase)
    attack = np.minimum(1, (seconds % BEAT_S) / 0.04) * np.minimum(1, (BEAT_S - seconds % BEAT_S) / 0.06)
    return _normalised(pcm * attack)


def _normalised(pcm: np.ndarray) -> Pcm:
    normalised: Pcm = (pcm / np.abs(pcm).max()).astype(np.float32)
    return normalised
