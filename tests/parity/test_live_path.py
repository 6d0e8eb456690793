"""The live path on real recordings: the bars of the gate and of smoothing, on few of them; the commands measure all."""

import numpy as np
import pytest
import soundfile

from model_builder.audio.music import chords, drums
from model_builder.audio.reading import SAMPLE_RATE_HZ, read_pcm
from model_builder.audio.scenes import at_level, pink_noise
from model_builder.corpora import load_corpus
from model_builder.corpora.rttm import read_rttm
from model_builder.corpora.utterance import LABELS
from model_builder.engine.gate_evaluation import Silero, onset_scene, score_meetings
from model_builder.engine.live_evaluation import MOODS, measure_live, plan_conversation
from model_builder.engine.replay import replay as play
from model_builder.evaluation.speech_activity import frames_of, score_onsets
from tests.parity.conftest import evenly

ONSET_CLIPS = 20


def test_the_gate_finds_the_speech_of_meetings_at_least_as_well_as_silero_alone(replay, data_folder, asset_folder):
    engine, silero = score_meetings(data_folder / "vad" / "ami", asset_folder, Silero())
    assert engine.frames.f1 >= silero.frames.f1 > 0.8
    assert engine.segments.false <= silero.segments.false


def test_speech_lies_within_segments_in_order_and_leaves_out_pre_roll_and_pauses(replay, data_folder):
    files = sorted((data_folder / "vad" / "ami").glob("*.flac"))
    segments = replay.heard(files).of_type("segment")
    for segment in segments:
        edges = [segment["start_s"], *(edge for span in segment["speech"] for edge in span), segment["end_s"]]
        assert len(edges) > 2 and edges == sorted(edges), segment
    spoken_s = sum(end - start for segment in segments for start, end in segment["speech"])
    assert 0.8 < spoken_s / sum(segment["end_s"] - segment["start_s"] for segment in segments) < 0.99


LARGEST_CHANGE = 0.02


