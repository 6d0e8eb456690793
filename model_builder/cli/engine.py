"""`evaluate-gate` and `evaluate-live`: the engine's live path, measured through `replay`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from model_builder.cli.console import console, say
from model_builder.cli.corpora import CorpusOption, parse_corpora, read_corpora, readable_of, require_all_read
from model_builder.cli.evaluation import AssetOption
from model_builder.errors import UserError

if TYPE_CHECKING:  # commands import what they need: some of it takes seconds
    from model_builder.engine.gate_evaluation import MeetingScores, NoiseScores
    from model_builder.evaluation.live_labels import LiveScores


def evaluate_gate(
    meetings: Annotated[Path, typer.Option(metavar="DIR", help="Recordings and their reference.rttm.")],
    noise: Annotated[Path, typer.Option(metavar="DIR", help="Recordings without speech, a folder for each kind.")],
    clips: Annotated[Path, typer.Option(metavar="DIR", help="Clips of one voice each; 200 of them show how onsets are kept.")],
    asset: AssetOption = None,
) -> None:
    """Score the speech gate of the engine beside Silero's own: speech found, onsets clipped, false segments, frames saved."""
    from model_builder.engine.gate_evaluation import measure_gate

    found = measure_gate(meetings, noise, clips, asset)
    table = Table(title="meetings, frames of 32 ms and turns")
    for heading in ("gate", "precision", "recall", "F1", "turns found", "false segments a minute"):
        table.add_column(heading, justify="left" if heading == "gate" else "right")
    table.add_row("engine", *_meeting_row(found.meetings))
    table.add_row("get_speech_timestamps", *_meeting_row(found.silero_meetings))
    console.print(table)

    # 300 ms of pre-roll, before a frame of 32 ms that the onset lies in.
    table = Table(title="onsets, 1 s of noise before")
    for heading in ("SNR", "clips", "missed", "not clipped", "and at most 332 ms early", "clipped, p99", "early, median"):
        table.add_column(heading, justify="right")
    for snr_db, scores in found.onsets.items():
        clipped_ms, early_ms = scores.clipped_quantile_ms(0.99), scores.early_quantile_ms(0.5)
        shares = (f"{scores.unclipped_share:.1%}", f"{scores.near_share(332):.1%}")
        table.add_row(f"{snr_db} dB", f"{scores.recordings}", f"{scores.missed}", *shares, f"{clipped_ms:.0f} ms", f"{early_ms:.0f} ms")
    console.print(table)

    table = Table(title="recordings without speech")
    for heading in ("noise", "minutes", "false segments a minute", "get_speech_timestamps", "frames to the network"):
        table.add_column(heading, justify="left" if heading == "noise" else "right")
    for level, scored in found.noises.items():
        table.add_row(f"{level} dBFS", *_noise_row(scored))
    for group in (found.kinds, found.steady, found.music):
        table.add_section()
        for name, scored in group.items():
            table.add_row(name, *_noise_row(scored))
    console.print(table)


def _meeting_row(scores: "MeetingScores") -> tuple[str, ...]:
    frames, segments = scores.frames, scores.segments
    false_a_minute = segments.false / scores.speech_free_minutes if scores.speech_free_minutes else 0.0
    shares = (f"{share:.1%}" for share in (frames.precision, frames.recall, frames.f1))
    return *shares, f"{segments.found} of {segments.turns}", f"{false_a_minute:.2f}"


def _noise_row(scores: "NoiseScores") -> tuple[str, ...]:
    rates = (scores.false_segments / scores.minutes, scores.silero_false_segments / scores.minutes)
    return f"{scores.minutes:.1f}", *(f"{rate:.2f}" for rate in rates), f"{scores.network_share:.1%}"


def evaluate_live(
    corpus: CorpusOption,
    conversations: Annotated[int, typer.Option(min=1, help="Conversations to play for each length of a mood.")] = 26,
    asset: AssetOption = None,
) -> None:
    """Score live emotion on joined clips of one speaker each: right labels by time since onset, changes a minute, smoothed or not.

    Speakers that the model was trained on are left out.
    """
    from model_builder.engine.live_evaluation import MOODS, PAUSES_S, SNR_DB, measure_live
    from model_builder.inference.corpus_answers import describe_system

    trained_on = set(describe_system(None, asset).training_speakers or ())
    surveys = []
    for given in parse_corpora(corpus):
        [found] = read_corpora([given], labels_only=True)
        surveys.append(found)
        unknown = [utterance for utterance in readable_of(given, found) if utterance.speaker not in trained_on]
        if not unknown:
            raise UserError(f"{given.name}: the model was trained on all of its speakers; give a corpus that it does not know")
        speakers = len({utterance.speaker for utterance in unknown})
        say(
            f"{given.name}: {conversations} conversations of {speakers} speakers, {MOODS} moods each,"
            f" pauses of {PAUSES_S[0]} to {PAUSES_S[1]} s, pink noise at {SNR_DB:.0f} dB SNR"
        )
        for live in measure_live(unknown, conversations, asset=asset):
            lasts = f"{live.mood_clips} sentence{'s' if live.mood_clips > 1 else ''}"
            table = Table(title=f"{given.name}: a mood lasts for {lasts}; {live.mood_changes_per_minute:.1f} changes a minute")
            seconds = sorted({second for second, _, _ in live.smoothed.accuracy_by_second})
            for heading in ("label", "changes a minute", "accuracy", *(f"{second} s" for second in seconds)):
                table.add_column(heading, justify="left" if heading == "label" else "right")
            table.add_row("smoothed", *_live_row(live.smoothed, seconds))
            table.add_row("latest result", *_live_row(live.unsmoothed, seconds))
            console.print(table)
    require_all_read(surveys)


def _live_row(scores: "LiveScores", seconds: list[int]) -> tuple[str, ...]:
    by_second = {second: accuracy for second, accuracy, _ in scores.accuracy_by_second}
    cells = (f"{by_second[second]:.0%}" if second in by_second else "–" for second in seconds)
    return f"{scores.changes_per_minute:.1f}", f"{scores.accuracy:.1%}", *cells
