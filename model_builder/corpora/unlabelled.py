"""Recordings of which only the sound counts: for learning that reads no label."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from model_builder.corpora.corpus import Corpus
from model_builder.corpora.utterance import Utterance

NO_LABEL = ""
RECORDINGS = "recordings"
"""The corpus of recordings of which nothing is known, not even who speaks."""


def without_labels(corpus: Corpus) -> Corpus:
    """The same recordings of the same speakers, without anything that the corpus says of how they sound."""
    utterances = (
        Utterance(labelled.path, labelled.corpus, labelled.speaker, NO_LABEL, group=labelled.group) for labelled in corpus.utterances
    )
    return replace(corpus, utterances=tuple(utterances))


def recordings_alone(paths: Sequence[Path]) -> Corpus:
    """Any recordings; who speaks in them is not known either."""
    return Corpus(RECORDINGS, tuple(Utterance(path, RECORDINGS, f"{RECORDINGS}:{path}", NO_LABEL) for path in paths))
