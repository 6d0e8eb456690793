"""Two halves of the speakers: what was fitted on one is measured on the other."""

from collections.abc import Sequence

import numpy as np


def split_half_by_speaker(speakers: Sequence[str], seed: int = 0) -> np.ndarray:
    """bool, shape (utterances,): whether the utterance's speaker is in the first half. Equal halves, or one speaker more in the first.

    Drawn, not taken in turn: RAVDESS numbers women even and men odd. Raises ValueError for fewer than two speakers.
    """
    names = sorted(set(speakers))
    if len(names) < 2:
        raise ValueError(f"{len(names)} speaker(s) cannot be halved")
    drawn = np.random.default_rng(seed).permutation(names)
    return np.isin(np.array(speakers), drawn[: (len(names) + 1) // 2])
