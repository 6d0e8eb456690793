"""What listeners called recordings, where a corpus asked them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model_builder.corpora.utterance import Utterance

VOTED = ("angry", "disgusted", "fearful", "happy", "neutral", "sad")
"""What listeners chose among, in the order of the shares."""

Shares = tuple[float, ...]


@dataclass(frozen=True)
class Votes:
    """Shares of the listeners by `VOTED`, which sum to 1; None where nobody was asked.

    voice: by those who heard the recording. voice_and_face: by those who saw the speaker too.
    """

    voice: Shares | None = None
    voice_and_face: Shares | None = None


ASKED = tuple(field.name for field in fields(Votes))


def vote_shares(utterances: Sequence["Utterance"]) -> np.ndarray:
    """float32, (utterances, 2, 6), in the order of `ASKED` and `VOTED`; zeros where nobody was asked.

    >>> from pathlib import Path
    >>> from model_builder.corpora.utterance import Utterance
    >>> vote_shares([Utterance(Path("a.wav"), "a", "a:1", "sad", votes=Votes(voice=(0, 0, 0.25, 0, 0.25, 0.5)))])[0].tolist()
    [[0.0, 0.0, 0.25, 0.0, 0.25, 0.5], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
    """
    nobody = (0.0,) * len(VOTED)
    asked = [[(utterance.votes and getattr(utterance.votes, name)) or nobody for name in ASKED] for utterance in utterances]
    return np.array(asked, np.float32).reshape(len(utterances), len(ASKED), len(VOTED))
