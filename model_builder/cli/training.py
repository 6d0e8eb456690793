"""`train` and `cross-validate`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from model_builder.cli.augment import NoiseOption, augmentation_with
from model_builder.cli.command import refuse_unused
from model_builder.cli.console import errors, progress_bar, say, show_cost_of_8_bits, show_cross_validation, show_scores
from model_builder.cli.corpora import CorpusOption, read_clips, read_unlabelled
from model_builder.errors import UserError

if TYPE_CHECKING:  # torch takes seconds to import
    from rich.progress import TaskID

    from model_builder.corpora.survey import Clip
    from model_builder.fitting.trainer import Progress as Step
    from model_builder.fitting.trainer import Report
    from model_builder.training.config import TrainingPlan
    from model_builder.training.cross_validation import FoldResult

HUB = "ntu-spml/distilhubert"
EncoderOption = Annotated[str, typer.Option(help=f"Start: a hub name such as {HUB}, a local folder, or `scratch` for random weights.")]
EpochsOption = Annotated[int, typer.Option(min=0, help="Passes over the training clips with the whole network; scratch may do with 0.")]
PatienceOption = Annotated[
    int | None,
    typer.Option(min=1, help="Stop after so many epochs without a better validation UA and keep the best; without it, keep the last."),
]
BatchOption = Annotated[int, typer.Option(min=1, help="Clips a batch.")]
LearningRateOption = Annotated[float, typer.Option(help="Peak learning rate of the whole network.")]
PrecisionOption = Annotated[
    Literal["auto", "float32", "bf16"],
    typer.Option(help="Format of the matrix products in training; auto: bf16 where the processor is faster in it, else float32."),
]
LossOption = Annotated[Literal["adaptive-focal", "cross-entropy"], typer.Option(help="The loss on labels.")]
SeedOption = Annotated[int, typer.Option(min=0, help="Decides the split, the crops and everything random.")]
ValidationOption = Annotated[float, typer.Option(min=0, max=0.9, help="Share of the training speakers held back for validation.")]
TeacherOption = Annotated[
    str | None,
    typer.Option(help="Speech encoder that teaches: a hub name such as openai/whisper-base, or a folder (Whisper, HuBERT, WavLM)."),
]
TeacherEpochsOption = Annotated[int, typer.Option(min=1, help="With teachers: passes of the teachers, or of a teacher's head.")]
FrontEndOption = Annotated[int, typer.Option(min=1, help="scratch only: passes of 1,600 generated sounds for the front end.")]
EncoderEpochsOption = Annotated[int, typer.Option(min=1, help="With teachers: passes of the transformer over the frozen front end.")]
UnlabelledOption = Annotated[
    list[str] | None,
    typer.Option(
        "--unlabelled", metavar="NAME=PATH", help="With --teacher: speech whose labels are not read, to learn its states; repeatable."
    ),
]
RenditionsOption = Annotated[int, typer.Option(min=1, help="With --teacher: augmented crops of every clip whose states are kept on disk.")]
NoiseFloorOption = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=60,
        metavar="DB",
        help="Train a network that puts a noise floor so far below every recording, which hides the recording's own; 14 carries well.",
    ),
]
SkipOption = Annotated[bool, typer.Option("--skip-unreadable", help="Leave out files that cannot be read.")]


def train(
    context: typer.Context,
    corpus: CorpusOption,
    encoder: EncoderOption = HUB,
    run: Annotated[Path, typer.Option(help="Folder for checkpoints, log and weights; a stopped run goes on.")] = Path("runs/latest"),
    shared: Annotated[
        Path | None,
        typer.Option(help="Folder of front end and renditions that other runs of the same clips have too; without it, --run."),
    ] = None,
    epochs: EpochsOption = 10,
    patience: PatienceOption = None,
    batch: BatchOption = 16,
    learning_rate: LearningRateOption = 2e-4,
    loss: LossOption = "adaptive-focal",
    precision: PrecisionOption = "auto",
    seed: SeedOption = 0,
    validation_share: ValidationOption = 0.2,
    teacher: TeacherOption = None,
    teacher_epochs: TeacherEpochsOption = 18,
    front_end_epochs: FrontEndOption = 30,
    encoder_epochs: EncoderEpochsOption = 8,
    renditions: RenditionsOption = 4,
    unlabelled: UnlabelledOption = None,
    adapt_to: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=PATH", help="Speech to adapt to by gradient reversal; its labels are not read; repeatable."),
    ] = None,
    noise: NoiseOption = None,
    noise_floor: NoiseFloorOption = None,
    folds: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Run of `cross-validate` with the same settings, for the card.")
    ] = None,
    skip_unreadable: SkipOption = False,
) -> None:
    """Fine-tune DistilHuBERT on corpora, with a fifth of the speakers held back; resumes after a stop.

    Weights for use learn from all speakers, with --validation-share 0, and take their figures from --folds.
    """
    refuse_unused_stages(encoder, teacher, epochs)
    augmentation = augmentation_with(noise, noise_floor)
    clips = list(chain.from_iterable(read_clips(corpus, skip_unreadable)))
    adaptation = read_unlabelled(adapt_to, skip_unreadable) if adapt_to else []
    speech = read_unlabelled(unlabelled, skip_unreadable) if unlabelled else []
    from model_builder.training.cross_validation import held_out_of_folds
    from model_builder.training.train import train as run_training

    plan = replace(plan_of(context), augmentation=augmentation)
    held_out = None if folds is None else held_out_of_folds(folds, plan)
    with training_progress() as report:
        result = run_training(clips, plan, run, report, adaptation, held_out, speech, shared)
    if result.scores is not None:
        show_scores("validation speakers" if held_out is None else "folds of the same recipe", result.scores)
    say(f"weights: {result.weights}")


def cross_validate(
    context: typer.Context,
    target: Annotated[str, typer.Option(metavar="NAME=PATH", help="The corpus to evaluate: every clip once.")],
    permanent: Annotated[
        list[str] | None, typer.Option(metavar="NAME=PATH", help="A corpus on the training side of every fold; repeatable.")
    ] = None,
    skip_baseline: Annotated[
        bool, typer.Option("--skip-baseline", help="Leave out the folds without the permanent corpora, and the gain.")
    ] = False,
    folds: Annotated[
        int | None, typer.Option(min=2, help="Folds of whole groups; without it, one for each session or speaker of the target.")
    ] = None,
    compare_float32: Annotated[
        bool, typer.Option("--compare-float32", help="Once all folds are finished, evaluate them in float32 too, for what 8 bits cost.")
    ] = False,
    float32: Annotated[
        bool, typer.Option("--float32", help="Evaluate folds in float32 in PyTorch: any encoder, also one too large for the app.")
    ] = False,
    encoder: EncoderOption = HUB,
    run: Annotated[Path, typer.Option(help="Folder for one JSON a fold; a stopped run goes on.")] = Path("runs/folds"),
    epochs: EpochsOption = 10,
    patience: PatienceOption = 3,
    batch: BatchOption = 16,
    learning_rate: LearningRateOption = 2e-4,
    loss: LossOption = "adaptive-focal",
    precision: PrecisionOption = "auto",
    seed: SeedOption = 0,
    validation_share: ValidationOption = 0.2,
    teacher: TeacherOption = None,
    teacher_epochs: TeacherEpochsOption = 18,
    front_end_epochs: FrontEndOption = 30,
    encoder_epochs: EncoderEpochsOption = 8,
    renditions: RenditionsOption = 4,
    unlabelled: UnlabelledOption = None,
    noise: NoiseOption = None,
    noise_floor: NoiseFloorOption = None,
    skip_unreadable: SkipOption = False,
) -> None:
    """Evaluate every clip of a corpus by an int8 model not trained on its speaker; with permanent corpora, and without for the gain.

    Under torchrun each process takes its share of the folds; they may run on several machines over one --run folder.
    """
    if float32 and compare_float32:
        raise UserError("--float32 leaves nothing for --compare-float32 to compare with; leave one of them out")
    refuse_unused_stages(encoder, teacher, epochs)
    if validation_share == 0:
        refuse_unused("without validation speakers (--validation-share 0)", "patience")
    if not permanent:
        refuse_unused("without --permanent", "skip_baseline")
    augmentation = augmentation_with(noise, noise_floor)
    tested, *further = read_clips([target, *(permanent or [])], skip_unreadable)
    from model_builder.asset.fold_judge import excess_in_int8, float32_logits, int8_logits
    from model_builder.corpora.splits import grouped_folds, leave_one_group_out
    from model_builder.reporting.folds_report import SUMMARY_HTML, SUMMARY_JSON, write_summary
    from model_builder.training.cross_validation import cross_validate as run_folds
    from model_builder.training.cross_validation import predict_again
    from model_builder.training.fold_summary import summary_of

    permanent_clips: dict[str, list[Clip]] = {} if skip_baseline and further else {"target only": []}
    if further:
        permanent_clips["with permanent corpora"] = list(chain.from_iterable(further))
    systems = {
        system: leave_one_group_out(tested, validation_share, seed, added)
        if folds is None
        else grouped_folds(tested, folds, validation_share, seed, added)
        for system, added in permanent_clips.items()
    }
    plan = replace(plan_of(context), augmentation=augmentation)
    if validation_share == 0:
        plan = replace(plan, patience=None)  # nothing to choose an epoch by
    rank, processes = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    if not float32 and (complaint := excess_in_int8(encoder)):
        raise UserError(f"{complaint}; --float32 evaluates such folds")
    speech = read_unlabelled(unlabelled, skip_unreadable) if unlabelled else []
    logits_of = float32_logits if float32 else int8_logits
    with training_progress() as report:
        results = run_folds(systems, plan, run, logits_of, report, rank, processes, "float32" if float32 else "int8", speech)
    unfinished = sum(map(len, systems.values())) - len(results)
    if unfinished:
        say(f"{unfinished} folds are not finished; other processes work on them, or run this again", errors)
    by_system = {system: found for system in systems if (found := [result for result in results if result.system == system])}
    show_cross_validation(target, by_system, complete=not unfinished)
    unquantized: list[FoldResult] | None = None
    if compare_float32 and not unfinished:
        with errors.status("evaluating in float32"):
            unquantized = predict_again(systems, plan, run, float32_logits, "float32")
        show_cost_of_8_bits(results, unquantized)
    if by_system:
        summary = summary_of(target, by_system, complete=not unfinished, unquantized=unquantized)
        write_summary(run, summary)
        say(f"summary: {run / SUMMARY_HTML}, {run / SUMMARY_JSON}")


def plan_of(context: typer.Context) -> "TrainingPlan":
    """What the options of `train` and `cross-validate` ask for, by the names that both have for them; the augmentation is the default."""
    from model_builder.fitting.precision import resolve_precision
    from model_builder.fitting.trainer import best_device
    from model_builder.training.config import TrainingPlan

    options = context.params
    return TrainingPlan(
        encoder=options["encoder"],
        epochs=options["epochs"],
        seed=options["seed"],
        batch_clips=options["batch"],
        peak_learning_rate=options["learning_rate"],
        validation_share=options["validation_share"],
        teacher=options["teacher"],
        teacher_epochs=options["teacher_epochs"],
        front_end_epochs=options["front_end_epochs"],
        renditions=options["renditions"],
        encoder_epochs=options["encoder_epochs"],
        patience=options["patience"],
        loss=options["loss"],
        noise_floor_snr_db=options["noise_floor"],
        precision=resolve_precision(options["precision"], best_device()),
    )


def refuse_unused_stages(encoder: str, teacher: str | None, epochs: int) -> None:
    """Raises UserError for options of stages that these runs do not have."""
    if teacher is None:
        refuse_unused("without --teacher", "renditions", "unlabelled")
    if encoder != "scratch":
        refuse_unused("without --encoder scratch", "front_end_epochs")
        if teacher is None:
            refuse_unused("without teachers (--encoder scratch or --teacher)", "teacher_epochs", "encoder_epochs")
    elif epochs == 0:
        refuse_unused("with --epochs 0: no stage trains the whole network", "learning_rate", "patience")


@contextmanager
def training_progress() -> "Iterator[Report]":
    """A progress bar an epoch; yields what training reports to."""
    with progress_bar() as bar:
        tasks: dict[tuple[str, int], TaskID] = {}

        def report(step: "Step") -> None:
            key = (step.stage, step.epoch)
            if step.batches:
                if key not in tasks:
                    tasks[key] = bar.add_task(f"{step.stage} {step.epoch + 1}/{step.epochs}", total=step.batches, note="")
                bar.update(tasks[key], advance=1, note=f"loss {step.loss:.3f}")
            else:
                ua = "" if step.validation_ua is None else f", validation UA {step.validation_ua:.1%}"
                bar.print(f"{step.stage} {step.epoch}/{step.epochs}: loss {step.loss:.3f}{ua}")

        yield report
