from collections import Counter
from pathlib import Path

import numpy as np

from model_builder.corpora import load_corpus
from model_builder.corpora.survey import Clip, Survey, survey
from model_builder.corpora.utterance import LABELS, Utterance
from model_builder.reproduction.corpus_counts import KNOWN_CLIPS, count_of, evaluated_clips, part_of, study_corpora
from tests.official_layouts import write_crema_d, write_iemocap, write_ravdess


def clips_of(speakers: int, a_class: int) -> list[Clip]:
    return [
        Clip(Utterance(Path(f"{number}.wav"), "crema-d", f"crema-d:{speaker}", label), np.ones(4, np.int16))
        for speaker in range(speakers)
        for label in LABELS
        for number in range(a_class)
    ]


def test_a_tenth_keeps_every_class_of_every_speaker():
    clips = clips_of(5, 20)
    part = part_of(clips, 0.1)
    assert len(part) == 40 and part_of(clips, 0.1) == part
    assert len({(clip.utterance.speaker, clip.utterance.emotion) for clip in part}) == 5 * len(LABELS)
    assert len(part_of(clips_of(5, 3), 0.1)) == 20  # one of each at least
    assert part_of(clips, 1.0) == tuple(clips)


def test_a_part_does_not_tie_sentences_to_classes():
    """CREMA-D's speakers say 12 sentences in each class, but for a few; an even part of each by name has others in each class."""
    sentences = {label: 12 - (label == "neutral") for label in LABELS}
    clips = [
        Clip(Utterance(Path(f"{speaker}_{sentence:02}_{label}.wav"), "crema-d", f"crema-d:{speaker}", label), np.ones(4, np.int16))
        for speaker in range(60)
        for label in LABELS
        for sentence in range(sentences[label])
    ]
    part = part_of(clips, 0.2)
    for label in LABELS:
        found = Counter(clip.utterance.path.name.split("_")[1] for clip in part if clip.utterance.emotion == label)
        assert len(found) == sentences[label] and max(found.values()) < 0.2 * found.total()


def test_a_copy_as_large_as_the_release_has_no_difference():
    speakers = [f"crema-d:{number}" for number in range(91)]
    labelled = [Utterance(Path(f"{n}.wav"), "crema-d", speakers[n % 91], LABELS[n % 4]) for n in range(KNOWN_CLIPS["crema-d"])]
    count = count_of("crema-d", labelled, [], Survey())
    assert (count.found, count.speakers, count.differences) == (4900, 91, ())
    fewer = count_of("crema-d", labelled[91:], [], Survey())
    assert fewer.differences == ("4,809 recordings of the four classes where the release has 4,900",)


def test_what_is_missing_is_said_and_repeated_recordings_are_evaluated(tmp_path):
    folders = {
        "iemocap": write_iemocap(tmp_path / "i"),
        "crema-d": write_crema_d(tmp_path / "c"),
        "ravdess": write_ravdess(tmp_path / "r"),
        "ravdess-without-calm": tmp_path / "r",
    }
    [angry] = (tmp_path / "r" / "Actor_01").glob("03-01-05-*.wav")
    (angry.with_name("03-01-05-02-01-01-01.wav")).write_bytes(angry.read_bytes())
    next((tmp_path / "i").rglob("Ses03F_impro01_F000.wav")).unlink()
    loaded = {name: load_corpus(name, folder) for name, folder in folders.items()}
    surveys = {name: survey(loaded[name], LABELS) for name in ("iemocap", "crema-d", "ravdess")}
    corpora = study_corpora("iemocap", "crema-d", loaded, surveys, 1.0)
    by_name = {count.corpus: count for count in corpora.counts}
    assert (by_name["iemocap"].found, by_name["iemocap"].used) == (39, 39)
    assert "Session3: 7 of 1,151" in by_name["iemocap"].differences
    assert "unreadable: 1" in by_name["iemocap"].differences
    assert (by_name["ravdess"].found, by_name["ravdess"].used, by_name["ravdess-without-calm"].used) == (11, 11, 9)
    assert "repeats of another: 1" in by_name["ravdess"].differences
    assert len(corpora.calm) == 2
    evaluated = evaluated_clips(surveys["ravdess"])
    assert len(evaluated) == 11 and len(surveys["ravdess"].usable) == 10
