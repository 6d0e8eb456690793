from functools import partial

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.errors import UserError
from model_builder.learning.rendition_batches import FRAMES_A_FEATURE, FrameBatches, SpectrumBatches
from model_builder.learning.renditions import Renditions
from model_builder.learning.training import fit_and_describe
from model_builder.learning.training_plan import Shared, TrainingPlan
from tests.learning.generated import generated_clips

PLAN = AugmentationPlan()


def rows_of_20_ms(pcm: np.ndarray) -> np.ndarray:
    """A stand-in for frames that tells which samples they are of: float16, (frames, 2)."""
    frames = pcm[: len(pcm) // 320 * 320].reshape(-1, 320)
    return np.stack([frames.mean(axis=1), np.arange(len(frames))], axis=1).astype(np.float16)


def rows_of_10_ms(pcm: np.ndarray) -> np.ndarray:
    frames = pcm[: len(pcm) // 160 * 160].reshape(-1, 160)
    return np.concatenate([np.arange(len(frames))[:, None] / 2, np.tile(frames.mean(axis=1)[:, None], 63)], axis=1).astype(np.float16)


def test_the_first_copy_is_the_clip_as_recorded_and_the_others_are_not(tmp_path):
    clips = generated_clips(4)
    rendered = Renditions(tmp_path, clips, copies=2, seed=0)
    plain, augmented = rendered.compute("frames", rows_of_20_ms)
    for clip, place in zip(clips, rendered.places(clips), strict=True):
        assert np.array_equal(plain[place], rows_of_20_ms(clip.float_pcm()))
        assert not np.array_equal(augmented[place][:40], plain[place][:40])


def test_a_copy_depends_on_no_other_clip_and_on_no_order(tmp_path):
    clips = generated_clips(4)
    alone = Renditions(tmp_path / "alone", clips[2:3], copies=2, seed=0).compute("frames", rows_of_20_ms)
    rendered = Renditions(tmp_path / "all", clips[::-1], copies=2, seed=0)
    assert np.array_equal(alone[1][0], rendered.compute("frames", rows_of_20_ms)[1][rendered.places(clips)[2]])


def test_a_stopped_computation_goes_on_after_its_last_whole_copy(tmp_path):
    clips = generated_clips(4)
    heard = []

    def feature(stop_at: int, pcm: np.ndarray) -> np.ndarray:
        heard.append(len(pcm))
        if len(heard) == stop_at:
            raise InterruptedError
        return rows_of_20_ms(pcm)

    with pytest.raises(InterruptedError):
        Renditions(tmp_path, clips, copies=3, seed=0).compute("frames", partial(feature, 7))
    resumed = Renditions(tmp_path, clips, copies=3, seed=0).compute("frames", partial(feature, 0))
    assert len(heard) == 7 + 8  # the first copy was whole
    whole = Renditions(tmp_path / "whole", clips, copies=3, seed=0).compute("frames", rows_of_20_ms)
    assert all(np.array_equal(ours, theirs) for copies in zip(resumed, whole, strict=True) for ours, theirs in zip(*copies, strict=True))


def test_renditions_of_other_clips_or_settings_are_refused(tmp_path):
    clips = generated_clips(4)
    Renditions(tmp_path, clips, copies=2, seed=0)
    Renditions(tmp_path, clips[::-1], copies=3, seed=0)
    for other in (partial(Renditions, clips=clips[:3], seed=0), partial(Renditions, clips=clips, seed=1)):
        with pytest.raises(UserError, match="other settings or clips"):
            other(tmp_path, copies=2)


def test_a_crop_of_frames_and_its_spectra_are_of_the_same_moment(tmp_path):
    clips = generated_clips(8)
    rendered = Renditions(tmp_path, clips, copies=2, seed=0)
    features = {"spectra": rendered.compute("log_mel", rows_of_10_ms), "frames": rendered.compute("frames", rows_of_20_ms)}
    batches = FrameBatches(clips, 4, (0.4, 0.9), 0, 0, PLAN, rendered=rendered, **features)
    for frames, targets in (batches[index] for index in range(len(batches))):
        assert frames.shape[1] % FRAMES_A_FEATURE == 0
        assert torch.equal(frames[:, :, 1], targets.log_mels[:, 0, ::2])
        assert 0 < targets.share <= 1


def test_joined_crops_say_whose_they_are(tmp_path):
    clips = generated_clips(8)
    rendered = Renditions(tmp_path, clips, copies=1, seed=0)
    features = {"spectra": rendered.compute("log_mel", rows_of_10_ms), "frames": rendered.compute("frames", rows_of_20_ms)}
    joined = [
        (frames, targets)
        for epoch in range(8)
        for frames, targets in FrameBatches(clips, 8, (0.8, 0.9), 0, epoch, PLAN, rendered=rendered, **features).loader(workers=0)
        if targets.share < 1
    ]
    assert joined
    for frames, targets in joined:
        steps = frames[:, 1:, 1] - frames[:, :-1, 1]
        cut = round(targets.share * frames.shape[1])
        assert (torch.cat([steps[:, : cut - 1], steps[:, cut:]], dim=1) == 1).all()
        assert sorted(targets.other_labels.tolist()) == sorted(targets.labels.tolist())


def test_batches_follow_from_seed_epoch_and_position_alone(tmp_path):
    clips = generated_clips(8)
    rendered = Renditions(tmp_path, clips, copies=3, seed=0)
    spectra = rendered.compute("log_mel", rows_of_10_ms)
    first, again, other = (SpectrumBatches(clips, 4, (0.5, 0.9), 1, epoch, PLAN, rendered=rendered, spectra=spectra) for epoch in (2, 2, 3))
    again[0]
    assert torch.equal(first[1][0], again[1][0])
    assert not torch.equal(first[1][1], other[1][1]) or not torch.equal(first[1][0], other[1][0])


def test_folds_start_from_one_front_end_and_share_renditions(tmp_path, monkeypatch):
    """At full size but for the number of sounds: a network that was trained alone and one that found everything shared are the same."""
    monkeypatch.setattr("model_builder.learning.front_end.SOUNDS_AN_EPOCH", 16)
    clips = generated_clips(16)
    plan = TrainingPlan(
        "scratch", epochs=0, batch_clips=4, crop_s=(0.5, 0.8), teacher_epochs=1, front_end_epochs=1, context_epochs=1, copies=2
    )
    shared = Shared(tmp_path / "shared", clips)
    first, second = (
        fit_and_describe(clips[:8], clips[8:12], plan, tmp_path / name, shared=shared).weights / "model.safetensors" for name in ("a", "b")
    )
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["context.pt", "log.jsonl", "teacher.pt", "weights"]
    assert (tmp_path / "shared" / "front_end.safetensors").is_file()
    ours, theirs = load_file(first), load_file(second)
    assert all(torch.equal(tensor, theirs[name]) for name, tensor in ours.items())


def test_a_clip_shorter_than_a_crop_repeats(tmp_path):
    clips = generated_clips(4)
    rendered = Renditions(tmp_path, clips, copies=1, seed=0)
    spectra = rendered.compute("log_mel", rows_of_10_ms)
    [(crops, _)] = SpectrumBatches(clips, 4, (4.0, 4.0), 0, 0, PLAN, rendered=rendered, spectra=spectra).loader(workers=0)
    assert crops.shape == (4, 64, 400)
    assert torch.equal(crops[:, :, :150], crops[:, :, 150:300])
