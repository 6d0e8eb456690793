"""What a loader finds in one folder: utterances, and what a reader of results must know about them."""

from dataclasses import dataclass
from pathlib import Path

from model_builder.corpora.utterance import Utterance


@dataclass(frozen=True)
class Corpus:
    """The utterances of one corpus, in an order that its files alone decide.

    An utterance whose recording is missing is among them, so that a survey names it as unreadable.
    warnings: one sentence each, for every command that reads the corpus to say.
    ignored: files that look like the corpus's but hold nothing of it, for a survey to name.
    """

    name: str
    utterances: tuple[Utterance, ...]
    warnings: tuple[str, ...] = ()
    ignored: tuple[Path, ...] = ()
