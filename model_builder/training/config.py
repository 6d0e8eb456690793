"""What a training run does."""

from dataclasses import dataclass, field, replace
from typing import Literal

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.fitting.precision import Precision

MASKING_FLOOR_PROBABILITY = 0.75  # the other crops keep their own floor: of those a teacher tells most

LossName = Literal["adaptive-focal", "cross-entropy"]


@dataclass(frozen=True)
class TrainingPlan:
    """What a run does. `epochs` counts passes of the whole network; the stages before it are for a scratch start only, which may do
    with 0 of those passes.

    patience: of the last stage, as in `FitPlan`. teacher: folder or hub name of a speech encoder that teaches, as in
    `models.encoder_teacher`; None: log-mel networks teach a scratch start, and nobody another one. teachers: how many log-mel networks.
    noise_floor_snr_db: how far below each recording the trained network puts a fixed noise floor; None: it puts none.
    renditions, rendition_crop_s: of every clip, for a speech encoder that teaches, as in `training.renditions`.
    head_learning_rate: peak, of what a given encoder lacks and starts from random weights (projector and classifier); None: as the rest.
    freeze_feature_encoder: whether the convolutions stay as they are in a given encoder or, with a teacher, in any start.
    averaging: decay of the moving average of the last stage's weights, as in `FitPlan`; 0 keeps the last weights themselves.
    focal_gamma, class_weight_beta: of the adaptive focal loss; 0 switches focus, or class weights, off.
    arousal_valence: whether they are learnt too where the training clips have them.
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
    head_learning_rate: float | None = None
    freeze_feature_encoder: bool = False
    averaging: float = 0.998
    loss: LossName = "adaptive-focal"
    noise_floor_snr_db: float | None = None
    focal_gamma: float = 2.0
    class_weight_beta: float = 0.999
    arousal_valence: bool = True
    precision: Precision = "float32"
    augmentation: AugmentationPlan = field(default_factory=AugmentationPlan)


def with_masking_floors(plan: TrainingPlan) -> TrainingPlan:
    """`plan` whose crops lie over floors that hide the recordings' own where the network puts one below them, and over none elsewhere.

    An augmentation without its group of noise stays without them.
    """
    is_masked = plan.noise_floor_snr_db is not None and plan.augmentation.noise_floor_probability > 0
    probability = MASKING_FLOOR_PROBABILITY if is_masked else 0.0
    return replace(plan, augmentation=replace(plan.augmentation, masking_floor_probability=probability))
