"""`pretrain`."""

from pathlib import Path
from typing import Annotated

import typer

from model_builder.cli.command import refuse_unused
from model_builder.cli.console import say
from model_builder.cli.corpora import searched, survey_behind_bar, usable_clips
from model_builder.cli.training_options import BatchOption, PrecisionOption, SkipOption, train_together, training_progress
from model_builder.corpora.unlabelled import recordings_alone


def pretrain(
    recordings: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recordings of speech, or folders of them.")],
    teacher: Annotated[
        str | None, typer.Option(help="Distil from this encoder, a local folder or hub name; without it, masked prediction.")
    ] = None,
    clusters: Annotated[int, typer.Option(min=2, help="Masked prediction only: spectral units to tell apart.")] = 100,
    run: Annotated[Path, typer.Option(help="Folder for checkpoint, log and encoder; a stopped run goes on.")] = Path("runs/pretraining"),
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the recordings.")] = 20,
    batch: BatchOption = 16,
    learning_rate: Annotated[float, typer.Option(help="Peak learning rate.")] = 5e-4,
    precision: PrecisionOption = "auto",
    seed: Annotated[int, typer.Option(min=0, help="Decides the crops, the units and everything random.")] = 0,
    skip_unreadable: SkipOption = False,
) -> None:
    """Train DistilHuBERT's encoder on speech without labels, as a first stage of `train --encoder`; resumes after a stop.

    Under torchrun the processes train one network, as in `train`.
    """
    if teacher is not None:
        refuse_unused("with --teacher, which has no masked prediction", "clusters")
    train_together()
    paths = searched(recordings, skip_unreadable)
    [found] = survey_behind_bar([recordings_alone(paths)], emotions=None)
    clips = usable_clips("recordings", found, skip_unreadable)
    from model_builder.fitting.machine import best_device
    from model_builder.fitting.precision import resolve_precision
    from model_builder.fitting.same_run import begun_precision
    from model_builder.pretraining.pretrain import PretrainingPlan
    from model_builder.pretraining.pretrain import pretrain as run_pretraining

    computed_in = resolve_precision(precision, best_device(), begun_precision(run))
    plan = PretrainingPlan(teacher, clusters, epochs, seed, batch, peak_learning_rate=learning_rate, precision=computed_in)
    with training_progress() as report:
        encoder = run_pretraining(clips, plan, run, report)
    say(f"encoder: {encoder}")
