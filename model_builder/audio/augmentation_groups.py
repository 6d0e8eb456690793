"""Parts of the augmentation that are switched on and off together, for ablations."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.errors import UserError

GROUPS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "voice": {"speed_probability": 0.0, "pitch_probability": 0.0, "tempo_probability": 0.0},
        "suppression": {"suppression_probability": 0.0},
        "margins": {"margin_probability": 0.0},
        "masks": {"mask_probability": 0.0},
        "room": {"room_probability": 0.0},
        "filters": {
            "equaliser_probability": 0.0,
            "low_pass_probability": 0.0,
            "high_pass_probability": 0.0,
            "tilt_probability": 0.0,
        },
        "noise": {
            "noise_folder": None,
            "recorded_noise_probability": 0.0,
            "noise_probability": 0.0,
            "noise_floor_probability": 0.0,
            "masking_floor_probability": 0.0,
        },
        "level": {"clipping_probability": 0.0, "gain_db": (0.0, 0.0)},
    }
)
"""By name, the settings of `AugmentationPlan` that switch a group off."""


def with_groups(plan: AugmentationPlan, groups: Collection[str]) -> AugmentationPlan:
    """`plan` with these groups alone; without any, crops are taken as they were recorded. Raises UserError for an unknown name.

    >>> with_groups(AugmentationPlan(), ["room"]).noise_probability, with_groups(AugmentationPlan(), list(GROUPS)) == AugmentationPlan()
    (0.0, True)
    """
    if unknown := sorted(set(groups) - set(GROUPS)):
        raise UserError(f"unknown group of augmentation {unknown[0]!r}; known are {', '.join(GROUPS)}")
    for name, off in GROUPS.items():
        if name not in groups:
            plan = replace(plan, **off)
    return plan if groups else replace(plan, unchanged_probability=1.0)
