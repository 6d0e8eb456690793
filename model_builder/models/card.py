"""The card that lies beside weights: what they were trained on and what was measured. Needs no torch, so that `predict` starts fast."""

import json
from pathlib import Path
from typing import Any

from model_builder.errors import UserError

AROUSAL_VALENCE_FILE = "arousal_valence.safetensors"
"""Beside `model.safetensors`, in folders whose model says arousal and valence; transformers passes it by."""

SHIPPED = Path(__file__).resolve().parent.parent / "weights"


def require_weights(folder: Path) -> Path:
    """`folder`, which holds weights. Raises UserError naming the file that it lacks."""
    for name in ("config.json", "model.safetensors"):
        if not (folder / name).is_file():
            raise UserError(f"{folder}: {name} is missing; give a folder that `train` wrote")
    return folder


def training_speakers(training: dict[str, Any]) -> tuple[str, ...] | None:
    """The speakers that a model was trained on, with labels or without, by the card's `training`; None where it names nobody."""
    speakers, adapted_to = training.get("speakers"), training.get("adapted_to") or {}
    if not isinstance(speakers, list):
        return None
    return (*map(str, speakers), *map(str, adapted_to.get("speakers", ()) if isinstance(adapted_to, dict) else ()))


def recordings_adapted_to(training: dict[str, Any]) -> frozenset[str]:
    """Digests of the recordings that a model was adapted to, by the card's `training`, as `digest_of_samples` makes them."""
    adapted_to = training.get("adapted_to")
    recordings = adapted_to.get("recordings") if isinstance(adapted_to, dict) else None
    return frozenset(map(str, recordings)) if isinstance(recordings, list) else frozenset()


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
