import math

import numpy as np
import pytest
from scipy.stats import binom

from model_builder.evaluation.selective_risk import choose_threshold, operating_point, risk_coverage


def drawn(clips: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Confidences, and answers that are right with just that probability."""
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(0.25, 1.0, clips)
    return confidence, rng.random(clips) < confidence


def test_the_curve_goes_from_the_surest_answer_to_all_answers():
    curve = risk_coverage(np.array([0.5, 0.9, 0.7, 0.6]), np.array([False, True, False, True]))
    assert curve.thresholds.tolist() == [0.9, 0.7, 0.6, 0.5]
    assert curve.coverages.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve.risks.tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert curve.area == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_the_excess_area_is_nothing_where_all_errors_come_last_and_largest_where_they_come_first():
    correct = np.array([True] * 7 + [False] * 3)
    confidence = np.linspace(0.9, 0.4, 10)
    best, worst = risk_coverage(confidence, correct), risk_coverage(confidence, correct[::-1])
    assert best.excess_area == pytest.approx(0)
    assert best.area == pytest.approx(sum(max(0, rank - 7) / rank for rank in range(1, 11)) / 10)
    shuffled = risk_coverage(confidence, np.random.default_rng(0).permutation(correct))
    assert best.area < shuffled.area < worst.area


def test_confidence_that_says_nothing_has_the_error_rate_as_its_area():
    curve = risk_coverage(np.full(8, 0.5), np.array([True] * 6 + [False] * 2))
    assert (curve.coverages.tolist(), curve.risks.tolist(), curve.area) == ([1.0], [0.25], 0.25)


def test_clips_of_equal_confidence_are_answered_together_whatever_their_order():
    confidence = np.array([0.9, 0.6, 0.6, 0.6, 0.3])
    correct = np.array([True, False, True, True, False])
    curve = risk_coverage(confidence, correct)
    assert len(curve.thresholds) == 3
    order = np.array([4, 2, 3, 1, 0])
    again = risk_coverage(confidence[order], correct[order])
    assert again.risks.tolist() == curve.risks.tolist() and again.area == curve.area


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.61, 0.9])
def test_every_operating_point_lies_on_the_curve(threshold):
    confidence, correct = drawn(200, seed=1)
    point, curve = operating_point(confidence, correct, threshold), risk_coverage(confidence, correct)
    index = np.flatnonzero(curve.thresholds >= threshold)[-1]
    assert (point.coverage, point.risk) == (pytest.approx(curve.coverages[index]), pytest.approx(curve.risks[index]))


def test_a_clip_right_at_the_threshold_is_answered():
    assert operating_point(np.array([0.4, 0.39]), np.array([True, True]), 0.4).coverage == 0.5


def test_a_threshold_above_all_confidences_answers_nothing_and_has_no_risk():
    point = operating_point(np.array([0.4, 0.5]), np.array([True, False]), 0.6)
    assert (point.coverage, point.risk) == (0.0, None)


@pytest.mark.parametrize("largest_risk", [0.1, 0.2, 0.3])
def test_a_chosen_threshold_keeps_the_risk_on_clips_that_it_was_not_chosen_on(largest_risk):
    fresh, fresh_correct = drawn(200_000, seed=99)
    broken = 0
    for seed in range(200):
        threshold = choose_threshold(*drawn(500, seed), largest_risk)
        if threshold is not None:
            broken += operating_point(fresh, fresh_correct, threshold).risk > largest_risk
    assert broken <= 18  # 5 % of 200 are 10; more than 18 has a chance below 1 in 100


def test_a_chosen_threshold_wastes_little_coverage_where_clips_are_many():
    confidence, correct = drawn(20_000, seed=5)
    curve = risk_coverage(confidence, correct)
    best = curve.coverages[curve.risks < 0.2].max()
    chosen = operating_point(confidence, correct, choose_threshold(confidence, correct, largest_risk=0.2))
    assert best - 0.05 < chosen.coverage <= best


def test_the_chosen_threshold_is_the_loosest_whose_binomial_bound_holds():
    confidence, correct = np.linspace(1, 0.5, 100), np.arange(100) < 80  # errors last: the bound grows along the curve
    allowed = 0.05 / math.ceil(math.log2(101))

    def is_safe(answered: int) -> bool:
        wrong = max(0, answered - 80)
        return bool(binom.cdf(wrong, answered, 0.1) < allowed)  # so few errors would be too lucky at a true risk of 10 %

    answered = round(operating_point(confidence, correct, choose_threshold(confidence, correct, 0.1)).coverage * 100)
    assert is_safe(answered) and not is_safe(answered + 1)


def test_no_threshold_is_promised_where_clips_are_too_few_or_too_wrong():
    assert choose_threshold(np.array([0.9, 0.8, 0.7]), np.array([True, True, True]), 0.1) is None
    assert choose_threshold(*drawn(500, seed=0), largest_risk=0.001) is None
    assert choose_threshold(np.linspace(0.5, 1, 50), np.zeros(50, bool), 0.5) is None


def test_a_risk_that_all_answers_keep_asks_for_no_uncertainty():
    confidence, correct = drawn(2_000, seed=3)
    assert choose_threshold(confidence, correct, 0.6) == confidence.min()


@pytest.mark.parametrize(("largest_risk", "error_probability"), [(0.0, 0.05), (1.0, 0.05), (0.1, 0.0), (0.1, 1.0)])
def test_impossible_promises_are_refused(largest_risk, error_probability):
    with pytest.raises(ValueError, match="between 0 and 1"):
        choose_threshold(np.array([0.5]), np.array([True]), largest_risk, error_probability)
