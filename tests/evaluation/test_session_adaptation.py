"""What a voice shifts in all its results is taken off, and no more than that."""

import numpy as np
import pytest

from model_builder.evaluation.answers import Answers
from model_builder.evaluation.session_adaptation import SessionAdaptation, adapted_by_speaker

LABELS = ("angry", "happy", "neutral", "sad")


def answers_of_shifted_voices(clips: int = 80) -> Answers:
    """Two voices whose logits say the class, but for a shift: one towards angry, the other towards neutral."""
    rng = np.random.default_rng(0)
    true = np.arange(clips) % 4
    speakers = tuple(f"c:{'a' if clip < clips // 2 else 'b'}" for clip in range(clips))
    logits = np.eye(4)[true] + rng.normal(0, 0.1, (clips, 4))
    for row, speaker in enumerate(speakers):
        logits[row, 0 if speaker == "c:a" else 2] += 1.3
    return Answers("c", LABELS, logits, true, speakers, (None,) * clips, (None,) * clips)


def test_a_shift_that_all_results_of_a_voice_share_is_taken_off():
    answers = answers_of_shifted_voices()
    adapted = adapted_by_speaker(answers, SessionAdaptation())
    assert (answers.predicted == answers.true).mean() < 0.3
    assert (adapted.predicted == answers.true).mean() > 0.6
    assert adapted.corpus == "c, adapted to speakers"


def test_the_first_result_of_a_session_stays_as_it_is_and_the_shift_grows_with_the_evidence():
    logits = np.tile([2.0, 0.0, 0.0, 0.0], (200, 1))
    adapted = SessionAdaptation(prior_results=10, largest_shift=9).adapted(logits)
    assert adapted[0].tolist() == logits[0].tolist()
    assert adapted[10, 0] == pytest.approx(2 - 1.5 / 2)
    assert (np.diff(adapted[:, 0]) < 0).all() and adapted[-1, 0] > 0.5


def test_a_voice_that_is_sure_to_be_angry_stays_angry_however_long_it_speaks():
    logits = np.tile([4.0, 0.0, 0.0, 0.0], (1_000, 1))
    assert (SessionAdaptation(largest_shift=1.5).adapted(logits).argmax(axis=1) == 0).all()


def test_sessions_of_one_mood_hold_one_emotion_of_one_speaker():
    answers = answers_of_shifted_voices()
    adaptation = SessionAdaptation(prior_results=1, largest_shift=9)
    adapted = adapted_by_speaker(answers, adaptation, one_mood=True)
    for speaker in ("c:a", "c:b"):
        for label in range(4):
            rows = [row for row in range(80) if answers.speakers[row] == speaker and answers.true[row] == label]
            unchanged = [row for row in rows if np.array_equal(adapted.logits[row], answers.logits[row])]
            assert len(unchanged) == 1, "the first of each session"
