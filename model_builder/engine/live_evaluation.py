"""Measures live emotion on conversations: clips of one speaker joined with pauses and noise, played through the engine."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.audio.scenes import speech_in_noise
from model_builder.corpora.survey import read_utterance
from model_builder.corpora.utterance import Utterance
from model_builder.engine.replay import Replayed, replay
from model_builder.errors import UserError
from model_builder.evaluation.live_labels import LiveScores, Shown, Spoken, score_live

PAUSES_S = (0.6, 2.0)
SNR_DB = 20.0
MOOD_CLIPS = (1, 4)
MOODS = 6


@dataclass(frozen=True)
class LiveFindings:
    """Scores of the smoothed label and of the latest result alone, where every mood lasts for `mood_clips` sentences."""

    mood_clips: int
    conversations: int
    smoothed: LiveScores
    unsmoothed: LiveScores

    @property
    def mood_changes_per_minute(self) -> float:
        """Of what was spoken: a label that is always right changes this often."""
        return (MOODS - 1) * self.conversations / self.smoothed.recorded_minutes


@dataclass(frozen=True)
class Conversation:
    """One speaker's clips in the order in which they are spoken."""

    clips: tuple[Utterance, ...]
    pauses_s: tuple[float, ...]


def measure_live(utterances: Sequence[Utterance], conversations: int, seed: int = 0, asset: Path | None = None) -> list[LiveFindings]:
    """Plays `conversations` for each length of a mood; each is of one of the speakers in turn, six moods long.

    utterances: of the four classes. Raises UserError where no speaker has clips of two emotions, or `replay` is not built.
    """
    return [_measure(utterances, conversations, mood_clips, seed, asset) for mood_clips in MOOD_CLIPS]


def plan_conversation(clips: Sequence[Utterance], mood_clips: int, rng: np.random.Generator) -> Conversation:
    """Moods follow each other at random, never the same twice; a clip comes again only where a class has too few."""
    emotions = sorted({clip.emotion for clip in clips})
    chosen: list[Utterance] = []
    mood = None
    for _ in range(MOODS):
        mood = str(rng.choice([emotion for emotion in emotions if emotion != mood]))
        own = [clip for clip in clips if clip.emotion == mood]
        chosen += [own[index] for index in rng.choice(len(own), mood_clips, replace=len(own) < mood_clips)]
    return Conversation(tuple(chosen), tuple(rng.uniform(*PAUSES_S, len(chosen)).tolist()))


def _measure(utterances: Sequence[Utterance], conversations: int, mood_clips: int, seed: int, asset: Path | None) -> LiveFindings:
    by_speaker: dict[str, list[Utterance]] = {}
    for utterance in utterances:
        by_speaker.setdefault(utterance.speaker, []).append(utterance)
    speakers = [clips for _, clips in sorted(by_speaker.items()) if len({clip.emotion for clip in clips}) > 1]
    if not speakers:
        raise UserError("no speaker has clips of two emotions; give a corpus with more of its clips")
    rng = np.random.default_rng(seed)
    plans = [plan_conversation(speakers[index % len(speakers)], mood_clips, rng) for index in range(conversations)]
    smoothed, unsmoothed = [], []
    with tempfile.TemporaryDirectory() as folder:
        files, spoken, durations_s = [], [], []
        for index, plan in enumerate(plans):
            clips = [read_utterance(clip) for clip in plan.clips]
            pcm, starts_s = speech_in_noise(clips, plan.pauses_s, SNR_DB, seed=index)
            files.append(Path(folder) / f"{index}.wav")
            soundfile.write(files[-1], pcm, SAMPLE_RATE_HZ, subtype="PCM_16")
            ends_s = [start_s + len(clip) / SAMPLE_RATE_HZ for start_s, clip in zip(starts_s, clips, strict=True)]
            spoken.append([Spoken(start, end, clip.emotion) for start, end, clip in zip(starts_s, ends_s, plan.clips, strict=True)])
            durations_s.append(len(pcm) / SAMPLE_RATE_HZ)
        replayed = replay(files, asset)
        for file, clips_spoken, duration_s in zip(files, spoken, durations_s, strict=True):
            smoothed.append((_shown(replayed[file], is_smoothed=True), clips_spoken, duration_s))
            unsmoothed.append((_shown(replayed[file], is_smoothed=False), clips_spoken, duration_s))
    return LiveFindings(mood_clips, conversations, score_live(smoothed), score_live(unsmoothed))


def _shown(replayed: Replayed, is_smoothed: bool) -> list[Shown]:
    """A result is on the screen from the end of its audio on."""
    return [Shown(result.end_s, result.smoothed_label if is_smoothed else result.label) for result in replayed.results]
