"""Each ablation is a switch of the plan, and changes what it names and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.audio.augmentation_groups import GROUPS, with_groups
from model_builder.cli.training_options import plan_of
from model_builder.errors import UserError
from model_builder.fitting.batches import augmented_crop
from model_builder.fitting.machine import Machine, best_device, use_machine
from model_builder.training.config import TrainingPlan
from model_builder.training.train import train
from tests.generated import generated_clips
from tests.recordings import speech_like


@pytest.fixture
def plan(encoder) -> TrainingPlan:
    return TrainingPlan(str(encoder), epochs=1, batch_clips=4, crop_s=(0.3, 0.4), validation_share=0)


def weights_of(plan: TrainingPlan, folder) -> dict[str, torch.Tensor]:
    trained = train(generated_clips(8), plan, folder)
    return {name: tensor.float() for name, tensor in load_file(trained.weights / "model.safetensors").items()}


def test_convolutions_that_are_to_stay_are_those_of_the_given_encoder(plan, encoder, tmp_path):
    given = load_file(encoder / "model.safetensors")
    kept = weights_of(replace(plan, freeze_feature_encoder=True), tmp_path / "kept")
    free = weights_of(plan, tmp_path / "free")
    convolution = "hubert.feature_extractor.conv_layers.0.conv.weight"
    assert torch.equal(kept[convolution], given[convolution].half().float())
    assert not torch.equal(free[convolution], given[convolution].half().float())
    query = "hubert.encoder.layers.0.attention.q_proj.weight"
    assert not torch.equal(kept[query], given[query].half().float())


def test_the_head_learns_at_its_own_rate(plan, encoder, tmp_path):
    given = load_file(encoder / "model.safetensors")
    found = weights_of(replace(plan, peak_learning_rate=1e-12, head_learning_rate=1e-2, averaging=0.0), tmp_path)
    moved = {name for name in found if name in given and (found[name] - given[name].float()).abs().max() > 2e-3}
    assert not any(name.startswith("hubert.") for name in moved)
    assert found["classifier.bias"].abs().max() > 1e-3


def test_shares_of_crops_that_are_given_stand_in_place_of_those_that_follow_from_the_floor():
    followed = plan_of({"encoder": "start", "noise_floor": 14.0}).augmentation
    given = plan_of({"encoder": "start", "noise_floor": 14.0, "unchanged": 0.5, "masking_floors": 0.0}).augmentation
    assert followed.masking_floor_probability > 0
    assert given == replace(followed, unchanged_probability=0.5, masking_floor_probability=0.0)


@pytest.mark.parametrize("crop_s", [(2.6, 2.0), (0.0, 1.0), (1.0, float("nan"))])
def test_crops_that_cannot_be_are_refused(crop_s):
    with pytest.raises(UserError, match="--rendition-crop"):
        plan_of({"encoder": "start", "rendition_crop": crop_s})


def test_without_averaging_the_last_weights_are_kept(plan, tmp_path):
    averaged, last = weights_of(plan, tmp_path / "averaged"), weights_of(replace(plan, averaging=0.0), tmp_path / "last")
    assert any(not torch.equal(averaged[name], last[name]) for name in last)


def test_more_workers_give_the_same_weights(plan, tmp_path):
    one = weights_of(plan, tmp_path / "one")
    try:
        use_machine(Machine("cpu", workers=2))
        two = weights_of(plan, tmp_path / "two")
    finally:
        use_machine(Machine())
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_a_gpu_that_is_not_there_is_refused_and_one_that_is_may_rest(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UserError, match="--device cuda: PyTorch finds no GPU"):
        use_machine(Machine("cuda"))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    try:
        use_machine(Machine("cpu"))
        assert best_device() == torch.device("cpu")
    finally:
        use_machine(Machine())


def test_without_any_group_a_crop_is_taken_as_it_was_recorded():
    pcm = speech_like(1.0)
    for seed in range(20):
        crop = augmented_crop(pcm, 4_000, np.random.default_rng(seed), with_groups(AugmentationPlan(), []))
        assert any(np.array_equal(crop, pcm[start : start + 4_000]) for start in range(len(pcm) - 4_000 + 1))


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_that_is_left_out_changes_its_settings_alone(group):
    whole = AugmentationPlan(noise_folder="noise", masking_floor_probability=0.5)
    without = with_groups(whole, [name for name in GROUPS if name != group])
    changed = {name for name in whole.__dataclass_fields__ if getattr(whole, name) != getattr(without, name)}
    assert changed == set(GROUPS[group])


def test_every_probability_of_the_augmentation_is_in_one_group():
    named = [name for group in GROUPS.values() for name in group]
    assert len(named) == len(set(named))
    probabilities = {name for name in AugmentationPlan.__dataclass_fields__ if name.endswith("_probability")}
    assert probabilities - set(named) == {"unchanged_probability"}


def test_an_unknown_group_is_refused_with_the_known_ones():
    with pytest.raises(UserError, match="unknown group of augmentation 'rooms'; known are voice"):
        with_groups(AugmentationPlan(), ["rooms"])
