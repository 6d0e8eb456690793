"""How fast this machine trains: seconds of audio a second, by the training loop itself."""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import LABELS, Utterance
from model_builder.fitting.batches import CropBatches
from model_builder.fitting.machine import best_device
from model_builder.fitting.precision import Precision
from model_builder.fitting.trainer import FitPlan, fit
from model_builder.models.checkpoint import load_encoder
from model_builder.models.hubert import ChannelsLastHubert
from model_builder.training.config import TrainingPlan
from model_builder.training.focal_loss import AdaptiveFocalLoss

WARM_UP_STEPS = 8
CLIPS, CLIP_S = 64, 3.0
KEEPING_ALLOCATORS = ("jemalloc", "tcmalloc", "mimalloc")
MAPS = Path("/proc/self/maps")


@dataclass(frozen=True)
class TrainingSpeed:
    """Seconds of audio a second: `training` of each measured step, `augmentation` of each of as many batches by themselves.

    Both float, shape (steps,). training: from the end of one step to the end of the next, so waiting for crops counts. augmentation: on
    one thread. allocator: a preloaded one that keeps memory, or None.
    """

    training: np.ndarray
    augmentation: np.ndarray
    warm_up_steps: int
    batch_clips: int
    crop_s: tuple[float, float]
    device: str
    threads: int
    precision: Precision
    allocator: str | None

    @property
    def median(self) -> float:
        return float(np.median(self.training))

    @property
    def quartiles(self) -> tuple[float, float]:
        """The first and the third."""
        first, third = np.percentile(self.training, [25, 75])
        return float(first), float(third)

    @property
    def augmentation_median(self) -> float:
        return float(np.median(self.augmentation))


def measure_training(steps: int, plan: TrainingPlan) -> TrainingSpeed:
    """Fine-tunes the encoder of `plan` for `WARM_UP_STEPS` and `steps` steps on generated noise, whatever epochs the plan has.

    The whole network learns from labels, by `fit`: crops, augmentation, loss, gradients, optimiser and the average of the weights.
    """
    rng = np.random.default_rng(plan.seed)
    noise = [
        Clip(
            Utterance(Path(f"{index}.wav"), "generated", "generated:noise", LABELS[index % len(LABELS)]),
            rng.integers(-3000, 3000, int(CLIP_S * SAMPLE_RATE_HZ), dtype=np.int16),
        )
        for index in range(CLIPS)
    ]
    clips = [noise[index % CLIPS] for index in range((WARM_UP_STEPS + steps) * plan.batch_clips)]
    batches = CropBatches(clips, plan.batch_clips, plan.crop_s, plan.seed, epoch=0, plan=plan.augmentation)
    audio_s = plan.batch_clips * np.array([batches.crop_samples(index) for index in range(len(batches))]) / SAMPLE_RATE_HZ
    return TrainingSpeed(
        training=audio_s[WARM_UP_STEPS:] / np.diff(step_ends_s(clips, plan))[WARM_UP_STEPS - 1 :],
        augmentation=audio_s[WARM_UP_STEPS:] / np.diff(batch_ends_s(batches))[WARM_UP_STEPS - 1 :],
        warm_up_steps=WARM_UP_STEPS,
        batch_clips=plan.batch_clips,
        crop_s=plan.crop_s,
        device=best_device().type,
        threads=torch.get_num_threads(),
        precision=plan.precision,
        allocator=keeping_allocator(),
    )


def step_ends_s(clips: list[Clip], plan: TrainingPlan) -> list[float]:
    """When each step of one epoch was done."""
    network = ChannelsLastHubert(load_encoder(plan.encoder))
    criterion = AdaptiveFocalLoss([len(clips) // len(LABELS)] * len(LABELS))
    ends_s: list[float] = []

    def label_loss(pcm: Tensor, labels: Tensor, progress: float) -> Tensor:
        loss: Tensor = criterion(network(pcm).float(), labels)
        return loss

    def on_batch(epoch: int, batches: int, loss: float) -> None:
        ends_s.append(time.perf_counter())

    one_epoch = FitPlan(
        1, plan.batch_clips, plan.peak_learning_rate, plan.crop_s, plan.seed, precision=plan.precision, augmentation=plan.augmentation
    )
    with tempfile.TemporaryDirectory(prefix="undertone-benchmark-") as folder:
        fit(network, label_loss, clips, one_epoch, Path(folder) / "network.pt", criterion=criterion, on_batch=on_batch)
    return ends_s


def batch_ends_s(batches: CropBatches) -> list[float]:
    """When each batch was made, by this thread alone."""
    ends_s = []
    for index in range(len(batches)):
        batches[index]
        ends_s.append(time.perf_counter())
    return ends_s


def keeping_allocator() -> str | None:
    """The name of an allocator in this process that keeps memory for the next step, where the system tells: on Linux."""
    mapped = MAPS.read_text(encoding="utf-8") if MAPS.is_file() else os.environ.get("LD_PRELOAD", "")
    return next((name for name in KEEPING_ALLOCATORS if name in mapped), None)
