"""Stochastic audio augmentation: what a phone's microphone, a room and another speaker change, while the emotion stays.

Probabilities and ranges stand in `AugmentationPlan`, in physical units. Everything follows from one seed.
"""

import random
from dataclasses import dataclass
from functools import lru_cache

import audiomentations
import numpy as np
import python_stretch
import scipy.signal
import soxr

from model_builder.audio.channel import convolved, room_response
from model_builder.audio.noise import coloured_noise, mixed, read_noise
from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm

MASK_FADE_SAMPLES = 80
SUPPRESSION_WINDOW, SUPPRESSION_OVERLAP = 512, 384
FILTER_TAPS = 4096  # the slowest filter, a peak of Q 5 at 91 Hz, is 130 dB down after 4,096 samples


@dataclass(frozen=True)
class AugmentationPlan:
    """How often (probability) and how much; ranges are uniform, (lowest, highest).

    unchanged_probability: how often training takes a crop as it was recorded.
    noise_floor_probability: how often those crops get a noise floor of another microphone.
    masking_floor_probability: how often any crop gets a floor that hides the recording's own; for a network that adds one itself.
    noise_folder: recordings to mix in, besides the noise that is generated; None mixes in none.
    """

    unchanged_probability: float = 0.3
    speed_probability: float = 0.8
    speed_ratio: tuple[float, float] = (0.88, 1.13)
    pitch_probability: float = 0.1
    pitch_semitones: tuple[float, float] = (-2.5, 2.5)
    tempo_probability: float = 0.1
    tempo_ratio: tuple[float, float] = (0.85, 1.18)
    suppression_probability: float = 0.5
    suppression_depth_db: tuple[float, float] = (10.0, 60.0)
    margin_probability: float = 0.5
    margin_s: tuple[float, float] = (0.0, 1.0)
    margin_level_db: tuple[float, float] = (-90.0, -35.0)
    mask_probability: float = 0.2
    masks: tuple[int, int] = (1, 3)
    mask_s: tuple[float, float] = (0.03, 0.25)
    mask_level_db: tuple[float, float] = (-60.0, -15.0)
    room_probability: float = 0.35
    room_reverberation_s: tuple[float, float] = (0.1, 0.6)
    room_direct_to_reverberant_db: tuple[float, float] = (0.0, 12.0)
    equaliser_probability: float = 0.6
    equaliser_gain_db: tuple[float, float] = (-9.0, 9.0)
    low_pass_probability: float = 0.25
    low_pass_hz: tuple[float, float] = (2500.0, 7000.0)
    high_pass_probability: float = 0.25
    high_pass_hz: tuple[float, float] = (60.0, 350.0)
    tilt_probability: float = 0.5
    tilt_db_per_octave: tuple[float, float] = (-4.0, 4.0)
    noise_folder: str | None = None
    recorded_noise_probability: float = 0.4
    recorded_noise_snr_db: tuple[float, float] = (5.0, 35.0)
    noise_probability: float = 0.5
    noise_snr_db: tuple[float, float] = (8.0, 40.0)
    noise_slope_db_per_octave: tuple[float, float] = (-6.0, 3.0)
    noise_floor_probability: float = 0.7
    noise_floor_snr_db: tuple[float, float] = (15.0, 50.0)
    clipping_probability: float = 0.05
    clipping_percentile: tuple[int, int] = (0, 6)
    gain_db: tuple[float, float] = (-18.0, 6.0)
    masking_floor_probability: float = 0.0
    masking_floor_snr_db: tuple[float, float] = (9.0, 22.0)
    masking_floor_slope_db_per_octave: tuple[float, float] = (-4.5, -1.5)


def augment(pcm: Pcm, samples: int | None, seed: int, plan: AugmentationPlan | None = None) -> Pcm:
    """A random crop of exactly `samples` samples of `pcm`, augmented; None: all of it, longer or shorter by its new tempo.

    pcm: float32, shape (n,), 16 kHz; shorter clips repeat. Returns float32, shape (samples,), in [-1, 1].
    Raises UserError where the plan's noise folder holds no usable recordings.
    """
    plan = plan or AugmentationPlan()
    rng = np.random.default_rng(seed)
    random.seed(seed)  # audiomentations draws from the global generators
    np.random.seed(seed % 2**32)
    pcm = perturb_speed_and_pitch(pcm, rng, plan)
    if rng.random() < plan.suppression_probability:
        pcm = suppress_noise(pcm, rng.uniform(*plan.suppression_depth_db), rng)
    if rng.random() < plan.margin_probability:
        pcm = with_margins(pcm, rng, plan.margin_s, rng.uniform(*plan.margin_level_db))
    if samples is not None:
        pcm = random_crop(pcm, samples, rng)
    if rng.random() < plan.mask_probability:
        pcm = masked(pcm, rng, plan)
    pcm = apply_channel(pcm, rng, plan)
    if plan.noise_folder is not None and rng.random() < plan.recorded_noise_probability:
        recordings = read_noise(plan.noise_folder)
        noise = random_crop(recordings[int(rng.integers(len(recordings)))], len(pcm), rng)
        pcm = mixed(pcm, noise, rng.uniform(*plan.recorded_noise_snr_db))
    if rng.random() < plan.noise_probability:
        noise = coloured_noise(len(pcm), rng.uniform(*plan.noise_slope_db_per_octave), rng)
        pcm = mixed(pcm, noise, rng.uniform(*plan.noise_snr_db))
    pcm = _clipping(plan)(pcm, sample_rate=SAMPLE_RATE_HZ)
    peak = np.abs(pcm).max(initial=1e-9)
    gain = 10 ** (rng.uniform(*plan.gain_db) / 20)
    return np.ascontiguousarray(pcm * min(gain, 1 / peak), dtype=np.float32)


