"""What corpora really hold: clips, speakers, classes, hours, and the files that cannot be learnt from."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, groupby
from pathlib import Path

import numpy as np

from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm, is_silent, read_pcm
from model_builder.corpora.corpus import Corpus
from model_builder.corpora.utterance import Piece, Utterance
from model_builder.errors import AudioError

OnSamples = Callable[[Utterance, Pcm], None]


@dataclass(frozen=True)
class Clip:
    """A usable utterance with its samples: int16, shape (samples,), 16 kHz mono."""

    utterance: Utterance
    pcm: np.ndarray

    def float_pcm(self) -> Pcm:
        """float32, shape (samples,), in [-1, 1): x / 32768, as `read_pcm` and the engine have it."""
        return self.pcm.astype(np.float32) / 32768


def digest_of_samples(pcm: np.ndarray) -> str:
    """What tells one recording from another whatever its name, rate of bits and container: 16 hexadecimal digits of a SHA-256.

    pcm: int16, or float in [-1, 1), which is rounded to 16 bits; (samples,), 16 kHz mono.
    """
    rounded = pcm if pcm.dtype == np.int16 else _in_16_bits(pcm)
    return hashlib.sha256(rounded.tobytes()).hexdigest()[:16]


def hours_of(clips: Iterable[Clip]) -> float:
    """Rounded to four seconds, as cards state it."""
    return round(sum(len(clip.pcm) for clip in clips) / SAMPLE_RATE_HZ / 3600, 3)


@dataclass
class Survey:
    """What was found in one corpus. `usable` leaves out unreadable, silent and conflicting clips and all but one of each duplicate.

    duplicates, conflicting: each group whole, with the files of other corpora that were surveyed together with this one.
    unlabelled: the silent and the conflicting pieces; a file may hold others that are neither. unread: the unreadable ones.
    warnings, ignored, problems: the loader's.
    """

    utterances: list[Utterance] = field(default_factory=list)
    seconds: float = 0.0
    unreadable: list[AudioError] = field(default_factory=list)
    silent: list[Path] = field(default_factory=list)
    duplicates: list[list[Path]] = field(default_factory=list)
    conflicting: list[list[Path]] = field(default_factory=list)
    usable: list[Clip] = field(default_factory=list)
    unlabelled: set[Piece] = field(default_factory=set)
    unread: set[Piece] = field(default_factory=set)
    warnings: tuple[str, ...] = ()
    ignored: tuple[Path, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why entries of the corpus's folders could not be entered, and files not read: a sentence each, which names it."""
        return (*self.problems, *map(str, self.unreadable))

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

    def enter(self, utterance: Utterance, outcome: "Sound | AudioError") -> None:
        """Count one utterance with its sound, or with the reason why there is none."""
        self.utterances.append(utterance)
        if isinstance(outcome, AudioError):
            self.unreadable.append(outcome)
            self.unread.add(utterance.piece)
            return
        self.seconds += outcome.samples / SAMPLE_RATE_HZ
        if outcome.is_silent:
            self.silent.append(utterance.path)
            self.unlabelled.add(utterance.piece)

    @property
    def scorable(self) -> list[Utterance]:
        """What a model can be tested on: all but silent and conflicting clips, which have no usable label.

        Duplicates stay, so that counts are those of published protocols; unreadable ones too, for the reader to name.
        """
        return [utterance for utterance in self.utterances if utterance.piece not in self.unlabelled]

    @property
    def readable(self) -> list[Utterance]:
        """Of `scorable`, what can be read."""
        return [utterance for utterance in self.scorable if utterance.piece not in self.unread]


@dataclass(frozen=True)
class Sound:
    """What a survey keeps of the samples of one utterance.

    digest: of the 16-bit samples. pcm: int16, (samples,), or empty where nobody needs them.
    """

    samples: int
    is_silent: bool
    digest: bytes
    pcm: np.ndarray


def survey(corpus: Corpus, emotions: Collection[str] | None = None, on_progress: Callable[[], None] = lambda: None) -> Survey:
    """`survey_together` of one corpus."""
    return survey_together([corpus], emotions, on_progress)[0]


