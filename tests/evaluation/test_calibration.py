import numpy as np
import pytest

from model_builder.evaluation.calibration import (
    cross_fitted_calibration_error,
    expected_calibration_error,
    fit_temperature,
    reliability,
)
from model_builder.evaluation.split_half import split_half_by_speaker


def drawn(temperature: float, count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and labels drawn from their posterior at `temperature`."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (count, 4))
    gumbel = rng.gumbel(size=logits.shape)
    return logits, (logits / temperature + gumbel).argmax(axis=1)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_drew_the_labels_is_found_again(temperature):
    assert fit_temperature(*drawn(temperature)) == pytest.approx(temperature, rel=0.05)


def test_the_temperature_stays_within_its_bounds_where_answers_are_always_wrong_or_always_right():
    logits, _ = drawn(1.0, count=200)
    assert fit_temperature(logits, logits.argmin(axis=1)) == pytest.approx(20.0, rel=1e-3)
    assert fit_temperature(logits, logits.argmax(axis=1)) == pytest.approx(0.05, rel=1e-3)


def test_the_right_temperature_takes_the_calibration_error_to_nothing():
    logits, labels = drawn(2.5)
    assert expected_calibration_error(logits, labels) > 0.15
    assert expected_calibration_error(logits, labels, temperature=2.5) < 0.015


def test_the_calibration_error_is_the_gap_of_confidence_and_accuracy_weighted_by_clips():
    logits = np.log(np.array([[0.9, 0.1]] * 4 + [[0.6, 0.4]] * 2))
    labels = np.array([0, 0, 0, 1, 1, 1])  # 3 of 4 right at 0.9, none of 2 at 0.6
    assert expected_calibration_error(logits, labels) == pytest.approx((4 * 0.15 + 2 * 0.6) / 6)
    assert expected_calibration_error(logits[:-1], labels[:-1]) == pytest.approx((4 * 0.15 + 0.6) / 5)
    labels = np.array([0, 0, 0, 1, 0, 0])  # too sure at 0.9, not sure enough at 0.6: in one bin they make up for each other
    assert expected_calibration_error(logits, labels, bins=1) == pytest.approx(5 / 6 - 0.8)


@pytest.mark.filterwarnings("error")
def test_reliability_bins_hold_every_clip_once_and_say_nothing_where_they_are_empty():
    logits = np.log(np.array([[0.9, 0.1]] * 4 + [[0.6, 0.4]] * 2 + [[1.0, 1e-30]]))
    found = reliability(logits, np.array([0, 0, 0, 1, 1, 1, 0]), bins=10)
    assert found.clips.tolist() == [0, 0, 0, 0, 0, 0, 2, 0, 0, 5]
    assert found.upper_edges == pytest.approx(np.linspace(0.1, 1.0, 10))
    assert found.accuracy[6] == 0.0 and found.accuracy[9] == pytest.approx(0.8)
    assert found.confidence[9] == pytest.approx((4 * 0.9 + 1.0) / 5)
    assert np.isnan(found.accuracy[found.clips == 0]).all() and np.isnan(found.confidence[found.clips == 0]).all()


def test_a_cross_fitted_error_is_small_where_one_temperature_fits_all_speakers_and_large_where_it_fits_none():
    logits, labels = drawn(2.5)
    first_half = np.arange(len(labels)) % 2 == 0
    assert cross_fitted_calibration_error(logits, labels, first_half) < 0.015
    unlike = np.where(first_half[:, None], logits / 2.5, logits)  # the halves now need temperatures of 1 and 2.5
    assert cross_fitted_calibration_error(unlike, labels, first_half) > 0.1


@pytest.mark.parametrize("count", [2, 3, 12, 67])
def test_halves_split_speakers_evenly_and_never_a_speaker(count):
    speakers = [f"ravdess:{number:02}" for number in range(count)] * 5
    halves = split_half_by_speaker(speakers)
    first, second = set(np.array(speakers)[halves]), set(np.array(speakers)[~halves])
    assert not first & second
    assert (len(first), len(second)) == ((count + 1) // 2, count // 2)


def test_halves_are_not_the_even_and_the_odd_numbers_which_are_women_and_men_in_ravdess():
    speakers = [f"ravdess:{number:02}" for number in range(1, 25)]
    halves = split_half_by_speaker(speakers)
    assert 0 < halves[::2].sum() < 12


def test_halves_follow_from_the_seed_and_not_from_the_order_of_clips():
    speakers = [f"s{number}" for number in range(9)]
    assert split_half_by_speaker(speakers).tolist() == split_half_by_speaker(speakers[::-1]).tolist()[::-1]
    assert any(split_half_by_speaker(speakers, seed).tolist() != split_half_by_speaker(speakers).tolist() for seed in range(1, 4))


def test_one_speaker_cannot_be_halved():
    with pytest.raises(ValueError, match="cannot be halved"):
        split_half_by_speaker(["a", "a"])
