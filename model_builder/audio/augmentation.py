"""Stochastic audio augmentation: what a phone's microphone, a room and another speaker change, while the emotion stays.

Probabilities and ranges stand in `AugmentationPlan`, in physical units. Everything follows from one seed.
"""

import random
from dataclasses import dataclass
from functools import lru_cache

import audiomentations
import numpy as np
import scipy.signal
import soxr

from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm


@dataclass(frozen=True)
class AugmentationPlan:
    """How often (probability) and how much; ranges are uniform, (lowest, highest)."""

    speed_probability: float = 0.8
    speed_ratio: tuple[float, float] = (0.88, 1.13)
    margin_probability: float = 0.5
    margin_s: tuple[float, float] = (0.0, 1.2)
    margin_level_db: tuple[float, float] = (-80.0, -35.0)
    room_probability: float = 0.35
    room_reverberation_s: tuple[float, float] = (0.1, 0.6)
    equaliser_probability: float = 0.6
    equaliser_gain_db: tuple[float, float] = (-9.0, 9.0)
    low_pass_probability: float = 0.15
    low_pass_hz: tuple[float, float] = (3400.0, 7000.0)
    high_pass_probability: float = 0.25
    high_pass_hz: tuple[float, float] = (60.0, 350.0)
    noise_probability: float = 0.5
    noise_snr_db: tuple[float, float] = (8.0, 40.0)
    noise_slope_db_per_octave: tuple[float, float] = (-6.0, 3.0)
    clipping_probability: float = 0.05
    clipping_percentile: tuple[int, int] = (0, 6)
    gain_db: tuple[float, float] = (-18.0, 6.0)


def augment(pcm: Pcm, samples: int, seed: int, plan: AugmentationPlan | None = None) -> Pcm:
    """A random crop of exactly `samples` samples of `pcm`, augmented.

    pcm: float32, shape (n,), 16 kHz; shorter clips repeat. Returns float32, shape (samples,), in [-1, 1].
    """
    plan = plan or AugmentationPlan()
    rng = np.random.default_rng(seed)
    random.seed(seed)  # audiomentations draws from the global generators
    np.random.seed(seed % 2**32)
    if rng.random() < plan.speed_probability:
        pcm = soxr.resample(pcm, SAMPLE_RATE_HZ * rng.uniform(*plan.speed_ratio), SAMPLE_RATE_HZ, quality="MQ")
    if rng.random() < plan.margin_probability:
        pcm = with_margins(pcm, rng, plan.margin_s, rng.uniform(*plan.margin_level_db))
    pcm = random_crop(pcm, samples, rng)
    if rng.random() < plan.room_probability:
        pcm = reverberate(pcm, rng, rng.uniform(*plan.room_reverberation_s))
    pcm = _channel(plan)(pcm, sample_rate=SAMPLE_RATE_HZ)
    peak = np.abs(pcm).max(initial=1e-9)
    gain = 10 ** (rng.uniform(*plan.gain_db) / 20)
    return np.ascontiguousarray(pcm * min(gain, 1 / peak), dtype=np.float32)


def random_crop(pcm: Pcm, samples: int, rng: np.random.Generator) -> Pcm:
    """`samples` consecutive samples of `pcm` from a random start; a shorter clip is repeated, never padded with zeros."""
    if len(pcm) < samples:
        pcm = np.tile(pcm, -(-samples // len(pcm)))
    start = int(rng.integers(0, len(pcm) - samples + 1))
    return pcm[start : start + samples]


def with_margins(pcm: Pcm, rng: np.random.Generator, margin_s: tuple[float, float], level_db: float) -> Pcm:
    """Room tone before and after the clip: white noise, `level_db` against the clip's own level."""
    level = float(np.sqrt((pcm**2).mean())) * 10 ** (level_db / 20)
    before, after = (
        (level * rng.standard_normal(int(rng.uniform(*margin_s) * SAMPLE_RATE_HZ))).astype(np.float32) for _ in range(2)
    )
    return np.concatenate([before, pcm, after])


def reverberate(pcm: Pcm, rng: np.random.Generator, reverberation_s: float) -> Pcm:
    """A room: the direct sound and exponentially decaying noise, 60 dB down after `reverberation_s` (Polack 1988's model)."""
    time_s = np.arange(int(reverberation_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tail = rng.standard_normal(len(time_s)) * 10 ** (-3 * time_s / reverberation_s)
    direct_to_reverberant_db = rng.uniform(0, 12)
    response = tail / np.sqrt((tail**2).sum()) * 10 ** (-direct_to_reverberant_db / 20)
    response[0] = 1.0
    return scipy.signal.fftconvolve(pcm, response.astype(np.float32))[: len(pcm)].astype(np.float32)


@lru_cache(maxsize=8)
def _channel(plan: AugmentationPlan) -> audiomentations.Compose:
    return audiomentations.Compose(
        [
            audiomentations.SevenBandParametricEQ(*plan.equaliser_gain_db, p=plan.equaliser_probability),
            audiomentations.HighPassFilter(*plan.high_pass_hz, min_rolloff=6, max_rolloff=12, p=plan.high_pass_probability),
            audiomentations.LowPassFilter(*plan.low_pass_hz, min_rolloff=12, max_rolloff=24, p=plan.low_pass_probability),
            audiomentations.AddColorNoise(*plan.noise_snr_db, *plan.noise_slope_db_per_octave, p=plan.noise_probability),
            audiomentations.ClippingDistortion(*plan.clipping_percentile, p=plan.clipping_probability),
        ]
    )
