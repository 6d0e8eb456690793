"""Measures the engine's speech gate on real recordings, beside Silero's own `get_speech_timestamps` at its defaults."""

import tempfile
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import TypeVar

import numpy as np
import soundfile
import torch
from silero_vad import get_speech_timestamps, load_silero_vad

from model_builder.audio.music import chords, drums, sung_line
from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm, find_recordings, is_silent, read_pcm
from model_builder.audio.scenes import at_level, mains_hum, pink_noise, speech_in_noise, white_noise
from model_builder.corpora.rttm import read_rttm, recordings_of
from model_builder.engine.replay import Replayed, replay
from model_builder.errors import UserError
from model_builder.evaluation.speech_activity import (
    FRAME_S,
    FrameCounts,
    OnsetScores,
    SegmentCounts,
    Span,
    count_frames,
    count_segments,
    frames_of,
    merged,
    score_onsets,
    speech_onset_s,
)
from model_builder.inference.parity import select_evenly

REFERENCE = "reference.rttm"
NOISE_LEVELS_DBFS = (-60, -50, -40, -30, -20)
NOISE_REPEATS = 2
ONSET_CLIPS = 200
ONSET_SNRS_DB = (20, 10)
STEADY_S = 60
STEADY_LEVELS_DBFS = (-60, -40, -20)
MUSIC_S = 60
MUSIC_LEVELS_DBFS = (-40, -20)

_Name = TypeVar("_Name", bound=Hashable)


@dataclass(frozen=True)
class MeetingScores:
    """One gate on recordings with a reference: frames by what it says was spoken, turns by its segments.

    speech_free_minutes: those without any turn.
    """

    frames: FrameCounts
    segments: SegmentCounts
    speech_free_minutes: float


@dataclass(frozen=True)
class NoiseScores:
    """False segments of both gates in recordings without speech, and the share of frames that reached the engine's network."""

    minutes: float
    false_segments: int
    silero_false_segments: int
    network_share: float


@dataclass(frozen=True)
class GateFindings:
    """onsets: by signal-to-noise ratio in dB. noises: by level in dB of full scale. kinds: the same, by the folder of the noise.

    steady: of generated silence and steady noise, by name. music: of generated music, by what it consists of.
    """

    meetings: MeetingScores
    silero_meetings: MeetingScores
    onsets: dict[int, OnsetScores]
    noises: dict[int, NoiseScores]
    kinds: dict[str, NoiseScores]
    steady: dict[str, NoiseScores]
    music: dict[str, NoiseScores]


def measure_gate(meetings: Path, noise: Path, clips: Path, asset: Path | None = None) -> GateFindings:
    """meetings: recordings and their reference.rttm. noise: a folder of recordings without speech for each kind. clips: one voice each.

    Raises UserError where a folder does not hold that, or `replay` is not built.
    """
    silero = Silero()
    engine_scores, silero_scores = score_meetings(meetings, asset, silero)
    noises, kinds = _score_noises(noise, asset, silero)
    return GateFindings(
        meetings=engine_scores,
        silero_meetings=silero_scores,
        onsets=_score_onsets(clips, asset),
        noises=noises,
        kinds=kinds,
        steady=_score_steady(asset, silero),
        music=_score_music(asset, silero),
    )


class Silero:
    """The silero-vad package as its documentation uses it, all parameters at their defaults."""

    def __init__(self) -> None:
        self._model = load_silero_vad(onnx=True)

    def spans(self, pcm: Pcm) -> list[Span]:
        found = get_speech_timestamps(torch.from_numpy(pcm), self._model, sampling_rate=SAMPLE_RATE_HZ)
        return [(each["start"] / SAMPLE_RATE_HZ, each["end"] / SAMPLE_RATE_HZ) for each in found]


def score_meetings(folder: Path, asset: Path | None, silero: Silero) -> tuple[MeetingScores, MeetingScores]:
    """Of the engine and of Silero, on the recordings in `folder` that its reference.rttm names."""
    turns = read_rttm(folder / REFERENCE)
    name_of = {file: name for name, file in recordings_of(turns, find_recordings([folder])).items()}
    files = list(name_of)
    if not files:
        raise UserError(f"{folder}: no recording is named in {REFERENCE}; give the folder of both")
    replayed = replay(files, asset)
    pcms = {file: read_pcm(file) for file in files}

    def scores(speech_of: Callable[[Path], Sequence[Span]], segments_of: Callable[[Path], Sequence[Span]]) -> MeetingScores:
        frames, segments, free_s = [], [], 0.0
        for file, pcm in pcms.items():
            reference = [turn.span_s for turn in turns[name_of[file]]]
            is_speech = frames_of(reference, int(len(pcm) / SAMPLE_RATE_HZ / FRAME_S))
            frames.append(count_frames(is_speech, frames_of(speech_of(file), len(is_speech))))
            segments.append(count_segments(reference, segments_of(file)))
            free_s += len(pcm) / SAMPLE_RATE_HZ - sum(end - start for start, end in merged(reference))
        return MeetingScores(reduce(add, frames), reduce(add, segments), free_s / 60)

    silero_spans = {file: silero.spans(pcm) for file, pcm in pcms.items()}
    return (
        scores(lambda file: replayed[file].speech, lambda file: replayed[file].segments),
        scores(silero_spans.__getitem__, silero_spans.__getitem__),
    )


