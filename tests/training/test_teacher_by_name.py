"""`train --teacher`: a generated encoder teaches a small student end to end."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.corpora.splits import leave_one_group_out
from model_builder.errors import UserError
from model_builder.models.checkpoint import load_weights
from model_builder.models.encoder_teacher import FrozenEncoder
from model_builder.training.config import TrainingPlan
from model_builder.training.cross_validation import cross_validate, fold_folder
from model_builder.training.distillation import Student, TargetWeights
from model_builder.training.encoder_teaching import (
    EVERYDAY_SPEECH,
    STATISTICS_STRIDE,
    RenditionBatches,
    StateDistillationLoss,
    is_labelled,
    label_shares,
    new_head,
    noise_floor,
    posteriors_of_new_voices,
    speaker_parts,
    standardised_mean,
    state_loss,
    statistics_of_means,
)
from model_builder.training.renditions import RenditionPlan, renditions_of
from model_builder.training.train import train
from tests.generated import generated_clips, tiny_model
from tests.models.test_encoder_teacher import tiny_wavlm, tiny_whisper


@pytest.mark.parametrize("make_teacher", [tiny_whisper, tiny_wavlm])
def test_a_teacher_given_as_a_folder_teaches_a_student_from_a_folder(make_teacher, encoder, tmp_path):
    teacher = make_teacher(tmp_path / "teacher")
    plan = TrainingPlan(
        str(encoder), epochs=1, batch_clips=4, crop_s=(0.6, 0.9), rendition_crop_s=(0.6, 0.9), renditions=2,
        teacher=str(teacher), teacher_epochs=1, encoder_epochs=2,
    )  # fmt: skip
    result = train(generated_clips(20), plan, tmp_path / "run")
    assert result.card["training"]["teacher"] == str(teacher)
    assert result.scores is not None
    stages = [json.loads(line)["stage"] for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert stages == ["head-1", "head-2", "head-3", "teacher", "encoder", "encoder", "whole"]
    started, taught = load_weights_of(encoder), load_weights(result.weights)
    moved = [name for name, tensor in taught.state_dict().items() if name in started and not torch.equal(tensor, started[name])]
    assert any("feature_extractor" in name for name in moved), "the last stage trains the front end too"
    assert any("encoder.layers" in name for name in moved)


def load_weights_of(folder):
    from safetensors.torch import load_file

    return {name: tensor.half().float() for name, tensor in load_file(folder / "model.safetensors").items()}


@pytest.mark.parametrize("is_frozen", [True, False])
def test_convolutions_learn_from_the_teacher_unless_they_are_frozen(is_frozen, encoder, tmp_path):
    plan = TrainingPlan(
        str(encoder), epochs=0, batch_clips=4, crop_s=(0.6, 0.9), validation_share=0, teacher=str(tiny_wavlm(tmp_path / "teacher")),
        teacher_epochs=1, encoder_epochs=1, noise_floor_snr_db=14.0, augmentation=AugmentationPlan(masking_floor_probability=0.5),
        freeze_feature_encoder=is_frozen,
    )  # fmt: skip
    model = load_weights(train(generated_clips(12), plan, tmp_path / "run").weights)
    assert model.config.noise_floor_snr_db == 14.0
    weights = model.state_dict()
    given = load_weights_of(encoder)
    front_end = [name for name in weights if "feature_extractor" in name]
    assert front_end and all(torch.equal(weights[name], given[name]) for name in front_end) == is_frozen


def test_a_trained_student_goes_on_with_the_whole_network_at_once(encoder, tmp_path):
    plan = TrainingPlan(
        str(encoder), epochs=1, batch_clips=4, rendition_crop_s=(0.6, 0.9), renditions=1, validation_share=0,
        teacher=str(tiny_wavlm(tmp_path / "teacher")), teacher_epochs=1, encoder_epochs=0, freeze_feature_encoder=True,
    )  # fmt: skip
    with pytest.raises(UserError, match="--encoder-epochs 0"):
        train(generated_clips(12), replace(plan, epochs=0), tmp_path / "nothing")
    weights = load_weights(train(generated_clips(12), plan, tmp_path / "run").weights).state_dict()
    stages = {json.loads(line)["stage"] for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()}
    assert {stage for stage in stages if not stage.startswith("head")} == {"whole"}
    moved = {name for name, given in load_weights_of(encoder).items() if name in weights and not torch.equal(weights[name], given)}
    assert moved and not any("feature_extractor" in name for name in moved)


def test_unlabelled_speech_teaches_but_for_that_of_held_out_speakers(encoder, tmp_path):
    """Each fold leaves out its test speaker's; the card of weights names whose speech was learnt from."""
    labelled, teacher = generated_clips(12), tiny_wavlm(tmp_path / "teacher")
    speech = [
        replace(clip, utterance=replace(clip.utterance, path=Path(f"more-{number}.wav"), emotion=""))
        for number, clip in enumerate(labelled)
    ]
    plan = TrainingPlan(
        str(encoder), epochs=0, batch_clips=4, rendition_crop_s=(0.6, 0.9), renditions=1, validation_share=0, teacher=str(teacher),
        teacher_epochs=1, encoder_epochs=1,
    )  # fmt: skip
    folds = leave_one_group_out(labelled, 0, 0)
    cross_validate({"target only": folds}, plan, tmp_path / "run", lambda weights, clips: np.zeros((len(clips), 4)), speech=speech)
    for fold in folds:
        card = json.loads((fold_folder(tmp_path / "run", "target only", fold) / "weights" / "card.json").read_text())
        learnt_from = set(card["training"]["unlabelled_speech"]["speakers"])
        assert len(learnt_from) == 2 and not learnt_from & {clip.utterance.speaker for clip in fold.test}


