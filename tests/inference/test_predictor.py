"""Whole recordings through the asset and through PyTorch, by the rules that the engine follows."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model_builder.audio.reading import find_recordings
from model_builder.errors import AudioError, UserError
from model_builder.evaluation.session_adaptation import SessionAdaptation
from model_builder.inference.asset_manifest import AssetError, describe_files, read_manifest, write_manifest
from model_builder.inference.predictor import (
    EmotionPredictor,
    Recording,
    Rejected,
    WindowAnswer,
    inference_config_of,
    open_asset,
    session_logits,
    softmax,
    windows,
)
from model_builder.models.card import read_card
from model_builder.models.checkpoint import load_weights, save_weights
from tests.recordings import speech_like, write_wav


@pytest.fixture(scope="module")
def predictor(small_asset) -> EmotionPredictor:
    return EmotionPredictor.from_asset(small_asset)


def test_a_clip_within_the_window_is_classified_in_one_piece(predictor, small_asset):
    pcm = speech_like(2.0)
    manifest, session = open_asset(small_asset)
    prediction = predictor.predict_pcm(pcm)
    logits = session_logits(session, pcm)
    np.testing.assert_array_equal(prediction.logits, logits)
    np.testing.assert_allclose(prediction.probabilities, softmax(logits.astype(np.float64) / manifest.temperature), rtol=1e-12)
    assert prediction.label == manifest.labels[int(np.argmax(logits))]
    assert sum(prediction.probabilities) == pytest.approx(1.0, abs=1e-12)


def test_a_model_whose_names_are_no_text_is_refused(small_asset, tmp_path):
    folder = shutil.copytree(small_asset, tmp_path / "emotion")
    content = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(content.replace(b"probabilities", b"probabilitie\xff"))
    write_manifest(replace(read_manifest(folder), files=describe_files(folder)), folder)
    with pytest.raises(AssetError, match=r"model\.onnx: cannot be loaded"):
        open_asset(folder)


def test_a_longer_clip_is_averaged_over_equal_windows_by_their_lengths(predictor, small_asset):
    pcm = speech_like(31.0001)
    session = open_asset(small_asset)[1]
    edges = [index * len(pcm) // 3 for index in range(4)]
    parts = [session_logits(session, pcm[a:b]).astype(np.float64) * (b - a) / len(pcm) for a, b in zip(edges, edges[1:], strict=False)]
    np.testing.assert_allclose(predictor.predict_pcm(pcm).logits, sum(parts), atol=1e-6)


@pytest.mark.parametrize(("samples", "count"), [(4_000, 1), (240_000, 1), (240_001, 2), (480_000, 2), (480_001, 3)])
def test_windows_are_the_fewest_that_fit_and_cover_everything_once(samples, count):
    spans = windows(samples, 240_000)
    assert len(spans) == count
    assert spans[0][0] == 0 and spans[-1][1] == samples
    assert all(before[1] == after[0] for before, after in zip(spans, spans[1:], strict=False))
    lengths = [end - start for start, end in spans]
    assert max(lengths) <= 240_000 and max(lengths) - min(lengths) <= 1


@pytest.mark.parametrize(
    ("pcm", "complaint"),
    [
        (np.zeros(0, np.float32), "shorter than 0.25 s"),
        (speech_like(0.2), "shorter than 0.25 s"),
        (np.zeros(16_000, np.float32), "is silent"),
        (np.full(16_000, 0.9 / 32768, np.float32), "is silent"),
        (np.where(np.arange(16_000) == 77, np.nan, speech_like(1.0)).astype(np.float32), "NaN"),
        (np.where(np.arange(16_000) == 77, np.inf, speech_like(1.0)).astype(np.float32), "infinite"),
    ],
)
def test_what_cannot_be_classified_is_refused(predictor, pcm, complaint):
    with pytest.raises(AudioError, match=complaint):
        predictor.predict_pcm(pcm)


def test_a_top_probability_below_the_threshold_is_uncertain(small_asset):
    manifest, _ = open_asset(small_asset)
    assert manifest.uncertainty_threshold == 0.3
    for logits, is_uncertain in (([0.0, 0.0, 0.0, 0.0], True), ([0.0, 5.0, 0.0, 0.0], False)):
        answer = WindowAnswer(np.array(logits, np.float32))
        prediction = EmotionPredictor.from_rules(manifest, lambda pcm, answer=answer: answer).predict_pcm(speech_like(1.0))
        assert prediction.is_uncertain is is_uncertain


def test_equal_logits_give_the_first_label(small_asset):
    flat = EmotionPredictor.from_rules(open_asset(small_asset)[0], lambda pcm: WindowAnswer(np.ones(4, np.float32)))
    assert flat.predict_pcm(speech_like(1.0)).label == "angry"


def test_weights_in_pytorch_give_nearly_the_same_as_the_asset(predictor, small_weights):
    pcm = speech_like(1.0)
    by_weights = EmotionPredictor.from_weights(small_weights).predict_pcm(pcm)
    np.testing.assert_allclose(by_weights.logits, predictor.predict_pcm(pcm).logits, atol=0.5)
    np.testing.assert_allclose(by_weights.probabilities, softmax(np.array(by_weights.logits) / 1.5), atol=1e-9)


def test_files_and_folders_are_predicted_in_order_and_bad_ones_named(predictor, tmp_path):
    folder = tmp_path / "in" / "deeper"
    folder.mkdir(parents=True)
    (tmp_path / "none").mkdir()
    good = write_wav(folder / "b.wav", speech_like(1.0))
    flac = write_wav(folder / "a.flac", speech_like(0.5, seed=1))
    (folder / "notes.txt").write_text("not a recording")
    text = folder / "c.wav"
    text.write_text("text named .wav")
    silent = write_wav(folder / "d.WAV", np.zeros(16_000))
    paths = [tmp_path / "missing.wav", *find_recordings([tmp_path / "in", tmp_path / "none"]), good]
    results = list(predictor.predict_files(paths))
    assert [result.path for result in results] == [paths[0], flac, good, text, silent, tmp_path / "none", good]
    assert [type(result) for result in results] == [Rejected, Recording, Recording, Rejected, Rejected, Rejected, Recording]
    assert all(result.reason.startswith(f"{result.path}: ") for result in results if isinstance(result, Rejected))
    assert results[1].duration_s == 0.5
    assert results[2].prediction == results[-1].prediction


def test_many_files_come_back_in_the_order_given(predictor, tmp_path):
    paths = [write_wav(tmp_path / f"{index:02}.wav", speech_like(0.3 + index % 5 / 10, seed=index)) for index in range(25)]
    results = list(predictor.predict_files(paths))
    assert [result.path for result in results] == paths
    alone = predictor.predict_files(paths[13:14])
    assert next(alone).prediction == results[13].prediction


@pytest.mark.parametrize("card", [{"temperature": 0}, {"temperature": "hot"}, {"uncertainty_threshold": 2}])
def test_a_card_with_impossible_values_is_refused(tmp_path, small_model, card):
    save_weights(small_model, tmp_path, card)
    with pytest.raises(UserError, match=r"card\.json: .*must be"):
        inference_config_of(tmp_path)


def test_a_card_may_ask_for_session_adaptation_and_a_wrong_one_is_refused(tmp_path, small_model):
    save_weights(small_model, tmp_path, {"session_adaptation": {"prior_results": 10, "largest_shift": 1.5}})
    assert inference_config_of(tmp_path).session_adaptation == SessionAdaptation(10.0, 1.5)
    save_weights(small_model, tmp_path, {"session_adaptation": {"prior_results": 10, "largest_shift": 0}})
    with pytest.raises(UserError, match=r"card\.json: session_adaptation\.largest_shift is 0\.0, expected more than 0"):
        inference_config_of(tmp_path)


def test_weights_without_a_card_get_the_defaults(tmp_path, small_model):
    save_weights(small_model, tmp_path, {})
    (tmp_path / "card.json").unlink()
    assert read_card(tmp_path) == {} and load_weights(tmp_path)
    rules = inference_config_of(tmp_path)
    assert (rules.temperature, rules.uncertainty_threshold, rules.training, rules.results) == (1.0, 0.4, {}, {})


def test_a_path_that_does_not_exist_is_kept_to_be_reported():
    assert find_recordings([Path("nowhere/at-all.wav")]) == [Path("nowhere/at-all.wav")]