def with_noise_floor(pcm: Pcm, rng: np.random.Generator, plan: AugmentationPlan) -> Pcm:
    """`pcm` over the noise of another microphone, or as it is: float32, shape of `pcm`.

    Recordings of one corpus share one noise floor, and how far it lies below the voice tells how loud, thus how excited, that was.
    A network that reads it fails with every other microphone.
    """
    return now_and_then_over_noise(pcm, rng, plan.noise_floor_probability, plan.noise_slope_db_per_octave, plan.noise_floor_snr_db)


def with_masking_floor(pcm: Pcm, rng: np.random.Generator, plan: AugmentationPlan) -> Pcm:
    """`pcm` over a floor that hides the recording's own, or as it is: float32, shape of `pcm`.

    CREMA-D's rooms lie 12 dB below its sad voices and 27 dB below its angry ones, and speech of a studio has no floor at all: what a
    network reads there calls every studio angry. A floor as loud as that of the sad voices leaves nothing to read.
    """
    slope = plan.masking_floor_slope_db_per_octave
    return now_and_then_over_noise(pcm, rng, plan.masking_floor_probability, slope, plan.masking_floor_snr_db)


def now_and_then_over_noise(
    pcm: Pcm, rng: np.random.Generator, probability: float, slope_db_per_octave: tuple[float, float], snr_db: tuple[float, float]
) -> Pcm:
    """With `probability`, `pcm` over generated noise of a slope and a level within these ranges; else `pcm` itself."""
    if rng.random() >= probability:
        return pcm
    noise = coloured_noise(len(pcm), rng.uniform(*slope_db_per_octave), rng)
    return np.asarray(np.clip(mixed(pcm, noise, rng.uniform(*snr_db)), -1, 1))


def perturb_speed_and_pitch(pcm: Pcm, rng: np.random.Generator, plan: AugmentationPlan) -> Pcm:
    """Speed, which moves pitch and tempo together, then pitch and tempo each by itself."""
    if rng.random() < plan.speed_probability:
        pcm = soxr.resample(pcm, SAMPLE_RATE_HZ * rng.uniform(*plan.speed_ratio), SAMPLE_RATE_HZ, quality="MQ")
    semitones = rng.uniform(*plan.pitch_semitones) if rng.random() < plan.pitch_probability else 0.0
    tempo = rng.uniform(*plan.tempo_ratio) if rng.random() < plan.tempo_probability else 1.0
    if semitones == 0 and tempo == 1:
        return pcm
    return stretched(pcm, semitones, tempo, seed=int(rng.integers(2**31)))


def stretched(pcm: Pcm, semitones: float, tempo: float, seed: int) -> Pcm:
    """Pitch, with the formants, up by `semitones`; tempo `tempo` times as fast: float32, shape (n / tempo,), where pcm is (n,).

    By Signalsmith Stretch, as audiomentations' PitchShift and TimeStretch, which however do both only one after the other and seed its
    random phases from the system.
    """
    stretch = python_stretch.Signalsmith.Stretch(seed)
    stretch.preset(1, SAMPLE_RATE_HZ)
    stretch.setTransposeSemitones(semitones)
    stretch.setTimeFactor(tempo)
    [changed] = np.asarray(stretch.process(np.ascontiguousarray(pcm[None])))
    return np.asarray(changed)


