"""What corpora really hold: clips, speakers, classes, hours, and the files that cannot be learnt from."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm, is_silent, read_pcm
from model_builder.corpora.corpus import Corpus
from model_builder.corpora.utterance import Utterance
from model_builder.errors import AudioError

Listener = Callable[[Utterance, Pcm], None]


@dataclass(frozen=True)
class Clip:
    """A usable utterance with its samples: int16, shape (samples,), 16 kHz mono."""

    utterance: Utterance
    pcm: np.ndarray

    def float_pcm(self) -> Pcm:
        """float32, shape (samples,), in [-1, 1): x / 32768, as `read_pcm` and the engine have it."""
        return self.pcm.astype(np.float32) / 32768


def hours_of(clips: Iterable[Clip]) -> float:
    """Rounded to four seconds, as cards state it."""
    return round(sum(len(clip.pcm) for clip in clips) / SAMPLE_RATE_HZ / 3600, 3)


@dataclass
class Survey:
    """What was found in one corpus. `usable` leaves out unreadable, silent and conflicting clips and all but one of each duplicate.

    duplicates, conflicting: each group whole, with the files of other corpora that were surveyed together with this one.
    warnings, ignored: the loader's.
    """

    utterances: list[Utterance] = field(default_factory=list)
    seconds: float = 0.0
    unreadable: list[AudioError] = field(default_factory=list)
    silent: list[Path] = field(default_factory=list)
    duplicates: list[list[Path]] = field(default_factory=list)
    conflicting: list[list[Path]] = field(default_factory=list)
    usable: list[Clip] = field(default_factory=list)
    warnings: tuple[str, ...] = ()
    ignored: tuple[Path, ...] = ()

    @property
    def clips(self) -> int:
        return len(self.utterances)

    @property
    def speakers(self) -> set[str]:
        return {utterance.speaker for utterance in self.utterances}

    @property
    def emotions(self) -> Counter[str]:
        return Counter(utterance.emotion for utterance in self.utterances)

    @property
    def hours(self) -> float:
        return self.seconds / 3600

    def enter(self, utterance: Utterance, outcome: np.ndarray | AudioError) -> None:
        """Count one utterance with its samples, float32 (samples,), or with the reason why there are none."""
        self.utterances.append(utterance)
        if isinstance(outcome, AudioError):
            self.unreadable.append(outcome)
            return
        self.seconds += len(outcome) / SAMPLE_RATE_HZ
        if is_silent(outcome):
            self.silent.append(utterance.path)

    @property
    def judgeable(self) -> list[Utterance]:
        """What a model can be tested on: all but silent and conflicting clips, whose labels nobody can hear.

        Duplicates stay, so that counts are those of published protocols; unreadable ones too, for the reader to name.
        """
        unheard = {*self.silent, *(path for group in self.conflicting for path in group)}
        return [utterance for utterance in self.utterances if utterance.path not in unheard]


def survey(corpus: Corpus, emotions: Collection[str] | None = None, on_progress: Callable[[], None] = lambda: None) -> Survey:
    """`survey_together` of one corpus."""
    return survey_together([corpus], emotions, on_progress)[0]


def survey_together(
    corpora: Sequence[Corpus],
    emotions: Collection[str] | None = None,
    on_progress: Callable[[], None] = lambda: None,
    listen: Listener | None = None,
) -> list[Survey]:
    """Read every utterance and sort out the ones that must not be learnt from; one survey a corpus, in the order given.

    Duplicates are equal samples, whatever the container and whichever of the corpora. Duplicates with different labels (`conflicting`)
    are all left out; of the others the first stays, in the first corpus that has it.
    emotions: those that count; utterances of others are read only to find the conflicts that they are part of. None: all count.
    on_progress: called once an utterance.
    listen: is given the samples of each utterance that counts, as they are read, from two threads; usable clips are then left without.
    """
    surveys = [Survey(warnings=corpus.warnings, ignored=corpus.ignored) for corpus in corpora]
    same: dict[bytes, list[tuple[Survey, Clip]]] = defaultdict(list)
    with ThreadPoolExecutor(2) as pool:
        for found, corpus in zip(surveys, corpora, strict=True):
            for utterance, counts, outcome in pool.map(partial(_read, emotions, listen), corpus.utterances):
                on_progress()
                if counts:
                    found.enter(utterance, outcome)
                if isinstance(outcome, AudioError) or is_silent(outcome):
                    continue
                pcm = np.clip(np.rint(outcome * 32768), -32768, 32767).astype(np.int16)
                kept = pcm if counts and listen is None else np.empty(0, np.int16)
                same[hashlib.sha256(pcm.tobytes()).digest()].append((found, Clip(utterance, kept)))
    for group in same.values():
        if emotions is None or any(clip.utterance.emotion in emotions for _, clip in group):
            _sort_out(group)
    return surveys


def _sort_out(group: list[tuple[Survey, Clip]]) -> None:
    """Enter the clips of equal samples into the surveys of their corpora."""
    paths = [clip.utterance.path for _, clip in group]
    is_conflict = len({clip.utterance.emotion for _, clip in group}) > 1
    if not is_conflict:
        found, clip = group[0]
        found.usable.append(clip)
    if len(group) > 1:
        for found in {id(found): found for found, _ in group}.values():  # each survey once; they cannot be hashed
            (found.conflicting if is_conflict else found.duplicates).append(paths)


def _read(
    emotions: Collection[str] | None, listen: Listener | None, utterance: Utterance
) -> tuple[Utterance, bool, np.ndarray | AudioError]:
    """The utterance, whether it counts, and its samples or why there are none."""
    counts = emotions is None or utterance.emotion in emotions
    try:
        pcm = read_pcm(utterance.path)
    except AudioError as error:
        return utterance, counts, error
    if utterance.span_s is not None:
        start, end = (round(bound * SAMPLE_RATE_HZ) for bound in utterance.span_s)
        if not 0 <= start < end <= len(pcm):
            complaint = f"{utterance.path}: ends before {utterance.span_s[1]} s, where the corpus has speech; copy it again"
            return utterance, counts, AudioError(complaint)
        pcm = pcm[start:end]
    if counts and listen is not None:
        listen(utterance, pcm)
    return utterance, counts, pcm
