import numpy as np
import pytest
from sklearn.metrics import f1_score

from model_builder.evaluation.arousal import LEVELS, score_arousal
from model_builder.evaluation.metrics import score, score_groups

LABELS = ("angry", "happy", "neutral", "sad")


def test_ua_is_the_mean_recall_and_wa_the_share_of_hits():
    true, heard = np.array([0, 0, 0, 0, 1, 1, 2]), np.array([0, 0, 0, 1, 1, 0, 2])
    scores = score(true, heard, 3)
    assert scores.recalls == (0.75, 0.5, 1.0)
    assert scores.unweighted_accuracy == pytest.approx(0.75)
    assert scores.weighted_accuracy == pytest.approx(5 / 7)
    assert scores.confusion.tolist() == [[3, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert (scores.clips, scores.class_clips) == (7, (4, 2, 1))


def test_f1_of_a_class_is_the_harmonic_mean_of_precision_and_recall_and_macro_f1_their_mean():
    scores = score(np.array([0, 0, 0, 0, 1, 1, 2]), np.array([0, 0, 0, 1, 1, 0, 2]), 3)
    assert scores.f1s == pytest.approx((0.75, 0.5, 1.0))
    assert scores.macro_f1 == pytest.approx(0.75)


def test_a_class_that_never_occurs_does_not_pull_ua_down():
    assert score(np.array([0, 1]), np.array([0, 1]), 4).unweighted_accuracy == 1.0
    assert score(np.array([0, 1]), np.array([0, 1]), 4).macro_f1 == 1.0


@pytest.mark.filterwarnings("error")
def test_a_class_that_never_occurs_keeps_its_place_with_zeros():
    scores = score(np.array([0, 3, 3]), np.array([0, 3, 3]), 5)
    assert scores.recalls == scores.f1s == (1.0, 0.0, 0.0, 1.0, 0.0)
    assert scores.class_clips == (1, 0, 0, 2, 0)
    assert scores.confusion.sum(axis=0).tolist() == [1, 0, 0, 2, 0]


def test_a_class_that_is_only_heard_does_not_count_in_macro_f1():
    true, heard = np.array([0, 0, 1]), np.array([0, 2, 1])
    assert score(true, heard, 4).macro_f1 == pytest.approx(f1_score(true, heard, labels=[0, 1], average="macro"))


def test_nothing_to_score_is_an_error():
    with pytest.raises(ValueError, match="no utterance"):
        score(np.array([], int), np.array([], int), 4)


def test_groups_are_scored_apart_and_clips_of_no_known_group_are_in_none():
    true, heard = np.array([0, 0, 1, 1, 0]), np.array([0, 1, 1, 1, 1])
    by_sex = score_groups(true, heard, ["male", "female", "male", "female", None], 2)
    assert list(by_sex) == ["female", "male"]
    assert [scores.weighted_accuracy for scores in by_sex.values()] == [0.5, 1.0]
    assert sum(scores.clips for scores in by_sex.values()) == 4
    assert score_groups(true, heard, [None] * 5, 2) == {}


def test_in_the_arousal_view_angry_for_happy_is_right_and_angry_for_sad_is_wrong():
    assert LEVELS == ("high", "low")
    true = np.array([0, 0, 1, 2, 2, 3, 3, 3])
    heard = np.array([1, 3, 1, 3, 0, 2, 3, 2])
    scores = score_arousal(true, heard, LABELS)
    assert scores.confusion.tolist() == [[2, 1], [1, 4]]
    assert scores.recalls == (pytest.approx(2 / 3), 0.8)


def test_an_emotion_of_unknown_arousal_is_an_error():
    with pytest.raises(KeyError, match="bored"):
        score_arousal(np.array([0]), np.array([0]), ("angry", "bored"))
