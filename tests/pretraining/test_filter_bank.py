"""The front end as a filter bank, and its channels that carry nothing."""

import numpy as np
import pytest
import torch

from model_builder.audio.generated_voice import generated_sound
from model_builder.models.channel_pruning import convolutions, kept_channels, pruned_copy, restore_pruned
from model_builder.models.checkpoint import load_encoder
from model_builder.models.hubert import ChannelsLastHubert
from model_builder.models.log_mel import LogMel
from model_builder.pretraining.filter_bank import AverageSpectrum, quadratures, set_filter_bank
from model_builder.pretraining.spectrum_target import relative_error, spectrum_target


@pytest.fixture(scope="module")
def filter_bank():
    torch.manual_seed(0)
    model = load_encoder("scratch").eval()
    return model, set_filter_bank(model, seed=0)


@pytest.fixture(scope="module")
def unheard_pcm():
    return torch.from_numpy(np.stack([generated_sound(32_000, 50_000 + number) for number in range(16)]))


def test_frames_hold_three_quarters_of_the_spectrum_before_anything_is_learned(filter_bank, unheard_pcm):
    model, to_spectrum = filter_bank
    with torch.no_grad():
        guessed = to_spectrum(ChannelsLastHubert(pruned_copy(model)).front_end(unheard_pcm))
        assert relative_error(guessed, spectrum_target(LogMel(), unheard_pcm)) < 0.25


def test_a_tone_is_found_in_its_band(filter_bank):
    model, to_spectrum = filter_bank
    hz = 2_000
    tone = torch.sin(2 * np.pi * hz / 16_000 * torch.arange(16_000))[None] + 0.01 * torch.randn(1, 16_000)
    with torch.no_grad():
        guessed = to_spectrum(ChannelsLastHubert(model).front_end(tone))[0, :, :64].mean(dim=0)
        target = spectrum_target(LogMel(), tone)[0, :, :64].mean(dim=0)
    assert abs(int(guessed.argmax()) - int(target.argmax())) <= 1


def test_loudness_changes_no_frame(filter_bank, unheard_pcm):
    model, _ = filter_bank
    network = ChannelsLastHubert(pruned_copy(model))
    with torch.no_grad():
        loud, soft = network.front_end(unheard_pcm[:2]), network.front_end(0.1 * unheard_pcm[:2])
    torch.testing.assert_close(loud, soft, atol=2e-2, rtol=2e-2)


def test_no_channel_outgrows_8_bits(filter_bank, unheard_pcm):
    """A range of 100 deviations leaves 2.5 steps a deviation."""
    model, _ = filter_bank
    with torch.no_grad():
        frames = ChannelsLastHubert(pruned_copy(model)).front_end(unheard_pcm)
    assert frames.abs().max() < 100 * frames.std()


def test_only_some_tens_of_channels_carry_the_signal(filter_bank):
    model, _ = filter_bank
    assert [len(channels) for channels in kept_channels(model)] == [11, 31, 71, 151, 512, 512, 512]


def test_a_front_end_without_its_dead_channels_gives_the_same_logits(filter_bank, unheard_pcm):
    model, _ = filter_bank
    with torch.no_grad():
        whole, pruned = ChannelsLastHubert(model)(unheard_pcm), ChannelsLastHubert(pruned_copy(model))(unheard_pcm)
    torch.testing.assert_close(pruned, whole, atol=1e-4, rtol=1e-4)


def test_random_weights_have_no_dead_channels():
    model = load_encoder("scratch")
    assert [len(channels) for channels in kept_channels(model)] == [512] * 7


def test_what_pruned_convolutions_learned_is_given_back(filter_bank, unheard_pcm):
    model, _ = filter_bank
    live, pruned = kept_channels(model), pruned_copy(model)
    layer = convolutions(pruned)[4]
    with torch.no_grad():
        layer.conv.weight *= 1.5
        restore_pruned(pruned, model, live)
        learned, given = (ChannelsLastHubert(network).front_end(unheard_pcm[:2]) for network in (pruned, model))
        torch.testing.assert_close(given, learned, atol=1e-3, rtol=1e-3)
        layer.conv.weight /= 1.5
        restore_pruned(pruned, model, live)


def test_mixtures_make_the_wanted_filter_of_delayed_samples():
    average = AverageSpectrum(np.stack([generated_sound(32_000, number) for number in range(8)]))
    wanted = average.of_unit_variance(quadratures(np.array([1_500.0]), 120, 100, 10))
    mixture = average.mixture(np.eye(120), wanted)
    error = mixture - wanted
    variance = np.einsum("ij,jk,ik->i", error, average.covariance(120), error)
    assert variance.max() < 0.01
