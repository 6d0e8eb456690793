import random
from dataclasses import fields, replace

import numpy as np
import pytest

from model_builder.audio.augmentation import (
    AugmentationPlan,
    _filters,
    apply_channel,
    augment,
    masked,
    random_crop,
    stretched,
    suppress_noise,
    with_margins,
    with_masking_floor,
)
from model_builder.audio.channel import convolved, room_response
from tests.recordings import SAMPLE_RATE_HZ, speech_like, write_wav

NOTHING = AugmentationPlan(
    **{field.name: 0.0 for field in fields(AugmentationPlan) if field.name.endswith("_probability")}, gain_db=(0, 0)
)
IMPULSE = np.ones(1, np.float32)
EVERYTHING = AugmentationPlan(
    **{field.name: 1.0 for field in fields(AugmentationPlan) if field.name.endswith("_probability") and "noise" not in field.name}
)


def test_the_same_seed_gives_the_same_samples_and_another_seed_others():
    pcm = speech_like(3.0)
    first, again, other = augment(pcm, 16_000, 7), augment(pcm, 16_000, 7), augment(pcm, 16_000, 8)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("duration_s", [0.3, 1.0, 4.0])
def test_every_crop_has_the_length_asked_for_and_stays_in_range(duration_s):
    for seed in range(20):
        crop = augment(speech_like(duration_s, level=0.4), 24_000, seed)
        assert crop.shape == (24_000,)
        assert crop.dtype == np.float32
        assert np.isfinite(crop).all()
        assert np.abs(crop).max() <= 1.0 + 1e-6


def test_without_any_augmentation_a_crop_is_a_piece_of_the_clip():
    pcm = speech_like(2.0, level=0.02)
    crop = augment(pcm, 16_000, 3, NOTHING)
    starts = np.flatnonzero(pcm[: len(pcm) - len(crop) + 1] == crop[0])
    assert any(np.array_equal(pcm[start : start + len(crop)], crop) for start in starts)


def test_a_short_clip_is_repeated_rather_than_padded_with_zeros():
    crop = random_crop(np.full(100, 0.5, np.float32), 1_000, np.random.default_rng(0))
    assert (crop == 0.5).all()


def test_margins_surround_the_clip_at_the_level_asked_for():
    pcm = speech_like(1.0)
    longer = with_margins(pcm, np.random.default_rng(0), (0.5, 0.5), level_db=-40)
    margin = longer[: SAMPLE_RATE_HZ // 2]
    level_db = 10 * np.log10((margin**2).mean() / (pcm**2).mean())
    assert len(longer) == 2 * SAMPLE_RATE_HZ
    assert level_db == pytest.approx(-40, abs=0.5)


def test_a_masking_floor_is_as_loud_as_asked_for_whatever_the_recording_has():
    plan = replace(NOTHING, masking_floor_probability=1.0, masking_floor_snr_db=(14.0, 14.0))
    pcm = 0.1 * speech_like(2.0)
    noise = with_masking_floor(pcm, np.random.default_rng(4), plan) - pcm
    assert 10 * np.log10((pcm**2).mean() / (noise**2).mean()) == pytest.approx(14.0, abs=0.01)
    assert with_masking_floor(pcm, np.random.default_rng(4), NOTHING) is pcm


def test_a_mask_turns_stretches_down_and_leaves_the_rest_as_it_was():
    plan = replace(NOTHING, masks=(1, 1), mask_s=(0.2, 0.2), mask_level_db=(-40, -40))
    pcm = np.ones(SAMPLE_RATE_HZ, np.float32)
    changed = np.flatnonzero(masked(pcm, np.random.default_rng(0), plan) != 1)
    assert (changed[0], changed[-1]) == (pytest.approx(changed[-1] - 0.2 * SAMPLE_RATE_HZ, abs=2), changed[0] + len(changed) - 1)
    inside = masked(pcm, np.random.default_rng(0), plan)[changed[80] : changed[-80]]
    assert 20 * np.log10(inside) == pytest.approx(-40, abs=0.1)
    assert (pcm == 1).all()


def tone(frequency_hz: float, duration_s: float = 2.0) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * frequency_hz * np.arange(int(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ)).astype(np.float32)


def loudest_hz(pcm: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm))))
    return float(np.fft.rfftfreq(len(pcm), 1 / SAMPLE_RATE_HZ)[spectrum.argmax()])


@pytest.mark.parametrize("semitones", [-2.5, 2.5])
def test_pitch_moves_without_tempo(semitones):
    shifted = stretched(tone(200), semitones, tempo=1.0, seed=0)
    assert len(shifted) == 2 * SAMPLE_RATE_HZ
    assert loudest_hz(shifted) == pytest.approx(200 * 2 ** (semitones / 12), rel=0.01)


@pytest.mark.parametrize("tempo", [0.85, 1.18])
def test_tempo_moves_without_pitch(tempo):
    faster = stretched(tone(200), 0.0, tempo, seed=0)
    assert len(faster) == pytest.approx(2 * SAMPLE_RATE_HZ / tempo, abs=2)
    assert loudest_hz(faster) == pytest.approx(200, rel=0.01)


