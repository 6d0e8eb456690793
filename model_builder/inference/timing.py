"""How long things take on this machine."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import onnxruntime

from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm
from model_builder.inference.asset_manifest import INPUT

WARM_UP_RUNS, RUNS = 2, 9


@dataclass(frozen=True)
class Times:
    """Of repeated runs, in ms."""

    median_ms: float
    lower_quartile_ms: float
    upper_quartile_ms: float


def interleaved_times(runs: Sequence[Callable[[], object]]) -> list[Times]:
    """Of each, run in turns, so that a busy machine slows all alike."""
    records: list[list[float]] = [[] for _ in runs]
    for turn in range(WARM_UP_RUNS + RUNS):
        for run, record in zip(runs, records, strict=True):
            start = time.perf_counter()
            run()
            if turn >= WARM_UP_RUNS:
                record.append((time.perf_counter() - start) * 1000)
    quartiles = [statistics.quantiles(record, n=4) for record in records]
    return [Times(median, lower, upper) for lower, median, upper in quartiles]


def noise(duration_s: float) -> Pcm:
    """What is timed: float32, (samples,), 16 kHz."""
    return np.random.default_rng(0).normal(0, 0.1, int(duration_s * SAMPLE_RATE_HZ)).astype(np.float32)


def median_ms(sessions: Sequence[onnxruntime.InferenceSession], duration_s: float = 3.0) -> list[float]:
    """The median time of each session on noise of this duration."""
    pcm = noise(duration_s)[None]
    return [times.median_ms for times in interleaved_times([partial(session.run, None, {INPUT: pcm}) for session in sessions])]
