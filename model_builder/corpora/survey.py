"""What a corpus really holds: clips, speakers, classes, hours, and the files that cannot be learnt from."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from model_builder.audio.reading import SAMPLE_RATE_HZ, is_silent, read_pcm
from model_builder.corpora.utterance import Utterance
from model_builder.errors import AudioError


@dataclass(frozen=True)
class Clip:
    """A usable utterance with its samples: int16, shape (samples,), 16 kHz mono."""

    utterance: Utterance
    pcm: np.ndarray


@dataclass
class Survey:
    """What was found in one corpus. `usable` leaves out unreadable, silent and conflicting clips and all but one of each duplicate."""

    clips: int = 0
    seconds: float = 0.0
    speakers: set[str] = field(default_factory=set)
    emotions: Counter[str] = field(default_factory=Counter)
    unreadable: list[AudioError] = field(default_factory=list)
    silent: list[Path] = field(default_factory=list)
    duplicates: list[list[Path]] = field(default_factory=list)
    conflicting: list[list[Path]] = field(default_factory=list)
    usable: list[Clip] = field(default_factory=list)

    @property
    def hours(self) -> float:
        return self.seconds / 3600


def survey(utterances: Iterable[Utterance], on_progress: Callable[[], None] = lambda: None) -> Survey:
    """Read every utterance and sort out the ones that must not be learnt from.

    Duplicates are equal samples, whatever the container. Duplicates with different labels (`conflicting`) are all left out.
    on_progress: called once an utterance.
    """
    found = Survey()
    same: dict[bytes, list[Clip]] = defaultdict(list)
    with ThreadPoolExecutor(2) as pool:
        for utterance, outcome in pool.map(_read, utterances):
            on_progress()
            found.clips += 1
            found.speakers.add(utterance.speaker)
            found.emotions[utterance.emotion] += 1
            if isinstance(outcome, AudioError):
                found.unreadable.append(outcome)
                continue
            found.seconds += len(outcome) / SAMPLE_RATE_HZ
            if is_silent(outcome):
                found.silent.append(utterance.path)
                continue
            pcm = np.clip(np.rint(outcome * 32768), -32768, 32767).astype(np.int16)
            same[hashlib.sha256(pcm.tobytes()).digest()].append(Clip(utterance, pcm))
    for group in same.values():
        paths = [clip.utterance.path for clip in group]
        if len({clip.utterance.emotion for clip in group}) > 1:
            found.conflicting.append(paths)
            continue
        if len(group) > 1:
            found.duplicates.append(paths)
        found.usable.append(group[0])
    return found


def _read(utterance: Utterance) -> tuple[Utterance, np.ndarray | AudioError]:
    try:
        return utterance, read_pcm(utterance.path)
    except AudioError as error:
        return utterance, error