def test_as_many_floors_below_the_student_s_crops_hide_a_recording_s_own_as_were_asked_for():
    rng = np.random.default_rng(0)
    loud = [np.mean([noise_floor(1600, rng, share).std() > 10 ** (-20 / 20) for _ in range(400)]) for share in (0.0, 0.5, 1.0)]
    assert loud == pytest.approx([0.0, 0.29, 0.57], abs=0.06)  # above 20 dB lie 8 of the 14 dB of those that hide, and none of the others


def test_a_clip_whose_label_is_assumed_has_no_label_for_the_student():
    [clip] = generated_clips(1)
    assumed = replace(clip, utterance=replace(clip.utterance, emotion="neutral", is_label_assumed=True))
    assert is_labelled(clip) and not is_labelled(assumed)
    assert label_shares([assumed])[0].tolist() == pytest.approx(EVERYDAY_SPEECH) and sum(EVERYDAY_SPEECH) == 1


def test_posteriors_are_of_the_head_that_did_not_learn_the_speaker(tmp_path):
    clips = generated_clips(12)
    encoder = FrozenEncoder(str(tiny_wavlm(tmp_path / "teacher")))
    renditions = renditions_of(clips, RenditionPlan(1, (0.6, 0.6), 0, AugmentationPlan()), encoder, "tiny", tmp_path / "renditions")
    parts = speaker_parts(clips)
    heads = [new_head(renditions, clips).eval() for _ in parts]
    for number, head in enumerate(heads):
        torch.nn.init.zeros_(head.classifier.weight)
        head.classifier.bias.data = 100.0 * torch.eye(4)[number]
    [posteriors] = posteriors_of_new_voices(heads, parts, renditions, clips)
    assert [int(row.argmax()) for row in posteriors] == [
        next(number for number, part in enumerate(parts) if clip.utterance.speaker in part) for clip in clips
    ]


def test_state_loss_is_lowest_for_the_target_itself():
    torch.manual_seed(0)
    target = torch.randn(2, 9, 3 * 8)
    at_target = state_loss(target, target, layers=3)
    assert at_target == pytest.approx(float(-torch.nn.functional.logsigmoid(torch.ones(()))), abs=1e-5)
    assert state_loss(target + 0.1, target, 3) > at_target
    assert state_loss(-target, target, 3) > at_target


def test_means_over_time_count_by_how_far_recordings_differ_in_them(tmp_path):
    clips = generated_clips(3 * STATISTICS_STRIDE)
    encoder = FrozenEncoder(str(tiny_wavlm(tmp_path / "teacher")))
    renditions = renditions_of(clips, RenditionPlan(1, (0.6, 0.6), 0, AugmentationPlan()), encoder, "tiny", tmp_path / "renditions")
    head = new_head(renditions, clips)
    statistics = statistics_of_means(head, renditions, clips)
    student, criterion = Student(tiny_model(), len(head.mean)), torch.nn.CrossEntropyLoss()
    loss, without = (
        StateDistillationLoss(student, head.standardise, 3, criterion, TargetWeights(0.0, 0.0, 0.0, weight), statistics)
        for weight in (1.0, 0.0)
    )
    means = standardised_mean(head.standardise(renditions[0].states_of(range(0, len(clips), STATISTICS_STRIDE))), *statistics)
    assert means.mean(dim=0).abs().max() < 1e-3 and means.std(dim=0, correction=0).median() == pytest.approx(1, abs=0.05)

    pcm, targets = RenditionBatches(clips, 4, (0.6, 0.6), 0, 0, renditions=renditions)[0]
    assert loss(pcm, targets, 0.0) > 0 and without(pcm, targets, 0.0) == 0
