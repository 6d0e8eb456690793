from pathlib import Path

import numpy as np
import pytest

from model_builder.audio.reading import read_pcm
from model_builder.corpora import load_corpus
from model_builder.corpora.corpus import Corpus
from model_builder.corpora.survey import survey, survey_together
from model_builder.corpora.utterance import LABELS, Utterance
from tests.recordings import speech_like, write_wav


@pytest.fixture
def crema_d(tmp_path) -> Path:
    """Eight files: two good speakers, a duplicate, a conflict, silence, text, and a name that is not the corpus's."""
    folder = tmp_path / "CREMA-D" / "AudioWAV"
    folder.mkdir(parents=True)
    write_wav(folder / "1001_DFA_ANG_XX.wav", speech_like(1.0, seed=1))
    write_wav(folder / "1001_IEO_HAP_LO.flac", speech_like(1.0, seed=2))
    write_wav(folder / "1002_DFA_DIS_XX.wav", speech_like(1.0, seed=3))
    write_wav(folder / "1002_IEO_HAP_HI.wav", speech_like(1.0, seed=2))
    write_wav(folder / "1002_TIE_NEU_XX.wav", speech_like(1.0, seed=5))
    write_wav(folder / "1002_TIE_SAD_XX.flac", speech_like(1.0, seed=5))
    write_wav(folder / "1002_MTI_SAD_XX.wav", np.zeros(16_000, np.float32))
    (folder / "1002_WSI_SAD_XX.wav").write_text("not audio")
    write_wav(folder / "notes.wav", speech_like(1.0))
    return tmp_path / "CREMA-D"


def names(groups: list[list[Path]]) -> list[list[str]]:
    return [[path.name for path in group] for group in groups]


def test_a_survey_counts_and_names_what_cannot_be_learnt_from(crema_d):
    found = survey(load_corpus("crema-d", crema_d))
    assert found.clips == 8
    assert found.speakers == {"crema-d:1001", "crema-d:1002"}
    assert found.emotions == {"angry": 1, "happy": 2, "disgusted": 1, "neutral": 1, "sad": 3}
    assert "1002_WSI_SAD_XX.wav" in str(found.unreadable[0])
    assert [path.name for path in found.silent] == ["1002_MTI_SAD_XX.wav"]
    assert names(found.duplicates) == [["1001_IEO_HAP_LO.flac", "1002_IEO_HAP_HI.wav"]]
    assert names(found.conflicting) == [["1002_TIE_NEU_XX.wav", "1002_TIE_SAD_XX.flac"]]
    assert sorted(clip.utterance.path.name for clip in found.usable) == [
        "1001_DFA_ANG_XX.wav",
        "1001_IEO_HAP_LO.flac",
        "1002_DFA_DIS_XX.wav",
    ]
    assert found.hours * 3600 == pytest.approx(7.0)


def test_a_model_is_tested_on_duplicates_but_not_on_silent_and_conflicting_clips(crema_d):
    scorable = {utterance.path.stem for utterance in survey(load_corpus("crema-d", crema_d), LABELS).scorable}
    assert scorable == {"1001_DFA_ANG_XX", "1001_IEO_HAP_LO", "1002_IEO_HAP_HI", "1002_WSI_SAD_XX"}


def test_a_corpus_given_twice_is_learnt_from_once(crema_d):
    corpus = load_corpus("crema-d", crema_d)
    first, second = survey_together([corpus, corpus])
    assert [clip.utterance for clip in first.usable] == [clip.utterance for clip in survey(corpus).usable]
    assert not second.usable
    assert names(second.duplicates) == names(first.duplicates)
    assert len(first.duplicates) == 3
    assert len(first.conflicting) == len(second.conflicting) == 1


