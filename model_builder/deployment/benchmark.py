"""How long a clip takes on one thread of this machine."""

import statistics
import time
from collections.abc import Sequence

import numpy as np
import onnxruntime

from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.deployment.manifest import INPUT

WARM_UP_RUNS, RUNS = 2, 9


def median_ms(sessions: Sequence[onnxruntime.InferenceSession], duration_s: float = 3.0) -> list[float]:
    """The median time of each session on noise of this duration; runs are interleaved, so that a busy machine slows all alike."""
    pcm = np.random.default_rng(0).normal(0, 0.1, (1, int(duration_s * SAMPLE_RATE_HZ))).astype(np.float32)
    times: list[list[float]] = [[] for _ in sessions]
    for run in range(WARM_UP_RUNS + RUNS):
        for session, record in zip(sessions, times, strict=True):
            start = time.perf_counter()
            session.run(None, {INPUT: pcm})
            if run >= WARM_UP_RUNS:
                record.append((time.perf_counter() - start) * 1000)
    return [statistics.median(record) for record in times]
