"""What a loader finds in one folder: utterances, and what a reader of results must know about them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from model_builder.audio.finding import Found, search_folder
from model_builder.corpora.utterance import Utterance
from model_builder.errors import UserError

PREFERRED_SUFFIXES = (".wav", ".flac", ".ogg", ".opus")
"""Of recordings with one name, those with these endings count before others, such as the MP3 files that CREMA-D comes with as well."""

UNKNOWN_NAME = "with names that are not the corpus's"
REPEATED = "with the name of another"


@dataclass(frozen=True)
class Corpus:
    """The utterances of one corpus, in an order that its files alone decide.

    An utterance whose recording is missing is among them, so that a survey names it as unreadable.
    warnings: one sentence each, printed by every command that reads the corpus.
    ignored: files that look like the corpus's but hold nothing of it, for a survey to name.
    problems: one sentence for each entry of its folders that could not be entered, so that recordings may be missing.
    """

    name: str
    utterances: tuple[Utterance, ...]
    warnings: tuple[str, ...] = ()
    ignored: tuple[Path, ...] = ()
    problems: tuple[str, ...] = ()


def search_corpus(folder: Path) -> Found:
    """`finding.search_folder` of a corpus. Raises UserError where `folder` is not a folder."""
    if not folder.is_dir():
        raise UserError(f"{folder} is not a folder; give the folder that the corpus was unpacked to")
    return search_folder(folder)


def read_named(folder: Path, name: str, utterance_of: Callable[[Path], Utterance | None], warnings: Sequence[str] = ()) -> Corpus:
    """The recordings below `folder` whose file names say everything; the others are counted in a warning.

    Of recordings with one name, in two folders or formats, the first counts: archives are unpacked twice, or hold themselves.
    utterance_of: None for a name that is not the corpus's. Raises UserError where `folder` is not a folder.
    """
    found: dict[tuple[str, str], Utterance] = {}
    unknown, repeated = [], []
    inside = search_corpus(folder)
    for path in sorted(inside.recordings, key=lambda path: path.suffix.lower() not in PREFERRED_SUFFIXES):
        utterance = utterance_of(path)
        if utterance is None:
            unknown.append(path)
        elif found.setdefault((utterance.speaker, path.stem), utterance) is not utterance:
            repeated.append(path)
    left_out = left_out_warning(name, {REPEATED: repeated, UNKNOWN_NAME: unknown})
    utterances = sorted(found.values(), key=lambda utterance: utterance.path)
    return Corpus(name, tuple(utterances), (*warnings, *unread_warnings(name, inside), *left_out), problems=tuple(inside.problems))


def unread_warnings(name: str, found: Found) -> tuple[str, ...]:
    """A sentence on the recordings of kinds that are not read, and one for each link that leads back to a folder around it.

    >>> from collections import Counter
    >>> unread_warnings("ravdess", Found(left_out=Counter({".mp4": 2, ".flv": 1})))
    ('ravdess: left out 1 .flv and 2 .mp4, which libsndfile does not read',)
    """
    kinds = " and ".join(f"{count:,} {ending}" for ending, count in sorted(found.left_out.items()))
    return (*((f"{name}: left out {kinds}, which libsndfile does not read",) if kinds else ()), *found.loops)


def left_out_warning(name: str, left_out: Mapping[str, Sequence[Path]]) -> tuple[str, ...]:
    """One sentence on the recordings that a loader left out, by reason, or nothing.

    >>> left_out_warning("ravdess", {"of songs": [Path("b.wav"), Path("c.wav")], "of films": []})
    ('ravdess: left out 2 recordings of songs (first: b.wav)',)
    """
    parts = [
        f"{len(paths):,} recording{'s' if len(paths) > 1 else ''} {reason} (first: {paths[0].name})"
        for reason, paths in left_out.items()
        if paths
    ]
    return (f"{name}: left out {', '.join(parts)}",) if parts else ()