@pytest.fixture(scope="module")
def disturbed_meetings(data_folder) -> dict[str, list[np.ndarray]]:
    """AMI's excerpts as they are, and with what lies below voices, up to the level of the voice in each."""
    meetings = [read_pcm(file) for file in sorted((data_folder / "vad" / "ami").glob("*.flac"))]
    turns = read_rttm(data_folder / "vad" / "ami" / "reference.rttm")
    names = [file.stem for file in sorted((data_folder / "vad" / "ami").glob("*.flac"))]
    found: dict[str, list[np.ndarray]] = {}
    for name, pcm in zip(names, meetings, strict=True):
        is_speech = np.repeat(frames_of([turn.span_s for turn in turns[name]], len(pcm) // 512), 512)
        level = float(np.sqrt(np.mean(pcm[: len(is_speech)][is_speech] ** 2)))
        seconds = np.arange(len(pcm)) / SAMPLE_RATE_HZ
        rumble = np.fft.rfft(np.random.default_rng(1).standard_normal(len(pcm)))
        frequencies_hz = np.fft.rfftfreq(len(pcm), 1 / SAMPLE_RATE_HZ)
        rumble[(frequencies_hz < 3) | (frequencies_hz > 40)] = 0
        noise = np.fft.irfft(rumble, len(pcm))
        disturbances = {
            "clean": 0.0,
            **{f"{100 * offset:g} % DC": offset for offset in (0.01, -0.02, 0.05, 0.1)},
            **{f"{hum_hz} Hz": level * np.sqrt(2) * np.sin(2 * np.pi * hum_hz * seconds) for hum_hz in (50, 60)},
            "rumble": noise * level / np.sqrt(np.mean(noise**2)),
        }
        for kind, disturbance in disturbances.items():
            found.setdefault(kind, []).append((pcm + disturbance).astype(np.float32))
    return found


def test_dc_hum_and_rumble_leave_as_much_speech_as_the_clean_meetings_have(replay, disturbed_meetings, asset_folder, tmp_path):
    speech_s = {}
    for kind, meetings in disturbed_meetings.items():
        files = [tmp_path / f"{index}.wav" for index in range(len(meetings))]
        for file, pcm in zip(files, meetings, strict=True):
            soundfile.write(file, pcm, SAMPLE_RATE_HZ, subtype="FLOAT")
        speech_s[kind] = sum(end - start for heard in play(files, asset_folder).values() for start, end in heard.segments)
    assert speech_s == {kind: pytest.approx(speech_s["clean"], rel=LARGEST_CHANGE) for kind in speech_s}


def test_onsets_after_a_second_of_noise_are_kept(replay, data_folder, asset_folder, tmp_path):
    clips = evenly(data_folder / "CREMA-D" / "AudioWAV", ONSET_CLIPS)
    scenes = [onset_scene(read_pcm(clip), snr_db=20, seed=seed) for seed, clip in enumerate(clips)]
    files = [tmp_path / f"{index}.wav" for index in range(len(scenes))]
    for file, (pcm, _) in zip(files, scenes, strict=True):
        soundfile.write(file, pcm, SAMPLE_RATE_HZ)
    heard = play(files, asset_folder)
    scores = score_onsets([onset_s for _, onset_s in scenes], [heard[file].segments for file in files])
    assert scores.unclipped_share >= 0.95  # one of twenty may fail


def test_a_minute_of_steady_noise_costs_hardly_a_frame_of_the_network(replay, asset_folder, tmp_path):
    file = tmp_path / "noise.wav"
    soundfile.write(file, pink_noise(60 * SAMPLE_RATE_HZ, -40, seed=5), SAMPLE_RATE_HZ)
    heard = play([file], asset_folder, with_frames=True)[file]
    assert len(heard.reached_network) == 60 * SAMPLE_RATE_HZ // 512
    assert heard.reached_network.mean() <= 0.1
    assert heard.segments == []


def test_chords_and_drums_are_not_taken_for_speech(replay, asset_folder, tmp_path):
    samples = 20 * SAMPLE_RATE_HZ
    for name, pcm in {"chords": chords(samples), "drums": drums(samples, seed=1), "both": chords(samples) + drums(samples, seed=1)}.items():
        soundfile.write(tmp_path / f"{name}.wav", at_level(pcm, -20), SAMPLE_RATE_HZ)
    files = sorted(tmp_path.glob("*.wav"))
    assert {file.name: heard.segments for file, heard in play(files, asset_folder).items()} == {file.name: [] for file in files}


@pytest.fixture(scope="module")
def one_speaker(data_folder) -> list:
    utterances = [each for each in load_corpus("crema-d", data_folder / "CREMA-D").utterances if each.emotion in LABELS]
    return [each for each in utterances if each.speaker == utterances[0].speaker]


def test_a_conversation_changes_its_mood_and_repeats_no_clip_of_it(one_speaker):
    plan = plan_conversation(one_speaker, mood_clips=4, rng=np.random.default_rng(1))
    moods = [clip.emotion for clip in plan.clips]
    assert len(moods) == 4 * MOODS
    blocks = [moods[start : start + 4] for start in range(0, len(moods), 4)]
    assert all(len(set(block)) == 1 for block in blocks)
    assert all(one[0] != other[0] for one, other in zip(blocks, blocks[1:], strict=False))
    assert all(len({clip.path for clip in plan.clips[start : start + 4]}) == 4 for start in range(0, len(moods), 4))


def test_smoothing_changes_the_label_of_a_voice_that_keeps_its_mood_no_more_often(replay, one_speaker, asset_folder):
    same, several = measure_live(one_speaker, conversations=1, asset=asset_folder)
    assert (same.mood_clips, several.mood_clips) == (1, 4)
    assert same.mood_changes_per_minute > 3 * several.mood_changes_per_minute > 6
    assert several.smoothed.changes_per_minute <= several.unsmoothed.changes_per_minute
    assert several.smoothed.recorded_minutes == several.unsmoothed.recorded_minutes > 1
