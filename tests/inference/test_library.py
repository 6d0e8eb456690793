"""`from model_builder import ...`: files, samples and lists of them."""

import numpy as np
import pytest
import soundfile

import model_builder
from model_builder import AudioError, EmotionPredictor
from tests.recordings import speech_like, write_wav


@pytest.fixture(scope="module")
def predictor(small_asset) -> EmotionPredictor:
    return EmotionPredictor(small_asset)


def test_every_public_name_can_be_imported():
    for name in (*model_builder.__all__, "__version__"):
        assert getattr(model_builder, name)
    with pytest.raises(AttributeError, match="has no attribute 'Emotions'"):
        model_builder.Emotions  # noqa: B018


def test_weights_and_assets_are_told_apart_by_what_their_folder_holds(small_weights, small_asset, tmp_path):
    pcm = speech_like(1.0)
    by_weights, by_asset = (EmotionPredictor(folder).predict(pcm, sample_rate_hz=16_000) for folder in (small_weights, small_asset))
    assert by_weights == EmotionPredictor.from_weights(small_weights).predict_pcm(pcm)
    assert by_asset == EmotionPredictor.from_asset(small_asset).predict_pcm(pcm)
    with pytest.raises(model_builder.UserError, match=r"manifest\.json: is missing"):
        EmotionPredictor(str(tmp_path))


def test_without_a_folder_the_model_of_the_checkout_or_of_the_package_answers(asset_folder, monkeypatch, tmp_path):
    from model_builder.inference import predictor

    assert predictor.default_model() == asset_folder
    monkeypatch.setattr(predictor, "DEFAULT_FOLDER", tmp_path)
    assert predictor.default_model() == predictor.SHIPPED


def test_a_file_and_its_samples_of_any_type_have_the_same_answer(predictor, tmp_path):
    path = write_wav(tmp_path / "a.wav", np.stack([speech_like(1.0, seed=1), speech_like(1.0, seed=2)], axis=1), 22_050)
    by_file = predictor.predict(path)
    assert predictor.predict(str(path)) == by_file
    for dtype in ("int16", "int32", "float32", "float64"):
        samples, rate_hz = soundfile.read(path, dtype=dtype)
        assert predictor.predict(samples, sample_rate_hz=rate_hz) == by_file
    assert by_file.probability_by_label[by_file.label] == max(by_file.probabilities)


def test_8_bit_samples_have_their_zero_at_128(predictor):
    samples = np.round(speech_like(1.0) * 128 + 128).astype(np.uint8)
    assert predictor.predict(samples, 16_000) == predictor.predict((samples.astype(np.float32) - 128) / 128, 16_000)


@pytest.mark.parametrize(
    ("samples", "rate_hz", "error", "complaint"),
    [
        (speech_like(1.0), None, ValueError, "give sample_rate_hz"),
        ("a.wav", 16_000, ValueError, "a file says its own rate"),
        (np.zeros((2, 16_000), np.float32), 16_000, ValueError, r"give \(frames,\) or \(frames, channels\)"),
        (np.zeros(16_000, np.complex64), 16_000, TypeError, "samples of type complex64"),
        (speech_like(1.0), 10, AudioError, "a rate of 10 Hz"),
        (speech_like(0.2), 16_000, AudioError, "shorter than 0.25 s"),
        (np.full(16_000, np.nan, np.float32), 16_000, AudioError, "NaN"),
        (np.zeros(16_000, np.int16), 16_000, AudioError, "is silent"),
    ],
)
def test_what_cannot_be_classified_is_refused_with_its_reason(predictor, samples, rate_hz, error, complaint):
    with pytest.raises(error, match=complaint):
        predictor.predict(samples, rate_hz)


def test_a_batch_keeps_its_order_and_names_what_cannot_be_used(predictor, tmp_path):
    clips = [speech_like(0.5 + index / 10, seed=index) for index in range(6)]
    answers = predictor.predict_batch(clips, sample_rate_hz=16_000)
    assert answers == [predictor.predict(clip, 16_000) for clip in clips]
    path = write_wav(tmp_path / "a.wav", clips[0])
    assert predictor.predict_batch([path, str(path)]) == [predictor.predict(path)] * 2
    with pytest.raises(AudioError, match=r"^\[1\]: is silent"):
        predictor.predict_batch([clips[0], np.zeros(16_000)], 16_000)
    silent = write_wav(tmp_path / "silent.wav", np.zeros(16_000))
    with pytest.raises(AudioError, match=r"silent\.wav: is silent"):
        predictor.predict_batch([path, silent])
