"""Scores of labels as a screen shows them: each stays until the next one comes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

STEP_S = 0.1


@dataclass(frozen=True)
class Shown:
    """A label that appears on the screen `at_s` seconds into the recording."""

    at_s: float
    label: str


@dataclass(frozen=True)
class Spoken:
    """One clip in a joined recording, with its true label."""

    start_s: float
    end_s: float
    label: str


@dataclass(frozen=True)
class LiveScores:
    """Labels on the screen against what was spoken.

    accuracy: share of the time of speech, from each recording's first label on, in which the right label was shown, in 0..1.
    accuracy_by_second: the same by whole seconds since the onset of the clip, as (second, accuracy, seconds of speech).
    changes_per_minute: of the label on the screen, per minute of recording.
    """

    accuracy: float
    accuracy_by_second: tuple[tuple[int, float, float], ...]
    changes_per_minute: float
    recorded_minutes: float


def score_live(recordings: Sequence[tuple[Sequence[Shown], Sequence[Spoken], float]]) -> LiveScores:
    """recordings: labels in order of time, clips, and the duration in seconds. Raises ValueError where no label was ever shown."""
    right: list[np.ndarray] = []
    seconds: list[np.ndarray] = []
    changes = 0
    minutes = 0.0
    for shown, spoken, duration_s in recordings:
        minutes += duration_s / 60
        changes += sum(one.label != other.label for one, other in zip(shown, shown[1:], strict=False))
        if not shown:
            continue
        times = np.array([each.at_s for each in shown])
        for clip in spoken:
            moments = np.arange(clip.start_s, clip.end_s, STEP_S)
            latest = np.searchsorted(times, moments, side="right") - 1
            is_shown = latest >= 0
            right.append(np.array([shown[index].label == clip.label for index in latest[is_shown]], bool))
            seconds.append(((moments - clip.start_s)[is_shown]).astype(int))
    all_right, all_seconds = np.concatenate(right or [np.zeros(0, bool)]), np.concatenate(seconds or [np.zeros(0, int)])
    if len(all_right) == 0:
        raise ValueError("no label was ever shown")
    return LiveScores(
        accuracy=float(all_right.mean()),
        accuracy_by_second=tuple(
            (int(second), float(all_right[all_seconds == second].mean()), float((all_seconds == second).sum() * STEP_S))
            for second in np.unique(all_seconds)
        ),
        changes_per_minute=changes / minutes,
        recorded_minutes=minutes,
    )
