"""The weights in the package: that they are what their card says, and that they still give the logits of the day they were made."""

import json

import numpy as np
from safetensors import safe_open

from model_builder.learning.card import read_card
from tests.golden.record import SHIPPED_LOGITS, golden_logits


def test_the_card_keeps_training_and_validation_speakers_apart(shipped_weights):
    card = read_card(shipped_weights)
    assert card["training"]["corpora"] == ["crema-d"]
    assert set(card["training"]["speakers"]).isdisjoint(card["results"]["speakers"])


def test_the_model_card_states_the_measured_figures(shipped_weights):
    card, text = read_card(shipped_weights), (shipped_weights / "README.md").read_text(encoding="utf-8")
    assert f"{card['results']['unweighted_accuracy']:.1%}" in text
    assert f"--epochs {card['training']['epochs']} " in text
    assert f"{len(card['training']['speakers'])} speakers" in text
    assert f"{len(card['results']['speakers'])} other speakers" in text


def test_the_weights_are_stored_in_half_precision(shipped_weights):
    with safe_open(shipped_weights / "model.safetensors", "pt") as file:
        assert {file.get_slice(name).get_dtype() for name in file.keys()} == {"F16"}  # noqa: SIM118


def test_libraries_of_today_give_the_logits_of_the_release():
    expected = json.loads(SHIPPED_LOGITS.read_text(encoding="utf-8"))
    actual = golden_logits()
    assert actual.keys() == expected.keys()
    for name, logits in actual.items():
        np.testing.assert_allclose(logits, expected[name], atol=2e-3, rtol=0, err_msg=name)
