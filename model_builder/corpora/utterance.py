"""One labelled recording of a corpus, and what listeners called it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import numpy as np

LABELS = ("angry", "happy", "neutral", "sad")
"""The classes of the model, in the order of its logits."""

Sex = Literal["female", "male"]

VOTED = ("angry", "disgusted", "fearful", "happy", "neutral", "sad")
"""What listeners chose among, in the order of the shares."""

Shares = tuple[float, ...]
Piece = tuple[Path, tuple[float, float] | None]  # a file, and from when to when in seconds; None: all of it


@dataclass(frozen=True)
class Votes:
    """Shares of the listeners by `VOTED`, which sum to 1; None where nobody was asked.

    voice: by those who only listened. voice_and_face: by those who saw the speaker too.
    """

    voice: Shares | None = None
    voice_and_face: Shares | None = None


ASKED = tuple(field.name for field in fields(Votes))


@dataclass(frozen=True)
class Utterance:
    """A recording of one speaker with what the corpus says about it; None where the corpus does not say.

    emotion: one of `LABELS`, or the corpus's own word for a class outside them.
    speaker: unique over all corpora, e.g. `crema-d:1004`.
    intensity: the corpus's level of acting, e.g. `low` (CREMA-D) or `strong` (RAVDESS).
    group: what leave-one-group-out leaves out: the session in corpora that have sessions, else the speaker, which is the default.
        Unique over all corpora, e.g. `iemocap:Session1`.
    valence, arousal, dominance: the listeners' mean on self-assessment manikins, from 1 (unpleasant, calm, weak) to 5.
    votes: what listeners called it.
    is_label_assumed: whether the corpus has no label of it and is taken to be of `emotion` as a whole.
    span_s: (start, end) of the utterance in a recording that holds more; None: all of the recording.
    """

    path: Path
    corpus: str
    speaker: str
    emotion: str
    sex: Sex | None = None
    intensity: str | None = None
    group: str = ""
    valence: float | None = None
    arousal: float | None = None
    dominance: float | None = None
    votes: Votes | None = None
    span_s: tuple[float, float] | None = None
    is_label_assumed: bool = False

    @property
    def piece(self) -> Piece:
        """What tells its sound from that of other utterances: one file may hold many."""
        return self.path, self.span_s

    def __post_init__(self) -> None:
        if not self.group:
            object.__setattr__(self, "group", self.speaker)  # the way that the standard library documents for frozen classes


def is_hidden(path: Path) -> bool:
    return path.name.startswith(".")


def vote_shares(utterances: Sequence[Utterance]) -> np.ndarray:
    """float32, (utterances, 2, 6), in the order of `ASKED` and `VOTED`; zeros where nobody was asked.

    >>> from pathlib import Path
    >>> from model_builder.corpora.utterance import Utterance
    >>> vote_shares([Utterance(Path("a.wav"), "a", "a:1", "sad", votes=Votes(voice=(0, 0, 0.25, 0, 0.25, 0.5)))])[0].tolist()
    [[0.0, 0.0, 0.25, 0.0, 0.25, 0.5], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
    """
    nobody = (0.0,) * len(VOTED)
    asked = [[(utterance.votes and getattr(utterance.votes, name)) or nobody for name in ASKED] for utterance in utterances]
    return np.array(asked, np.float32).reshape(len(utterances), len(ASKED), len(VOTED))
