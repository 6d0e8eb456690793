"""`average-weights`: one network out of several that share an ancestor."""

import pytest
import torch

from model_builder.errors import UserError
from model_builder.models.arousal_valence_head import add_head
from model_builder.models.card import read_card, recordings_adapted_to
from model_builder.models.checkpoint import load_weights, save_weights
from model_builder.models.weight_average import average_weights
from tests.generated import tiny_model


def saved(folder, seed: int, training: dict, with_head: bool = False):
    model, generator = tiny_model(), torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            # Little enough of a matrix for an ancestor in common.
            scale = 0.5 * parameter.std() if parameter.dim() > 1 else 0.1
            parameter.add_(scale * torch.randn(parameter.shape, generator=generator))
    if with_head:
        add_head(model)
    save_weights(model, folder, {"temperature": 1.5, "training": training, "results": {"unweighted_accuracy": 0.5}})
    return folder


def test_every_parameter_is_the_mean_of_those_in_the_folders(tmp_path):
    folders = [saved(tmp_path / str(seed), seed, {}) for seed in range(3)]
    average_weights(folders, tmp_path / "mean")
    parts, mean = [load_weights(folder).state_dict() for folder in folders], load_weights(tmp_path / "mean").state_dict()
    assert not torch.equal(parts[0]["classifier.weight"], parts[1]["classifier.weight"])
    for name, tensor in mean.items():
        torch.testing.assert_close(tensor, sum(part[name] for part in parts) / 3, atol=2e-3, rtol=1e-3)  # stored in half precision


def test_the_card_names_the_speakers_of_all_and_claims_nothing_that_was_measured_on_one(tmp_path):
    first = saved(tmp_path / "1", 1, {"speakers": ["a", "b"], "seed": 1})
    second = saved(tmp_path / "2", 2, {"speakers": ["b", "c"], "seed": 2})
    average_weights([first, second], tmp_path / "mean")
    card = read_card(tmp_path / "mean")
    assert card["training"]["speakers"] == ["a", "b", "c"]
    assert [part["seed"] for part in card["training"]["averaged"]] == [1, 2]
    assert card["results"] == {} and "temperature" not in card


def test_the_card_names_the_recordings_that_any_was_adapted_to(tmp_path):
    first = saved(tmp_path / "1", 1, {"adapted_to": {"recordings": ["1a", "2b"]}})
    second = saved(tmp_path / "2", 2, {"adapted_to": {"recordings": ["2b", "3c"]}})
    average_weights([first, second, saved(tmp_path / "3", 3, {})], tmp_path / "mean")
    average_weights([tmp_path / "mean", first], tmp_path / "mean of a mean")
    assert recordings_adapted_to(read_card(tmp_path / "mean of a mean")["training"]) == {"1a", "2b", "3c"}


def test_networks_that_share_no_ancestor_are_refused(tmp_path):
    first = saved(tmp_path / "1", 1, {})
    stranger, generator = tiny_model(), torch.Generator().manual_seed(2)
    with torch.no_grad():
        for parameter in stranger.parameters():
            parameter.copy_(0.02 * torch.randn(parameter.shape, generator=generator))
    save_weights(stranger, tmp_path / "2", {})
    with pytest.raises(UserError, match="shares no ancestor with"):
        average_weights([first, tmp_path / "2"], tmp_path / "mean")


def test_speakers_are_unknown_where_one_part_does_not_name_them(tmp_path):
    average_weights([saved(tmp_path / "1", 1, {"speakers": ["a"]}), saved(tmp_path / "2", 2, {})], tmp_path / "mean")
    assert "speakers" not in read_card(tmp_path / "mean")["training"]


@pytest.mark.parametrize(("asked", "expected"), [(None, 14.0), (20.0, 20.0)])
def test_the_noise_floor_is_the_first_ones_unless_another_is_asked_for(tmp_path, asked, expected):
    folders = [saved(tmp_path / "1", 1, {}), saved(tmp_path / "2", 2, {})]
    model = load_weights(folders[0])
    model.config.noise_floor_snr_db = 14.0
    save_weights(model, folders[0], {})
    average_weights(folders, tmp_path / "mean", asked)
    assert load_weights(tmp_path / "mean").config.noise_floor_snr_db == expected


def test_other_networks_and_single_ones_are_refused(tmp_path):
    first, other = saved(tmp_path / "1", 1, {}), saved(tmp_path / "2", 2, {}, with_head=True)
    with pytest.raises(UserError, match="another network"):
        average_weights([first, other], tmp_path / "mean")
    with pytest.raises(UserError, match="two folders"):
        average_weights([first], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()
