import numpy as np
import pytest

from model_builder.corpora import load_corpus
from model_builder.corpora.survey import survey
from model_builder.errors import UserError
from tests.recordings import speech_like, write_wav

TURNS = """\
SPEAKER meeting 1 0.500 0.600 <NA> <NA> ANN <NA> <NA>
SPEAKER meeting 1 1.000 5.200 <NA> <NA> BOB <NA> <NA>

SPEAKER meeting 1 5.500 1.500 <NA> <NA> ANN <NA> <NA>
SPEAKER elsewhere 1 0.000 9.000 <NA> <NA> EVE <NA> <NA>
"""


def meeting(folder, turns: str = TURNS):
    write_wav(folder / "meeting.wav", speech_like(8.0, seed=1))
    (folder / "reference.rttm").write_text(turns)
    return folder


def test_turns_become_neutral_pieces_of_about_two_and_a_half_seconds(tmp_path):
    corpus = load_corpus("ami", meeting(tmp_path))
    spoken = [(utterance.speaker, utterance.span_s) for utterance in corpus.utterances]
    assert spoken == [("ami:BOB", (1.0, pytest.approx(3.6))), ("ami:BOB", (pytest.approx(3.6), 6.2)), ("ami:ANN", (5.5, 7.0))]
    assert {utterance.emotion for utterance in corpus.utterances} == {"neutral"}
    assert "nobody labelled" in corpus.warnings[0]


def test_a_survey_reads_each_piece_alone(tmp_path):
    found = survey(load_corpus("ami", meeting(tmp_path)))
    whole = np.rint(np.clip(speech_like(8.0, seed=1), -1, 1) * 32767).astype(np.int16)
    assert [len(clip.pcm) for clip in found.usable] == [41_600, 41_600, 24_000]
    assert np.abs(found.usable[2].pcm.astype(int) - whole[88_000:112_000]).max() <= 1


def test_a_turn_beyond_the_end_of_its_recording_is_named(tmp_path):
    found = survey(load_corpus("ami", meeting(tmp_path, TURNS.replace("5.500 1.500", "7.500 1.500"))))
    assert [str(error) for error in found.unreadable] == [
        f"{tmp_path / 'meeting.wav'}: ends before 9.0 s, where the corpus has speech; copy it again"
    ]


@pytest.mark.parametrize(
    ("turns", "message"),
    [
        ("", "has no turn of 1.2 s"),
        ("SPEAKER meeting 1 soon 2.0 <NA> <NA> ANN <NA> <NA>\n", "line 1: no SPEAKER turn"),
        ("SPEAKER meeting 1 0.0\n", "line 1: no SPEAKER turn"),
    ],
)
def test_a_table_without_turns_is_refused(tmp_path, turns, message):
    with pytest.raises(UserError, match=message):
        load_corpus("ami", meeting(tmp_path, turns))


def test_a_folder_without_turns_is_refused(tmp_path):
    write_wav(tmp_path / "meeting.wav", speech_like(2.0))
    with pytest.raises(UserError, match="reference"):
        load_corpus("ami", tmp_path)


@pytest.mark.parametrize("exact", [False, True])
def test_amis_own_file_names_are_those_of_its_turns(tmp_path, exact):
    """One microphone of each meeting: the mix of the headsets, or the file with the very name of the table."""
    (tmp_path / "amicorpus/ES2002a/audio").mkdir(parents=True)
    for name in ("ES2002a.Array1-01", "ES2002a.Mix-Headset", *(["ES2002a"] if exact else [])):
        write_wav(tmp_path / "amicorpus/ES2002a/audio" / f"{name}.wav", speech_like(8.0, seed=1))
    (tmp_path / "reference.rttm").write_text(TURNS.replace("meeting", "ES2002a"))
    corpus = load_corpus("ami", tmp_path)
    assert {u.path.name for u in corpus.utterances} == {"ES2002a.wav" if exact else "ES2002a.Mix-Headset.wav"}
    assert len(corpus.utterances) == 3
    assert "1 recordings of reference.rttm are not below" in corpus.warnings[1] and "elsewhere" in corpus.warnings[1]
    assert f"left out {1 + exact} recording" in corpus.warnings[2] and "(first: ES2002a.Array1-01.wav)" in corpus.warnings[2]
