"""The app's end-to-end test, the engine's command and Python on the same recording."""

import json

import numpy as np
import pytest

from model_builder.audio.reading import read_pcm
from model_builder.inference.asset_manifest import MODEL, REPOSITORY, sha256_of

SEEN_ON_SCREEN = REPOSITORY / "android/app/build/reports/speech-on-screen.json"
SAME_KERNELS = 1e-4


@pytest.fixture(scope="module")
def seen() -> dict:
    """What SpeechOnScreenTest saw last: the recording that it played to the microphone and the emotion on the screen."""
    if not SEEN_ON_SCREEN.is_file():
        seen = SEEN_ON_SCREEN.relative_to(REPOSITORY)
        pytest.fail(f"{seen} is missing; run: python3 -m gradle.offline :app:testDebugUnitTest (make test does)")
    return json.loads(SEEN_ON_SCREEN.read_text(encoding="utf-8"))


def test_the_screen_replay_and_python_name_one_emotion_with_the_same_numbers(seen, replay, predictor, asset_folder):
    assert seen["model_sha256"] == sha256_of(asset_folder / MODEL), "the app was tested with another asset; run make test"
    segment = replay.heard([seen["file"]]).of_type("segment")[-1]
    prediction = predictor.predict_pcm(read_pcm(seen["file"])[segment["start_sample"] : segment["end_sample"]])

    assert seen["segment"]["start_s"] == pytest.approx(segment["start_s"], abs=1e-4)
    assert seen["segment"]["end_s"] == pytest.approx(segment["end_s"], abs=1e-4)
    assert segment["label"] == prediction.label
    assert seen["screen"]["label"] == segment["smoothed"]["label"]
    for logits in (seen["segment"]["logits"], segment["logits"]):
        np.testing.assert_allclose(logits, prediction.logits, atol=SAME_KERNELS, rtol=0)
    expected = dict(zip(prediction.labels, prediction.probabilities, strict=True))
    assert segment["probabilities"] == pytest.approx(expected, abs=SAME_KERNELS)
    assert seen["screen"]["probabilities"] == pytest.approx(segment["smoothed"]["probabilities"], abs=SAME_KERNELS)
    assert seen["screen"]["is_uncertain"] == segment["smoothed"]["is_uncertain"]


def test_the_recording_was_a_real_one_where_there_are_any(seen, data_folder):
    assert seen["is_real"]
