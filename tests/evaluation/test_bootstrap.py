import numpy as np
import pytest
from scipy.special import expit

from model_builder.evaluation.bootstrap import FIGURES, bootstrap_f1_gain, bootstrap_gain, bootstrap_interval, confusion_intervals
from model_builder.evaluation.metrics import score

CLASSES = 4
CLIPS_A_SPEAKER = 24


def speakers_of(count: int) -> list[str]:
    return [f"s{index:02}" for index in range(count) for _ in range(CLIPS_A_SPEAKER)]


def labels_of(count: int) -> np.ndarray:
    return np.tile(np.arange(CLASSES), count * CLIPS_A_SPEAKER // CLASSES)


def answers(true: np.ndarray, hit_rate: np.ndarray | float, seed: int) -> np.ndarray:
    """Right with probability `hit_rate`, else another class at random."""
    rng = np.random.default_rng(seed)
    wrong = (true + rng.integers(1, CLASSES, len(true))) % CLASSES
    return np.where(rng.random(len(true)) < hit_rate, true, wrong)


@pytest.mark.parametrize("figure", FIGURES)
def test_the_estimate_is_the_figure_of_all_clips(figure):
    rng = np.random.default_rng(1)
    true = rng.choice(CLASSES, 300, p=[0.6, 0.3, 0.1, 0.0])  # the last class never occurs, but is heard
    heard = np.where(rng.random(300) < 0.6, true, rng.integers(0, CLASSES, 300))
    speakers = [f"s{index % 7}" for index in range(300)]
    interval = bootstrap_interval(true, heard, speakers, CLASSES, figure)
    assert interval.estimate == pytest.approx(getattr(score(true, heard, CLASSES), figure), abs=1e-12)
    assert interval.low < interval.estimate < interval.high


@pytest.mark.parametrize("figure", FIGURES)
def test_every_drawn_figure_is_that_of_the_drawn_clips(figure):
    """Two speakers can only be drawn as (a, a), (a, b) or (b, b), so that the limits are figures of those."""
    true = np.array([0, 0, 1, 1, 0, 1, 1, 2])
    heard = np.array([0, 1, 1, 1, 0, 0, 2, 2])
    speakers = ["a"] * 4 + ["b"] * 4
    alone = [getattr(score(true[half], heard[half], CLASSES), figure) for half in (slice(0, 4), slice(4, 8))]
    interval = bootstrap_interval(true, heard, speakers, CLASSES, figure)
    assert sorted((interval.low, interval.high)) == pytest.approx(sorted(alone))


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    spread = 0.8
    truth = expit(np.random.default_rng(0).normal(0.4, spread, 1_000_000)).mean()
    true, speakers, held = labels_of(40), speakers_of(40), 0
    for seed in range(60):
        hit_rate = np.repeat(expit(np.random.default_rng(1000 + seed).normal(0.4, spread, 40)), CLIPS_A_SPEAKER)
        interval = bootstrap_interval(true, answers(true, hit_rate, seed), speakers, CLASSES, "unweighted_accuracy", seed)
        held += interval.low <= truth <= interval.high
    assert held >= 52  # 0.95 of 60 is 57; fewer than 52 has a chance below 1 in 100


def test_speakers_that_differ_widen_the_interval_beyond_that_of_single_clips():
    true, speakers = labels_of(20), speakers_of(20)
    heard = np.where(np.repeat(np.arange(20) < 10, CLIPS_A_SPEAKER), true, (true + 1) % CLASSES)  # half of the speakers never fail
    by_speaker = bootstrap_interval(true, heard, speakers, CLASSES, "weighted_accuracy")
    by_clip = bootstrap_interval(true, heard, [str(index) for index in range(len(true))], CLASSES, "weighted_accuracy")
    assert by_speaker.high - by_speaker.low > 3 * (by_clip.high - by_clip.low)


@pytest.mark.parametrize("figure", FIGURES)
def test_a_system_gains_nothing_over_itself(figure):
    true, speakers = labels_of(10), speakers_of(10)
    heard = answers(true, 0.6, seed=1)
    gain = bootstrap_gain(true, heard, heard, speakers, CLASSES, figure)
    assert (gain.estimate, gain.low, gain.high, gain.share_above_zero) == (0, 0, 0, 0)


@pytest.mark.parametrize("figure", FIGURES)
def test_pairing_finds_a_gain_that_separate_intervals_hide(figure):
    true, speakers = labels_of(30), speakers_of(30)
    first = answers(true, np.repeat(np.linspace(0.2, 0.9, 30), CLIPS_A_SPEAKER), seed=2)
    mended = np.random.default_rng(3).random(len(true)) < 0.1
    second = np.where(mended, true, first)
    gain = bootstrap_gain(true, first, second, speakers, CLASSES, figure)
    assert gain.low > 0 and gain.share_above_zero == 1
    assert gain.estimate == pytest.approx(getattr(score(true, second, CLASSES), figure) - getattr(score(true, first, CLASSES), figure))
    alone = [bootstrap_interval(true, heard, speakers, CLASSES, figure) for heard in (first, second)]
    assert alone[1].low < alone[0].high


def test_swapping_the_systems_turns_the_gain_around():
    true, speakers = labels_of(12), speakers_of(12)
    first, second = answers(true, 0.5, seed=4), answers(true, 0.6, seed=5)
    there = bootstrap_gain(true, first, second, speakers, CLASSES, "macro_f1")
    back = bootstrap_gain(true, second, first, speakers, CLASSES, "macro_f1")
    assert (back.estimate, back.low, back.high) == pytest.approx((-there.estimate, -there.high, -there.low))


def test_the_same_seed_gives_the_same_interval_whatever_the_order_of_clips():
    true, speakers = labels_of(9), np.array(speakers_of(9))
    heard = answers(true, 0.6, seed=6)
    order = np.random.default_rng(0).permutation(len(true))
    first = bootstrap_interval(true, heard, speakers, CLASSES, "macro_f1", seed=5)
    assert first == bootstrap_interval(true[order], heard[order], speakers[order], CLASSES, "macro_f1", seed=5)
    assert first != bootstrap_interval(true, heard, speakers, CLASSES, "macro_f1", seed=6)


def test_one_speaker_says_nothing_about_others():
    with pytest.raises(ValueError, match="at least two"):
        bootstrap_interval(np.array([0, 1]), np.array([0, 1]), ["a", "a"], CLASSES, "macro_f1")


def test_answers_to_other_clips_cannot_be_paired():
    with pytest.raises(ValueError, match="each clip needs one of each"):
        bootstrap_gain(np.array([0, 1]), np.array([0, 1]), np.array([0]), ["a", "b"], CLASSES, "macro_f1")


def test_shares_of_the_confusion_have_intervals_of_the_drawn_speakers():
    """Two speakers: the limits are the shares of one and of the other."""
    true, heard = np.array([0, 0, 1, 1, 0, 0, 1, 1]), np.array([0, 1, 1, 1, 0, 0, 0, 1])
    cells = confusion_intervals(true, heard, ["a"] * 4 + ["b"] * 4, 3)
    first = cells[0][0]
    assert (first.estimate, first.low, first.high) == (0.75, 0.5, 1.0)
    taken = cells[1][0]
    assert (taken.estimate, taken.low, taken.high) == (0.25, 0.0, 0.5)
    assert cells[2] == [None, None, None]  # no clip of that class


def test_a_class_that_one_speaker_lacks_is_measured_on_the_others():
    cells = confusion_intervals(np.array([0, 1, 1]), np.array([0, 1, 0]), ["a", "b", "b"], 2)
    assert (cells[0][0].low, cells[0][0].high, cells[1][1].estimate) == (1.0, 1.0, 0.5)


@pytest.mark.parametrize("of_class", range(CLASSES))
def test_the_gain_of_an_f1_is_that_of_all_clips(of_class):
    true, speakers = labels_of(12), speakers_of(12)
    before, after = answers(true, 0.5, 1), answers(true, 0.8, 2)
    gain = bootstrap_f1_gain(true, before, after, speakers, CLASSES, of_class)
    f1 = [score(true, heard, CLASSES).f1s[of_class] for heard in (before, after)]
    assert gain.estimate == pytest.approx(f1[1] - f1[0])
    assert 0 < gain.low < gain.estimate < gain.high
