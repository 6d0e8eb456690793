from pathlib import Path

import numpy as np
import pytest

from model_builder.corpora import load_corpus
from model_builder.corpora.splits import speaker_split
from model_builder.corpora.survey import Clip, survey
from model_builder.corpora.utterance import Utterance
from model_builder.errors import UserError
from tests.recordings import speech_like, write_wav


@pytest.fixture
def crema_d(tmp_path) -> Path:
    """Seven files: two good speakers, a duplicate, a conflict, silence, text, and a name that is not the corpus's."""
    folder = tmp_path / "AudioWAV"
    folder.mkdir()
    write_wav(folder / "1001_DFA_ANG_XX.wav", speech_like(1.0, seed=1))
    write_wav(folder / "1001_IEO_HAP_LO.flac", speech_like(1.0, seed=2))
    write_wav(folder / "1002_DFA_DIS_XX.wav", speech_like(1.0, seed=3))
    write_wav(folder / "1002_IEO_HAP_HI.wav", speech_like(1.0, seed=2))
    write_wav(folder / "1002_TIE_NEU_XX.wav", speech_like(1.0, seed=5))
    write_wav(folder / "1002_TIE_SAD_XX.flac", speech_like(1.0, seed=5))
    write_wav(folder / "1002_MTI_SAD_XX.wav", np.zeros(16_000, np.float32))
    (folder / "1002_WSI_SAD_XX.wav").write_text("not audio")
    write_wav(folder / "notes.wav", speech_like(1.0))
    return tmp_path


def test_a_survey_counts_and_names_what_cannot_be_learnt_from(crema_d):
    found = survey(load_corpus("crema-d", crema_d))
    assert found.clips == 8
    assert found.speakers == {"crema-d:1001", "crema-d:1002"}
    assert found.emotions == {"angry": 1, "happy": 2, "disgusted": 1, "neutral": 1, "sad": 3}
    assert "1002_WSI_SAD_XX.wav" in str(found.unreadable[0])
    assert [path.name for path in found.silent] == ["1002_MTI_SAD_XX.wav"]
    assert [[path.name for path in group] for group in found.duplicates] == [["1001_IEO_HAP_LO.flac", "1002_IEO_HAP_HI.wav"]]
    assert [[path.name for path in group] for group in found.conflicting] == [["1002_TIE_NEU_XX.wav", "1002_TIE_SAD_XX.flac"]]
    assert sorted(clip.utterance.path.name for clip in found.usable) == [
        "1001_DFA_ANG_XX.wav",
        "1001_IEO_HAP_LO.flac",
        "1002_DFA_DIS_XX.wav",
    ]
    assert found.hours * 3600 == pytest.approx(7.0)


def test_ravdess_counts_calm_as_neutral_and_leaves_songs_out(tmp_path):
    for name in ("03-01-02-01-01-01-07.wav", "03-01-05-02-01-01-08.flac", "03-02-05-01-01-01-07.wav"):
        write_wav(tmp_path / name, speech_like(0.3))
    utterances = load_corpus("ravdess", tmp_path)
    assert [(u.emotion, u.speaker) for u in utterances] == [("neutral", "ravdess:07"), ("angry", "ravdess:08")]


def test_an_unknown_corpus_names_the_known_ones(tmp_path):
    with pytest.raises(UserError, match=r"unknown corpus 'iemo'; known are crema-d, ravdess"):
        load_corpus("iemo", tmp_path)


def test_a_missing_or_foreign_folder_is_named(tmp_path):
    with pytest.raises(UserError, match="is not a folder"):
        load_corpus("crema-d", tmp_path / "nowhere")
    write_wav(tmp_path / "song.wav", speech_like(0.3))
    with pytest.raises(UserError, match="no recording with the corpus's file names"):
        load_corpus("crema-d", tmp_path)


def clips_of(speakers: int) -> list[Clip]:
    return [
        Clip(Utterance(Path(f"{speaker}-{take}.wav"), "generated", f"generated:{speaker}", "sad"), np.zeros(1, np.int16))
        for speaker in range(speakers)
        for take in range(3)
    ]


@pytest.mark.parametrize(("speakers", "share"), [(2, 0.01), (2, 0.99), (10, 0.2), (66, 0.2)])
def test_no_speaker_is_on_both_sides_and_none_is_lost(speakers, share):
    clips = clips_of(speakers)
    for seed in range(5):
        training, validation = speaker_split(clips, share, seed)
        sides = [{clip.utterance.speaker for clip in side} for side in (training, validation)]
        assert not sides[0] & sides[1]
        assert all(sides)
        assert len(training) + len(validation) == len(clips)


def test_a_split_follows_from_its_seed_alone():
    clips = clips_of(20)
    assert speaker_split(clips, 0.2, 3) == speaker_split(list(reversed(clips))[::-1], 0.2, 3)
    assert speaker_split(clips, 0.2, 3) != speaker_split(clips, 0.2, 4)


def test_one_speaker_cannot_be_split():
    with pytest.raises(UserError, match="at least two speakers"):
        speaker_split(clips_of(1), 0.2, 0)


def test_the_known_defects_of_real_crema_d_are_found(data_folder):
    found = survey(load_corpus("crema-d", data_folder / "CREMA-D"))
    assert not found.unreadable
    assert ["1006_TIE_HAP_XX", "1006_TIE_NEU_XX"] in [[path.stem for path in group] for group in found.conflicting]
    assert {"1006_TIE_HAP_XX", "1006_TIE_NEU_XX"}.isdisjoint(clip.utterance.path.stem for clip in found.usable)
