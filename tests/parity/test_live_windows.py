"""Live windows that share features against full passes, on real voices: how far they are off, and what they save."""

from functools import partial

import numpy as np
import onnx

from model_builder.audio.reading import SAMPLE_RATE_HZ, find_recordings, read_pcm
from model_builder.export.chunked_front_end import RECEPTIVE_SAMPLES
from model_builder.export.streaming import WINDOW_FRAMES, LiveWindows, cut_stages
from model_builder.inference.predictor import session_logits
from model_builder.inference.session import open_session
from model_builder.models.hubert import HOP_SAMPLES

# Measured on 42 windows of CREMA-D: mean 0.0072, largest 0.091, same emotion in all.
LARGEST_MEAN_ERROR, LARGEST_ERROR, LEAST_SAME_EMOTION = 0.02, 0.2, 0.95


def last_window(segment: np.ndarray) -> np.ndarray:
    frames = (len(segment) - RECEPTIVE_SAMPLES) // HOP_SAMPLES + 1
    return segment[max(0, frames - WINDOW_FRAMES) * HOP_SAMPLES :]


def test_windows_every_second_stay_near_full_passes_and_reuse_features(shipped_int8, data_folder):
    recordings = find_recordings([data_folder / "CREMA-D" / "AudioWAV"])
    full_pass = partial(session_logits, open_session(shipped_int8))
    windows = LiveWindows(cut_stages(onnx.load(str(shipped_int8))))
    errors, is_same = [], []
    for first in (100, 900, 1700, 2500, 3300):
        segment = np.concatenate([read_pcm(path) for path in recordings[first : first + 4]])  # neighbours are of one speaker
        windows.start()
        for end in range(3 * SAMPLE_RATE_HZ, len(segment) + 1, SAMPLE_RATE_HZ):
            windows.push(segment[:end] if end == 3 * SAMPLE_RATE_HZ else segment[end - SAMPLE_RATE_HZ : end])
            actual, expected = windows.logits(), full_pass(last_window(segment[:end]))
            errors.append(np.abs(actual - expected))
            is_same.append(actual.argmax() == expected.argmax())
    assert np.mean(errors) <= LARGEST_MEAN_ERROR
    assert np.max(errors) <= LARGEST_ERROR
    assert np.mean(is_same) >= LEAST_SAME_EMOTION
    assert windows.full_passes < 0.8 * len(errors)
