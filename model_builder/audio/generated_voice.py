"""Generated voices and sounds: what a front end can learn spectra from without a single recording.

Source and filter (Fant 1960): glottal pulses and breath noise through moving formants, broken into syllables; some noises and tones.
No speaker is in them, so every fold of a cross-validation may start from one front end.
"""

import numpy as np
import scipy.signal

from model_builder.audio.augmentation import AugmentationPlan, augment
from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm

FORMANTS_HZ = ((250, 900, 60), (800, 2400, 90), (1900, 3200, 140), (3000, 4200, 200), (4200, 5500, 300))
"""(lowest, highest, bandwidth) of each formant, before the scale of the vocal tract."""

VOICE_SHARE, NOISE_SHARE = 0.85, 0.08  # the rest are chords of gliding tones
FILTER_STEP_SAMPLES = 320


def generated_sound(samples: int, seed: int, plan: AugmentationPlan | None = None) -> Pcm:
    """A generated sound, augmented like a recording: float32, shape (samples,), in [-1, 1]; the same for the same seed."""
    rng = np.random.default_rng(seed)
    kind = rng.random()
    if kind < VOICE_SHARE:
        sound = voice(samples, rng)
    elif kind < VOICE_SHARE + NOISE_SHARE:
        sound = np.diff(rng.standard_normal(samples + 1)) * loudness(samples, 0.1, rng)
    else:
        tones = (np.sin(phase(contour(samples, 0.3, 60, 6000, rng))) * rng.uniform(0.1, 1) for _ in range(rng.integers(1, 12)))
        sound = sum(tones) * loudness(samples, 0.1, rng)
    sound = sound / (np.abs(sound).max() + 1e-9)
    floor = np.sqrt((sound**2).mean()) * 10 ** (-rng.uniform(20, 80) / 20)
    sound = (sound + floor * rng.standard_normal(samples)).astype(np.float32)
    return augment(sound, samples, int(rng.integers(2**32)), plan)


def voice(samples: int, rng: np.random.Generator) -> np.ndarray:
    """Syllables of one voice: float64, (samples,). Pitch 60 to 600 Hz, open quotient 0.3 to 0.8, tilt from pressed to soft."""
    middle_hz = np.exp(rng.uniform(np.log(80), np.log(330)))
    jitter = 1 + 0.01 * rng.standard_normal(samples).cumsum() / 60
    pitch_hz = np.clip(middle_hz * contour(samples, rng.uniform(0.08, 0.4), 0.7, 1.5, rng) * jitter, 60, 600)
    cycle = phase(pitch_hz) / (2 * np.pi) % 1
    open_quotient = rng.uniform(0.3, 0.8)
    flow = np.where(cycle < open_quotient, np.sin(np.pi * cycle / open_quotient) ** 2, 0)
    source = unit(np.diff(flow, prepend=0))
    tilt = rng.uniform(0, 0.97)
    source = unit(scipy.signal.lfilter([1 - tilt], [1, -tilt], source))
    source = source + rng.standard_normal(samples) * 10 ** (-linear_contour(samples, 0.1, 5, 40, rng) / 20)
    is_voiced = smooth(linear_contour(samples, 0.07, 0, 1, rng) > rng.uniform(0.2, 0.45), 80)
    friction = scipy.signal.lfilter([1, -rng.uniform(0.3, 0.97)], 1, rng.standard_normal(samples)) * 10 ** (rng.uniform(-20, 0) / 20)
    spoken: np.ndarray = through_formants(source * is_voiced + friction * (1 - is_voiced), rng)
    spoken *= loudness(samples, rng.uniform(0.06, 0.2), rng)
    if rng.random() < 0.6:  # pauses
        spoken *= smooth(linear_contour(samples, 0.25, 0, 1, rng) > 0.25, 400) + 1e-4
    return spoken


def through_formants(source: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """`source` through a cascade of resonances that move every 20 ms; float64, (samples,)."""
    tract = rng.uniform(0.85, 1.25)
    tracks_hz = [contour(len(source), 0.12, low, high, rng) * tract for low, high, _ in FORMANTS_HZ]
    state = [np.zeros(2) for _ in FORMANTS_HZ]
    spoken = np.zeros(len(source))
    for start in range(0, len(source), FILTER_STEP_SAMPLES):
        step = source[start : start + FILTER_STEP_SAMPLES]
        for index, (_, _, bandwidth_hz) in enumerate(FORMANTS_HZ):
            radius = np.exp(-np.pi * bandwidth_hz / SAMPLE_RATE_HZ)
            turn = 2 * radius * np.cos(2 * np.pi * min(tracks_hz[index][start], 7800) / SAMPLE_RATE_HZ)
            gain = 1 - turn + radius**2  # unity at 0 Hz; the higher formants keep some of what falls between them
            gain = gain if index < 2 else abs(gain) ** 0.5
            step, state[index] = scipy.signal.lfilter([gain], [1, -turn, radius**2], step, zi=state[index])
        spoken[start : start + FILTER_STEP_SAMPLES] = step
    return spoken


def contour(samples: int, step_s: float, low: float, high: float, rng: np.random.Generator) -> np.ndarray:
    """A random curve between `low` and `high`, both positive, on a logarithmic scale, with a knot every `step_s`."""
    curve: np.ndarray = np.exp(linear_contour(samples, step_s, np.log(low), np.log(high), rng))
    return curve


def linear_contour(samples: int, step_s: float, low: float, high: float, rng: np.random.Generator) -> np.ndarray:
    knots = max(2, int(samples / SAMPLE_RATE_HZ / step_s) + 2)
    return np.interp(np.linspace(0, knots - 1, samples), np.arange(knots), rng.uniform(low, high, knots))


def loudness(samples: int, step_s: float, rng: np.random.Generator) -> np.ndarray:
    return 10 ** (linear_contour(samples, step_s, -40, 0, rng) / 20)


def phase(frequency_hz: np.ndarray) -> np.ndarray:
    """In radians."""
    return 2 * np.pi * np.cumsum(frequency_hz) / SAMPLE_RATE_HZ


def smooth(claims: np.ndarray, width_samples: int) -> np.ndarray:
    return np.asarray(scipy.signal.lfilter(np.ones(width_samples) / width_samples, 1, claims.astype(float)))


def unit(signal: np.ndarray) -> np.ndarray:
    scaled: np.ndarray = signal / (signal.std() + 1e-9)
    return scaled
