"""Streams of chunks: the windows and their answers do not depend on where the chunks were cut."""

import numpy as np
import pytest

from model_builder import AudioError, EmotionPredictor, predict_stream
from tests.recordings import speech_like


@pytest.fixture(scope="module")
def predictor(small_asset) -> EmotionPredictor:
    return EmotionPredictor(small_asset)


def chunks_of(samples: np.ndarray, rng: np.random.Generator, longest: int) -> list[np.ndarray]:
    edges = [0]
    while edges[-1] < len(samples):
        edges.append(min(len(samples), edges[-1] + int(rng.integers(0, longest))))
    return [samples[start:end] for start, end in zip(edges, edges[1:], strict=False)]


def test_windows_of_a_stream_have_the_answers_that_they_have_alone(predictor):
    pcm = speech_like(5.3)
    answers = list(predict_stream(predictor, [pcm], 16_000, window_s=2.0, hop_s=1.5))
    assert [(answer.start_s, answer.end_s) for answer in answers] == [(0, 2), (1.5, 3.5), (3, 5), (3.3, 5.3)]
    for answer in answers:
        start, end = round(answer.start_s * 16_000), round(answer.end_s * 16_000)
        assert answer.prediction == predictor.predict_pcm(pcm[start:end])


@pytest.mark.parametrize("rate_hz", [16_000, 44_100])
def test_where_chunks_are_cut_changes_nothing(predictor, rate_hz):
    pcm = np.stack([speech_like(4.0, seed=1), speech_like(4.0, seed=2)], axis=1)
    whole = list(predict_stream(predictor, [pcm], rate_hz, window_s=0.5, hop_s=0.2))
    for seed in range(4):
        cut = list(predict_stream(predictor, chunks_of(pcm, np.random.default_rng(seed), 5_000), rate_hz, window_s=0.5, hop_s=0.2))
        assert [(answer.start_s, answer.end_s) for answer in cut] == [(answer.start_s, answer.end_s) for answer in whole]
        for one, other in zip(cut, whole, strict=True):
            np.testing.assert_allclose(one.prediction.logits, other.prediction.logits, atol=1e-5)  # the resampler rounds by block


def test_a_stream_shorter_than_a_window_has_one_answer_and_a_silent_window_none(predictor):
    stream = predictor.stream(16_000)
    assert stream.push(speech_like(1.0)) == []
    [answer] = stream.finish()
    assert (answer.start_s, answer.end_s, answer.prediction) == (0, 1, predictor.predict_pcm(speech_like(1.0)))
    assert stream.finish() == []
    silence = predictor.stream(16_000, window_s=1.0, hop_s=1.0)
    assert [answer.prediction for answer in silence.push(np.zeros(16_000, np.int16))] == [None]


def test_memory_does_not_grow_with_the_stream(predictor):
    stream = predictor.stream(16_000, window_s=0.5, hop_s=0.5)
    for _ in range(40):
        stream.push(np.zeros(16_000, np.float32))
    assert len(stream._waiting) <= 2 * 8_000 + 16_000


def test_what_a_stream_does_not_take_is_refused(predictor):
    with pytest.raises(ValueError, match=r"window_s is 0\.1; the model takes 0\.25 to 15 s"):
        predictor.stream(16_000, window_s=0.1)
    with pytest.raises(ValueError, match="hop_s is 4"):
        predictor.stream(16_000, hop_s=4)
    with pytest.raises(ValueError, match="window_s is nan"):
        predictor.stream(16_000, window_s=float("nan"))
    with pytest.raises(AudioError, match="a rate of 1 Hz"):
        predictor.stream(1)
    stream = predictor.stream(16_000)
    stream.push(np.zeros((100, 2), np.float32))
    with pytest.raises(ValueError, match="a chunk of 1 channels after one of 2"):
        stream.push(np.zeros(100, np.float32))
    with pytest.raises(AudioError, match="NaN"):
        stream.push(np.full((100, 2), np.nan))
    with pytest.raises(AudioError, match=r"lasts 0\.006 s"):
        stream.finish()
    with pytest.raises(ValueError, match="is finished"):
        stream.push(np.zeros((100, 2), np.float32))