def _score_onsets(folder: Path, asset: Path | None) -> dict[int, OnsetScores]:
    clips = [pcm for pcm in map(read_pcm, select_evenly(find_recordings([folder]), ONSET_CLIPS)) if not is_silent(pcm)]
    if not clips:
        raise UserError(f"{folder}: no recording to measure onsets on; give a folder of clips with one voice each")
    found = {}
    for snr_db in ONSET_SNRS_DB:
        scenes = [onset_scene(clip, snr_db, seed) for seed, clip in enumerate(clips)]
        replayed = _replay_scenes([pcm for pcm, _ in scenes], asset)
        found[snr_db] = score_onsets([onset_s for _, onset_s in scenes], [each.segments for each in replayed])
    return found


def onset_scene(clip: Pcm, snr_db: float, seed: int) -> tuple[Pcm, float]:
    """A second of noise, and then the clip from its first sound on: what was quiet before that would start with a step of its own.

    Returns the recording and its onset in seconds, which `seed` moves by up to a frame.
    """
    speech = clip[int(speech_onset_s(clip, SAMPLE_RATE_HZ) * SAMPLE_RATE_HZ) :]
    pcm, [onset_s] = speech_in_noise([speech], [1.0 + seed % 32 / 1000], snr_db, seed)
    return pcm, onset_s


def _score_noises(folder: Path, asset: Path | None, silero: Silero) -> tuple[dict[int, NoiseScores], dict[str, NoiseScores]]:
    kinds: dict[str, list[Pcm]] = {}
    for file in find_recordings([folder]):
        pcm = read_pcm(file)
        if not is_silent(pcm):
            kinds.setdefault(file.parent.name, []).append(pcm)
    if not kinds:
        raise UserError(f"{folder}: no recording of noise; give a folder with one folder for each kind of it")
    cells = {
        (level, kind): np.concatenate([at_level(pcm, level) for pcm in pcms] * NOISE_REPEATS)
        for level in NOISE_LEVELS_DBFS
        for kind, pcms in kinds.items()
    }
    scores = _score_speech_free(cells, asset, silero)
    by_level = {level: _together([scores[level, kind] for kind in kinds]) for level in NOISE_LEVELS_DBFS}
    by_kind = {kind: _together([scores[level, kind] for level in NOISE_LEVELS_DBFS]) for kind in kinds}
    return by_level, by_kind


def _score_steady(asset: Path | None, silero: Silero) -> dict[str, NoiseScores]:
    samples = STEADY_S * SAMPLE_RATE_HZ
    silence = white_noise(samples, -96, seed=1)
    silence[0] = 0.1  # a click: a file without any sound is refused
    scenes = {"silence, the last bit alone": silence}
    for level in STEADY_LEVELS_DBFS:
        scenes[f"white noise, {level} dBFS"] = white_noise(samples, level, seed=1)
        scenes[f"pink noise, {level} dBFS"] = pink_noise(samples, level, seed=1)
        scenes[f"mains hum, {level} dBFS"] = mains_hum(samples, level)
    return _score_speech_free(scenes, asset, silero)


def _score_music(asset: Path | None, silero: Silero) -> dict[str, NoiseScores]:
    samples = MUSIC_S * SAMPLE_RATE_HZ
    harmony, rhythm, voice = chords(samples), drums(samples, seed=1), sung_line(samples)
    pieces = {
        "chords": harmony,
        "drums": rhythm,
        "chords and drums": harmony + rhythm,
        "a sung line": voice,
        "all of it": 0.7 * voice + 0.5 * harmony + 0.5 * rhythm,
    }
    scenes = {f"{name}, {level} dBFS": at_level(pcm, level) for name, pcm in pieces.items() for level in MUSIC_LEVELS_DBFS}
    return _score_speech_free(scenes, asset, silero)


def _score_speech_free(scenes: Mapping[_Name, Pcm], asset: Path | None, silero: Silero) -> dict[_Name, NoiseScores]:
    return {
        name: NoiseScores(
            minutes=len(pcm) / SAMPLE_RATE_HZ / 60,
            false_segments=len(replayed.segments),
            silero_false_segments=len(silero.spans(pcm)),
            network_share=float(replayed.reached_network.mean()),
        )
        for (name, pcm), replayed in zip(scenes.items(), _replay_scenes(list(scenes.values()), asset, with_frames=True), strict=True)
    }


def _together(scores: Sequence[NoiseScores]) -> NoiseScores:
    minutes = sum(each.minutes for each in scores)
    return NoiseScores(
        minutes=minutes,
        false_segments=sum(each.false_segments for each in scores),
        silero_false_segments=sum(each.silero_false_segments for each in scores),
        network_share=sum(each.network_share * each.minutes for each in scores) / minutes,
    )


def _replay_scenes(scenes: Sequence[Pcm], asset: Path | None, with_frames: bool = False) -> list[Replayed]:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{index}.wav" for index in range(len(scenes))]
        for file, pcm in zip(files, scenes, strict=True):
            soundfile.write(file, pcm, SAMPLE_RATE_HZ, subtype="PCM_16")
        replayed = replay(files, asset, with_frames)
    return [replayed[file] for file in files]
