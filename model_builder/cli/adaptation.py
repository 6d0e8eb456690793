"""Weights out of weights, without training: `adapt`, `cross-adapt` and `average-weights`."""

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.cli.asset import WeightsOption
from model_builder.cli.console import progress_bar, say, show_cross_adaptation
from model_builder.cli.corpora import parse_corpora, read_clips, searched, survey_behind_bar, usable_clips
from model_builder.cli.training_options import SkipOption
from model_builder.corpora import load_corpus
from model_builder.corpora.unlabelled import recordings_alone
from model_builder.errors import UserError
from model_builder.models.card import SHIPPED, require_weights

if TYPE_CHECKING:  # commands import what they need: some of it takes seconds
    from model_builder.corpora.survey import Clip

TRAINING_CLIPS = 500  # the error of a feature's mean is then a twentieth of its deviation
SHORTEST_CLIP_SAMPLES = SAMPLE_RATE_HZ // 4  # as the model takes them
TrainingOption = Annotated[
    list[str],
    typer.Option("--training", metavar="NAME=PATH", help=f"A corpus that the weights were trained on; {TRAINING_CLIPS} clips are read."),
]


def adapt(
    recordings: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recordings to adapt to, or folders of them.")],
    training: TrainingOption,
    out: Annotated[Path, typer.Option(help="Folder for the adapted weights.")],
    weights: WeightsOption = None,
    skip_unreadable: SkipOption = False,
) -> None:
    """Adapt weights to a microphone, a room or a corpus by the feature statistics of recordings; no label is read, nothing trained."""
    folder = require_weights(weights or SHIPPED)
    require_other_folder(out, [folder], "the weights to adapt")
    from model_builder.training.adapt_statistics import adapt_weights

    [found] = survey_behind_bar([recordings_alone(searched(recordings, skip_unreadable))], emotions=None)
    clips = [clip for clip in usable_clips("recordings", found, skip_unreadable) if len(clip.pcm) >= SHORTEST_CLIP_SAMPLES]
    known = training_clips(folder, training, skip_unreadable)
    with progress_bar() as bar:
        task = bar.add_task("reading", total=len(clips) + len(known), note="")
        adapt_weights(folder, known, clips, out, lambda: bar.advance(task))
    say(f"weights: {out}")


def cross_adapt(
    corpus: Annotated[str, typer.Option(metavar="NAME=PATH", help="The corpus to adapt to and to evaluate on, by halves of its speakers.")],
    training: TrainingOption,
    weights: WeightsOption = None,
    adapted: Annotated[
        list[Path] | None,
        typer.Option(help="Also evaluate these, of `train --adapt-to` on some of the speakers, on the others; repeatable."),
    ] = None,
    skip_unreadable: SkipOption = False,
) -> None:
    """What adaptation is worth on new speakers: adapt to half of them without labels, evaluate on the others, and the reverse."""
    folder, further = require_weights(weights or SHIPPED), [require_weights(each) for each in adapted or ()]
    from model_builder.training.adapt_statistics import compare_adapted
    from model_builder.training.adapt_statistics import cross_adapt as run_both_ways

    [given] = parse_corpora([corpus])
    [found] = survey_behind_bar([load_corpus(given.name, given.path)], emotions=None)
    clips, known = usable_clips(given.name, found, skip_unreadable), training_clips(folder, training, skip_unreadable)
    with progress_bar() as bar:
        task = bar.add_task("reading", total=len(known) + len(clips) + (2 * len(clips) if further else 0), note="")
        results = {"feature statistics": run_both_ways(folder, known, clips, lambda: bar.advance(task))}
        if further:
            results["trained to adapt"] = compare_adapted(folder, further, clips, lambda: bar.advance(task))
    show_cross_adaptation(given.name, results)


def average_weights(
    weights: Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Two folders of weights or more, that share an ancestor.")],
    out: Annotated[Path, typer.Option(help="Folder for the averaged weights.")],
    noise_floor: Annotated[
        float | None,
        typer.Option(min=0, max=60, metavar="DB", help="How far below recordings it puts a noise floor; without it, as the first does."),
    ] = None,
) -> None:
    """Average weights in equal shares: fine-tuned ones with each other, or with those they began with, which know more of other corpora."""
    folders = [require_weights(folder) for folder in weights]
    require_other_folder(out, folders, "weights to average")
    from model_builder.inference.asset_manifest import AssetManifest
    from model_builder.models.weight_average import average_weights as run_average

    run_average(folders, out, noise_floor)
    defaults = f"temperature {AssetManifest.temperature:g} and threshold {AssetManifest.uncertainty_threshold:g}"
    say(f"weights: {out}; {defaults} until its card says others")


def require_other_folder(out: Path, given: list[Path], content: str) -> None:
    """Raises UserError where `out` is one of the given folders. content: what they hold, in words."""
    if out.resolve() in {folder.resolve() for folder in given}:
        raise UserError(f"--out {out}: holds {content}; give another folder")


def training_clips(weights: Path, training: list[str], skip_unreadable: bool) -> "list[Clip]":
    """At most 500 of the clips that the weights were trained on, at equal distances, so that all speakers are met."""
    from model_builder.inference.parity import select_evenly
    from model_builder.training.adapt_statistics import clips_of_training_speakers

    clips = list(chain.from_iterable(read_clips(training, skip_unreadable)))
    return select_evenly(clips_of_training_speakers(weights, clips), TRAINING_CLIPS)