def random_crop(pcm: Pcm, samples: int, rng: np.random.Generator) -> Pcm:
    """`samples` consecutive samples of `pcm` from a random start; a shorter clip is repeated, never padded with zeros."""
    if len(pcm) < samples:
        pcm = np.tile(pcm, -(-samples // len(pcm)))
    start = int(rng.integers(0, len(pcm) - samples + 1))
    return pcm[start : start + samples]


def suppress_noise(pcm: Pcm, depth_db: float, rng: np.random.Generator) -> Pcm:
    """What a phone's noise suppression leaves: spectral subtraction (Boll 1979) of each bin's quietest frames, by at most `depth_db`.

    Recordings of one corpus have one room's noise, which tells how loud the voice was; here some lose it. float32, shape of `pcm`.
    """
    # A shorter clip would shorten scipy's window below its overlap.
    padded = np.pad(pcm, (0, max(0, SUPPRESSION_WINDOW - len(pcm))))
    _, _, spectrum = scipy.signal.stft(padded, SAMPLE_RATE_HZ, nperseg=SUPPRESSION_WINDOW, noverlap=SUPPRESSION_OVERLAP)
    power = np.abs(spectrum) ** 2                                 # (bins, frames)
    noise = np.percentile(power, rng.uniform(5, 20), axis=1, keepdims=True)
    kept = np.clip(1 - rng.uniform(2, 8) * noise / (power + 1e-12), 0, 1)
    gain = np.maximum(np.sqrt(kept), 10 ** (-depth_db / 20))
    _, suppressed = scipy.signal.istft(spectrum * gain, SAMPLE_RATE_HZ, nperseg=SUPPRESSION_WINDOW, noverlap=SUPPRESSION_OVERLAP)
    return np.asarray(suppressed[: len(pcm)], np.float32)


def with_margins(pcm: Pcm, rng: np.random.Generator, margin_s: tuple[float, float], level_db: float) -> Pcm:
    """Room tone before and after the clip: white noise, `level_db` against the clip's own level."""
    level = float(np.sqrt((pcm**2).mean())) * 10 ** (level_db / 20)
    before, after = (
        (level * rng.standard_normal(int(rng.uniform(*margin_s) * SAMPLE_RATE_HZ))).astype(np.float32) for _ in range(2)
    )
    return np.concatenate([before, pcm, after])


def masked(pcm: Pcm, rng: np.random.Generator, plan: AugmentationPlan) -> Pcm:
    """A few stretches turned down, each with fades of 5 ms at most: float32, shape of `pcm`.

    Down to a level, and before room and noise fill them: digital silence, which audiomentations' TimeMask puts there, comes from no
    microphone.
    """
    pcm = pcm.copy()
    for _ in range(int(rng.integers(plan.masks[0], plan.masks[1] + 1))):
        width = min(int(rng.uniform(*plan.mask_s) * SAMPLE_RATE_HZ), len(pcm))
        start = int(rng.integers(0, len(pcm) - width + 1))
        level = 10 ** (rng.uniform(*plan.mask_level_db) / 20)
        fade = min(MASK_FADE_SAMPLES, width // 2)
        edges = [0, fade, width - fade, width]
        pcm[start : start + width] *= np.interp(np.arange(width), edges, [1, level, level, 1])
    return pcm


def apply_channel(pcm: Pcm, rng: np.random.Generator, plan: AugmentationPlan) -> Pcm:
    """Room, equaliser, band limits and tilt. float32, shape of `pcm`.

    The filters are run over the room's impulse response, which is shorter than a crop, instead of over the crop: all of it is linear.
    """
    response = np.ones(1, np.float32)
    if rng.random() < plan.room_probability:
        response = room_response(rng.uniform(*plan.room_reverberation_s), rng.uniform(*plan.room_direct_to_reverberant_db), rng)
    # One zero ahead: audiomentations' filters take what came before the first sample to have been like it, forever.
    response = _filters(plan)(np.pad(response, (1, FILTER_TAPS)), sample_rate=SAMPLE_RATE_HZ)[1:]
    tilt = rng.uniform(*plan.tilt_db_per_octave) if rng.random() < plan.tilt_probability else 0.0
    if tilt == 0 and np.count_nonzero(response) == 1:
        return pcm
    return convolved(pcm, response, tilt)


@lru_cache(maxsize=8)
def _filters(plan: AugmentationPlan) -> audiomentations.Compose:
    return audiomentations.Compose(
        [
            audiomentations.SevenBandParametricEQ(*plan.equaliser_gain_db, p=plan.equaliser_probability),
            audiomentations.HighPassFilter(*plan.high_pass_hz, min_rolloff=6, max_rolloff=12, p=plan.high_pass_probability),
            audiomentations.LowPassFilter(*plan.low_pass_hz, min_rolloff=12, max_rolloff=24, p=plan.low_pass_probability),
        ]
    )


@lru_cache(maxsize=8)
def _clipping(plan: AugmentationPlan) -> audiomentations.ClippingDistortion:
    return audiomentations.ClippingDistortion(*plan.clipping_percentile, p=plan.clipping_probability)
