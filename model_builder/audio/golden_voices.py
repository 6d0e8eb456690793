"""Generated recordings that resemble speech: the golden vectors of the asset, and what quantization calibrates on.

Generated, so that they are free of any licence; of several voices and levels, so that a wrong normalisation, a lost context or
a padded window shows. The same seed gives the same samples for ever: the shipped golden logits depend on them.
"""

from dataclasses import dataclass

import numpy as np

from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm

VOWEL_FORMANTS_HZ = np.array([[730, 1090, 2440], [270, 2290, 3010], [570, 840, 2410], [530, 1840, 2480], [300, 870, 2240]])
FORMANT_BANDWIDTHS_HZ = np.array([80.0, 110.0, 160.0])


@dataclass(frozen=True)
class Voice:
    """How one recording is generated; levels are RMS over the whole of it."""

    name: str
    duration_s: float
    pitch_hz: float
    pitch_slope: float = 0.0  # octaves a syllable
    syllables_per_s: float = 4.5
    level_dbfs: float = -22.0
    noise_db: float = -35.0  # below the voice
    pause_s: float = 0.0  # in the middle
    seed: int = 0


VOICES = (
    Voice("low_voice", 3.0, 115, -0.15, seed=1),
    Voice("high_voice", 2.4, 230, -0.1, 5.0, -26, seed=2),
    Voice("rising_voice", 1.71, 180, 0.35, 5.5, -20, seed=3),
    Voice("quiet_voice", 2.0, 140, -0.1, 3.5, -50, -25, seed=4),
    Voice("clipped_voice", 2.2, 210, 0.1, 5.5, 0.0, seed=5),
    Voice("noisy_voice", 4.0, 125, 0.0, 4.0, -18, -6, seed=6),
    Voice("short_voice", 0.5, 150, 0.1, 4.0, seed=7),
    Voice("two_sentences", 6.0, 130, -0.2, 4.5, -24, -40, pause_s=1.6, seed=8),
)


def generate(voice: Voice) -> np.ndarray:
    """16-bit PCM, 16 kHz: harmonics of a gliding pitch through moving formants, in syllables, over breath and room noise."""
    rng = np.random.default_rng(voice.seed)
    count = int(voice.duration_s * SAMPLE_RATE_HZ)
    time_s = np.arange(count) / SAMPLE_RATE_HZ
    syllable = time_s * voice.syllables_per_s
    phase_in_syllable = syllable % 1.0
    pitch_hz = voice.pitch_hz * 2 ** (voice.pitch_slope * (phase_in_syllable - 0.5) + 0.02 * np.sin(2 * np.pi * 5.5 * time_s))
    phase = 2 * np.pi * np.cumsum(pitch_hz) / SAMPLE_RATE_HZ
    formants_hz = _formant_tracks(rng, syllable)
    voiced = np.zeros(count)
    for harmonic in range(1, int(7000 / voice.pitch_hz)):
        frequency_hz = (pitch_hz * harmonic)[:, None]
        resonances = 1 / (1 + ((frequency_hz - formants_hz) / FORMANT_BANDWIDTHS_HZ) ** 2)  # (samples, 3)
        gain = resonances @ np.array([1.0, 0.5, 0.25]) + 0.01
        voiced += gain / harmonic**0.5 * np.sin(harmonic * phase + rng.uniform(0, 2 * np.pi))
    envelope = np.clip(1.6 * np.sin(np.pi * phase_in_syllable) - 0.25, 0, 1)
    breath = np.diff(rng.standard_normal(count + 1)) * np.clip(0.5 - envelope, 0, 1) * 0.12
    speech = voiced * envelope / voiced.std() + breath
    half_pause_s = voice.pause_s / 2
    speech[np.abs(time_s - voice.duration_s / 2) < half_pause_s] = 0
    speech /= speech.std()
    noise = np.convolve(rng.standard_normal(count + 7), np.ones(8) / 8**0.5, "valid") * 10 ** (voice.noise_db / 20)
    pcm = (speech + noise) * 10 ** (voice.level_dbfs / 20)
    samples: np.ndarray = np.clip(np.rint(pcm * 32768), -32768, 32767).astype(np.int16)
    return samples


def generated_pcm(voice: Voice) -> Pcm:
    """The same as the network takes it: float32, (samples,), in [-1, 1)."""
    return generate(voice).astype(np.float32) / 32768


def _formant_tracks(rng: np.random.Generator, syllable: np.ndarray) -> np.ndarray:
    """Formant frequencies that glide from vowel to vowel. syllable: (samples,), in syllables. Returns (samples, 3), Hz."""
    vowels = VOWEL_FORMANTS_HZ[rng.integers(len(VOWEL_FORMANTS_HZ), size=int(syllable[-1]) + 2)]
    centres = np.arange(len(vowels)) + 0.5
    return np.stack([np.interp(syllable, centres, vowels[:, formant]) for formant in range(3)], axis=-1)
