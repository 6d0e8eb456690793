"""Writes shipped_logits.json: to be run once, when the shipped weights are replaced.

usage: python -m tests.golden.record
"""

import json
from pathlib import Path

import numpy as np

from model_builder.audio.golden_voices import VOICES, generate
from model_builder.inference.torch_reference import torch_logits
from model_builder.models.card import SHIPPED
from model_builder.models.checkpoint import load_weights

SHIPPED_LOGITS = Path(__file__).with_name("shipped_logits.json")


def golden_logits() -> dict[str, list[float]]:
    """Logits of the shipped weights in float32, by the name of the generated voice."""
    model = load_weights(SHIPPED)
    return {voice.name: torch_logits(model, generate(voice).astype(np.float32) / 32768).tolist() for voice in VOICES}


if __name__ == "__main__":
    SHIPPED_LOGITS.write_text(json.dumps(golden_logits(), indent=1) + "\n", encoding="utf-8")
