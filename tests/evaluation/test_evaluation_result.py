"""All figures of one corpus together."""

from dataclasses import replace

import numpy as np
import pytest

from model_builder.evaluation.evaluation_result import evaluate_answers
from model_builder.evaluation.system import System
from tests.evaluation.generated import LABELS, generated_answers

SYSTEM = System("a generated system")


def test_groups_add_up_to_all_clips():
    findings = evaluate_answers(generated_answers(), System("s", 3.0, 0.5))
    for groups in (findings.speakers, findings.sexes, findings.intensities):
        np.testing.assert_array_equal(sum(scores.confusion for scores in groups.values()), findings.overall.confusion)
    assert findings.overall.clips == 480
    assert list(findings.sexes) == ["female", "male"] and list(findings.intensities) == ["normal", "strong"]
    assert findings.intensities["strong"].unweighted_accuracy > findings.intensities["normal"].unweighted_accuracy
    assert findings.sex_of_speaker["generated:03"] == "male"


def test_arousal_is_easier_than_emotion():
    findings = evaluate_answers(generated_answers(), SYSTEM)
    assert findings.arousal.weighted_accuracy > findings.overall.weighted_accuracy
    assert findings.arousal.clips == findings.overall.clips


def test_intervals_hold_the_figures_that_they_are_of():
    findings = evaluate_answers(generated_answers(), SYSTEM)
    for figure, interval in findings.intervals.items():
        assert interval.low < interval.estimate < interval.high
        assert interval.estimate == pytest.approx(getattr(findings.overall, figure))


def test_the_shipped_temperature_mends_what_was_three_times_too_sure():
    calibration = evaluate_answers(generated_answers(speakers=60), System("s", 3.0)).calibration
    assert calibration.error_before > 0.1 > calibration.error_after
    assert calibration.cross_fitted_error < 0.06
    assert calibration.own_temperature == pytest.approx(3.0, rel=0.35)


def test_uncertainty_follows_the_shipped_temperature_and_threshold():
    answers = generated_answers()
    strict = evaluate_answers(answers, System("s", 3.0, 0.7)).selectivity
    loose = evaluate_answers(answers, System("s", 3.0)).selectivity
    assert loose.shipped.coverage == 1.0
    assert loose.shipped.risk == pytest.approx(1 - evaluate_answers(answers, SYSTEM).overall.weighted_accuracy)
    assert strict.shipped.coverage < 1.0 and strict.shipped.risk < loose.shipped.risk


def test_a_looser_promise_leaves_more_clips_answered_and_is_kept_on_the_other_speakers():
    choices = evaluate_answers(generated_answers(speakers=80, strength=3.0), System("s", 3.0)).selectivity.choices
    kept = [choice for choice in choices if choice.held_back is not None]
    assert len(kept) >= 3
    coverages = [choice.held_back.coverage for choice in kept]
    assert coverages == sorted(coverages)
    assert all(choice.held_back.risk < choice.largest_risk for choice in kept)


def test_a_single_speaker_has_scores_but_no_intervals_and_nothing_held_back():
    findings = evaluate_answers(generated_answers(speakers=1), SYSTEM)
    assert findings.overall.clips == 40
    assert findings.intervals == {}
    assert findings.calibration.cross_fitted_error is None
    assert findings.selectivity.choices == ()


def test_a_corpus_without_sexes_and_levels_has_no_such_groups():
    answers = generated_answers()
    nothing = (None,) * len(answers.true)
    findings = evaluate_answers(replace(answers, sexes=nothing, intensities=nothing), SYSTEM)
    assert findings.sexes == findings.intensities == findings.sex_of_speaker == {}


def test_speakers_that_the_model_was_trained_on_are_named():
    def known(*speakers: str) -> tuple[str, ...] | None:
        return evaluate_answers(generated_answers(), replace(SYSTEM, training_speakers=speakers)).speakers_of_training

    assert evaluate_answers(generated_answers(), SYSTEM).speakers_of_training is None
    assert known("other:01") == ()
    assert known("generated:07", "generated:02", "other:01") == ("generated:02", "generated:07")


def test_the_same_answers_give_the_same_findings():
    first, second = (evaluate_answers(generated_answers(), System("s", 2.0, 0.4)) for _ in range(2))
    assert repr(first) == repr(second)


def test_answers_that_do_not_fit_together_are_refused():
    answers = generated_answers()
    with pytest.raises(ValueError, match=r"logits of shape \(480, 3\), expected \(480, 4\)"):
        replace(answers, logits=answers.logits[:, :3])
    with pytest.raises(ValueError, match="one entry for each of the 480 clips"):
        replace(answers, speakers=answers.speakers[1:])
    with pytest.raises(ValueError, match="generated: no clip"):
        replace(answers, true=answers.true[:0])
    assert answers.labels == LABELS
