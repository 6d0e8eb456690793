"""The log-mel networks that teach: what they hear, what they answer, and what they learn."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import Votes
from model_builder.fitting.annotations import AnnotatedBatches
from model_builder.models.log_mel import VOTE_WEIGHT, LogMel, Teachers, mask_spectra, teacher_loss
from model_builder.pretraining.spectrum_target import spectrum_target
from tests.generated import generated_clips
from tests.recordings import speech_like


def test_loudness_says_nothing_to_the_teacher():
    network = Teachers(1).eval()
    pcm = torch.from_numpy(speech_like(1.0))[None]
    with torch.no_grad():
        assert torch.allclose(network(pcm), network(pcm * 0.05), atol=1e-3)


def test_teachers_answer_with_the_mean_of_their_posteriors():
    teachers = Teachers(2).eval()
    pcm = torch.from_numpy(speech_like(1.0))[None]
    with torch.no_grad():
        each = [network.logits_and_features(teachers.log_mel(pcm)) for network in teachers.together()]
        posterior, features = teachers.posterior_and_features(pcm, temperature=2.0)
    assert torch.allclose(posterior, sum((logits / 2).softmax(-1) for logits, _ in each) / 2)
    side_by_side = torch.cat([features for _, features in each], dim=1)
    deviation, mean = torch.std_mean(side_by_side, dim=(0, 2), keepdim=True)
    assert torch.equal(features, (side_by_side - mean) / (deviation + 1e-3))


def test_teachers_learn_what_listeners_called_a_clip_beside_its_label():
    teachers = Teachers(1).eval()
    [network] = teachers.together()
    log_mels, labels = teachers.log_mel(torch.from_numpy(speech_like(1.0))[None].repeat(2, 1)), torch.tensor([0, 3])
    shares = torch.zeros(2, 2, 6)
    shares[0, 0, 4] = 1.0  # one clip, heard by voice alone, as neutral

    def loss_at(shares: Tensor) -> Tensor:
        torch.manual_seed(1)
        return teacher_loss(network, log_mels, labels, shares)

    with torch.no_grad():
        guessed = network.guess_votes(network.logits_and_features(log_mels)[1])
        assert guessed.exp().sum(dim=2) == pytest.approx(torch.ones(2, 2).numpy())
        assert loss_at(shares) - loss_at(0 * shares) == pytest.approx(float(-VOTE_WEIGHT * guessed[0, 0, 4] / 2), abs=1e-5)


def test_batches_carry_the_votes_of_their_clips():
    asked = Votes(voice_and_face=(0.0, 0.25, 0.0, 0.75, 0.0, 0.0))
    angry, happy, *others = generated_clips(4)
    clips = [angry, Clip(replace(happy.utterance, votes=asked), happy.pcm), *others]
    _, said = AnnotatedBatches(clips, 4, (0.5, 0.5), 0, 0)[0]
    assert said.vote_shares[:, 0].sum() == 0
    assert said.vote_shares[:, 1].tolist() == [list(asked.voice_and_face) if label == 1 else [0.0] * 6 for label in said.labels.tolist()]


def test_the_spectrum_target_has_one_row_for_each_frame_of_the_student():
    pcm = torch.from_numpy(speech_like(1.0))[None]
    assert spectrum_target(LogMel(), pcm).shape == (1, 50, 128)


def test_masks_take_whole_bands_and_whole_times():
    torch.manual_seed(0)
    masked = mask_spectra(torch.ones(16, 64, 100)) == 0
    rows, columns = masked.all(dim=2), masked.all(dim=1)
    assert torch.equal(masked, rows[:, :, None] | columns[:, None, :])
    assert rows.sum(dim=1).max() <= 16
    assert columns.sum(dim=1).max() <= 40
