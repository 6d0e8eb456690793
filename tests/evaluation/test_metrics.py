import numpy as np
import pytest

from model_builder.evaluation.calibration import expected_calibration_error, fit_temperature
from model_builder.evaluation.metrics import score


def test_ua_is_the_mean_recall_and_wa_the_share_of_hits():
    true, heard = np.array([0, 0, 0, 0, 1, 1, 2]), np.array([0, 0, 0, 1, 1, 0, 2])
    scores = score(true, heard, 3)
    assert scores.recalls == (0.75, 0.5, 1.0)
    assert scores.unweighted_accuracy == pytest.approx(0.75)
    assert scores.weighted_accuracy == pytest.approx(5 / 7)
    assert scores.confusion.tolist() == [[3, 1, 0], [1, 1, 0], [0, 0, 1]]


def test_a_class_that_never_occurs_does_not_pull_ua_down():
    assert score(np.array([0, 1]), np.array([0, 1]), 4).unweighted_accuracy == 1.0
    assert score(np.array([0, 1]), np.array([0, 1]), 4).macro_f1 == 1.0


def test_nothing_to_score_is_an_error():
    with pytest.raises(ValueError, match="no utterance"):
        score(np.array([], int), np.array([], int), 4)


def drawn(temperature: float, count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and labels drawn from their posterior at `temperature`."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (count, 4))
    gumbel = rng.gumbel(size=logits.shape)
    return logits, (logits / temperature + gumbel).argmax(axis=1)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_drew_the_labels_is_found_again(temperature):
    assert fit_temperature(*drawn(temperature)) == pytest.approx(temperature, rel=0.05)


def test_the_right_temperature_takes_the_calibration_error_to_nothing():
    logits, labels = drawn(2.5)
    assert expected_calibration_error(logits, labels) > 0.15
    assert expected_calibration_error(logits, labels, temperature=2.5) < 0.015
