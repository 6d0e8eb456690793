"""Arousal and valence of utterances, as a network learns them."""

from collections.abc import Sequence

import numpy as np

from model_builder.corpora.utterance import Utterance

DIMENSIONS = ("arousal", "valence")
"""In the order of the model's second output."""

MIDDLE, HALF_RANGE = 3.0, 2.0  # of the listeners' scale from 1 to 5


def arousal_valence(utterances: Sequence[Utterance]) -> np.ndarray:
    """float32, (utterances, 2), from -1 (calm, unpleasant) to 1; NaN where the corpus does not say.

    >>> from pathlib import Path
    >>> arousal_valence([Utterance(Path("a.wav"), "a", "a:1", "sad", arousal=2.0)]).tolist()
    [[-0.5, nan]]
    """
    values = [[getattr(utterance, dimension) for dimension in DIMENSIONS] for utterance in utterances]
    return (np.array(values, np.float32).reshape(len(utterances), len(DIMENSIONS)) - MIDDLE) / HALF_RANGE


def says_arousal_or_valence(utterance: Utterance) -> bool:
    return any(getattr(utterance, dimension) is not None for dimension in DIMENSIONS)
