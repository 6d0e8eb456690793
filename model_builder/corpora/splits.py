"""Splits by group and speaker: a speaker is never on two sides."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from model_builder.corpora.survey import Clip
from model_builder.errors import UserError


@dataclass(frozen=True)
class Fold:
    """One round of a cross-validation. No speaker is on two of its sides: an AssertionError otherwise, even under `python -O`.

    name: the group left out (`iemocap:Session1`), or its number (`2 of 5`).
    validation: for choosing epochs; empty where nothing is chosen.
    """

    name: str
    training: tuple[Clip, ...]
    validation: tuple[Clip, ...]
    test: tuple[Clip, ...]

    def __post_init__(self) -> None:
        require_disjoint(self.training, self.validation, self.test)


def leave_one_group_out(
    clips: Sequence[Clip], validation_share: float, seed: int, permanent: Sequence[Clip] = ()
) -> list[Fold]:
    """A fold for each group (session or speaker) of `clips`, which is its test side, in the order of their names.

    validation_share, seed: of the other groups' speakers, how many are held back for validation, as in `speaker_split`; 0 holds back none.
    permanent: clips of further corpora, on the training side of every fold.
    Raises UserError with fewer than two groups, a speaker in two groups, or a speaker of `permanent` among `clips`.
    """
    groups = sorted(group_sizes(clips))
    if len(groups) < 2:
        raise UserError(f"leaving one group out needs at least two, the corpus has {len(groups)}; add recordings")
    return [fold_of(group, {group}, clips, validation_share, seed, permanent) for group in groups]


def grouped_folds(
    clips: Sequence[Clip], folds: int, validation_share: float, seed: int, permanent: Sequence[Clip] = ()
) -> list[Fold]:
    """`folds` folds whose test sides are whole groups and about equally many clips; every clip is tested once.

    Largest group first into the smallest fold, so that test sides differ by no more clips than the largest group has (Graham 1969, SIAM
    Journal on Applied Mathematics 17). Which of equally large groups goes where follows from `seed`, not from the order of `clips`.
    The rest as in `leave_one_group_out`. Raises UserError for fewer than two folds or fewer groups than folds.
    """
    sizes = group_sizes(clips)
    if folds < 2 or len(sizes) < folds:
        raise UserError(f"{folds} folds of {len(sizes)} groups cannot be made; ask for 2 to {len(sizes)}, or add recordings")
    groups = sorted(sizes)
    random.Random(seed).shuffle(groups)
    tested: list[set[str]] = [set() for _ in range(folds)]
    tested_clips = [0] * folds
    for group in sorted(groups, key=lambda group: -sizes[group]):
        smallest = tested_clips.index(min(tested_clips))
        tested[smallest].add(group)
        tested_clips[smallest] += sizes[group]
    return [fold_of(f"{number} of {folds}", test, clips, validation_share, seed, permanent) for number, test in enumerate(tested, start=1)]


def folds_of(
    clips: Sequence[Clip], folds: int | None, validation_share: float, seed: int, permanent: Sequence[Clip] = ()
) -> list[Fold]:
    """`grouped_folds` or, where `folds` is None, `leave_one_group_out`."""
    if folds is None:
        return leave_one_group_out(clips, validation_share, seed, permanent)
    return grouped_folds(clips, folds, validation_share, seed, permanent)


def speaker_split(clips: Sequence[Clip], validation_share: float, seed: int) -> tuple[list[Clip], list[Clip]]:
    """Split into (training, validation): whole groups with about `validation_share` of the speakers, at least one group, are held back.

    Partners in a dialogue (IEMOCAP's sessions) share words, room and microphones, so they stay on one side. Groups that share a speaker
    count as one. Where that leaves a single group, its speakers are split.
    Deterministic in the groups, their speakers and the seed. Raises UserError with fewer than two speakers.
    """
    speakers = sorted(speakers_of(clips))
    if len(speakers) < 2:
        raise UserError(f"a speaker-disjoint split needs at least two speakers, the corpus has {len(speakers)}; add recordings")
    units = connected_speakers(clips)
    count = min(max(1, round(len(speakers) * validation_share)), len(speakers) - 1)
    chance = random.Random(seed)
    held_back: set[str] = set()
    if len(units) in (1, len(speakers)):
        held_back |= set(chance.sample(speakers, count))
    else:
        for unit in chance.sample(units, len(units) - 1):  # one is left for training
            if not held_back or len(held_back) + len(unit) <= count:
                held_back |= unit
    training = [clip for clip in clips if clip.utterance.speaker not in held_back]
    validation = [clip for clip in clips if clip.utterance.speaker in held_back]
    require_disjoint(training, validation)
    return training, validation


def connected_speakers(clips: Iterable[Clip]) -> list[set[str]]:
    """The speakers of each group, groups that share one joined, in the order of their first names."""
    speakers_of_group: dict[str, set[str]] = {}
    for clip in clips:
        speakers_of_group.setdefault(clip.utterance.group, set()).add(clip.utterance.speaker)
    units: list[set[str]] = []
    for speakers in speakers_of_group.values():
        joined = set(speakers)
        apart = []
        for unit in units:
            if unit & joined:
                joined |= unit
            else:
                apart.append(unit)
        units = [*apart, joined]
    return sorted(units, key=min)


def fold_of(
    name: str, test_groups: set[str], clips: Sequence[Clip], validation_share: float, seed: int, permanent: Sequence[Clip]
) -> Fold:
    if shared := speakers_of(clips) & speakers_of(permanent):
        raise UserError(f"{min(shared)} speaks in the tested corpus and in a permanent one; give each corpus once")
    test = [clip for clip in clips if clip.utterance.group in test_groups]
    training = [clip for clip in clips if clip.utterance.group not in test_groups]
    validation: list[Clip] = []
    if validation_share > 0:  # out of what is left without the test side, so that nothing about it can be chosen by
        training, validation = speaker_split(training, validation_share, seed)
    return Fold(name, (*training, *permanent), tuple(validation), tuple(test))


def group_sizes(clips: Iterable[Clip]) -> Counter[str]:
    """Clips of each group. Raises UserError for a speaker in two groups: leaving out one would leave the voice on the other side."""
    sizes: Counter[str] = Counter()
    group_of: dict[str, str] = {}
    for clip in clips:
        speaker, group = clip.utterance.speaker, clip.utterance.group
        if group_of.setdefault(speaker, group) != group:
            raise UserError(f"{speaker} speaks in {group_of[speaker]} and in {group}; give every speaker one group")
        sizes[group] += 1
    return sizes


def require_disjoint(*sides: Sequence[Clip]) -> None:
    """Raises AssertionError where two sides share a speaker. Not an assert statement, which `python -O` would drop."""
    seen: set[str] = set()
    for side in sides:
        speakers = speakers_of(side)
        if shared := seen & speakers:
            raise AssertionError(f"{', '.join(sorted(shared))} on two sides of a split")
        seen |= speakers


def speakers_of(clips: Iterable[Clip]) -> set[str]:
    return {clip.utterance.speaker for clip in clips}
