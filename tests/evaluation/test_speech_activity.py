"""Scores of a speech gate on spans whose scores can be counted by hand."""

import doctest

import numpy as np
import pytest

from model_builder.evaluation import speech_activity
from model_builder.evaluation.speech_activity import (
    FrameCounts,
    SegmentCounts,
    count_frames,
    count_segments,
    frames_of,
    merged,
    score_onsets,
    speech_onset_s,
)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(speech_activity).failed == 0


def test_a_frame_is_speech_where_its_middle_is():
    assert frames_of([(0.015, 0.017), (0.09, 1.0)], 4).tolist() == [True, False, False, True]


def test_precision_recall_and_f1_are_those_of_the_counts():
    counts = count_frames(np.array([1, 1, 1, 0, 0], bool), np.array([1, 1, 0, 1, 0], bool)) + FrameCounts(2, 0, 0)
    assert counts == FrameCounts(4, 1, 1)
    assert (counts.precision, counts.recall, counts.f1) == pytest.approx((0.8, 0.8, 0.8))


def test_nothing_heard_and_nothing_said_score_zero_without_a_warning():
    nothing = FrameCounts(0, 0, 0)
    assert (nothing.precision, nothing.recall, nothing.f1) == (0, 0, 0)


def test_overlapping_turns_are_one_and_a_span_over_two_turns_finds_both():
    turns = [(3, 4), (0, 1), (0.5, 2), (9, 10)]
    assert merged(turns) == [(0, 2), (3, 4), (9, 10)]
    assert count_segments(turns, [(1.9, 3.5), (5, 6), (7, 8)]) == SegmentCounts(turns=3, found=2, false=2)


def test_an_onset_is_clipped_kept_early_or_missed():
    scores = score_onsets([1.0, 1.0, 1.0, 1.0], [[(0.9, 2.0)], [(0.2, 0.5), (1.05, 2.0)], [(0.5, 2.0)], [(0.1, 0.9)]])
    assert scores.missed == 1
    assert scores.clipped_ms == pytest.approx([0, 50, 0])
    assert scores.early_ms == pytest.approx([100, 0, 500])
    assert scores.unclipped_share == 0.5
    assert scores.near_share(300) == 0.25


def test_the_onset_of_a_clip_is_where_it_becomes_loud_for_three_windows():
    rng = np.random.default_rng(1)
    pcm = 0.0005 * rng.standard_normal(32_000)
    pcm[16_000:] += 0.2 * rng.standard_normal(16_000)
    pcm[3_000:3_100] = 0.5  # a click
    assert speech_onset_s(pcm, 16_000) == pytest.approx(1.0)
