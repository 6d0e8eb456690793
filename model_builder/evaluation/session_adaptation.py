"""Taking off what a voice, a room and a language shift in all answers of a session, without labels.

A new voice shifts the logits of all its recordings at once. Their running mean tells the shift, as far as the voice's moods vary: of a
voice that is angry for ten minutes it is anger itself, so that the shift that is taken off has a largest size.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from model_builder.evaluation.answers import Answers


@dataclass(frozen=True)
class SessionAdaptation:
    """prior_results: after so many results half of their mean is taken off. largest_shift: of any logit."""

    prior_results: float = 10.0
    largest_shift: float = 1.5

    def adapted(self, logits: np.ndarray) -> np.ndarray:
        """The logits of one session in order of time, each less what the earlier ones have in common; float, (results, labels) both.

        >>> SessionAdaptation(1.0, 9.0).adapted(np.array([[2.0, 0.0], [2.0, 0.0], [2.0, 0.0]])).round(2).tolist()
        [[2.0, 0.0], [1.5, 0.5], [1.33, 0.67]]

        The engine's test has these numbers too; the last ones are at the largest shift:

        >>> rows, labels = np.ogrid[:40, :4]
        >>> logits = 2 * np.sin(1.0 + rows * (labels + 1)) + [3.0, 0.0, -1.0, -2.0]
        >>> adapted = SessionAdaptation(prior_results=10.0, largest_shift=1.5).adapted(logits)
        >>> for row in 0, 1, 10, 39:
        ...     print(adapted[row].round(6).tolist())
        [4.682942, 1.682942, 0.682942, -0.317058]
        [4.545868, 0.28224, -2.422696, -3.73603]
        [-0.49998, 1.701211, -1.305952, -1.269222]
        [2.990226, -0.895057, -2.167481, -0.659097]
        """
        results = np.arange(len(logits))[:, None]
        earlier = np.cumsum(logits, axis=0) - logits
        earlier = earlier - earlier.mean(axis=1, keepdims=True)  # what all logits have in common changes no answer
        shift = earlier / (results + self.prior_results)  # n / (n + prior) of the mean of n
        return np.asarray(logits - shift.clip(-self.largest_shift, self.largest_shift))


def adapted_by_speaker(answers: Answers, adaptation: SessionAdaptation, seed: int = 0, one_mood: bool = False) -> Answers:
    """The answers if each speaker had said everything in one session, in a random order.

    one_mood: if each speaker had a session for each emotion instead, in which nothing else was said: what adaptation must not spoil.
    """
    sessions: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row, (speaker, label) in enumerate(zip(answers.speakers, answers.true.tolist(), strict=True)):
        sessions[speaker, label if one_mood else -1].append(row)
    logits = np.array(answers.logits, dtype=np.float64)
    rng = np.random.default_rng(seed)
    for rows in sessions.values():
        in_time = rng.permutation(rows)
        logits[in_time] = adaptation.adapted(answers.logits[in_time])
    name = f"{answers.corpus}, adapted to {'speakers of one mood' if one_mood else 'speakers'}"
    return replace(answers, corpus=name, logits=logits)