def test_a_recording_that_two_corpora_label_differently_is_left_out_of_both(crema_d, tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    write_wav(copy / "mine.wav", speech_like(1.0, seed=1))
    (copy / "labels.csv").write_text("file,emotion,speaker\nmine.wav,sad,Ada\n")
    first, second = survey_together([load_corpus("crema-d", crema_d), load_corpus("manifest", copy / "labels.csv")])
    assert "1001_DFA_ANG_XX" not in {clip.utterance.path.stem for clip in first.usable}
    assert not second.usable
    assert names(second.conflicting) == [["1001_DFA_ANG_XX.wav", "mine.wav"]]


def test_a_conflict_with_a_class_that_does_not_count_is_a_conflict_all_the_same(tmp_path):
    write_wav(tmp_path / "1001_DFA_ANG_XX.wav", speech_like(0.5, seed=1))
    write_wav(tmp_path / "1001_DFA_DIS_XX.wav", speech_like(0.5, seed=1))
    write_wav(tmp_path / "1001_DFA_FEA_XX.wav", speech_like(0.5, seed=2))
    write_wav(tmp_path / "1001_DFA_SAD_XX.wav", speech_like(0.5, seed=3))
    (tmp_path / "1002_DFA_FEA_XX.wav").write_text("not audio")
    found = survey(load_corpus("crema-d", tmp_path), LABELS)
    assert found.emotions == {"angry": 1, "sad": 1}
    assert [clip.utterance.emotion for clip in found.usable] == ["sad"]
    assert [len(clip.pcm) for clip in found.usable] == [8_000]
    assert names(found.conflicting) == [["1001_DFA_ANG_XX.wav", "1001_DFA_DIS_XX.wav"]]
    assert not found.unreadable


def test_a_listener_hears_what_counts_once_and_the_survey_keeps_no_samples(crema_d):
    heard: dict[str, np.ndarray] = {}

    def on_samples(utterance: Utterance, pcm: np.ndarray) -> None:
        assert utterance.path.stem not in heard
        heard[utterance.path.stem] = pcm

    corpus = load_corpus("crema-d", crema_d)
    [found] = survey_together([corpus], LABELS, on_samples=on_samples)
    assert set(heard) == {path.stem for path in (crema_d / "AudioWAV").iterdir()} - {"1002_DFA_DIS_XX", "1002_WSI_SAD_XX", "notes"}
    assert np.array_equal(heard["1001_DFA_ANG_XX"], read_pcm(crema_d / "AudioWAV" / "1001_DFA_ANG_XX.wav"))
    assert found.usable and all(len(clip.pcm) == 0 for clip in found.usable)
    assert found.scorable == survey(corpus, LABELS).scorable


def test_progress_is_told_once_an_utterance(crema_d):
    steps: list[None] = []
    corpus = load_corpus("crema-d", crema_d)
    survey_together([corpus, corpus], LABELS, lambda: steps.append(None))
    assert len(steps) == 16


def test_a_survey_hands_on_what_the_loader_warns_of(tmp_path):
    utterance = Utterance(write_wav(tmp_path / "a.wav", speech_like(0.5)), "generated", "generated:1", "sad")
    found = survey(Corpus("generated", (utterance,), ("too few",), (tmp_path / "._a.wav",)))
    assert found.warnings == ("too few",)
    assert found.ignored == (tmp_path / "._a.wav",)


def test_the_known_defects_of_real_crema_d_are_found(data_folder):
    found = survey(load_corpus("crema-d", data_folder / "CREMA-D" / "AudioWAV"))
    assert not found.unreadable
    assert (found.clips, len(found.usable), len(found.scorable)) == (3555, 3552, 3552)
    assert [path.stem for path in found.silent] == ["1076_MTI_SAD_XX"]
    assert [[path.stem for path in group] for group in found.conflicting] == [["1006_TIE_HAP_XX", "1006_TIE_NEU_XX"]]
    assert {clip.utterance.sex for clip in found.usable} == {"female", "male"}


def test_real_ravdess_keeps_its_duplicate_for_testing_and_not_for_learning(data_folder):
    found = survey(load_corpus("ravdess", data_folder / "RAVDESS"), LABELS)
    assert [[path.stem for path in group] for group in found.duplicates] == [["03-01-03-01-02-01-07", "03-01-03-01-02-02-07"]]
    assert (found.clips, len(found.scorable), len(found.usable)) == (432, 432, 431)
