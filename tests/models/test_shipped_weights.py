"""The weights in the package: that they are what their card says, and that they still give the logits of the day they were made."""

import json
from collections import Counter

import numpy as np
from safetensors import safe_open

from model_builder.models.card import read_card
from model_builder.models.checkpoint import load_weights
from tests.golden.record import SHIPPED_LOGITS, golden_logits


def test_the_figures_are_of_speakers_that_trained_nothing(shipped_weights):
    card = read_card(shipped_weights)
    assert "zero-shot" in card["results"]["split"]
    assert card["training"]["corpora"] == ["ami", "crema-d"]
    assert card["training"]["validation_share"] == 0
    taught = {*card["training"]["speakers"], *card["training"]["unlabelled_speech"]["speakers"]}
    assert not taught & set(card["results"]["speakers"])


def test_the_network_puts_the_noise_floor_that_the_card_tells_of_below_recordings(shipped_weights):
    assert load_weights(shipped_weights).config.noise_floor_snr_db == read_card(shipped_weights)["training"]["noise_floor_snr_db"]


def test_the_model_card_states_the_measured_figures(shipped_weights):
    card, text = read_card(shipped_weights), (shipped_weights / "README.md").read_text(encoding="utf-8")
    training, results = card["training"], card["results"]
    interval = results["intervals"]["unweighted_accuracy"]
    assert f"{results['unweighted_accuracy']:.1%} ({interval['low']:.1%} to {interval['high']:.1%})" in text
    recalls = " | ".join(f"{recall:.1%}" for recall in results["recalls"].values())
    assert f"{results['weighted_accuracy']:.1%} | {results['macro_f1']:.1%} | {recalls}" in text
    stages = (f"--epochs {training['epochs']} ", f"--teacher-epochs {training['teacher_epochs']} ", f"--seed {training['seed']}")
    assert all(option in text for option in (*stages, f"--encoder-epochs {training['encoder_epochs']} "))
    actors = [speaker for speaker in training["speakers"] if speaker.startswith("crema-d:")]
    assert f"{len(actors)} speakers trained" in text


def test_the_log_holds_every_pass_that_the_card_tells_of(shipped_weights):
    """Of three runs in a row; the last goes on with the heads of the second."""
    training = read_card(shipped_weights)["training"]
    lines = [json.loads(line) for line in (shipped_weights / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    passes = Counter((line["run"], line["stage"]) for line in lines)
    heads = {(run, f"head-{number}"): training["teacher_epochs"] for run in (1, 2) for number in (1, 2, 3)}
    assert passes == {**heads, (1, "encoder"): 4, (2, "whole"): 3, (3, "whole"): training["epochs"]}


def test_the_weights_are_stored_in_half_precision(shipped_weights):
    with safe_open(shipped_weights / "model.safetensors", "pt") as file:
        assert {file.get_slice(name).get_dtype() for name in file.keys()} == {"F16"}  # noqa: SIM118


def test_libraries_of_today_give_the_logits_of_the_release():
    expected = json.loads(SHIPPED_LOGITS.read_text(encoding="utf-8"))
    actual = golden_logits()
    assert actual.keys() == expected.keys()
    for name, logits in actual.items():
        np.testing.assert_allclose(logits, expected[name], atol=2e-3, rtol=0, err_msg=name)
