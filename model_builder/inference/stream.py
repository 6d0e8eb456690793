"""The emotion of audio that arrives in chunks: windows at fixed distances, however the chunks are cut.

No gate: who needs to know when somebody speaks runs the engine (`android/engine`, `replay`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import soxr

from model_builder.audio.reading import SAMPLE_RATE_HZ, as_float, is_silent, require_rate, to_mono
from model_builder.errors import AudioError
from model_builder.inference.prediction import Prediction
from model_builder.inference.predictor import EmotionPredictor


@dataclass(frozen=True)
class StreamPrediction:
    """The answer for start_s to end_s of a stream, in seconds since its first sample; prediction: None where that is silent."""

    start_s: float
    end_s: float
    prediction: Prediction | None


class EmotionStream:
    """Classifies windows of a stream. Not thread-safe.

    sample_rate_hz: of the chunks. window_s: how much each answer is about, at most the model's longest window (15 s); hop_s: how far
    windows lie apart. Keeps one window in memory.
    Raises ValueError for a window or a hop that the model does not take.
    """

    def __init__(self, predictor: EmotionPredictor, sample_rate_hz: int, window_s: float = 3.0, hop_s: float = 1.0):
        require_rate(sample_rate_hz)
        rules = predictor.rules
        self._predictor, self._rate_hz = predictor, sample_rate_hz
        window, hop = window_s * SAMPLE_RATE_HZ, hop_s * SAMPLE_RATE_HZ
        if not rules.shortest_window_samples <= window <= rules.longest_window_samples:
            shortest_s, longest_s = rules.shortest_window_samples / SAMPLE_RATE_HZ, rules.longest_window_samples / SAMPLE_RATE_HZ
            raise ValueError(f"window_s is {window_s:g}; the model takes {shortest_s:g} to {longest_s:g} s")
        if not 1 <= hop <= window:
            raise ValueError(f"hop_s is {hop_s:g}; give more than 0 and at most window_s, so that no sample is passed over")
        self._window, self._hop = round(window), round(hop)
        self._resampler: soxr.ResampleStream | None = None
        self._waiting = np.empty((0, 1), np.float32)  # (frames, channels) at 16 kHz, from self._start on
        self._start = 0
        self._channels: int | None = None
        self._answered_to = 0
        self._is_finished = False

    def push(self, chunk: np.ndarray) -> list[StreamPrediction]:
        """The answers for the windows that `chunk` completes.

        chunk: float in [-1, 1], int16, int32 or uint8, shape (frames,) or (frames, channels); any length, always as many channels.
        Raises AudioError for NaN and infinite samples, TypeError and ValueError for other types and shapes, ValueError after `finish`.
        """
        if self._is_finished:
            raise ValueError("the stream is finished; open another one")
        samples = as_float(chunk)
        samples = samples[:, None] if samples.ndim == 1 else samples
        if not np.isfinite(samples).all():
            raise AudioError("the chunk holds NaN or infinite samples")
        self._channels = self._channels or samples.shape[1]
        if samples.shape[1] != self._channels:
            raise ValueError(f"a chunk of {samples.shape[1]} channels after one of {self._channels}")
        return self._enter(samples, is_last=False)

    def finish(self) -> list[StreamPrediction]:
        """The answers that were still missing: the last one is for the window that ends where the stream ends.

        Raises AudioError where the whole stream is shorter than the shortest window (0.25 s).
        """
        if self._is_finished:
            return []
        answers = self._enter(np.empty((0, self._channels or 1), np.float32), is_last=True)
        self._is_finished = True
        end = self._start + len(self._waiting)
        if end < self._predictor.rules.shortest_window_samples:
            raise AudioError(f"lasts {end / SAMPLE_RATE_HZ:.3f} s, shorter than the model's shortest window; give more")
        if self._answered_to < end:
            answers.append(self._answer(max(self._start, end - self._window), end))
        return answers

    def _enter(self, samples: np.ndarray, is_last: bool) -> list[StreamPrediction]:
        if self._rate_hz != SAMPLE_RATE_HZ:
            if self._resampler is None:
                self._resampler = soxr.ResampleStream(self._rate_hz, SAMPLE_RATE_HZ, samples.shape[1], dtype="float32", quality="HQ")
            samples = self._resampler.resample_chunk(np.ascontiguousarray(samples), last=is_last)
        self._waiting = np.concatenate([self._waiting.reshape(-1, samples.shape[1]), samples])
        answers: list[StreamPrediction] = []
        next_end = self._answered_to + self._hop if self._answered_to else self._window
        while next_end <= self._start + len(self._waiting):
            answers.append(self._answer(next_end - self._window, next_end))
            next_end += self._hop
        passed = max(0, next_end - self._window - self._start - self._hop)  # the last window stays, for a stream that ends now
        self._waiting, self._start = self._waiting[passed:].copy(), self._start + passed
        return answers

    def _answer(self, start: int, end: int) -> StreamPrediction:
        pcm = np.ascontiguousarray(to_mono(self._waiting[start - self._start : end - self._start]))
        self._answered_to = end
        prediction = None if is_silent(pcm) else self._predictor.predict_pcm(pcm)
        return StreamPrediction(start / SAMPLE_RATE_HZ, end / SAMPLE_RATE_HZ, prediction)


def predict_stream(
    predictor: EmotionPredictor, chunks: Iterable[np.ndarray], sample_rate_hz: int, window_s: float = 3.0, hop_s: float = 1.0
) -> Iterator[StreamPrediction]:
    """The answers of an `EmotionStream` for all chunks, as they become ready."""
    stream = EmotionStream(predictor, sample_rate_hz, window_s, hop_s)
    for chunk in chunks:
        yield from stream.push(chunk)
    yield from stream.finish()
