import librosa
import numpy as np

from model_builder.audio.generated_voice import generated_sound, voice
from model_builder.audio.reading import SAMPLE_RATE_HZ


def test_the_same_seed_gives_the_same_sound_whatever_came_before():
    first = generated_sound(16_000, seed=5)
    generated_sound(8_000, seed=6)
    assert np.array_equal(first, generated_sound(16_000, seed=5))
    assert not np.array_equal(first, generated_sound(16_000, seed=7))


def test_every_sound_has_the_length_asked_for_and_stays_in_range():
    for seed in range(40):
        sound = generated_sound(12_345, seed)
        assert sound.shape == (12_345,)
        assert sound.dtype == np.float32
        assert np.isfinite(sound).all()
        assert 0 < np.abs(sound).max() <= 1


def test_voices_are_voiced_between_60_and_600_hz():
    voiced = []
    for seed in range(6):
        spoken = voice(2 * SAMPLE_RATE_HZ, np.random.default_rng(seed))
        _, is_voiced, _ = librosa.pyin(spoken.astype(np.float32), fmin=55, fmax=650, sr=SAMPLE_RATE_HZ)
        voiced.append(is_voiced.mean())
    assert np.median(voiced) > 0.3
