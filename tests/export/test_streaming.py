"""Windows that share features against full passes over the same samples."""

import numpy as np
import onnx
import pytest

from model_builder.export.chunked_front_end import CENTRED, CHUNK, CHUNK_FEATURES, FEATURES, FIRST_WEIGHT, set_chunk_frames
from model_builder.export.streaming import WINDOW_FRAMES, LiveWindows, cut_stages
from model_builder.inference.predictor import session_logits
from model_builder.inference.session import open_session
from tests.recordings import SAMPLE_RATE_HZ, speech_like

ROUNDING = 5e-5



@pytest.fixture(scope="module")
def full_pass(small_onnx):
    return open_session(small_onnx)


@pytest.fixture
def windows(small_onnx) -> LiveWindows:
    return LiveWindows(cut_stages(onnx.load(str(small_onnx))))


def test_the_stages_one_after_the_other_give_the_logits_of_the_whole(small_onnx, full_pass):
    stages = cut_stages(onnx.load(str(small_onnx)))
    statistics, front_end, context = (
        open_session(stage.SerializeToString()) for stage in (stages.statistics, stages.front_end, stages.context)
    )
    pcm = speech_like(1.7)
    centred, weight = statistics.run([CENTRED, FIRST_WEIGHT], {"pcm": pcm[None]})
    (features,) = front_end.run([CHUNK_FEATURES], {CHUNK: centred, FIRST_WEIGHT: weight})
    logits, probabilities = context.run(["logits", "probabilities"], {FEATURES: features})
    np.testing.assert_allclose(logits[0], session_logits(full_pass, pcm), atol=ROUNDING)
    assert probabilities.sum() == pytest.approx(1)


def test_the_stages_know_how_long_the_chunks_of_the_model_are(small_onnx):
    model = onnx.load(str(small_onnx))
    set_chunk_frames(model, 10)
    assert cut_stages(model).chunk_frames == 10


def test_each_stage_carries_its_own_weights_alone(small_onnx):
    model = onnx.load(str(small_onnx))
    stages = cut_stages(model)
    sizes = [stage.ByteSize() for stage in (stages.statistics, stages.front_end, stages.context)]
    assert sum(sizes) < 1.05 * model.ByteSize() and max(sizes) < 0.9 * model.ByteSize()


def test_the_first_window_is_a_full_pass(windows, full_pass):
    pcm = speech_like(3.0)
    windows.push(pcm)
    np.testing.assert_allclose(windows.logits(), session_logits(full_pass, pcm), atol=ROUNDING)


def test_a_steady_voice_needs_one_full_pass_and_gives_nearly_its_logits(windows, full_pass):
    pcm = speech_like(8.0)
    for second in range(8):
        windows.push(pcm[second * SAMPLE_RATE_HZ : (second + 1) * SAMPLE_RATE_HZ])
        if second < 2:
            continue
        actual = windows.logits()
        samples = (second + 1) * SAMPLE_RATE_HZ
        frames = (samples - 400) // 320 + 1
        window = pcm[max(0, frames - WINDOW_FRAMES) * 320 : samples]
        np.testing.assert_allclose(actual, session_logits(full_pass, window), atol=0.05)
    assert windows.full_passes == 1


def test_a_voice_that_changes_is_computed_anew_and_has_the_logits_of_a_full_pass(windows, full_pass):
    quiet, loud = speech_like(3.0, level=0.01), speech_like(3.0, seed=1, level=0.3)
    windows.push(quiet)
    windows.logits()
    windows.push(loud)
    actual = windows.logits()
    assert windows.full_passes == 2
    window = np.concatenate([quiet, loud])[(298 + 1 - WINDOW_FRAMES) * 320 :]
    np.testing.assert_allclose(actual, session_logits(full_pass, window), atol=ROUNDING)


def test_a_new_segment_forgets_the_one_before(windows, full_pass):
    windows.push(speech_like(2.0, seed=3, level=0.5))
    windows.logits()
    windows.start()
    pcm = speech_like(1.0)
    windows.push(pcm)
    np.testing.assert_allclose(windows.logits(), session_logits(full_pass, pcm), atol=ROUNDING)


def test_too_few_samples_are_refused(windows):
    windows.push(np.zeros(399, np.float32))
    with pytest.raises(ValueError, match="399 samples"):
        windows.logits()
