"""What `train`, `cross-validate`, `reproduce` and `ablate` have in common: options, the plan that they ask for, and progress."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from model_builder.cli.augment import augmentation_with
from model_builder.cli.command import given_options, refuse_unused
from model_builder.cli.console import console, errors, progress_bar
from model_builder.errors import UserError

if TYPE_CHECKING:  # torch takes seconds to import
    from rich.progress import Progress, TaskID

    from model_builder.audio.augmentation import AugmentationPlan
    from model_builder.fitting.trainer import Progress as Step
    from model_builder.fitting.trainer import Report
    from model_builder.training.config import TrainingPlan
    from model_builder.training.fold_result import FoldResult

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
EncoderEpochsOption = Annotated[
    int, typer.Option(min=0, help="With teachers: passes of the transformer over the frozen front end; with --teacher and --epochs also 0.")
]
UnlabelledOption = Annotated[
    list[str] | None,
    typer.Option(
        "--unlabelled", metavar="NAME=PATH", help="With --teacher: speech whose labels are not read, to learn its states; repeatable."
    ),
]
RenditionsOption = Annotated[int, typer.Option(min=1, help="With --teacher: augmented crops of every clip whose states are kept on disk.")]
RenditionCropOption = Annotated[
    tuple[float, float], typer.Option("--rendition-crop", help="With --teacher: shortest and longest of those crops, in seconds.")
]
NoiseFloorOption = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=60,
        metavar="DB",
        help="Train a network that puts a noise floor so far below every recording, which hides the recording's own; 14 carries well.",
    ),
]
UnchangedOption = Annotated[
    float | None,
    typer.Option("--unchanged", min=0, max=1, metavar="SHARE", help="Share of the crops taken as recorded; without it, 0.3."),
]
MaskingFloorsOption = Annotated[
    float | None,
    typer.Option(
        "--masking-floors",
        min=0,
        max=1,
        metavar="SHARE",
        help="Share of the crops over a floor that hides the recording's own; without it, 0.75 with --noise-floor, else 0.",
    ),
]
SkipOption = Annotated[bool, typer.Option("--skip-unreadable", help="Leave out files that cannot be read.")]
HeadLearningRateOption = Annotated[
    float | None, typer.Option(help="Peak learning rate of what a given encoder lacks: projector and classifier; without it, as the rest.")
]
FreezeOption = Annotated[
    bool,
    typer.Option("--freeze-feature-encoder", help="Leave the convolutions as they are in a given encoder, or with --teacher in any start."),
]
AveragingOption = Annotated[
    float, typer.Option(min=0, max=0.9999, help="Decay of the moving average of the last stage's weights; 0 averages nothing.")
]
GammaOption = Annotated[float, typer.Option(min=0, help="Focusing parameter of the adaptive focal loss; 0 focuses on nothing.")]
BetaOption = Annotated[
    float, typer.Option(min=0, max=0.99999, help="How much rare classes weigh in the adaptive focal loss; 0 weighs all classes equally.")
]
AugmentationOption = Annotated[
    list[str] | None,
    typer.Option(
        "--augmentation",
        metavar="GROUP",
        help="Augment by these groups alone: voice, suppression, margins, masks, room, filters, noise, level; `none` for none; repeatable.",
    ),
]
LabelsOnlyOption = Annotated[
    bool, typer.Option("--labels-only", help="Do not learn arousal and valence where the training recordings have them.")
]
DeviceOption = Annotated[Literal["auto", "cpu", "cuda"], typer.Option(help="Where to train; auto: a GPU where there is one.")]
WorkersOption = Annotated[int, typer.Option(min=0, help="Processes that augment and make batches; results do not depend on it.")]

FIELD_OF_OPTION = {
    "encoder": "encoder",
    "epochs": "epochs",
    "seed": "seed",
    "batch": "batch_clips",
    "learning_rate": "peak_learning_rate",
    "head_learning_rate": "head_learning_rate",
    "freeze_feature_encoder": "freeze_feature_encoder",
    "averaging": "averaging",
    "validation_share": "validation_share",
    "teacher": "teacher",
    "teacher_epochs": "teacher_epochs",
    "front_end_epochs": "front_end_epochs",
    "renditions": "renditions",
    "rendition_crop": "rendition_crop_s",
    "encoder_epochs": "encoder_epochs",
    "patience": "patience",
    "noise_floor": "noise_floor_snr_db",
    "loss": "loss",
    "focal_gamma": "focal_gamma",
    "class_weight_beta": "class_weight_beta",
}
"""Field of `TrainingPlan` by the option, a parameter of the commands, that says it."""

SHARE_OF_OPTION = {"unchanged": "unchanged_probability", "masking_floors": "masking_floor_probability"}
"""The same of `AugmentationPlan`, where the option is given."""


def plan_of(options: Mapping[str, Any], base: "TrainingPlan | None" = None) -> "TrainingPlan":
    """What the options of a command ask for; it need not have all of them.

    base: of a file of settings, which only the options on the command line change. None: all options count, those by default too.
    Raises UserError for a group of augmentation, a folder of noise or lengths of crops that cannot be used.
    """
    from model_builder.fitting.machine import best_device
    from model_builder.fitting.precision import resolve_precision
    from model_builder.fitting.same_run import begun_precision
    from model_builder.reproduction.setting_values import require_range
    from model_builder.training.config import TrainingPlan, with_masking_floors

    asked = set(options) if base is None else set(given_options())
    plan = TrainingPlan(options["encoder"]) if base is None else base
    changes = {field: options[option] for option, field in FIELD_OF_OPTION.items() if option in asked and option in options}
    if "labels_only" in asked:
        changes["arousal_valence"] = not options.get("labels_only", False)
    if "precision" in asked:
        begun = begun_precision(options["run"]) if "run" in options else None
        changes["precision"] = resolve_precision(options["precision"], best_device(), begun)
    if asked & {"noise", "augmentation"}:
        changes["augmentation"] = augmentation_of(options.get("noise"), options.get("augmentation"))
    plan = replace(plan, **changes)
    require_range(plan.rendition_crop_s, "rendition_crop_s", "--rendition-crop")
    plan = with_masking_floors(plan) if asked & {"noise_floor", "noise", "augmentation"} else plan
    shares = {field: options[option] for option, field in SHARE_OF_OPTION.items() if options.get(option) is not None}
    return replace(plan, augmentation=replace(plan.augmentation, **shares)) if shares else plan


def augmentation_of(noise: Path | None, groups: list[str] | None) -> "AugmentationPlan":
    """groups: as `--augmentation` names them; None or empty: all."""
    from model_builder.audio.augmentation_groups import with_groups

    plan = augmentation_with(noise)
    if not groups:
        return plan
    if "none" in groups:
        if len(groups) > 1:
            raise UserError("--augmentation none leaves no group; leave it or the others out")
        return with_groups(plan, [])
    return with_groups(plan, groups)


def use_machine_of(options: Mapping[str, Any]) -> None:
    """Raises UserError for a GPU that is not there."""
    from model_builder.fitting.machine import Machine, use_machine

    use_machine(Machine(options["device"], options["workers"]))


def train_together() -> None:
    """Under torchrun: all processes train one network, and the first one prints."""
    from model_builder.fitting.data_parallel import train_together as join

    console.quiet = errors.quiet = not join().is_first


def refuse_unused_stages(encoder: str, teacher: str | None, epochs: int, loss: str) -> None:
    """Raises UserError for options of stages that these runs do not have."""
    if teacher is None:
        refuse_unused("without --teacher", "renditions", "rendition_crop", "unlabelled")
    if encoder != "scratch":
        refuse_unused("without --encoder scratch", "front_end_epochs")
        if teacher is None:
            refuse_unused("without teachers (--encoder scratch or --teacher)", "teacher_epochs", "encoder_epochs")
    if encoder == "scratch":
        refuse_unused("with --encoder scratch, which has no trained parts", "head_learning_rate")
        if teacher is None:
            refuse_unused("with --encoder scratch and without --teacher: they learn in the last stage alone", "freeze_feature_encoder")
        if epochs == 0:
            refuse_unused("with --epochs 0: no stage trains the whole network", "learning_rate", "patience", "averaging")
    if loss == "cross-entropy":
        refuse_unused("with --loss cross-entropy", "focal_gamma", "class_weight_beta")


@contextmanager
def training_progress() -> "Iterator[Report]":
    """A progress bar an epoch; yields what training reports to."""
    with progress_bar() as bar:
        yield epoch_bars(bar)


def epoch_bars(bar: "Progress") -> "Report":
    """A bar an epoch on `bar`, and a line for each that is over."""
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

    return report


@contextmanager
def study_progress(folds: int) -> "Iterator[tuple[Report, Callable[[FoldResult], None], Callable[[str], None]]]":
    """A bar of all folds, one of the fold in work, both with the time left, and a line a finished fold.

    folds: that there are. Yields what training, finished folds and other steps report to.
    """
    with progress_bar() as bar:
        overall, current = bar.add_task("folds", total=folds, note=""), bar.add_task("training", total=None, note="")

        def report(step: "Step") -> None:
            if step.batches:
                done = step.epoch * step.batches
                task = next(task for task in bar.tasks if task.id == current)
                is_next = task.description == step.stage and task.completed >= done
                bar.update(
                    current,
                    description=step.stage,
                    total=step.epochs * step.batches,
                    completed=task.completed + 1 if is_next else done + 1,
                    note=f"epoch {step.epoch + 1}/{step.epochs}, loss {step.loss:.3f}",
                )

        def on_fold(result: "FoldResult") -> None:
            bar.advance(overall)
            bar.reset(current, total=None, description="training", note="")
            bar.print(f"{result.system}, {result.fold}: {len(result.labels):,} clips, UA {result.scores.unweighted_accuracy:.1%}")

        yield report, on_fold, lambda step: bar.update(overall, note=step)
