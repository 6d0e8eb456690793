import numpy as np
import pytest

from model_builder.evaluation.concordance import agreement, concordance


def test_equal_columns_agree_fully_and_opposite_ones_disagree_fully():
    values = np.array([-1.0, 0.0, 1.0])
    assert concordance(values, values) == pytest.approx(1)
    assert concordance(-values, values) == pytest.approx(-1)


def test_a_shift_and_a_scale_cost_what_lin_says():
    values = np.array([1.0, 2.0, 3.0, 4.0])  # variance 1.25
    assert concordance(values + 1, values) == pytest.approx(2.5 / (2.5 + 1))
    assert concordance(2 * values, values) == pytest.approx(2 * 2.5 / (5 + 1.25 + 2.5**2))


@pytest.mark.parametrize(
    ("predicted", "target", "complaint"),
    [([1.0, 2.0], [1.0], "each utterance"), ([np.nan, 1.0], [0.0, 1.0], "NaN"), ([1.0, 1.0], [1.0, 1.0], "all equal")],
)
def test_columns_that_say_nothing_are_refused(predicted, target, complaint):
    with pytest.raises(ValueError, match=complaint):
        concordance(np.array(predicted), np.array(target))


def test_agreement_is_over_the_clips_that_have_a_label():
    found = agreement(np.array([0.1, 9.0, 0.4]), np.array([0.1, np.nan, 0.4]))
    assert (found.clips, found.concordance) == (2, pytest.approx(1))


@pytest.mark.parametrize("target", [[np.nan, np.nan], [np.nan, 0.5], [0.5, 0.5]])
def test_fewer_than_two_different_labels_say_nothing(target):
    assert agreement(np.array([0.1, 0.2]), np.array(target)) is None
