"""Random numbers of training by what they are for: no purpose reuses another's stream.

A stream follows from its purpose and from numbers that say where in a run it is wanted, so that a resumed run draws what an uninterrupted
one does. Without the purpose in front, equal numbers mean equal streams, and numpy takes (seed, epoch) and (seed, epoch, 0) for one seed.
"""

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What a stream decides; the values are part of what a seed means, so that none is ever given to another purpose."""

    ORDER_OF_CLIPS = 1
    CROP_LENGTH = 2
    CROPS = 3
    UNLABELLED_CROPS = 4
    GENERATED_SOUND = 5
    FORWARD_PASS = 6  # dropout, masks and mixtures, which torch draws
    RENDITIONS = 7
    SILENCE = 8


def stream(purpose: Purpose, seed: int, *place: int) -> np.random.Generator:
    """The random numbers of one purpose at one place of a run.

    seed, place: not negative. place: epoch, and the batch within it where each batch has a stream of its own.
    """
    return np.random.default_rng(_entropy(purpose, seed, place))


def torch_seed(purpose: Purpose, seed: int, *place: int) -> int:
    """What `torch.manual_seed` takes, of 64 bits, for the purposes whose numbers torch draws; else as `stream`."""
    return int(np.random.SeedSequence(_entropy(purpose, seed, place)).generate_state(1, np.uint64)[0] >> np.uint64(1))


def _entropy(purpose: Purpose, seed: int, place: tuple[int, ...]) -> tuple[int, ...]:
    """The length comes before the place: numpy pads a seed with zeros."""
    return (purpose, len(place), seed, *place)
