"""Batches out of renditions: crops of spectra for a teacher, crops of frames and spectra together for the student it teaches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.corpora.survey import Clip
from model_builder.learning.batches import CropBatches, Targets, labels_of
from model_builder.learning.renditions import Renditions

FRAMES_A_SECOND = 50
SPECTRA_A_FRAME = 2
FRAMES_A_FEATURE = 4  # crops are whole features of the teacher, 80 ms
CLEAN_SHARE = 0.5
"""How often a crop comes from the clip as it was recorded."""
JOINED_SHARE = 0.4
"""How many of the student's batches have crops that are joined from two clips."""

Features = list[list[np.ndarray]]
"""[copy][place] -> float16, (frames, width)."""


class SpectrumBatches(CropBatches):
    """Item: log-mel spectra float32 (batch_clips, 64, frames) and labels int64 (batch_clips,)."""

    def __init__(
        self, clips: Sequence[Clip], batch_clips: int, crop_s: tuple[float, float], seed: int, epoch: int,
        plan: AugmentationPlan, *, rendered: Renditions, spectra: Features,
    ):  # fmt: skip
        super().__init__(clips, batch_clips, crop_s, seed, epoch, plan)
        self.places, self.spectra = rendered.places(clips), spectra

    def __getitem__(self, index: int) -> tuple[Tensor, Targets]:
        rng, frames, chosen = self.draw(index)
        crops = [self.crop(self.places[clip], frames, rng) for clip in chosen]
        log_mels = stacked(crops, 0).transpose(1, 2)
        return log_mels, labels_of([self.clips[clip] for clip in chosen])

    def draw(self, index: int) -> tuple[np.random.Generator, int, np.ndarray]:
        """The generator of a batch, the length of its crops in 20 ms frames, and which clips they are of."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        rng = np.random.default_rng((self.seed, self.epoch, index))
        features = int(rng.uniform(*self.crop_s) * FRAMES_A_SECOND / FRAMES_A_FEATURE)
        return rng, features * FRAMES_A_FEATURE, self.order[index * self.batch_clips : (index + 1) * self.batch_clips]

    def crop(self, place: int, frames: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        """`frames` consecutive frames of a random copy, in every feature: (frames * features a frame, width) each."""
        copy = 0 if rng.random() < CLEAN_SHARE or len(self.spectra) == 1 else int(rng.integers(1, len(self.spectra)))
        whole = self.features(copy, place)
        count = min(len(feature) // rate for feature, rate in whole)
        start = int(rng.integers(0, max(0, count - frames) + 1))
        indices = (start + np.arange(frames)) % count  # a shorter clip repeats
        return tuple(feature[: count * rate].reshape(count, -1)[indices].reshape(frames * rate, -1) for feature, rate in whole)

    def features(self, copy: int, place: int) -> tuple[tuple[np.ndarray, int], ...]:
        """Each feature of one copy with its number of rows a 20 ms frame."""
        return ((self.spectra[copy][place], SPECTRA_A_FRAME),)


@dataclass(frozen=True)
class JoinedTargets:
    """What the student learns from beside its frames. A crop is `share` of a clip, then 1 - `share` of another, or one clip alone.

    log_mels: float32, (batch, 64, 2 frames). labels, other_labels: int64, (batch,).
    """

    log_mels: Tensor
    labels: Tensor
    other_labels: Tensor
    share: float

    def to(self, device: torch.device) -> "JoinedTargets":
        return JoinedTargets(self.log_mels.to(device), self.labels.to(device), self.other_labels.to(device), self.share)


class FrameBatches(SpectrumBatches):
    """Item: frames of the resting front end, float32 (batch_clips, frames, 512), and `JoinedTargets`.

    Crops of two clips joined in time, which the teacher hears joined too, are inputs that no recording has: the student learns the
    teacher's function from them, not its opinion of the training clips (Beyer et al. 2022, arXiv 2106.05237).
    """

    def __init__(
        self, clips: Sequence[Clip], batch_clips: int, crop_s: tuple[float, float], seed: int, epoch: int,
        plan: AugmentationPlan, *, rendered: Renditions, spectra: Features, frames: Features,
    ):  # fmt: skip
        super().__init__(clips, batch_clips, crop_s, seed, epoch, plan, rendered=rendered, spectra=spectra)
        self.frames = frames

    def __getitem__(self, index: int) -> tuple[Tensor, JoinedTargets]:
        rng, length, chosen = self.draw(index)
        others, first = chosen, length
        if rng.random() < JOINED_SHARE:
            others = rng.permutation(chosen)
            first = int(rng.integers(length // 4, 3 * length // 4))
        crops = [self.crop(self.places[clip], first, rng) for clip in chosen]
        if first < length:
            seconds = [self.crop(self.places[clip], length - first, rng) for clip in others]
            crops = [tuple(map(np.concatenate, zip(*pair, strict=True))) for pair in zip(crops, seconds, strict=True)]
        log_mels = stacked(crops, 0).transpose(1, 2)
        labels, other_labels = (labels_of([self.clips[clip] for clip in side]) for side in (chosen, others))
        return stacked(crops, 1), JoinedTargets(log_mels, labels, other_labels, first / length)

    def features(self, copy: int, place: int) -> tuple[tuple[np.ndarray, int], ...]:
        return ((self.spectra[copy][place], SPECTRA_A_FRAME), (self.frames[copy][place], 1))


def stacked(crops: Sequence[tuple[np.ndarray, ...]], feature: int) -> Tensor:
    return torch.from_numpy(np.stack([crop[feature] for crop in crops]).astype(np.float32))
