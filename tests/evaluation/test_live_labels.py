"""Scores of labels on a screen that can be counted by hand."""

import pytest

from model_builder.evaluation.live_labels import Shown, Spoken, score_live


def test_a_label_counts_from_its_appearance_until_the_next():
    shown = [Shown(1.0, "angry"), Shown(2.0, "sad")]
    scores = score_live([(shown, [Spoken(0.0, 4.0, "sad")], 60.0)])
    assert scores.accuracy == pytest.approx(2 / 3)
    assert [(second, accuracy) for second, accuracy, _ in scores.accuracy_by_second] == [(1, 0.0), (2, 1.0), (3, 1.0)]
    assert scores.changes_per_minute == 1


def test_the_same_label_again_is_no_change_and_pauses_do_not_count():
    shown = [Shown(1.0, "sad"), Shown(2.0, "sad"), Shown(9.0, "happy")]
    scores = score_live([(shown, [Spoken(1.0, 2.0, "sad"), Spoken(10.0, 11.0, "happy")], 30.0), ([], [Spoken(0, 1, "sad")], 30.0)])
    assert scores.accuracy == 1
    assert scores.changes_per_minute == 1
    assert scores.recorded_minutes == 1


def test_recordings_in_which_nothing_was_ever_shown_have_no_scores():
    with pytest.raises(ValueError, match="no label was ever shown"):
        score_live([([], [Spoken(0.0, 1.0, "sad")], 10.0)])