def survey_together(
    corpora: Sequence[Corpus],
    emotions: Collection[str] | None = None,
    on_progress: Callable[[], None] = lambda: None,
    on_samples: OnSamples | None = None,
) -> list[Survey]:
    """Read every utterance and sort out the ones that must not be learnt from; one survey a corpus, in the order given.

    A file with many utterances in a row, such as a meeting, is decoded once.

    Duplicates are equal samples, whatever the container and whichever of the corpora. Duplicates with different labels (`conflicting`)
    are all left out; of the others the first stays, in the first corpus that has it.
    emotions: those that count; utterances of others are read only to find the conflicts that they are part of. None: all count.
    on_progress: called once an utterance.
    on_samples: is given the samples of each utterance that counts, as they are read, from two threads; usable clips are then left without.
    """
    surveys = [Survey(warnings=corpus.warnings, ignored=corpus.ignored, problems=corpus.problems) for corpus in corpora]
    same: dict[bytes, list[tuple[Survey, Clip]]] = defaultdict(list)
    with ThreadPoolExecutor(2) as pool, ExitStack() as ending:
        ending.callback(pool.shutdown, wait=False, cancel_futures=True)  # who stops early waits for no file that is still to be read
        for found, corpus in zip(surveys, corpora, strict=True):
            files = [tuple(pieces) for _, pieces in groupby(corpus.utterances, key=lambda utterance: utterance.path)]
            for utterance, counts, outcome in chain.from_iterable(pool.map(partial(_read_pieces, emotions, on_samples), files)):
                on_progress()
                if counts:
                    found.enter(utterance, outcome)
                if not isinstance(outcome, AudioError) and not outcome.is_silent:
                    same[outcome.digest].append((found, Clip(utterance, outcome.pcm)))
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
            if is_conflict:
                found.unlabelled |= {clip.utterance.piece for _, clip in group}


def read_utterance(utterance: Utterance) -> Pcm:
    """The samples of one utterance: float32, (samples,), 16 kHz mono. Raises AudioError where the file does not hold them."""
    return _piece_of(read_pcm(utterance.path), utterance)


def _piece_of(pcm: Pcm, utterance: Utterance) -> Pcm:
    """pcm: of the whole file. Raises AudioError where the utterance lies outside of it."""
    if utterance.span_s is None:
        return pcm
    start, end = (round(bound * SAMPLE_RATE_HZ) for bound in utterance.span_s)
    if not 0 <= start < end <= len(pcm):
        raise AudioError(f"{utterance.path}: ends before {utterance.span_s[1]} s, where the corpus has speech; copy it again")
    return pcm[start:end]


def _read_pieces(
    emotions: Collection[str] | None, on_samples: OnSamples | None, utterances: Sequence[Utterance]
) -> list[tuple[Utterance, bool, Sound | AudioError]]:
    """Utterances of one file; of each whether it counts, and its sound or why there is none."""
    pieces: list[tuple[Utterance, bool, Sound | AudioError]] = []
    whole: Pcm | AudioError
    try:
        whole = read_pcm(utterances[0].path)
    except AudioError as error:
        whole = error
    for utterance in utterances:
        counts = emotions is None or utterance.emotion in emotions
        if isinstance(whole, AudioError):
            pieces.append((utterance, counts, whole))
            continue
        try:
            pcm = _piece_of(whole, utterance)
        except AudioError as error:
            pieces.append((utterance, counts, error))
            continue
        if counts and on_samples is not None:
            on_samples(utterance, pcm)
        pieces.append((utterance, counts, _sound_of(pcm, is_kept=counts and on_samples is None)))
    return pieces


def _sound_of(pcm: Pcm, is_kept: bool) -> Sound:
    """The 16-bit samples are a copy: a slice would keep the whole recording in memory."""
    rounded = _in_16_bits(pcm)
    kept = rounded if is_kept else np.empty(0, np.int16)
    return Sound(len(pcm), is_silent(pcm), hashlib.sha256(rounded.tobytes()).digest(), kept)


def _in_16_bits(pcm: Pcm) -> np.ndarray:
    """int16, (samples,), a copy."""
    rounded: np.ndarray = np.clip(np.rint(pcm * 32768), -32768, 32767).astype(np.int16)
    return rounded
