import copy
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import HubertForSequenceClassification, Wav2Vec2Config, Wav2Vec2Model

from model_builder.errors import UserError
from model_builder.models.checkpoint import load_encoder, load_weights, save_weights
from model_builder.models.hubert import ChannelsLastHubert, distilhubert_config, with_noise_floor_of
from tests.recordings import speech_like


def small_config():
    config = distilhubert_config()
    config.conv_dim = (32,) * 7
    config.hidden_size, config.intermediate_size, config.num_attention_heads = 64, 128, 4
    return config


@pytest.fixture(scope="module")
def small():
    torch.manual_seed(0)
    return HubertForSequenceClassification(small_config()).eval()


@pytest.mark.parametrize("samples", [400, 719, 720, 4_000, 16_000, 35_123])
@pytest.mark.parametrize(("level", "offset"), [(0.1, 0.0), (1e-4, 0.0), (0.9, 0.05)])
def test_channels_last_gives_transformers_own_logits(small, samples, level, offset):
    pcm = torch.from_numpy(speech_like(3.0, level=level)[:samples] + offset)[None].float()
    normalised = (pcm - pcm.mean()) / torch.sqrt(pcm.var(unbiased=False) + 1e-7)
    with torch.no_grad():
        difference = (ChannelsLastHubert(small)(pcm) - small(normalised).logits).abs().max()
    assert difference < 5e-6


def test_channels_last_gives_transformers_own_gradients(small):
    pcm = torch.from_numpy(speech_like(1.0))[None]
    normalised = (pcm - pcm.mean()) / torch.sqrt(pcm.var(unbiased=False) + 1e-7)
    gradients = []
    for forward in (lambda: ChannelsLastHubert(small)(pcm), lambda: small(normalised).logits):
        small.zero_grad()
        forward().square().sum().backward()
        gradients.append([parameter.grad.clone() for parameter in small.parameters() if parameter.grad is not None])
    for ours, theirs in zip(*gradients, strict=True):
        assert torch.allclose(ours, theirs, atol=1e-5 * float(theirs.abs().max()) + 1e-9)


@pytest.mark.parametrize("samples", [400, 16_000, 35_123])
def test_training_computes_the_same_network(small, samples):
    """But for dropout, which is off here."""
    pcm = torch.from_numpy(speech_like(3.0)[:samples])[None]
    learning = HubertForSequenceClassification(small.config).train()
    learning.load_state_dict(small.state_dict())
    for part in learning.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0
    answers, gradients = [], []
    for model in (small, learning):
        model.zero_grad()
        answers.append(ChannelsLastHubert(model)(pcm))
        answers[-1].square().sum().backward()
        gradients.append([parameter.grad.clone() for parameter in model.parameters() if parameter.grad is not None])
    assert (answers[0] - answers[1]).abs().max() < 5e-6
    for ours, theirs in zip(*gradients, strict=True):
        assert torch.allclose(ours, theirs, atol=1e-5 * float(theirs.abs().max()) + 1e-9)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [({"feat_extract_norm": "layer"}, "group-norm"), ({"conv_bias": True}, "bias"), ({"conv_kernel": (10, 3, 3, 3, 3, 2, 4)}, "kernels")],
)
def test_an_architecture_that_channels_last_cannot_give_is_refused(change, complaint):
    config = small_config()
    config.update(change)
    with pytest.raises(ValueError, match=complaint):
        ChannelsLastHubert(HubertForSequenceClassification(config))


@pytest.mark.parametrize("level", [1.0, 1e-3])
def test_a_noise_floor_lies_as_far_below_any_recording_as_the_config_says(small, level):
    network = ChannelsLastHubert(with_noise_floor_of(copy.deepcopy(small), 14.0)).eval()
    pcm = level * torch.from_numpy(speech_like(9.0))[None] + 0.01
    noise = network.over_noise_floor(pcm) - pcm
    assert 10 * torch.log10(pcm.var() / noise.var()).item() == pytest.approx(14.0, abs=0.2)
    assert torch.equal(network.over_noise_floor(pcm) - pcm, noise), "the same for every call"
    assert torch.equal(ChannelsLastHubert(small).eval().over_noise_floor(pcm), pcm)


def test_silence_stays_silence_and_training_adds_no_fixed_noise(small):
    network = ChannelsLastHubert(with_noise_floor_of(copy.deepcopy(small), 14.0))
    silence, speech = torch.zeros(1, 16_000), torch.from_numpy(speech_like(1.0))[None]
    assert torch.equal(network.eval().over_noise_floor(silence), silence)
    assert torch.equal(network.train().over_noise_floor(speech), speech)


def test_a_noise_floor_is_saved_with_the_weights_and_can_be_taken_off(small, tmp_path):
    save_weights(with_noise_floor_of(copy.deepcopy(small), 14.0), tmp_path, {})
    loaded = load_weights(tmp_path)
    assert loaded.config.noise_floor_snr_db == 14.0
    assert not hasattr(with_noise_floor_of(loaded, None).config, "noise_floor_snr_db")


