import random
from pathlib import Path

import numpy as np
import pytest

from model_builder.corpora.splits import Fold, grouped_folds, leave_one_group_out, speaker_split
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import Utterance
from model_builder.errors import UserError


def clip_of(speaker: str, take: int, group: str = "") -> Clip:
    return Clip(Utterance(Path(f"{speaker}-{take}.wav"), "generated", speaker, "sad", group=group), np.zeros(1, np.int16))


def clips_of(speakers: int) -> list[Clip]:
    return [clip_of(f"generated:{speaker}", take) for speaker in range(speakers) for take in range(3)]


def random_corpus(seed: int, fewest_speakers: int = 1) -> list[Clip]:
    """Two to twelve groups of up to four speakers with one to thirty clips each, shuffled."""
    chance = random.Random(seed)
    clips = [
        clip_of(f"generated:{group}-{speaker}", take, f"generated:session {group}")
        for group in range(chance.randint(2, 12))
        for speaker in range(chance.randint(fewest_speakers, 4))
        for take in range(chance.randint(1, 30))
    ]
    chance.shuffle(clips)
    return clips


def folds_of(clips: list[Clip], seed: int, share: float = 0.2, permanent: tuple[Clip, ...] = ()) -> list[list[Fold]]:
    groups = len({clip.utterance.group for clip in clips})
    counts = sorted({2, min(5, groups), groups})
    return [
        leave_one_group_out(clips, share, seed, permanent),
        *(grouped_folds(clips, count, share, seed, permanent) for count in counts),
    ]


def speakers(clips: tuple[Clip, ...]) -> set[str]:
    return {clip.utterance.speaker for clip in clips}


def identities(clips: tuple[Clip, ...] | list[Clip]) -> list[int]:
    return sorted(map(id, clips))


@pytest.mark.parametrize("seed", range(60))
def test_no_speaker_is_on_two_sides_and_every_clip_is_tested_once(seed):
    clips = random_corpus(seed)
    for folds in folds_of(clips, seed, share=0):
        assert identities([clip for fold in folds for clip in fold.test]) == identities(clips)
        for fold in folds:
            assert fold.test
            assert not speakers(fold.training) & speakers(fold.test)
            assert not {clip.utterance.group for clip in fold.training} & {clip.utterance.group for clip in fold.test}
            assert identities([*fold.training, *fold.test]) == identities(clips)


@pytest.mark.parametrize("seed", range(60))
def test_validation_speakers_come_out_of_the_training_side_and_test_sides_stay_as_they_are(seed):
    clips = random_corpus(seed, fewest_speakers=2)
    for whole, divided in zip(folds_of(clips, seed, share=0), folds_of(clips, seed, share=0.2), strict=True):
        for fold, split in zip(whole, divided, strict=True):
            assert identities(split.test) == identities(fold.test)
            assert split.validation
            assert identities([*split.training, *split.validation]) == identities(fold.training)
            sides = [speakers(side) for side in (split.training, split.validation, split.test)]
            assert sum(map(len, sides)) == len(set.union(*sides))


@pytest.mark.parametrize("seed", range(60))
def test_test_sides_differ_by_no_more_clips_than_the_largest_group_has(seed):
    clips = random_corpus(seed)
    groups = [clip.utterance.group for clip in clips]
    largest = max(groups.count(group) for group in set(groups))
    for count in range(2, len(set(groups)) + 1):
        sizes = [len(fold.test) for fold in grouped_folds(clips, count, 0, seed)]
        assert max(sizes) - min(sizes) <= largest


@pytest.mark.parametrize("seed", range(20))
def test_folds_follow_from_the_seed_and_not_from_the_order_of_the_clips(seed):
    clips = random_corpus(seed)
    again = random.Random(seed).sample(clips, len(clips))
    for first, second in zip(folds_of(clips, seed, 0), folds_of(again, seed, 0), strict=True):
        assert [(fold.name, identities(fold.test)) for fold in first] == [(fold.name, identities(fold.test)) for fold in second]


def test_another_seed_gives_other_folds_and_other_validation_speakers():
    clips = clips_of(20)
    first, second = ([speakers(fold.test) for fold in grouped_folds(clips, 5, 0.2, seed)] for seed in (1, 2))
    assert first != second
    first, second = ([speakers(fold.validation) for fold in leave_one_group_out(clips, 0.2, seed)] for seed in (1, 2))
    assert first != second


def test_leaving_a_session_out_names_the_fold_after_it_and_leaves_both_voices_out():
    clips = [clip_of(f"iemocap:Ses0{n}{sex}", take, f"iemocap:Session{n}") for n in range(1, 6) for sex in "FM" for take in range(4)]
    folds = leave_one_group_out(clips, 0.2, 0)
    assert [fold.name for fold in folds] == [f"iemocap:Session{n}" for n in range(1, 6)]
    assert speakers(folds[2].test) == {"iemocap:Ses03F", "iemocap:Ses03M"}
    assert [len(speakers(fold.validation)) for fold in folds] == [2] * 5  # a fifth of eight


