"""A run folder goes on only with the settings and the clips that it was made of."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from transformers import HubertForSequenceClassification

from model_builder.corpora.splits import leave_one_group_out
from model_builder.corpora.survey import Clip
from model_builder.errors import UserError
from model_builder.models.checkpoint import write_tensors
from model_builder.pretraining.front_end import trained_front_end
from model_builder.training.config import TrainingPlan
from model_builder.training.cross_validation import cross_validate
from model_builder.training.train import train
from tests.generated import generated_clips, tiny_config, tiny_model
from tests.training.test_cross_validation import judge


@pytest.fixture
def plan(encoder) -> TrainingPlan:
    return TrainingPlan(str(encoder), epochs=1, batch_clips=4, crop_s=(0.5, 0.6), validation_share=0.3)


def relabelled(clip: Clip) -> Clip:
    return replace(clip, utterance=replace(clip.utterance, emotion="sad"))


def test_training_goes_on_with_the_same_settings_and_clips_wherever_the_corpus_lies(plan, tmp_path):
    clips = generated_clips(12)
    train(clips, plan, tmp_path)
    moved = [replace(clip, utterance=replace(clip.utterance, path=Path("moved") / clip.utterance.path)) for clip in clips]
    train(moved, plan, tmp_path)


def test_another_encoder_is_refused_by_its_name(plan, tmp_path):
    train(generated_clips(12), plan, tmp_path)
    other = tmp_path / "other"
    HubertForSequenceClassification(tiny_config()).hubert.save_pretrained(other)
    with pytest.raises(UserError, match=r"plan\.json: .*encoder was .*encoder\d*, is .*other; give the same"):
        train(generated_clips(12), replace(plan, encoder=str(other)), tmp_path)


@pytest.mark.parametrize(
    "changed",
    [
        lambda clips: [relabelled(clips[0]), *clips[1:]],
        lambda clips: clips[::-1],
        lambda clips: [replace(clips[0], utterance=replace(clips[0].utterance, span_s=(0.0, 1.5))), *clips[1:]],
        lambda clips: [*clips[:-1], replace(clips[-1], pcm=clips[-1].pcm[:-1])],
    ],
)
def test_other_clips_of_the_same_number_are_refused(plan, tmp_path, changed):
    whole = replace(plan, validation_share=0)
    train(generated_clips(12), whole, tmp_path)
    with pytest.raises(UserError, match=r"clips\.training was 12 clips with the digest .*, is 12 clips with the digest"):
        train(changed(generated_clips(12)), whole, tmp_path)


def test_other_clips_to_adapt_to_are_refused(plan, tmp_path):
    train(generated_clips(12), plan, tmp_path, unlabelled=generated_clips(8, "other"))
    with pytest.raises(UserError, match=r"clips\.unlabelled was 8 clips .*, is 4 clips"):
        train(generated_clips(12), plan, tmp_path, unlabelled=generated_clips(4, "other"))


def test_a_setting_inside_a_setting_is_named(plan, tmp_path):
    train(generated_clips(12), plan, tmp_path)
    louder = replace(plan, augmentation=replace(plan.augmentation, noise_snr_db=(0.0, 40.0)))
    with pytest.raises(UserError, match=r"augmentation\.noise_snr_db was \[8\.0, 40\.0\], is \[0\.0, 40\.0\]"):
        train(generated_clips(12), louder, tmp_path)


def test_a_checkpoint_without_a_plan_is_refused(plan, tmp_path):
    train(generated_clips(12), plan, tmp_path)
    (tmp_path / "plan.json").unlink()
    with pytest.raises(UserError, match=r"whole\.pt: nothing beside it says"):
        train(generated_clips(12), plan, tmp_path)


def test_finished_folds_of_other_permanent_clips_are_refused(plan, tmp_path):
    permanent = generated_clips(4, "permanent")
    folds = leave_one_group_out(generated_clips(12), 0, 0, permanent)
    whole = replace(plan, validation_share=0)
    cross_validate({"a": folds}, whole, tmp_path, judge)
    others = leave_one_group_out(generated_clips(12), 0, 0, [relabelled(permanent[0]), *permanent[1:]])
    with pytest.raises(UserError, match=r"clips\.training was 12 clips"):
        cross_validate({"a": others}, whole, tmp_path, judge)


def test_a_front_end_of_other_settings_is_refused(tmp_path):
    path = tmp_path / "front_end.safetensors"
    settings = {"front_end_epochs": 1, "seed": 0, "precision": "float32"}
    tensors = tiny_model().hubert.feature_extractor.state_dict()
    write_tensors(tensors, path, {"settings": json.dumps(settings)})
    assert trained_front_end(1, 0, tmp_path, lambda progress: None).keys() == tensors.keys()
    with pytest.raises(UserError, match="front_end_epochs was 1, is 2; seed was 0, is 3; precision was float32, is bf16"):
        trained_front_end(2, 3, tmp_path, lambda progress: None, "bf16")
    write_tensors(tensors, path)
    with pytest.raises(UserError, match="does not say of which settings"):
        trained_front_end(1, 0, tmp_path, lambda progress: None)
