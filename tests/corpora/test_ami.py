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
