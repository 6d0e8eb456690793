"""Utterances out of folders: one module a corpus, one that surveys them, one for splits."""

from collections.abc import Callable
from pathlib import Path

from model_builder.corpora import ami, crema_d, emo_db, iemocap, manifest, ravdess, savee, tess
from model_builder.corpora.corpus import Corpus
from model_builder.errors import UserError

LOADERS: dict[str, Callable[[Path], Corpus]] = {
    ami.NAME: ami.load,
    crema_d.NAME: crema_d.load,
    emo_db.NAME: emo_db.load,
    iemocap.NAME: iemocap.load,
    manifest.NAME: manifest.load,
    ravdess.NAME: ravdess.load,
    ravdess.NAME_WITHOUT_CALM: ravdess.load_without_calm,
    savee.NAME: savee.load,
    tess.NAME: tess.load,
}


def load_corpus(name: str, path: Path) -> Corpus:
    """The corpus called `name` in the folder `path`, or for `manifest` the CSV file `path`.

    Raises UserError for an unknown corpus, a missing folder, or a folder without any of the corpus's recordings.
    """
    if name not in LOADERS:
        raise UserError(f"unknown corpus {name!r}; known are {', '.join(sorted(LOADERS))}")
    try:
        corpus = LOADERS[name](path)
    except UserError as error:
        raise UserError(f"{name}: {error}") from error
    if not corpus.utterances:
        if corpus.problems:
            raise UserError(f"{name}: {corpus.problems[0]}")
        raise UserError(f"{name}: no recording with the corpus's file names under {path}; check the path")
    return corpus
