import numpy as np
import pytest

from model_builder.audio.augmentation import AugmentationPlan, augment
from model_builder.audio.noise import coloured_noise, mixed, read_noise
from model_builder.errors import AudioError, UserError
from tests.recordings import SAMPLE_RATE_HZ, speech_like, write_wav


def band_power(pcm: np.ndarray, low_hz: float, high_hz: float) -> float:
    """Mean power of a bin between two frequencies."""
    frequencies_hz = np.fft.rfftfreq(len(pcm), 1 / SAMPLE_RATE_HZ)
    power = np.abs(np.fft.rfft(pcm)) ** 2
    return float(power[(frequencies_hz >= low_hz) & (frequencies_hz < high_hz)].mean())


@pytest.mark.parametrize("slope_db", [-6.0, -3.0, 0.0, 3.0])
def test_coloured_noise_follows_its_slope(slope_db):
    noise = coloured_noise(30 * SAMPLE_RATE_HZ, slope_db, np.random.default_rng(0))
    rise_db = 10 * np.log10(band_power(noise, 3900, 4100) / band_power(noise, 490, 510))
    assert rise_db == pytest.approx(3 * slope_db, abs=0.7)


def test_even_the_steepest_noise_of_the_plan_is_heard_where_speech_is():
    steepest = AugmentationPlan().noise_slope_db_per_octave[0]
    noise = coloured_noise(10 * SAMPLE_RATE_HZ, steepest, np.random.default_rng(0))
    power = np.abs(np.fft.rfft(noise)) ** 2
    share = power[np.fft.rfftfreq(len(noise), 1 / SAMPLE_RATE_HZ) > 100].sum() / power.sum()
    assert share > 0.2


@pytest.mark.parametrize("snr_db", [5.0, 30.0])
def test_noise_is_mixed_at_the_signal_to_noise_ratio_asked_for(snr_db):
    pcm, noise = speech_like(1.0), (1000 * np.random.default_rng(0).standard_normal(SAMPLE_RATE_HZ)).astype(np.int16)
    added = mixed(pcm, noise, snr_db) - pcm
    assert 10 * np.log10((pcm**2).mean() / (added**2).mean()) == pytest.approx(snr_db, abs=0.01)


def test_silent_noise_changes_nothing():
    pcm = speech_like(0.5)
    assert np.array_equal(mixed(pcm, np.zeros(len(pcm), np.int16), 10), pcm)


def test_recorded_noise_lies_under_the_speech_and_is_looped_when_short(tmp_path):
    write_wav(tmp_path / "deeper.wav", np.sin(2 * np.pi * 3000 * np.arange(4_000) / SAMPLE_RATE_HZ) / 50)
    silent = dict.fromkeys((
        "speed_probability", "pitch_probability", "tempo_probability", "suppression_probability", "margin_probability", "mask_probability",
        "room_probability", "equaliser_probability", "low_pass_probability", "high_pass_probability", "tilt_probability",
        "noise_probability", "clipping_probability",
    ), 0.0)  # fmt: skip
    plan = AugmentationPlan(
        **silent, gain_db=(0, 0), noise_folder=str(tmp_path), recorded_noise_probability=1, recorded_noise_snr_db=(10, 10)
    )
    pcm = speech_like(2.0, level=0.05)
    added = augment(pcm, len(pcm), 0, plan) - pcm
    assert 10 * np.log10((pcm**2).mean() / (added**2).mean()) == pytest.approx(10, abs=0.01)
    for part in np.split(added, 4):
        assert band_power(part, 2900, 3100) > 1000 * band_power(part, 100, 2000)


def test_noise_is_read_once_at_16_khz_and_full_scale(tmp_path):
    (tmp_path / "deeper").mkdir()
    path = write_wav(tmp_path / "deeper" / "a.flac", speech_like(1.0, level=0.01), rate_hz=8_000)
    [noise] = read_noise(str(tmp_path))
    assert (noise.dtype, len(noise)) == (np.int16, 32_000)
    assert np.abs(noise).max() >= 32766
    path.unlink()
    assert read_noise(str(tmp_path))[0] is noise


def test_noise_that_cannot_be_used_is_named(tmp_path):
    for name in ("empty", "silent", "text"):
        (tmp_path / name).mkdir()
    write_wav(tmp_path / "silent" / "a.wav", np.zeros(16_000))
    (tmp_path / "text" / "b.wav").write_text("not audio")
    for folder, error, complaint in (
        ("missing", UserError, "missing: holds no recordings"),
        ("empty", UserError, "empty: holds no recordings"),
        ("silent", UserError, r"a\.wav: is silent"),
        ("text", AudioError, r"b\.wav: not a recording"),
    ):
        with pytest.raises(error, match=complaint):
            read_noise(str(tmp_path / folder))
