"""The second output on its way from weights to the answers of the asset, on a small network with a random head."""

import copy
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from model_builder.asset.build import build_asset
from model_builder.corpora.utterance import Utterance
from model_builder.engine.replay import COMMAND
from model_builder.evaluation.evaluation_result import evaluate_answers
from model_builder.evaluation.system import System
from model_builder.export.quantize import quantize
from model_builder.export.to_onnx import export_onnx
from model_builder.inference.asset_manifest import AssetError, read_manifest, write_manifest
from model_builder.inference.corpus_answers import answers_of
from model_builder.inference.predictor import EmotionPredictor, open_asset, session_answer, windows
from model_builder.inference.session import open_session
from model_builder.inference.torch_reference import torch_answer
from model_builder.models.arousal_valence_head import add_head
from model_builder.models.checkpoint import save_weights
from tests.recordings import speech_like, write_wav


@pytest.fixture(scope="module")
def model(small_model):
    model = copy.deepcopy(small_model)
    torch.manual_seed(4)
    add_head(model)
    return model


@pytest.fixture(scope="module")
def fp32(model, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("onnx") / "fp32.onnx"
    export_onnx(model, path)
    return path


@pytest.fixture(scope="module")
def asset(model, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("asset")
    save_weights(model, folder / "weights", {"temperature": 1.5})
    build_asset(folder / "weights", folder / "emotion")
    return folder / "emotion"


def test_the_exported_file_gives_both_outputs_of_pytorch(model, fp32):
    session = open_session(fp32)
    assert [value.name for value in session.get_outputs()] == ["logits", "probabilities", "arousal_valence"]
    for seed, duration_s in enumerate((0.25, 1.234, 3.0)):
        pcm = speech_like(duration_s, seed)
        expected, actual = torch_answer(model, pcm), session_answer(session, pcm)
        np.testing.assert_allclose(actual.logits, expected.logits, atol=5e-5)
        np.testing.assert_allclose(actual.arousal_valence, expected.arousal_valence, atol=5e-6)


def test_quantization_carries_the_second_output_and_keeps_its_weight_in_float32(model, fp32, tmp_path):
    quantize(fp32, tmp_path / "int8.onnx")
    session = open_session(tmp_path / "int8.onnx")
    for seed in range(4):
        pcm = speech_like(1.5, seed)
        expected, actual = torch_answer(model, pcm), session_answer(session, pcm)
        assert actual.arousal_valence.shape == (2,)
        # Rounding to 8 bits moves these logits, whose weights are twenty times as large, by about 0.05.
        np.testing.assert_allclose(actual.arousal_valence, expected.arousal_valence, atol=0.01)
    weight = model.arousal_valence.weight.detach().numpy()
    stored = [onnx.numpy_helper.to_array(tensor) for tensor in onnx.load(str(tmp_path / "int8.onnx")).graph.initializer]
    assert any(np.array_equal(array, weight) or np.array_equal(array, weight.T) for array in stored)


def test_the_manifest_says_that_the_output_is_there_and_stays_silent_where_it_is_not(asset, small_asset):
    assert read_manifest(asset).has_arousal_valence
    assert not read_manifest(small_asset).has_arousal_valence
    assert "arousal" not in (small_asset / "manifest.json").read_text()


@pytest.mark.parametrize("says", [True, False])
def test_an_asset_whose_manifest_and_model_disagree_is_refused(asset, small_asset, tmp_path, says):
    folder = shutil.copytree(small_asset if says else asset, tmp_path / "emotion")
    write_manifest(replace(read_manifest(folder), has_arousal_valence=says), folder)
    with pytest.raises(AssetError, match=r"model\.onnx: does not take `pcm`" + (".*and `arousal_valence`" if says else "")):
        open_asset(folder)


def test_a_manifest_that_says_it_in_another_type_is_refused(small_asset, tmp_path):
    folder = shutil.copytree(small_asset, tmp_path / "emotion")
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "has_arousal_valence": "yes"}))
    with pytest.raises(AssetError, match="has_arousal_valence is 'yes', expected true or false"):
        read_manifest(folder)


def test_a_long_recording_averages_its_windows(asset):
    pcm = speech_like(16.0)
    session = open_asset(asset)[1]
    parts = [session_answer(session, pcm[start:end]).arousal_valence for start, end in windows(len(pcm), 240_000)]
    np.testing.assert_allclose(EmotionPredictor.from_asset(asset).predict_pcm(pcm).arousal_valence, np.mean(parts, axis=0), atol=1e-6)


def test_predict_prints_arousal_and_valence_by_name(asset, tmp_path):
    recording = write_wav(tmp_path / "a.wav", speech_like(1.0))
    command = [sys.executable, "-m", "model_builder", "predict", "--json", "--asset", str(asset), str(recording)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    heard = json.loads(answer.stdout)["arousal_valence"]
    expected = session_answer(open_asset(asset)[1], speech_like(1.0)).arousal_valence
    assert list(heard) == ["arousal", "valence"]
    np.testing.assert_allclose(list(heard.values()), expected, atol=0.01)


def test_the_engine_says_the_arousal_and_valence_of_python(asset, tmp_path):
    if not COMMAND.is_file():
        pytest.fail(f"{COMMAND} is missing; run: ./gradlew :replay:installDist (make test does)")
    files = [write_wav(tmp_path / f"{duration_s}.wav", speech_like(duration_s)) for duration_s in (1.0, 16.0)]
    command = [str(COMMAND), f"--asset={asset}", "--whole", *map(str, files)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    heard = [list(json.loads(line)["arousal_valence"].values()) for line in answer.stdout.splitlines()]
    expected = [recording.prediction.arousal_valence for recording in EmotionPredictor.from_asset(asset).predict_files(files)]
    np.testing.assert_allclose(heard, expected, atol=1e-4, rtol=0)


def test_evaluate_judges_the_clips_of_which_the_corpus_says_it(asset, tmp_path):
    paths = [write_wav(tmp_path / f"{index}.wav", speech_like(0.5, seed=index)) for index in range(6)]
    emotions = ("angry", "happy", "neutral", "sad", "angry", "happy")
    utterances = [
        Utterance(path, "generated", f"generated:{index % 2}", emotion, arousal=1.0 + index if index < 4 else None)
        for index, (path, emotion) in enumerate(zip(paths, emotions, strict=True))
    ]
    recordings = list(EmotionPredictor.from_asset(asset).predict_files(paths))
    found = evaluate_answers(answers_of("generated", utterances, recordings, 0), System("generated"))
    assert set(found.dimensions) == {"arousal"}
    assert found.dimensions["arousal"].clips == 4 and -1 < found.dimensions["arousal"].concordance < 1
