"""What a training run does, and what the folds of a cross-validation share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.corpora.survey import Clip

LossName = Literal["adaptive-focal", "cross-entropy"]


@dataclass(frozen=True)
class TrainingPlan:
    """What a run does. `epochs` counts passes of the whole network; the stages before it are for a scratch start only, which may do
    with 0 of those passes.

    patience: of the last stage, as in `FitPlan`. copies: of each clip in the stages over renditions, itself and augmented ones.
    """

    encoder: str
    epochs: int = 10
    seed: int = 0
    batch_clips: int = 16
    crop_s: tuple[float, float] = (1.5, 3.0)
    peak_learning_rate: float = 2e-4
    validation_share: float = 0.2
    teacher_epochs: int = 24
    context_epochs: int = 8
    front_end_epochs: int = 30
    copies: int = 5
    patience: int | None = None
    loss: LossName = "adaptive-focal"
    augmentation: AugmentationPlan = field(default_factory=AugmentationPlan)


@dataclass(frozen=True)
class Shared:
    """What folds have in common: a folder for the front end and the renditions, and all clips, of which each fold takes its own."""

    folder: Path
    clips: Sequence[Clip]
