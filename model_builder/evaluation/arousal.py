"""The arousal view: whether at least the energy of a voice is right, where emotions of one energy are confused."""

from collections.abc import Sequence

import numpy as np

from model_builder.evaluation.metrics import Scores, score

LEVELS = ("high", "low")
LEVEL_OF = {"angry": "high", "happy": "high", "neutral": "low", "sad": "low"}


def score_arousal(true: np.ndarray, predicted: np.ndarray, labels: Sequence[str]) -> Scores:
    """Scores of two classes, in the order of `LEVELS`: high arousal (angry, happy) and low (neutral, sad).

    true, predicted: int, shape (utterances,), indices into `labels`; a predicted emotion counts as the level that it belongs to.
    Raises KeyError for a label of no known level. The view of arXiv 2512.23435, which finds acted speech confused within a level.
    """
    level = np.array([LEVELS.index(LEVEL_OF[label]) for label in labels])
    return score(level[true], level[predicted], len(LEVELS))
