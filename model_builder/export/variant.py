"""The ways to quantize that are offered: what is paid for what."""

from dataclasses import dataclass
from enum import StrEnum

from model_builder.inference.asset_manifest import LARGEST_MODEL_BYTES


class Variant(StrEnum):
    """`accurate` is what the app ships."""

    FASTEST = "fastest"
    ACCURATE = "accurate"
    SMALLEST = "smallest"


@dataclass(frozen=True)
class Recipe:
    """target_bytes: of the file. chunk_frames: features that the front end makes at a time, each of 20 ms.

    Small chunks give the activations a scale of their own where the voice is quiet; large ones start fewer kernels.
    """

    target_bytes: int
    chunk_frames: int


RECIPES = {
    Variant.FASTEST: Recipe(LARGEST_MODEL_BYTES, chunk_frames=20),
    Variant.ACCURATE: Recipe(LARGEST_MODEL_BYTES, chunk_frames=5),
    Variant.SMALLEST: Recipe(16_000_000, chunk_frames=5),
}
