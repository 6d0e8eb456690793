"""The card that lies beside weights: what they were trained on and what was measured. Needs no torch, so that `predict` starts fast."""

import json
from pathlib import Path
from typing import Any

from model_builder.errors import UserError

AROUSAL_VALENCE_FILE = "arousal_valence.safetensors"
"""Beside `model.safetensors`, in folders whose model says arousal and valence; transformers passes it by."""

BY_STATISTICS = "feature statistics"
"""What a card's `adapted_to` says of weights that `adapt` wrote."""

SHIPPED = Path(__file__).resolve().parent.parent / "weights"


def require_weights(folder: Path) -> Path:
    """`folder`, which holds weights. Raises UserError naming the file that it lacks."""
    for name in ("config.json", "model.safetensors"):
        if not (folder / name).is_file():
            raise UserError(f"{folder}: {name} is missing; give a folder that `train` wrote")
    return folder


def training_speakers(training: dict[str, Any]) -> tuple[str, ...] | None:
    """The speakers that a model was trained on, with labels or without, by the card's `training`; None where it names nobody."""
    if not isinstance(training.get("speakers"), list):
        return None
    parts = (training, _part(training, "adapted_to"), _part(training, "unlabelled_speech"))
    return tuple(dict.fromkeys(name for part in parts for name in _names(part, "speakers")))


def recordings_adapted_to(training: dict[str, Any]) -> frozenset[str]:
    """Digests of the recordings that a model was adapted to, by the card's `training`, as `digest_of_samples` makes them."""
    return frozenset(_names(_part(training, "adapted_to"), "recordings"))


def speakers_adapted_to(training: dict[str, Any]) -> frozenset[str]:
    """The speakers that a model was adapted to without their labels, by the card's `training`, where a corpus named them."""
    return frozenset(_names(_part(training, "adapted_to"), "speakers"))


def is_adapted_by_statistics(training: dict[str, Any]) -> bool:
    """Whether a model, or a part of an average, expects other feature statistics than those of its training, by the card's `training`."""
    averaged = training.get("averaged")
    parts = [part for part in averaged if isinstance(part, dict)] if isinstance(averaged, list) else []
    return _part(training, "adapted_to").get("by") == BY_STATISTICS or any(map(is_adapted_by_statistics, parts))


def _part(training: dict[str, Any], name: str) -> dict[str, Any]:
    part = training.get(name)
    return part if isinstance(part, dict) else {}


def _names(part: dict[str, Any], name: str) -> list[str]:
    names = part.get(name)
    return list(map(str, names)) if isinstance(names, list) else []


def read_card(folder: Path) -> dict[str, Any]:
    """The card of the weights in `folder`; empty where there is none. Raises UserError for a file that is no card."""
    path = folder / "card.json"
    try:
        card = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"{path}: cannot be read as JSON ({error}); copy the weights again") from error
    if not isinstance(card, dict) or not all(isinstance(card.get(part) or {}, dict) for part in ("training", "results")):
        raise UserError(f"{path}: is not the card of weights, with objects `training` and `results`; copy the weights again")
    return card
