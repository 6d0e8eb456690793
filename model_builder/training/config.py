"""What a training run does."""

from dataclasses import dataclass, field
from typing import Literal

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.fitting.precision import Precision

LossName = Literal["adaptive-focal", "cross-entropy"]


@dataclass(frozen=True)
class TrainingPlan:
    """What a run does. `epochs` counts passes of the whole network; the stages before it are for a scratch start only, which may do
    with 0 of those passes.

    patience: of the last stage, as in `FitPlan`. teacher: folder or hub name of a speech encoder that teaches, as in
    `models.encoder_teacher`; None: log-mel networks teach a scratch start, and nobody another one. teachers: how many log-mel networks.
    noise_floor_snr_db: how far below each recording the trained network puts a fixed noise floor; None: it puts none.
    renditions, rendition_crop_s: of every clip, for a speech encoder that teaches, as in `training.renditions`.
    """

    encoder: str
    epochs: int = 10
    seed: int = 0
    batch_clips: int = 16
    crop_s: tuple[float, float] = (1.5, 3.0)
    peak_learning_rate: float = 2e-4
    validation_share: float = 0.2
    teacher: str | None = None
    teachers: int = 2
    renditions: int = 4
    rendition_crop_s: tuple[float, float] = (1.4, 2.2)
    teacher_epochs: int = 18
    encoder_epochs: int = 8
    front_end_epochs: int = 30
    patience: int | None = None
    loss: LossName = "adaptive-focal"
    noise_floor_snr_db: float | None = None
    precision: Precision = "float32"
    augmentation: AugmentationPlan = field(default_factory=AugmentationPlan)