def test_what_happens_stays_where_it_happened_when_tempo_moves():
    pcm = np.zeros(2 * SAMPLE_RATE_HZ, np.float32)
    pcm[20_000:20_800] = np.random.default_rng(0).normal(0, 0.3, 800)
    faster = stretched(pcm, 2.0, 1.25, seed=0)
    assert np.average(np.arange(len(faster)), weights=faster**2) == pytest.approx(20_400 / 1.25, abs=160)


@pytest.mark.parametrize("slope_db", [-4.0, 3.0])
def test_a_tilt_follows_its_slope_around_1_khz(slope_db):
    for frequency_hz, octaves in ((250, -2), (1000, 0), (4000, 2)):
        pcm = tone(frequency_hz)
        middle = slice(8_000, 24_000)
        gain_db = 10 * np.log10((convolved(pcm, IMPULSE, slope_db)[middle] ** 2).mean() / (pcm[middle] ** 2).mean())
        assert gain_db == pytest.approx(slope_db * octaves, abs=0.1)


def test_filters_over_the_room_are_filters_over_the_clip():
    plan = replace(NOTHING, equaliser_probability=1, high_pass_probability=1, low_pass_probability=1)
    pcm = np.pad(speech_like(1.0), (1, 0))  # audiomentations' filters start as if the first sample had lasted forever
    for seed in range(5):
        generators(seed)
        directly = _filters(plan)(pcm, sample_rate=SAMPLE_RATE_HZ)
        generators(seed)
        by_response = apply_channel(pcm, np.random.default_rng(0), plan)
        assert np.abs(by_response - directly).max() < 1e-4 * np.abs(directly).max()


def generators(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)


def test_the_same_seed_gives_the_same_samples_whatever_ran_before(tmp_path):
    write_wav(tmp_path / "noise.wav", speech_like(0.7, seed=9))
    plan = replace(everything(), noise_folder=str(tmp_path))
    pcm = speech_like(2.0)
    first = augment(pcm, 20_000, 5, plan)
    for seed in range(3):
        augment(speech_like(1.0, seed=seed), 30_000, seed, plan)
        augment(pcm, 20_001, seed)
    generators(77)
    assert np.array_equal(augment(pcm, 20_000, 5, plan), first)


def everything() -> AugmentationPlan:
    probabilities = {field.name: 1.0 for field in fields(AugmentationPlan) if field.name.endswith("_probability")}
    return AugmentationPlan(**probabilities)


def test_crops_with_everything_on_are_whole_and_in_range():
    for seed in range(20):
        crop = augment(speech_like(1.5, level=0.4), 24_001, seed, everything())
        assert crop.shape == (24_001,) and crop.dtype == np.float32
        assert np.isfinite(crop).all() and np.abs(crop).max() <= 1.0 + 1e-6
        assert crop.std() > 1e-4


def test_a_room_decays_by_60_db_in_its_reverberation_time():
    click = np.zeros(SAMPLE_RATE_HZ, np.float32)
    click[0] = 1.0
    response = convolved(click, room_response(0.5, 6.0, np.random.default_rng(0)))
    early, late = (response[round(at * SAMPLE_RATE_HZ) :][:800] for at in (0.05, 0.40))
    drop_db = 10 * np.log10((late**2).mean() / (early**2).mean())
    assert drop_db == pytest.approx(-60 * 0.35 / 0.5, abs=2)
    assert np.abs(response[round(0.5 * SAMPLE_RATE_HZ) :]).max() < 1e-6  # the rounding of the fast convolution


@pytest.mark.parametrize("plan", [None, EVERYTHING], ids=["by chance", "everything"])
def test_clips_of_a_few_samples_are_augmented_like_any_other(plan):
    """Suppression of noise raised for clips of at most 384 samples."""
    for samples in (*range(1, 600, 9), 159, 160, 161, 383, 384, 385, 511, 512, 513, 600):
        pcm = (0.1 * np.random.default_rng(samples).standard_normal(samples)).astype(np.float32)
        for seed in range(3):
            crop, whole = augment(pcm, 1_600, seed, plan), augment(pcm, None, seed, plan)
            assert crop.shape == (1_600,) and len(whole) > 0
            assert all(np.isfinite(each).all() and np.abs(each).max() <= 1 + 1e-6 for each in (crop, whole)), (samples, seed)


@pytest.mark.parametrize("samples", [1, 50, 384, 385, 5_000])
def test_suppression_keeps_the_length_and_adds_nothing(samples):
    pcm = (0.1 * np.random.default_rng(0).standard_normal(samples)).astype(np.float32)
    suppressed = suppress_noise(pcm, 30.0, np.random.default_rng(1))
    assert suppressed.shape == pcm.shape
    assert np.isfinite(suppressed).all() and (suppressed**2).mean() <= 1.001 * (pcm**2).mean()
    assert samples < 512 or (suppressed**2).mean() < 0.5 * (pcm**2).mean()


def test_a_mask_longer_than_the_clip_turns_it_down_and_never_up():
    plan = replace(NOTHING, masks=(1, 1), mask_s=(0.2, 0.2), mask_level_db=(-40, -40))
    for samples in (1, 2, 30, 100, 159, 161):
        turned = masked(np.ones(samples, np.float32), np.random.default_rng(0), plan)
        assert turned.max() <= 1 and turned.min() >= 0.01 - 1e-6
        assert samples < 30 or turned[samples // 2] == pytest.approx(0.01, abs=1e-3)
