"""Speech encoders of transformers as teachers give the states that transformers gives."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import HubertConfig, HubertModel, WavLMConfig, WavLMModel, WhisperConfig, WhisperFeatureExtractor, WhisperModel

from model_builder.errors import UserError
from model_builder.models.encoder_teacher import RMS, FrozenEncoder, WhisperMel
from model_builder.models.hubert import normalised
from tests.recordings import speech_like

POSITIONS = 150  # of 20 ms


def tiny_whisper(folder: Path) -> Path:
    torch.manual_seed(1)
    config = WhisperConfig(
        d_model=32, encoder_layers=3, encoder_attention_heads=2, encoder_ffn_dim=64, decoder_layers=1, decoder_attention_heads=2,
        decoder_ffn_dim=32, vocab_size=64, max_source_positions=POSITIONS, num_mel_bins=80, pad_token_id=0, bos_token_id=1,
        eos_token_id=2, decoder_start_token_id=1, suppress_tokens=[], begin_suppress_tokens=[],
    )  # fmt: skip
    WhisperModel(config).save_pretrained(folder)
    return folder


SMALL = {"hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 2, "intermediate_size": 64, "conv_dim": (16,) * 7,
         "num_conv_pos_embedding_groups": 4, "num_conv_pos_embeddings": 16}  # fmt: skip


def tiny_wavlm(folder: Path) -> Path:
    torch.manual_seed(1)
    WavLMModel(WavLMConfig(**SMALL)).save_pretrained(folder)
    return folder


def tiny_hubert(folder: Path) -> Path:
    torch.manual_seed(1)
    HubertModel(HubertConfig(**SMALL)).save_pretrained(folder)
    return folder


def test_the_spectrum_is_that_of_whispers_own_feature_extractor():
    pcm = speech_like(3.0)
    expected = WhisperFeatureExtractor(chunk_length=3)(pcm, sampling_rate=16_000, return_tensors="pt").input_features
    assert WhisperMel(80)(torch.from_numpy(pcm)[None]).numpy() == pytest.approx(expected.numpy(), abs=2e-4)


def test_whispers_states_are_those_of_transformers_where_its_window_is_filled(tmp_path):
    """With the silence that follows, 2.5 s fill the 3 s of this encoder's positions."""
    encoder = FrozenEncoder(str(tiny_whisper(tmp_path)))
    pcm = torch.from_numpy(speech_like(2.5))[None]
    padded = torch.nn.functional.pad(pcm * RMS / (pcm.square().mean().sqrt() + 1e-5), (0, 8_000))
    with torch.no_grad():
        states = encoder.encoder(encoder.mel(padded), output_hidden_states=True).hidden_states
    expected = torch.cat([states[layer][:, :125] for layer in (1, 2, 3)], dim=-1)
    assert torch.allclose(encoder(pcm), expected, atol=1e-5)


def test_a_recording_longer_than_whispers_positions_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"3\.0 s is longer"):
        FrozenEncoder(str(tiny_whisper(tmp_path)))(torch.zeros(1, 48_000))


@pytest.mark.parametrize("make", [tiny_wavlm, tiny_hubert])
def test_other_encoders_give_the_states_of_a_third_two_thirds_and_all_of_their_layers(make, tmp_path):
    encoder = FrozenEncoder(str(make(tmp_path)))
    pcm = torch.from_numpy(speech_like(1.0))[None]
    with torch.no_grad():
        states = encoder.encoder(normalised(pcm), output_hidden_states=True).hidden_states
    assert torch.equal(encoder(pcm), torch.cat([states[layer] for layer in (1, 2, 3)], dim=-1))


def test_a_folder_without_an_encoder_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(UserError, match="cannot be loaded"):
        FrozenEncoder(str(tmp_path))


def without(name: str, folder: Path) -> None:
    tensors = load_file(folder / "model.safetensors")
    save_file({key: tensor for key, tensor in tensors.items() if name not in key}, folder / "model.safetensors", {"format": "pt"})


@pytest.mark.parametrize("make", [tiny_wavlm, tiny_hubert, tiny_whisper])
def test_a_teacher_that_lacks_weights_is_refused_and_gets_no_random_ones(make, tmp_path):
    without("encoder.layers.1.", make(tmp_path))
    with pytest.raises(UserError, match=r"it lacks .* encoder\.layers\.1\."):
        FrozenEncoder(str(tmp_path))


def test_whisper_without_its_decoder_teaches_as_with_it(tmp_path):
    pcm = torch.from_numpy(speech_like(1.0))[None]
    expected = FrozenEncoder(str(tiny_whisper(tmp_path)))(pcm)
    without("decoder.", tmp_path)
    assert torch.equal(FrozenEncoder(str(tmp_path))(pcm), expected)