def test_distilhubert_has_its_published_size():
    model = HubertForSequenceClassification(distilhubert_config())
    assert sum(parameter.numel() for parameter in model.parameters()) == 23_689_092


def test_saved_weights_load_again_within_fp16_and_load_in_transformers(small, tmp_path):
    save_weights(small, tmp_path, {})
    loaded = load_weights(tmp_path)
    for (name, saved), (_, again) in zip(small.named_parameters(), loaded.named_parameters(), strict=True):
        assert torch.allclose(saved, again, rtol=1e-3, atol=1e-7), name
    assert HubertForSequenceClassification.from_pretrained(tmp_path).config.num_labels == 4


def test_a_folder_without_weights_or_with_damaged_ones_is_named(small, tmp_path):
    with pytest.raises(UserError, match=r"config\.json is missing"):
        load_weights(tmp_path)
    save_weights(small, tmp_path, {})
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(UserError, match="cannot be read"):
        load_weights(tmp_path)


@pytest.mark.parametrize("layers", [1, 10**400])
def test_a_configuration_of_other_layers_than_the_weights_have_is_refused_before_it_is_built(small, tmp_path, layers):
    save_weights(small, tmp_path, {})
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"num_hidden_layers": layers}))
    with pytest.raises(UserError, match="another number"):
        load_weights(tmp_path)


@pytest.mark.parametrize("change", [{"conv_bias": True}, {"use_weighted_layer_sum": True}, {"feat_proj_layer_norm": True}])
def test_a_configuration_of_parameters_that_the_weights_lack_is_refused_and_gets_no_random_ones(small, tmp_path, change):
    save_weights(small, tmp_path, {})
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | change))
    with pytest.raises(UserError, match="do not belong together"):
        load_weights(tmp_path)


def test_an_encoder_that_is_not_there_is_an_error_and_never_a_scratch_start(tmp_path):
    with pytest.raises(UserError, match=r"--encoder .*cannot be loaded"):
        load_encoder(str(tmp_path / "nowhere"))


def test_a_local_encoder_keeps_its_weights_and_gets_a_fresh_head(small, tmp_path):
    small.hubert.save_pretrained(tmp_path)
    loaded = load_encoder(str(tmp_path))
    assert torch.equal(loaded.hubert.feature_projection.projection.weight, small.hubert.feature_projection.projection.weight)
    assert loaded.classifier.out_features == 4


def without(names: str, folder: Path) -> None:
    """Take the tensors whose names start so out of the checkpoint in `folder`."""
    kept = {name: tensor for name, tensor in load_file(folder / "model.safetensors").items() if not name.startswith(names)}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})


@pytest.mark.parametrize("absent", ["encoder.layers.1.attention", "encoder.pos_conv_embed.conv", "feature_extractor.conv_layers.0"])
def test_an_encoder_that_lacks_weights_is_refused_and_gets_no_random_ones(small, tmp_path, absent):
    small.hubert.save_pretrained(tmp_path)
    without(absent, tmp_path)
    with pytest.raises(UserError, match=rf"--encoder .*it lacks \d+ tensors, hubert\.{absent}"):
        load_encoder(str(tmp_path))


def test_an_encoder_of_another_architecture_is_refused_and_gets_no_random_weights(tmp_path):
    Wav2Vec2Model(Wav2Vec2Config(**small_config().to_dict() | {"model_type": "wav2vec2"})).save_pretrained(tmp_path)
    tensors = {f"wav2vec2.{name}": tensor for name, tensor in load_file(tmp_path / "model.safetensors").items()}
    save_file(tensors, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(UserError, match="is no HuBERT checkpoint"):
        load_encoder(str(tmp_path))


def test_an_encoder_without_the_embedding_of_masks_and_with_the_older_names_of_weight_normalisation_is_complete(small, tmp_path):
    """As hubert-base-ls960 is published."""
    small.hubert.save_pretrained(tmp_path)
    older = {"parametrizations.weight.original0": "weight_g", "parametrizations.weight.original1": "weight_v"}
    tensors = {}
    for name, tensor in load_file(tmp_path / "model.safetensors").items():
        for new, old in older.items():
            name = name.replace(new, old)
        tensors[name] = tensor
    assert {name.rpartition(".")[2] for name in tensors} >= set(older.values())
    save_file(tensors, tmp_path / "model.safetensors", metadata={"format": "pt"})
    without("masked_spec_embed", tmp_path)
    loaded = load_encoder(str(tmp_path)).hubert.state_dict()
    assert all(torch.equal(tensor, loaded[name]) for name, tensor in small.hubert.state_dict().items() if name != "masked_spec_embed")


def test_hubert_large_is_refused_with_a_sentence_before_its_weights_are_read(tmp_path):
    config = small_config()
    config.update({"feat_extract_norm": "layer", "conv_bias": True, "do_stable_layer_norm": True})
    config.save_pretrained(tmp_path)
    with pytest.raises(UserError, match=r"--encoder .*: channels-last needs a group-norm .*; HuBERT large cannot be used"):
        load_encoder(str(tmp_path))
