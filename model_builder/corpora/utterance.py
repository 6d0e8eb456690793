"""One labelled recording of a corpus."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LABELS = ("angry", "happy", "neutral", "sad")
"""The classes of the model, in the order of its logits."""

AUDIO_SUFFIXES = (".wav", ".flac")


@dataclass(frozen=True)
class Utterance:
    """A recording of one speaker with the label that the corpus gives it.

    emotion: one of `LABELS`, or the corpus's own word for a class outside them.
    speaker: unique over all corpora, e.g. `crema-d:1004`.
    """

    path: Path
    corpus: str
    speaker: str
    emotion: str


def recordings(folder: Path) -> Iterator[Path]:
    """Every .wav and .flac file below `folder`, in sorted order."""
    yield from sorted(path for path in folder.rglob("*") if path.suffix.lower() in AUDIO_SUFFIXES and path.is_file())
