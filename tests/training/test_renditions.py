"""Renditions: crops and states that are computed once, shared by runs, and never mixed up."""

import numpy as np
import pytest
import torch

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.errors import UserError
from model_builder.models.encoder_teacher import FrozenEncoder
from model_builder.training import renditions as module
from model_builder.training.renditions import RenditionPlan, key_of, renditions_of
from tests.generated import generated_clips
from tests.models.test_encoder_teacher import tiny_wavlm

PLAN = RenditionPlan(2, (0.5, 0.8), 3, AugmentationPlan())


@pytest.fixture
def encoder(tmp_path):
    return FrozenEncoder(str(tiny_wavlm(tmp_path / "teacher")))


def test_states_are_those_that_the_encoder_gives_for_the_crop_beside_them(encoder, tmp_path):
    clips = generated_clips(8)
    found = renditions_of(clips, PLAN, encoder, "tiny", tmp_path / "renditions")
    assert [rendition.pcm.shape[1] for rendition in found.renditions] == [8_000, PLAN.crop_samples(1)]
    for rendition in found.renditions:
        rows = found.rows_of(clips[2:4])
        expected = encoder(rendition.crops(rows))
        assert torch.allclose(rendition.states_of(rows).float(), expected, atol=2e-3, rtol=2e-3)


def test_rows_follow_the_clip_and_not_the_order_in_which_clips_are_given(encoder, tmp_path):
    clips = generated_clips(8)
    first = renditions_of(clips, PLAN, encoder, "tiny", tmp_path / "renditions")
    again = renditions_of(clips[5:2:-1], PLAN, encoder, "tiny", tmp_path / "renditions")
    assert again.rows_of(clips[5:2:-1]) == first.rows_of(clips[5:2:-1])
    assert len(set(first.rows_of(clips))) == len(clips)


def test_a_computation_that_was_killed_goes_on_and_ends_with_the_same_files(encoder, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "CLIPS_A_STEP", 1)
    clips = generated_clips(40)
    whole = renditions_of(clips, PLAN, encoder, "tiny", tmp_path / "whole")

    def kill(rendition: int, done: int, total: int) -> None:
        if rendition == 1 and done == 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        renditions_of(clips, PLAN, encoder, "tiny", tmp_path / "killed", kill)
    computed = []

    def note(rendition: int, done: int, total: int) -> None:
        computed.append((rendition, done))

    resumed = renditions_of(clips, PLAN, encoder, "tiny", tmp_path / "killed", note)
    assert computed[0] == (1, 17), "16 clips were kept"
    for one, other in zip(whole.renditions, resumed.renditions, strict=True):
        assert np.array_equal(one.pcm, other.pcm) and np.array_equal(one.states, other.states)


def test_clips_settings_and_encoders_that_are_others_are_refused(encoder, tmp_path):
    clips = generated_clips(6)
    renditions_of(clips[:5], PLAN, encoder, "tiny", tmp_path / "renditions")
    with pytest.raises(UserError, match=key_of(clips[5])):
        renditions_of(clips, PLAN, encoder, "tiny", tmp_path / "renditions")
    with pytest.raises(UserError, match="seed was 3, is 4"):
        renditions_of(clips[:5], RenditionPlan(2, (0.5, 0.8), 4, AugmentationPlan()), encoder, "tiny", tmp_path / "renditions")
    with pytest.raises(UserError, match="encoder was tiny, is another"):
        renditions_of(clips[:5], PLAN, encoder, "another", tmp_path / "renditions")
    changed = [type(clips[0])(clips[0].utterance, clips[0].pcm + 1), *clips[1:5]]
    with pytest.raises(UserError, match=key_of(clips[0])):
        renditions_of(changed, PLAN, encoder, "tiny", tmp_path / "renditions")
