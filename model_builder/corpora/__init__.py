"""Utterances out of folders: one module a corpus, one that surveys them, one for splits."""

from collections.abc import Callable
from pathlib import Path

from model_builder.corpora import crema_d, ravdess
from model_builder.corpora.utterance import Utterance
from model_builder.errors import UserError

LOADERS: dict[str, Callable[[Path], list[Utterance]]] = {"crema-d": crema_d.load, "ravdess": ravdess.load}


def load_corpus(name: str, folder: Path) -> list[Utterance]:
    """The utterances of the corpus called `name` under `folder`, sorted by path.

    Raises UserError for an unknown corpus, a missing folder, or a folder without any of the corpus's recordings.
    """
    if name not in LOADERS:
        raise UserError(f"unknown corpus {name!r}; known are {', '.join(sorted(LOADERS))}")
    if not folder.is_dir():
        raise UserError(f"{name}: {folder} is not a folder; give the folder that the corpus was unpacked to")
    utterances = LOADERS[name](folder)
    if not utterances:
        raise UserError(f"{name}: no recording with the corpus's file names under {folder}; check the path")
    return utterances
