import numpy as np
import pytest

from model_builder.audio.augmentation import AugmentationPlan, augment, random_crop, reverberate, with_margins
from tests.recordings import SAMPLE_RATE_HZ, speech_like

NOTHING = AugmentationPlan(
    speed_probability=0, margin_probability=0, room_probability=0, equaliser_probability=0, low_pass_probability=0,
    high_pass_probability=0, noise_probability=0, clipping_probability=0, gain_db=(0, 0),
)  # fmt: skip


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


def test_a_room_decays_by_60_db_in_its_reverberation_time():
    click = np.zeros(SAMPLE_RATE_HZ, np.float32)
    click[0] = 1.0
    response = reverberate(click, np.random.default_rng(0), reverberation_s=0.5)
    early, late = (response[round(at * SAMPLE_RATE_HZ) :][:800] for at in (0.05, 0.40))
    drop_db = 10 * np.log10((late**2).mean() / (early**2).mean())
    assert drop_db == pytest.approx(-60 * 0.35 / 0.5, abs=2)
    assert np.abs(response[round(0.5 * SAMPLE_RATE_HZ) :]).max() < 1e-6  # the rounding of the fast convolution
