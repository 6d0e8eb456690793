"""The corpora of the paper: what a copy holds against what the releases are known to hold, and the part of it that is used."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from model_builder.corpora import ami, crema_d, emo_db, iemocap, ravdess, savee, tess
from model_builder.corpora.corpus import Corpus
from model_builder.corpora.survey import Clip, Survey, read_utterance
from model_builder.corpora.utterance import LABELS, Utterance
from model_builder.training.renditions import key_of

KNOWN_CLIPS = {iemocap.NAME: 5531, crema_d.NAME: 4900, ravdess.NAME: 864, ravdess.NAME_WITHOUT_CALM: 672}
KNOWN_SPEAKERS = {iemocap.NAME: 10, crema_d.NAME: 91, ravdess.NAME: 24, ravdess.NAME_WITHOUT_CALM: 24}
TITLES = {iemocap.NAME: "IEMOCAP", crema_d.NAME: "CREMA-D", ami.NAME: "AMI", emo_db.NAME: "EMO-DB", savee.NAME: "SAVEE", tess.NAME: "TESS"}
"""How corpora are written in reports; others by the name that they were given with."""


@dataclass(frozen=True)
class CorpusCount:
    """Recordings of the four classes. used: without silent, doubly labelled and (in training) repeated ones, and by the share.

    known: of the release, None where it is not one of the paper's corpora.
    differences: one sentence each on what is not as in the release.
    """

    corpus: str
    known: int | None
    found: int
    used: int
    speakers: int
    classes: Mapping[str, int]
    differences: tuple[str, ...]


@dataclass(frozen=True)
class StudyCorpora:
    """Clips of a reproduction: target and permanent to learn from, zero_shot to evaluate on.

    target_name, permanent_name: in the paper `iemocap` and `crema-d`; others stand in for them.
    calm: file names of the zero-shot clips that count as neutral though acted calm.
    """

    target_name: str
    permanent_name: str
    target: tuple[Clip, ...]
    permanent: tuple[Clip, ...]
    zero_shot: tuple[Clip, ...]
    calm: frozenset[str]
    counts: tuple[CorpusCount, ...]

    @property
    def systems(self) -> tuple[str, str]:
        """What the folds learn from: the target alone, and with the permanent corpus."""
        target, permanent = (TITLES.get(name, name) for name in (self.target_name, self.permanent_name))
        return target, f"{target} and {permanent}"


def study_corpora(
    target_name: str, permanent_name: str, loaded: Mapping[str, Corpus], surveys: Mapping[str, Survey], share_of_clips: float
) -> StudyCorpora:
    """loaded, surveys: of both, `ravdess` and (loaded alone) `ravdess-without-calm`, the surveys of the four classes.

    Of RAVDESS every readable clip is evaluated, repeated ones too, as the published counts have them.
    """
    target = part_of(surveys[target_name].usable, share_of_clips)
    permanent = part_of(surveys[permanent_name].usable, share_of_clips)
    zero_shot = part_of(evaluated_clips(surveys[ravdess.NAME]), share_of_clips)
    without_calm = {u.path.name for u in loaded[ravdess.NAME_WITHOUT_CALM].utterances if u.emotion in LABELS}
    calm = frozenset(clip.utterance.path.name for clip in zero_shot if clip.utterance.path.name not in without_calm)
    used = {
        target_name: target,
        permanent_name: permanent,
        ravdess.NAME: zero_shot,
        ravdess.NAME_WITHOUT_CALM: tuple(clip for clip in zero_shot if clip.utterance.path.name not in calm),
    }
    counts = []
    for name, clips in used.items():
        labelled = [utterance for utterance in loaded[name].utterances if utterance.emotion in LABELS and utterance.path.is_file()]
        counts.append(count_of(name, labelled, clips, surveys.get(name)))
    return StudyCorpora(target_name, permanent_name, target, permanent, zero_shot, calm, tuple(counts))


def count_of(name: str, labelled: Sequence[Utterance], used: Sequence[Clip], found: Survey | None) -> CorpusCount:
    """labelled: recordings of the four classes that the corpus has. found: their survey, None where it is that of another row."""
    differences = []
    speakers = len({utterance.speaker for utterance in labelled})
    known = KNOWN_CLIPS.get(name)
    if known is not None and len(labelled) != known:
        differences.append(f"{len(labelled):,} recordings of the four classes where the release has {known:,}")
    if known is not None and speakers != KNOWN_SPEAKERS[name]:
        differences.append(f"{speakers} speakers where the release has {KNOWN_SPEAKERS[name]}")
    if name == iemocap.NAME:
        groups = [utterance.group for utterance in labelled]
        for session, of_release in iemocap.FOUR_CLASS_UTTERANCES.items():
            if (count := groups.count(f"{iemocap.NAME}:{session}")) != of_release:
                differences.append(f"{session}: {count:,} of {of_release:,}")
    if found is not None:
        left_out = {
            "unreadable": len(found.unreadable),
            "silent": len(found.silent),
            "of two labels": sum(map(len, found.conflicting)),
            "repeats of another": sum(len(group) - 1 for group in found.duplicates),
        }
        differences += [f"{what}: {count:,}" for what, count in left_out.items() if count]
    classes = {label: sum(clip.utterance.emotion == label for clip in used) for label in LABELS}
    return CorpusCount(name, known, len(labelled), len(used), speakers, classes, tuple(differences))


def evaluated_clips(found: Survey) -> list[Clip]:
    """Every readable clip of a survey with a usable label, repeated ones too, in the corpus's order."""
    in_memory = {clip.utterance.piece: clip for clip in found.usable}
    return [in_memory.get(utterance.piece) or clip_of(utterance) for utterance in found.readable]


def clip_of(utterance: Utterance) -> Clip:
    pcm = read_utterance(utterance)
    return Clip(utterance, np.clip(np.rint(pcm * 32768), -32768, 32767).astype(np.int16))


def part_of(clips: Sequence[Clip], share: float) -> tuple[Clip, ...]:
    """About `share` of the clips of each class of each speaker, one at least; all speakers and classes stay. 1: all clips.

    Which ones follows from a hash of speaker and file name. By their order in the folder a class would be left with sentences of its own,
    by which a network tells it without hearing an emotion.
    """
    if share >= 1:
        return tuple(clips)
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place in sorted(range(len(clips)), key=lambda place: sha256(key_of(clips[place]).encode(errors="surrogateescape")).digest()):
        places[clips[place].utterance.speaker, clips[place].utterance.emotion].append(place)
    kept = [place for of_class in places.values() for place in of_class[: max(1, round(len(of_class) * share))]]
    return tuple(clips[place] for place in sorted(kept))


def listing_of(folders: Sequence[Path]) -> list[list[str | int]]:
    """Name, size and time of change of every file below `folders`: what tells, without reading it, whether a corpus is still the same."""
    found: list[list[str | int]] = []
    for number, folder in enumerate(folders):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                state = path.stat()
                found.append([f"{number}/{path.relative_to(folder).as_posix()}", state.st_size, state.st_mtime_ns])
    return found