@pytest.mark.parametrize("seed", range(10))
def test_partners_in_a_dialogue_are_on_one_side_of_every_split(seed):
    """As IEMOCAP has them: a woman and a man a session."""
    clips = [clip_of(f"iemocap:Ses0{n}{sex}", take, f"iemocap:Session{n}") for n in range(1, 6) for sex in "FM" for take in range(4)]
    splits = [(fold.training, fold.validation, fold.test) for fold in leave_one_group_out(clips, 0.2, seed)]
    for sides in [*splits, speaker_split(clips, 0.2, seed), speaker_split(clips, 0.01, seed), speaker_split(clips, 0.99, seed)]:
        groups = [{clip.utterance.group for clip in side} for side in sides]
        assert all(groups)
        assert sum(map(len, groups)) == 5


def test_groups_that_share_a_speaker_stay_together_and_a_single_group_is_split_by_speaker():
    """As dialogues of MELD, whose main characters speak in most of them."""
    pairs = (("1", "Ross"), ("1", "Paul"), ("2", "Ross"), ("2", "Phoebe"), ("3", "Carol"), ("3", "Susan"))
    clips = [clip_of(f"manifest:{speaker}", take, f"manifest:group {group}") for group, speaker in pairs for take in range(2)]
    for seed in range(5):
        training, validation = (speakers(tuple(side)) for side in speaker_split(clips, 0.2, seed))
        assert {frozenset(training), frozenset(validation)} == {
            frozenset(f"manifest:{name}" for name in names) for names in (("Ross", "Paul", "Phoebe"), ("Carol", "Susan"))
        }
        training, validation = speaker_split(clips[:8], 0.2, seed)
        assert len(speakers(tuple(validation))) == 1 and training


def test_permanent_clips_are_learnt_from_in_every_fold_and_never_held_back():
    permanent = tuple(clip_of(f"other:{speaker}", 0) for speaker in range(4))
    for folds in folds_of(clips_of(10), 0, permanent=permanent):
        for fold in folds:
            assert {id(clip) for clip in permanent} <= {id(clip) for clip in fold.training}


def test_a_corpus_that_is_tested_cannot_be_permanent_too():
    clips = clips_of(4)
    with pytest.raises(UserError, match=r"generated:0 speaks in the tested corpus and in a permanent one"):
        leave_one_group_out(clips, 0, 0, permanent=clips[:2])


def test_a_fold_with_a_speaker_on_two_sides_cannot_be_made():
    first, second, third = (clip_of(name, 0) for name in "abc")
    for sides in ([first], [first], []), ([first], [], [second, first]), ([third], [first], [first, second]):
        with pytest.raises(AssertionError, match="a on two sides of a split"):
            Fold("bad", *map(tuple, sides))


def test_a_speaker_in_two_groups_is_refused_by_name():
    clips = [clip_of("x:Ann", 0, "x:1"), clip_of("x:Bob", 0, "x:1"), clip_of("x:Ann", 1, "x:2")]
    for split in (lambda: leave_one_group_out(clips, 0, 0), lambda: grouped_folds(clips, 2, 0, 0)):
        with pytest.raises(UserError, match=r"x:Ann speaks in x:1 and in x:2"):
            split()


@pytest.mark.parametrize("folds", [0, 1, 4])
def test_folds_that_cannot_be_made_are_refused(folds):
    with pytest.raises(UserError, match=f"{folds} folds of 3 groups cannot be made; ask for 2 to 3"):
        grouped_folds(clips_of(3), folds, 0, 0)


def test_one_group_cannot_be_left_out():
    with pytest.raises(UserError, match="needs at least two, the corpus has 1"):
        leave_one_group_out(clips_of(1), 0, 0)


def test_a_training_side_of_one_speaker_has_none_to_hold_back():
    with pytest.raises(UserError, match="at least two speakers"):
        leave_one_group_out(clips_of(2), 0.2, 0)


@pytest.mark.parametrize(("count", "share"), [(2, 0.01), (2, 0.99), (10, 0.2), (66, 0.2)])
def test_a_split_has_two_disjoint_sides_and_loses_nobody(count, share):
    clips = clips_of(count)
    for seed in range(5):
        training, validation = speaker_split(clips, share, seed)
        assert not speakers(tuple(training)) & speakers(tuple(validation))
        assert training and validation
        assert len(training) + len(validation) == len(clips)


def test_a_split_follows_from_its_seed_alone():
    clips = clips_of(20)
    assert speaker_split(clips, 0.2, 3) == speaker_split(clips, 0.2, 3)
    assert speakers(tuple(speaker_split(clips, 0.2, 3)[1])) == speakers(tuple(speaker_split(clips[::-1], 0.2, 3)[1]))
    assert speaker_split(clips, 0.2, 3) != speaker_split(clips, 0.2, 4)


def test_one_speaker_cannot_be_split():
    with pytest.raises(UserError, match="at least two speakers"):
        speaker_split(clips_of(1), 0.2, 0)
