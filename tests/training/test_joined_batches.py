import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.models.channel_pruning import pruned_copy
from model_builder.models.checkpoint import load_encoder
from model_builder.models.hubert import ChannelsLastHubert
from model_builder.models.log_mel import Teachers
from model_builder.training.config import TrainingPlan
from model_builder.training.distillation import DistillationLoss, Student
from model_builder.training.joined_batches import JoinedBatches, JoinedTargets
from model_builder.training.train import fit_and_describe
from tests.generated import generated_clips

AS_RECORDED = AugmentationPlan(unchanged_probability=1.0, noise_floor_probability=0.0)


def batches_of_epochs(epochs: int, plan: AugmentationPlan = AS_RECORDED) -> list[tuple[JoinedBatches, Tensor, JoinedTargets]]:
    clips = generated_clips(8)
    drawn = []
    for epoch in range(epochs):
        batches = JoinedBatches(clips, 4, (0.5, 0.9), 1, epoch, plan)
        drawn += [(batches, *batches[index]) for index in range(len(batches))]
    return drawn


def is_part_of(part: np.ndarray, clip: np.ndarray) -> bool:
    """Whether `part`, at whatever level, is a stretch of `clip`."""
    windows = np.lib.stride_tricks.sliding_window_view(clip, len(part))
    likeness = windows @ part / (np.linalg.norm(windows, axis=1) * np.linalg.norm(part) + 1e-9)
    return bool(likeness.max() > 1 - 1e-4)


def test_joined_crops_are_of_the_clips_that_their_targets_name():
    joined = [drawn for drawn in batches_of_epochs(8) if drawn[2].share < 1]
    assert joined
    for batches, pcm, targets in joined[:3]:
        cut = round(targets.share * pcm.shape[1])
        for row, *labels in zip(pcm.numpy(), targets.labels, targets.other_labels, strict=True):
            for part, label in zip((row[:cut], row[cut:]), labels, strict=True):
                assert any(is_part_of(part, clip.float_pcm()) for place, clip in enumerate(batches.clips) if place % 4 == label)
            levels = [np.sqrt((part**2).mean()) for part in (row[:cut], row[cut:])]
            assert levels[1] == pytest.approx(levels[0], rel=0.05)


def test_a_crop_of_one_clip_has_one_label():
    alone = [targets for _, _, targets in batches_of_epochs(8) if targets.share == 1]
    assert alone
    assert all(torch.equal(targets.labels, targets.other_labels) for targets in alone)


def test_batches_follow_from_seed_epoch_and_position_alone():
    (_, first, _), (_, second, _), (_, third, _), *_ = batches_of_epochs(2, AugmentationPlan())
    (_, again, _), *_ = batches_of_epochs(1, AugmentationPlan())
    assert torch.equal(first, again)
    assert first.shape != second.shape or not torch.equal(first, second)
    assert first.shape != third.shape or not torch.equal(first, third)


def test_a_resting_front_end_teaches_what_the_students_own_would_and_gets_no_gradient():
    torch.manual_seed(0)
    student, teachers = Student(load_encoder("scratch"), Teachers(1).feature_channels).eval(), Teachers(1)
    resting = ChannelsLastHubert(pruned_copy(student.model))
    pcm, labels = torch.randn(2, 8_000), torch.tensor([0, 3])
    own, rested = (
        DistillationLoss(student, teachers, nn.CrossEntropyLoss(), front_end) for front_end in (None, resting.front_end)
    )
    assert torch.allclose(own.of_labels(pcm, labels, 0.0), rested.of_labels(pcm, labels, 0.0), atol=1e-5)
    rested.of_labels(pcm, labels, 0.0).backward()
    assert all(parameter.grad is None for parameter in student.model.hubert.feature_extractor.parameters())
    assert student.model.projector.weight.grad is not None


def test_folds_start_from_one_front_end(tmp_path, monkeypatch):
    """At full size but for the number of sounds: a network that was trained alone and one that found the front end are the same."""
    monkeypatch.setattr("model_builder.pretraining.front_end.SOUNDS_AN_EPOCH", 16)
    clips = generated_clips(16)
    plan = TrainingPlan("scratch", epochs=0, batch_clips=4, crop_s=(0.5, 0.8), teacher_epochs=1, front_end_epochs=1, encoder_epochs=1)
    first, second = (
        fit_and_describe(clips[:8], clips[8:12], plan, tmp_path / name, shared_folder=tmp_path / "shared").weights / "model.safetensors"
        for name in ("a", "b")
    )
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["encoder.pt", "log.jsonl", "plan.json", "teachers.pt", "weights"]
    assert (tmp_path / "shared" / "front_end.safetensors").is_file()
    ours, theirs = load_file(first), load_file(second)
    assert all(torch.equal(tensor, theirs[name]) for name, tensor in ours.items())
