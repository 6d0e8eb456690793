"""When a model says "uncertain"."""

import numpy as np
import pytest

from model_builder.evaluation.answers import Answers
from model_builder.evaluation.selective_risk import choose_threshold
from model_builder.evaluation.split_half import split_half_by_speaker
from model_builder.evaluation.uncertainty import HeldBackRisk, choose_rule, confidence_of, held_back_risk
from tests.evaluation.generated import generated_answers


def of(answers: Answers) -> tuple[np.ndarray, np.ndarray]:
    return answers.logits, answers.true


@pytest.mark.parametrize("largest_risk", [0.1, 0.15, 0.2])
def test_the_rule_keeps_its_risk_over_draws_of_the_speakers_that_it_was_chosen_on(largest_risk):
    others = generated_answers(speakers=200, seed=99)
    wrong = others.predicted != others.true
    answered = [choose_rule(*of(generated_answers(seed=seed)), largest_risk).answered(others.logits) for seed in range(20)]
    assert np.mean([wrong[of_draw].mean() for of_draw in answered]) < largest_risk  # of each draw: speakers differ too much for that
    assert np.mean(answered) > 0.2


def test_the_threshold_is_that_of_selective_risk_at_the_fitted_temperature():
    answers = generated_answers()
    rule = choose_rule(*of(answers), 0.2)
    correct = answers.predicted == answers.true
    assert rule.threshold == choose_threshold(confidence_of(answers.logits, rule.temperature), correct, 0.2)
    assert rule.temperature == pytest.approx(3.0, rel=0.5)  # the generated logits are three times too sure


def test_a_smaller_risk_never_answers_more():
    answers = generated_answers(speakers=60)
    shares = [choose_rule(*of(answers), risk).answered(answers.logits).mean() for risk in (0.05, 0.1, 0.2, 0.3, 0.5)]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1] == 1.0


def test_a_clip_right_at_the_threshold_is_answered_as_in_the_engine():
    answers = generated_answers()
    rule = choose_rule(*of(answers), 0.2)
    confidence = confidence_of(answers.logits, rule.temperature)
    assert rule.answered(answers.logits)[confidence == rule.threshold].all()


@pytest.mark.parametrize(
    "answers", [generated_answers(1, 8), generated_answers(20, 40, strength=0.0)], ids=["too few clips", "nothing but guesses"]
)
def test_where_no_threshold_keeps_the_risk_the_probabilities_are_taken_at_their_word(answers):
    rule = choose_rule(*of(answers), 0.2)
    assert not rule.is_chosen
    assert rule.threshold == 0.8


def test_each_half_of_the_speakers_is_judged_by_the_rule_of_the_other():
    answers = generated_answers(speakers=60)
    halves = split_half_by_speaker(answers.speakers)
    rules = [choose_rule(answers.logits[half], answers.true[half], 0.2) for half in (halves, ~halves)]
    assert rules[0].threshold != rules[1].threshold
    answered = np.where(halves, rules[1].answered(answers.logits), rules[0].answered(answers.logits))
    found = held_back_risk(answers.logits, answers.true, halves, 0.2)
    assert found.coverage == answered.mean()
    assert found.risk == (answers.predicted != answers.true)[answered].mean() < 0.2


def test_a_model_that_answers_nothing_has_no_risk():
    logits = np.random.default_rng(0).normal(0, 1e-3, (40, 4))
    assert held_back_risk(logits, np.arange(40) % 4, np.arange(40) < 20, 0.05) == HeldBackRisk(0.0, None)


@pytest.mark.parametrize("largest_risk", [0.0, 1.0])
def test_impossible_risks_are_refused(largest_risk):
    with pytest.raises(ValueError, match="between 0 and 1"):
        choose_rule(*of(generated_answers()), largest_risk)
