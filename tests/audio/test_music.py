"""Generated music: what it is made of, and that it stays the same."""

import numpy as np
import pytest

from model_builder.audio.music import BEAT_S, CHORD_S, NOTES_HZ, chords, drums, sung_line
from model_builder.audio.reading import SAMPLE_RATE_HZ

SAMPLES = 8 * SAMPLE_RATE_HZ
PIECES = {"chords": chords(SAMPLES), "drums": drums(SAMPLES, seed=1), "sung line": sung_line(SAMPLES)}


def strongest_hz(pcm: np.ndarray, below_hz: float) -> float:
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm))))
    frequencies_hz = np.fft.rfftfreq(len(pcm), 1 / SAMPLE_RATE_HZ)
    return float(frequencies_hz[np.argmax(np.where(frequencies_hz < below_hz, spectrum, 0))])


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_fills_its_time_and_reaches_full_scale(name):
    pcm = PIECES[name]
    assert pcm.shape == (SAMPLES,) and pcm.dtype == np.float32
    assert np.abs(pcm).max() == 1
    seconds = pcm.reshape(-1, SAMPLE_RATE_HZ)
    assert (np.sqrt((seconds**2).mean(axis=1)) > 0.01).all()


def test_the_first_chord_is_a_minor():
    assert strongest_hz(PIECES["chords"][: int(CHORD_S * SAMPLE_RATE_HZ)], below_hz=500) == pytest.approx(220, abs=45)


def test_every_beat_of_the_drums_begins_loud_and_dies_away():
    beats = PIECES["drums"].reshape(-1, int(BEAT_S * SAMPLE_RATE_HZ))
    tenth = beats.shape[1] // 10
    assert (np.abs(beats[:, :tenth]).mean(axis=1) > 5 * np.abs(beats[:, 4 * tenth : 5 * tenth]).mean(axis=1)).all()


def test_the_sung_line_follows_its_tune():
    notes = PIECES["sung line"].reshape(-1, int(BEAT_S * SAMPLE_RATE_HZ))
    for note, pitch_hz in zip(notes, NOTES_HZ, strict=False):
        spectrum = np.abs(np.fft.rfft(note * np.hanning(len(note))))
        near = [spectrum[round(n * pitch_hz * BEAT_S) - 2 : round(n * pitch_hz * BEAT_S) + 3].max() for n in (1, 2, 3, 4)]
        between = [spectrum[round((n + 0.5) * pitch_hz * BEAT_S)] for n in (1, 2, 3)]
        assert max(near) > 10 * max(between), pitch_hz


def test_drums_of_one_seed_are_the_same():
    np.testing.assert_array_equal(drums(SAMPLES, seed=1), PIECES["drums"])
