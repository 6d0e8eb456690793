"""Scores of a speech gate against who really spoke when. Spans are (start, end) in seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FRAME_S = 0.032
SPEECH_RANGE_DB = 30.0
ABOVE_NOISE_DB = 10.0
NOISE_QUANTILE = 0.1
ONSET_WINDOW_S = 0.01

Span = tuple[float, float]


@dataclass(frozen=True)
class FrameCounts:
    """Frames of 32 ms: detected rightly, detected without speech, missed."""

    hits: int
    false_alarms: int
    misses: int

    def __add__(self, other: "FrameCounts") -> "FrameCounts":
        return FrameCounts(self.hits + other.hits, self.false_alarms + other.false_alarms, self.misses + other.misses)

    @property
    def precision(self) -> float:
        """In 0..1; 0 where nothing was detected."""
        return self.hits / max(1, self.hits + self.false_alarms)

    @property
    def recall(self) -> float:
        """In 0..1; 0 where nobody spoke."""
        return self.hits / max(1, self.hits + self.misses)

    @property
    def f1(self) -> float:
        """2 hits / (2 hits + false alarms + misses), in 0..1; 0 where there is nothing at all."""
        return 2 * self.hits / max(1, 2 * self.hits + self.false_alarms + self.misses)


def frames_of(spans: Sequence[Span], frames: int) -> np.ndarray:
    """bool, shape (frames,): whether the middle of each frame of 32 ms lies in one of the spans.

    >>> frames_of([(0.0, 0.05)], 3).tolist()
    [True, True, False]
    """
    middles = (np.arange(frames) + 0.5) * FRAME_S
    inside = np.zeros(frames, bool)
    for start, end in spans:
        inside |= (middles >= start) & (middles < end)
    return inside


def count_frames(reference: np.ndarray, detected: np.ndarray) -> FrameCounts:
    """reference, detected: bool, shape (frames,)."""
    return FrameCounts(int((reference & detected).sum()), int((detected & ~reference).sum()), int((reference & ~detected).sum()))


@dataclass(frozen=True)
class SegmentCounts:
    """Turns of the reference, those of them that some detected span overlaps, and detected spans that overlap none."""

    turns: int
    found: int
    false: int

    def __add__(self, other: "SegmentCounts") -> "SegmentCounts":
        return SegmentCounts(self.turns + other.turns, self.found + other.found, self.false + other.false)


def count_segments(reference: Sequence[Span], detected: Sequence[Span]) -> SegmentCounts:
    """Overlapping turns of the reference count as one.

    >>> count_segments([(0, 1), (0.5, 2), (5, 6)], [(1.5, 3), (8, 9)])
    SegmentCounts(turns=2, found=1, false=1)
    """
    turns = merged(reference)
    return SegmentCounts(
        turns=len(turns),
        found=sum(any(_overlap(turn, span) for span in detected) for turn in turns),
        false=sum(not any(_overlap(turn, span) for turn in turns) for span in detected),
    )


def merged(spans: Sequence[Span]) -> list[Span]:
    """The union of the spans, as spans that do not touch, in order."""
    union: list[Span] = []
    for start, end in sorted(spans):
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(end, union[-1][1]))
        else:
            union.append((start, end))
    return union


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


@dataclass(frozen=True)
class OnsetScores:
    """How the first segment of each recording starts, against where its speech starts.

    missed: recordings without a segment that reaches the onset. clipped_ms: of each of the others, what is lost of its speech; at
    least 0. early_ms: how much comes before its speech; at least 0. All shape (recordings - missed,).
    """

    recordings: int
    missed: int
    clipped_ms: np.ndarray
    early_ms: np.ndarray

    @property
    def unclipped_share(self) -> float:
        """Of all recordings, in 0..1; missed ones count as clipped."""
        return float((self.clipped_ms == 0).sum() / self.recordings)

    def clipped_quantile_ms(self, share: float) -> float:
        """`share` of the recordings with a detection lose at most this much; 0 where there is none."""
        return float(np.quantile(self.clipped_ms, share)) if len(self.clipped_ms) else 0.0

    def early_quantile_ms(self, share: float) -> float:
        """`share` of the recordings with a detection start at most this long before the speech; 0 where there is none."""
        return float(np.quantile(self.early_ms, share)) if len(self.early_ms) else 0.0

    def near_share(self, within_ms: float) -> float:
        """Recordings whose segment is not clipped and starts at most `within_ms` before the speech, in 0..1."""
        return float(((self.clipped_ms == 0) & (self.early_ms <= within_ms)).sum() / self.recordings)


def score_onsets(onsets_s: Sequence[float], detected: Sequence[Sequence[Span]]) -> OnsetScores:
    """onsets_s: of each recording. detected: the spans of each recording, in order; the first that ends after the onset counts."""
    starts = [next((start for start, end in spans if end > onset), None) for onset, spans in zip(onsets_s, detected, strict=True)]
    late_ms = np.array([(start - onset) * 1000 for start, onset in zip(starts, onsets_s, strict=True) if start is not None])
    return OnsetScores(
        recordings=len(onsets_s),
        missed=starts.count(None),
        clipped_ms=np.maximum(late_ms, 0),
        early_ms=np.maximum(-late_ms, 0),
    )


def speech_onset_s(pcm: np.ndarray, rate_hz: int) -> float:
    """Where the voice starts in a clean recording of one: the first of three windows of 10 ms that are speech.

    Those are within 30 dB of the loudest, and 10 dB above the noise of the recording, which is the tenth part that is quietest.
    pcm: float, shape (samples,), at least 30 ms, not silent.
    """
    window = int(rate_hz * ONSET_WINDOW_S)
    power = (pcm[: len(pcm) // window * window].astype(np.float64).reshape(-1, window) ** 2).mean(axis=1)  # (windows,)
    threshold = max(power.max() * 10 ** (-SPEECH_RANGE_DB / 10), np.quantile(power, NOISE_QUANTILE) * 10 ** (ABOVE_NOISE_DB / 10))
    is_loud = power >= min(threshold, power.max())
    runs = is_loud[:-2] & is_loud[1:-1] & is_loud[2:]
    return float(np.argmax(runs) * ONSET_WINDOW_S) if runs.any() else float(np.argmax(is_loud) * ONSET_WINDOW_S)
