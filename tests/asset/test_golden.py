"""Generated recordings and the vectors beside them."""

import json
import shutil

import numpy as np
import pytest

from model_builder.asset.golden import read_golden, verify_golden
from model_builder.audio.golden_voices import VOICES, generate
from model_builder.audio.reading import read_pcm
from model_builder.inference.asset_manifest import AssetError
from model_builder.inference.session import open_session


@pytest.fixture
def asset(small_asset, tmp_path):
    return shutil.copytree(small_asset, tmp_path / "emotion")


def verify(asset):
    verify_golden(asset, open_session(asset / "model.onnx"), open_session(asset / "speech_gate.onnx"))


def test_recordings_are_the_same_on_every_run():
    for voice in VOICES:
        np.testing.assert_array_equal(generate(voice), generate(voice))


def test_recordings_have_the_levels_and_lengths_they_are_meant_to_have():
    for voice in VOICES:
        pcm = generate(voice) / 32768
        assert len(pcm) == int(voice.duration_s * 16_000)
        if voice.name != "clipped_voice":
            assert 20 * np.log10(pcm.std()) == pytest.approx(voice.level_dbfs, abs=1.5)
    assert np.abs(generate(next(v for v in VOICES if v.name == "clipped_voice")).astype(int)).max() == 32768


def test_every_case_has_a_recording_and_a_probability_a_frame(small_asset):
    cases = read_golden(small_asset)
    assert len(cases) == len(VOICES)
    for case in cases:
        pcm = read_pcm(small_asset / case.file)
        assert (len(pcm), len(case.logits), len(case.speech_probabilities)) == (case.samples, 4, case.samples // 512)


def test_the_gate_hears_speech_in_every_recording_and_two_sentences_in_one(small_asset):
    heard = {case.file: np.array(case.speech_probabilities) >= 0.5 for case in read_golden(small_asset)}
    assert all(is_speech.any() for is_speech in heard.values())
    is_speech = heard["golden/two_sentences.wav"]
    assert np.count_nonzero(np.diff(is_speech.astype(int)) == 1) + is_speech[0] == 2


def test_an_asset_as_built_passes(asset):
    verify(asset)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda case: case["logits"].__setitem__(2, case["logits"][2] + 2e-4), "its logits differ"),
        (lambda case: case["logits"].pop(), "its logits differ"),
        (lambda case: case["logits"].__setitem__(0, float("nan")), "its logits differ"),
        (lambda case: case["speech_probabilities"].pop(), "its speech_probabilities differ"),
        (lambda case: case.update(samples=17), "samples, golden.json says 17"),
    ],
)
def test_a_case_that_does_not_hold_is_named(asset, change, complaint):
    data = json.loads((asset / "golden.json").read_text())
    change(data["cases"][1])
    (asset / "golden.json").write_text(json.dumps(data))
    with pytest.raises(AssetError, match=f"high_voice.wav: .*{complaint}"):
        verify(asset)


@pytest.mark.parametrize("text", ["", "{}", '{"cases": [{}]}'])
def test_golden_vectors_that_cannot_be_read_are_refused(asset, text):
    (asset / "golden.json").write_text(text)
    with pytest.raises(AssetError, match=r"golden\.json: cannot be read"):
        verify(asset)


def test_golden_vectors_without_a_case_are_refused(asset):
    (asset / "golden.json").write_text('{"cases": []}')
    with pytest.raises(AssetError, match=r"golden\.json: holds no case"):
        verify(asset)
