"""What `evaluate` hears of a corpus."""

from pathlib import Path

import numpy as np
import pytest

from model_builder.audio.reading import read_pcm
from model_builder.corpora import load_corpus
from model_builder.corpora.survey import survey
from model_builder.corpora.utterance import LABELS
from model_builder.inference.corpus_answers import predict_corpus
from model_builder.inference.predictor import EmotionPredictor, Recording, Rejected
from tests.recordings import speech_like, write_wav


@pytest.fixture
def corpus(tmp_path):
    """A duplicate, a conflict, silence, text, a clip too short for the engine, a class that the model does not know, two good clips."""
    for name, pcm in {
        "1001_DFA_ANG_XX": speech_like(0.5, seed=1),
        "1001_IEO_HAP_LO": speech_like(0.6, seed=2),
        "1001_IEO_HAP_HI": speech_like(0.6, seed=2),
        "1001_MTI_SAD_XX": np.zeros(16_000),
        "1001_TIE_NEU_XX": speech_like(0.5, seed=3),
        "1001_TIE_SAD_XX": speech_like(0.5, seed=3),
        "1001_TSI_SAD_XX": speech_like(0.1, seed=4),
        "1002_DFA_DIS_XX": speech_like(0.5, seed=5),
    }.items():
        write_wav(tmp_path / f"{name}.wav", pcm)
    (tmp_path / "1002_WSI_SAD_XX.wav").write_text("not audio")
    write_wav(tmp_path / "1003_WSI_SAD_XX.wav", speech_like(0.5, seed=6))
    return load_corpus("crema-d", tmp_path)


def test_one_pass_hears_what_a_survey_and_a_prediction_of_files_hear(corpus, small_asset):
    predictor = EmotionPredictor.from_asset(small_asset)
    predicted = predict_corpus(corpus, predictor)
    scorable = survey(corpus, LABELS).scorable
    assert predicted.survey.scorable == scorable
    assert list(predicted.outcomes) == list(predictor.predict_files([utterance.path for utterance in scorable]))
    kinds = {outcome.path.stem: type(outcome) for outcome in predicted.outcomes}
    assert kinds == {
        "1001_DFA_ANG_XX": Recording,
        "1001_IEO_HAP_HI": Recording,
        "1001_IEO_HAP_LO": Recording,
        "1001_TSI_SAD_XX": Rejected,
        "1002_WSI_SAD_XX": Rejected,
        "1003_WSI_SAD_XX": Recording,
    }
    assert predicted.left_out == 3


def test_every_recording_is_decoded_once(corpus, small_asset, monkeypatch):
    from model_builder.audio import reading

    opened: list[str] = []
    open_file = reading.Decoder

    def counted(path, *arguments):
        opened.append(Path(path.decode()).stem)
        return open_file(path, *arguments)

    monkeypatch.setattr(reading, "Decoder", counted)
    steps: list[None] = []
    predict_corpus(corpus, EmotionPredictor.from_asset(small_asset), lambda: steps.append(None))
    assert sorted(opened) == sorted(utterance.path.stem for utterance in corpus.utterances)
    assert len(steps) == len(opened)


def write_meeting(folder):
    """Two turns of three pieces each; the third piece is silent, as where a microphone was muted."""
    pcm = speech_like(16.0, seed=7)
    pcm[80_000:120_000] = 0
    write_wav(folder / "meeting.wav", pcm)
    (folder / "reference.rttm").write_text(
        "SPEAKER meeting 1 0.0 7.5 <NA> <NA> ANN <NA> <NA>\nSPEAKER meeting 1 7.5 7.5 <NA> <NA> BOB <NA> <NA>\n"
    )
    return load_corpus("ami", folder), pcm


def test_each_piece_of_a_file_has_its_own_answer_and_a_silent_one_takes_no_other_with_it(tmp_path, small_asset):
    corpus, pcm = write_meeting(tmp_path)
    predictor = EmotionPredictor.from_asset(small_asset)
    predicted = predict_corpus(corpus, predictor)
    assert [utterance.span_s[0] for utterance in predicted.survey.scorable] == [0.0, 2.5, 7.5, 10.0, 12.5]
    assert predicted.left_out == 1
    samples = np.rint(pcm * 32768).astype(np.float32) / 32768
    for utterance, outcome in zip(predicted.survey.scorable, predicted.outcomes, strict=True):
        start, end = (round(bound * 16_000) for bound in utterance.span_s)
        assert outcome.prediction == predictor.predict_pcm(samples[start:end])
    assert len({outcome.prediction.logits for outcome in predicted.outcomes}) == 5


def test_a_file_of_many_pieces_is_decoded_once(tmp_path, monkeypatch):
    from model_builder.corpora import survey as survey_module

    corpus, _ = write_meeting(tmp_path)
    decoded = []
    monkeypatch.setattr(survey_module, "read_pcm", lambda path: decoded.append(path) or read_pcm(path))
    assert len(survey(corpus).usable) == 5
    assert decoded == [tmp_path / "meeting.wav"]
