"""Made recordings: levels, noise and joined clips."""

import numpy as np
import pytest

from model_builder.audio.scenes import SPEECH_DBFS, at_level, mains_hum, pink_noise, speech_in_noise, white_noise


def level_dbfs(pcm: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(pcm.astype(np.float64) ** 2)))


@pytest.mark.parametrize("make", [lambda level: white_noise(16_000, level, 1), lambda level: pink_noise(16_000, level, 1)])
def test_noise_has_its_level_and_is_the_same_for_the_same_seed(make):
    assert level_dbfs(make(-40)) == pytest.approx(-40, abs=0.01)
    assert (make(-40) == make(-40)).all()


def test_pink_noise_has_equal_power_in_each_octave_and_hum_stands_at_multiples_of_50_hz():
    power = np.abs(np.fft.rfft(pink_noise(160_000, -30, 1))) ** 2
    octaves = [power[low * 10 : 2 * low * 10].sum() for low in (250, 500, 1_000, 2_000)]
    assert max(octaves) / min(octaves) < 1.2
    hum = np.abs(np.fft.rfft(mains_hum(16_000, -30))) ** 2
    assert hum[50::50].sum() / hum.sum() > 0.999


def test_silence_cannot_be_brought_to_a_level():
    with pytest.raises(ValueError, match="silence"):
        at_level(np.zeros(100, np.float32), -20)


def test_clips_lie_where_the_scene_says_with_noise_through_all_of_it():
    rng = np.random.default_rng(2)
    clips = [rng.uniform(-0.1, 0.1, 8_000).astype(np.float32), rng.uniform(-0.9, 0.9, 16_000).astype(np.float32)]
    scene, starts_s = speech_in_noise(clips, [1.0, 0.5], snr_db=20, seed=3)
    assert starts_s == [1.0, 2.0]
    assert len(scene) == (1 + 0.5 + 0.5 + 1 + 1) * 16_000
    for start_s, clip in zip(starts_s, clips, strict=True):
        start = int(start_s * 16_000)
        assert level_dbfs(scene[start : start + len(clip)]) == pytest.approx(SPEECH_DBFS, abs=0.2)
    assert level_dbfs(scene[:16_000]) == pytest.approx(SPEECH_DBFS - 20, abs=1.5)
