"""Parity figures and times, with networks that are a few numbers."""

import numpy as np
import pytest

from model_builder.inference.parity import measure_parity, select_evenly
from model_builder.inference.session import open_session
from model_builder.inference.timing import median_ms


def test_errors_and_agreement_are_over_all_clips():
    clips = [np.full(3, level, np.float32) for level in (1.0, 2.0)]
    reference = {1.0: [1.0, 0.0], 2.0: [1.0, 0.0]}
    candidate = {1.0: [1.1, 0.0], 2.0: [1.0, 1.3]}
    parity = measure_parity(lambda pcm: np.array(reference[pcm[0]]), lambda pcm: np.array(candidate[pcm[0]]), clips)
    assert (parity.clips, parity.agreement) == (2, 0.5)
    assert parity.largest_error == pytest.approx(1.3)
    assert parity.mean_error == pytest.approx((0.1 + 1.3) / 4)


def test_a_selection_is_spread_over_everything():
    assert select_evenly([*range(10)], 5) == [0, 2, 4, 6, 8]
    assert select_evenly([*range(3)], 5) == [0, 1, 2]
    assert select_evenly([], 5) == []


def test_each_session_gets_a_time(small_onnx):
    session = open_session(small_onnx, threads=1)
    short, long = (median_ms([session], duration_s)[0] for duration_s in (0.25, 3.0))
    assert 0 < short < long
