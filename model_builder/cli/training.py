"""`train` and `cross-validate`."""

import os
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model_builder.cli.augment import NoiseOption
from model_builder.cli.command import refuse_unused
from model_builder.cli.console import errors, say, show_cost_of_8_bits, show_cross_validation, show_scores
from model_builder.cli.corpora import CorpusOption, read_clips, read_unlabelled
from model_builder.cli.training_options import (
    HUB,
    AugmentationOption,
    AveragingOption,
    BatchOption,
    BetaOption,
    DeviceOption,
    EncoderEpochsOption,
    EncoderOption,
    EpochsOption,
    FreezeOption,
    FrontEndOption,
    GammaOption,
    HeadLearningRateOption,
    LabelsOnlyOption,
    LearningRateOption,
    LossOption,
    MaskingFloorsOption,
    NoiseFloorOption,
    PatienceOption,
    PrecisionOption,
    RenditionCropOption,
    RenditionsOption,
    SeedOption,
    SkipOption,
    TeacherEpochsOption,
    TeacherOption,
    UnchangedOption,
    UnlabelledOption,
    ValidationOption,
    WorkersOption,
    augmentation_of,
    plan_of,
    refuse_unused_stages,
    train_together,
    training_progress,
    use_machine_of,
)
from model_builder.errors import UserError

if TYPE_CHECKING:  # torch takes seconds to import
    from model_builder.corpora.survey import Clip
    from model_builder.training.fold_result import FoldResult


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
    head_learning_rate: HeadLearningRateOption = None,
    freeze_feature_encoder: FreezeOption = False,
    averaging: AveragingOption = 0.998,
    loss: LossOption = "adaptive-focal",
    focal_gamma: GammaOption = 2.0,
    class_weight_beta: BetaOption = 0.999,
    labels_only: LabelsOnlyOption = False,
    precision: PrecisionOption = "auto",
    device: DeviceOption = "auto",
    workers: WorkersOption = 1,
    seed: SeedOption = 0,
    validation_share: ValidationOption = 0.2,
    teacher: TeacherOption = None,
    teacher_epochs: TeacherEpochsOption = 18,
    front_end_epochs: FrontEndOption = 30,
    encoder_epochs: EncoderEpochsOption = 8,
    renditions: RenditionsOption = 4,
    rendition_crop: RenditionCropOption = (1.4, 2.2),
    unlabelled: UnlabelledOption = None,
    adapt_to: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=PATH", help="Speech to adapt to by gradient reversal; its labels are not read; repeatable."),
    ] = None,
    noise: NoiseOption = None,
    noise_floor: NoiseFloorOption = None,
    augmentation: AugmentationOption = None,
    unchanged: UnchangedOption = None,
    masking_floors: MaskingFloorsOption = None,
    folds: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Run of `cross-validate` with the same settings, for the card.")
    ] = None,
    skip_unreadable: SkipOption = False,
) -> None:
    """Fine-tune DistilHuBERT on corpora, with a fifth of the speakers held back; resumes after a stop.

    Under torchrun the processes train one network: each takes batches of its own, and gradients are averaged.

    Weights for use learn from all speakers, with --validation-share 0, and take their figures from --folds.
    """
    refuse_unused_stages(encoder, teacher, epochs, loss)
    use_machine_of(context.params)
    train_together()
    augmentation_of(noise, augmentation)  # before corpora are read
    clips = list(chain.from_iterable(read_clips(corpus, skip_unreadable)))
    adaptation = read_unlabelled(adapt_to, skip_unreadable) if adapt_to else []
    speech = read_unlabelled(unlabelled, skip_unreadable) if unlabelled else []
    from model_builder.training.cross_validation import held_out_of_folds
    from model_builder.training.train import train as run_training

    plan = plan_of(context.params)
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
    head_learning_rate: HeadLearningRateOption = None,
    freeze_feature_encoder: FreezeOption = False,
    averaging: AveragingOption = 0.998,
    loss: LossOption = "adaptive-focal",
    focal_gamma: GammaOption = 2.0,
    class_weight_beta: BetaOption = 0.999,
    labels_only: LabelsOnlyOption = False,
    precision: PrecisionOption = "auto",
    device: DeviceOption = "auto",
    workers: WorkersOption = 1,
    seed: SeedOption = 0,
    validation_share: ValidationOption = 0.2,
    teacher: TeacherOption = None,
    teacher_epochs: TeacherEpochsOption = 18,
    front_end_epochs: FrontEndOption = 30,
    encoder_epochs: EncoderEpochsOption = 8,
    renditions: RenditionsOption = 4,
    rendition_crop: RenditionCropOption = (1.4, 2.2),
    unlabelled: UnlabelledOption = None,
    noise: NoiseOption = None,
    noise_floor: NoiseFloorOption = None,
    augmentation: AugmentationOption = None,
    unchanged: UnchangedOption = None,
    masking_floors: MaskingFloorsOption = None,
    skip_unreadable: SkipOption = False,
) -> None:
    """Evaluate every clip of a corpus by an int8 model not trained on its speaker; with permanent corpora, and without for the gain.

    Under torchrun each process takes its share of the folds; they may run on several machines over one --run folder.
    """
    if float32 and compare_float32:
        raise UserError("--float32 leaves nothing for --compare-float32 to compare with; leave one of them out")
    refuse_unused_stages(encoder, teacher, epochs, loss)
    use_machine_of(context.params)
    if validation_share == 0:
        refuse_unused("without validation speakers (--validation-share 0)", "patience")
    if not permanent:
        refuse_unused("without --permanent", "skip_baseline")
    augmentation_of(noise, augmentation)  # before corpora are read
    tested, *further = read_clips([target, *(permanent or [])], skip_unreadable)
    from model_builder.asset.fold_logits import excess_in_int8, float32_logits, int8_logits
    from model_builder.corpora.splits import folds_of
    from model_builder.reporting.folds_report import SUMMARY_HTML, SUMMARY_JSON, write_summary
    from model_builder.training.cross_validation import cross_validate as run_folds
    from model_builder.training.cross_validation import predict_again
    from model_builder.training.fold_summary import summary_of

    permanent_clips: dict[str, list[Clip]] = {} if skip_baseline and further else {"target only": []}
    if further:
        permanent_clips["with permanent corpora"] = list(chain.from_iterable(further))
    systems = {system: folds_of(tested, folds, validation_share, seed, added) for system, added in permanent_clips.items()}
    plan = plan_of(context.params)
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
