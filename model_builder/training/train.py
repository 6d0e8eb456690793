"""`train`: from clips and a starting point to a folder of weights with a card that says what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_builder.corpora.splits import require_disjoint, speaker_split, speakers_of
from model_builder.corpora.survey import Clip
from model_builder.errors import UserError
from model_builder.evaluation.metrics import Scores
from model_builder.fitting.data_parallel import training_processes
from model_builder.fitting.same_run import exclusive_run, require_same_run
from model_builder.fitting.trainer import Report
from model_builder.models.arousal_valence_head import head_of
from model_builder.models.checkpoint import save_weights, weights_digests
from model_builder.models.hubert import ChannelsLastHubert
from model_builder.training.config import TrainingPlan
from model_builder.training.held_out import (
    HeldOutPredictions,
    class_indices,
    clip_logits,
    describe,
    describe_adaptation,
    describe_speech,
    validated_concordance,
)
from model_builder.training.recipes import Stages


@dataclass(frozen=True)
class TrainingResult:
    """scores: None where neither the weights nor their recipe were evaluated."""

    weights: Path
    scores: Scores | None
    card: dict[str, Any]


def train(
    clips: Sequence[Clip],
    plan: TrainingPlan,
    run_folder: Path,
    report: Report = lambda progress: None,
    unlabelled: Sequence[Clip] = (),
    held_out: HeldOutPredictions | None = None,
    speech: Sequence[Clip] = (),
    shared_folder: Path | None = None,
) -> TrainingResult:
    """Train on `clips`; weights and card go to `run_folder / "weights"`.

    Without a patience the last epoch's averaged weights are kept: nothing is chosen by the validation speakers, so their UA is an
    honest figure.
    held_out: predictions of folds of the same recipe, for the card of weights that all speakers train (a validation share of 0).
    unlabelled: speech of a corpus to adapt to by gradient reversal, in the last stage; nothing but its samples is read.
    speech: unlabelled, which a speech encoder teaches beside `clips`; that of validation speakers is left out.
    shared_folder: of front end and renditions, which other runs may share; None: `run_folder`.
    A run that was stopped goes on from the checkpoints in `run_folder`. Raises UserError for clips or settings that cannot work, or where
    another process trains in `run_folder`; OSError where that cannot be written.
    """
    if shared := speakers_of(clips) & speakers_of(unlabelled):
        raise UserError(f"{min(shared)} speaks in the training corpora and in the one to adapt to; give other recordings")
    training, validation = list(clips), list[Clip]()
    if plan.validation_share > 0:
        training, validation = speaker_split(clips, plan.validation_share, plan.seed)
    held_back = speakers_of(validation)
    speech = [clip for clip in speech if clip.utterance.speaker not in held_back]
    with exclusive_run(run_folder):
        return fit_and_describe(training, validation, plan, run_folder, report, unlabelled, shared_folder, held_out, speech)


def require_trainable(training: Sequence[Clip], plan: TrainingPlan) -> None:
    """What would end a run once its first stages are trained. Raises UserError for a class that the loss needs and that has no clip, or
    for fewer clips than the largest batch of any stage holds: that of log-mel teachers is twice the others.
    """
    Stages(list(training), [], plan, Path(), lambda progress: None).criterion()
    has_log_mel_teachers = plan.encoder == "scratch" and plan.teacher is None
    largest_batch = 2 * plan.batch_clips if has_log_mel_teachers else plan.batch_clips
    if len(training) < largest_batch:
        of_teachers = ", twice the given, as teachers have" if has_log_mel_teachers else ""
        raise UserError(
            f"{len(training)} training clips do not fill a batch of {largest_batch}{of_teachers}; add recordings or lower --batch"
        )


def fit_and_describe(
    training: list[Clip],
    validation: list[Clip],
    plan: TrainingPlan,
    run_folder: Path,
    report: Report = lambda progress: None,
    unlabelled: Sequence[Clip] = (),
    shared_folder: Path | None = None,
    held_out: HeldOutPredictions | None = None,
    speech: Sequence[Clip] = (),
    rendition_clips: Sequence[Clip] = (),
) -> TrainingResult:
    """`train` with the two sides given, and what the card says about the weights where `validation` is empty: the predictions of folds.

    shared_folder: of what folds have in common, which learns from no corpus and knows no label: the front end, and renditions with an
        encoder's states. None: `run_folder`. rendition_clips: of all folds; empty: the clips that this run learns from.
    Raises UserError where neither can choose an epoch that a patience asks for, or where `run_folder` is of other settings or clips.
    """
    if plan.patience is not None and not validation:
        raise UserError("a patience needs validation speakers; give --validation-share, or no --patience")
    if plan.epochs == 0 and plan.encoder != "scratch" and plan.teacher is None:
        raise UserError("0 epochs train nothing of a given encoder; give --epochs")
    if plan.encoder_epochs == 0 and (plan.teacher is None or plan.epochs == 0):
        raise UserError("0 passes of the transformer (--encoder-epochs 0) need a --teacher, and --epochs for the whole network")
    if speech and plan.teacher is None:
        raise UserError("unlabelled speech is learnt from with a teacher only; give --teacher")
    if plan.epochs == 0 and unlabelled:
        raise UserError("0 epochs adapt nothing: only training of the whole network adapts; give --epochs")
    require_disjoint(validation, [*training, *speech])
    require_trainable(training, plan)
    weights = weights_digests({"encoder": plan.encoder, "teacher": plan.teacher})
    sides = {"training": training, "validation": validation, "unlabelled": unlabelled, "speech": speech}
    require_same_run(run_folder, plan, sides, weights)
    digest = weights.get("teacher", "")
    stages = Stages(training, validation, plan, run_folder, report, unlabelled, shared_folder, speech, rendition_clips, digest)
    model = stages.trained()
    if validation:
        logits = clip_logits(ChannelsLastHubert(model), validation)
        epoch = "last, nothing chosen by validation" if plan.patience is None else "chosen by validation"
        speakers = tuple(clip.utterance.speaker for clip in validation)
        held_out = HeldOutPredictions(f"speaker-disjoint validation, epoch {epoch}", class_indices(validation), logits, speakers)
    card = describe(plan, training, held_out)
    if unlabelled:
        card["training"]["adapted_to"] = describe_adaptation(unlabelled)
    if speech:
        card["training"]["unlabelled_speech"] = describe_speech(speech)
    if head_of(model) is not None and validation:
        card["results"]["concordance"] = validated_concordance(model, validation)
    if training_processes().is_first:
        save_weights(model, run_folder / "weights", card)
    return TrainingResult(run_folder / "weights", None if held_out is None else held_out.scores, card)
