"""Batches of augmented crops; which crop stands where follows from (seed, epoch, position) alone, so that a resumed run sees the same."""

import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from model_builder.audio.augmentation import AugmentationPlan, augment, random_crop, with_masking_floor, with_noise_floor
from model_builder.audio.noise import read_noise
from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import LABELS
from model_builder.fitting.random_streams import Purpose, stream


class Targets(Protocol):
    """What a loss is given beside the crops of a batch: a tensor, or several that move together."""

    def to(self, device: torch.device) -> "Targets": ...


class CropBatches(Dataset[tuple[Tensor, Targets]]):
    """One epoch as a dataset of whole batches. All crops of a batch have one length: padding would change GroupNorm's statistics.

    Item: pcm float32 (batch_clips, samples) and labels int64 (batch_clips,). The last clips that fill no batch wait for another epoch.
    """

    def __init__(
        self,
        clips: Sequence[Clip],
        batch_clips: int,
        crop_s: tuple[float, float],
        seed: int,
        epoch: int,
        plan: AugmentationPlan | None = None,
    ):
        self.clips, self.batch_clips, self.crop_s, self.seed, self.epoch = clips, batch_clips, crop_s, seed, epoch
        self.plan = plan or AugmentationPlan()
        if self.plan.noise_folder is not None:
            read_noise(self.plan.noise_folder)  # here, so that the worker of every epoch is forked with it
        self.order = stream(Purpose.ORDER_OF_CLIPS, seed, epoch).permutation(len(clips))

    def __len__(self) -> int:
        return len(self.clips) // self.batch_clips

    def __getitem__(self, index: int) -> tuple[Tensor, Targets]:
        chosen = [self.clips[place] for place in self.places(index)]
        return self.batch(chosen, self.crop_samples(index), stream(Purpose.CROPS, self.seed, self.epoch, index))

    def places(self, index: int) -> np.ndarray:
        """Which of the clips are in batch `index`: int, (batch_clips,). Raises IndexError where there is no such batch."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.order[index * self.batch_clips : (index + 1) * self.batch_clips]

    def batch(self, clips: Sequence[Clip], samples: int, rng: np.random.Generator) -> tuple[Tensor, Targets]:
        pcm = self.crops(clips, samples, rng)
        return pcm, self.targets(clips, pcm)

    def crops(self, clips: Sequence[Clip], samples: int, rng: np.random.Generator) -> Tensor:
        """float32, (clips, samples)."""
        return torch.from_numpy(np.stack([self.crop(clip.float_pcm(), samples, rng) for clip in clips]))

    def crop(self, pcm: Pcm, samples: int, rng: np.random.Generator) -> Pcm:
        """float32, (samples,)."""
        return augmented_crop(pcm, samples, rng, self.plan)

    def targets(self, clips: Sequence[Clip], pcm: Tensor) -> Targets:
        """What the loss of a batch is given beside its crops `pcm`: labels, int64 (clips,)."""
        return labels_of(clips)

    def crop_samples(self, index: int) -> int:
        """The length of every crop of a batch."""
        return int(stream(Purpose.CROP_LENGTH, self.seed, self.epoch, index).uniform(*self.crop_s) * SAMPLE_RATE_HZ)

    def loader(self, workers: int = 1, rank: int = 0, processes: int = 1) -> DataLoader[tuple[Tensor, Targets]]:
        """The batches of process `rank`, every `processes`th; all processes get equally many, so that the last ones may be left out."""
        mine, prefetched = range(rank, len(self) // processes * processes, processes), 4 if workers else None
        return DataLoader(
            self, batch_size=None, sampler=mine, num_workers=workers, prefetch_factor=prefetched, worker_init_fn=end_in_silence
        )


def end_in_silence(worker: int) -> None:
    """A process that loads batches prints no traceback when the one that trains is gone, which a signal ended in the middle of a batch."""

    def print_unless_lost(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if not issubclass(kind, ConnectionError | EOFError):
            sys.__excepthook__(kind, error, traceback)

    sys.excepthook = print_unless_lost


def labels_of(clips: Sequence[Clip]) -> Tensor:
    """int64, (clips,)."""
    return torch.tensor([LABELS.index(clip.utterance.emotion) for clip in clips])


def augmented_crop(pcm: Pcm, samples: int, rng: np.random.Generator, plan: AugmentationPlan) -> Pcm:
    """A random crop of `pcm`, augmented or, by `unchanged_probability`, as recorded but for a noise floor; float32, (samples,)."""
    if rng.random() < plan.unchanged_probability:
        crop = with_noise_floor(random_crop(pcm, samples, rng), rng, plan)
    else:
        crop = augment(pcm, samples, int(rng.integers(2**32)), plan)
    return with_masking_floor(crop, rng, plan)
