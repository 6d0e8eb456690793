"""Augmented renditions of training clips with the states that a frozen encoder gives for them, computed once and kept on disk.

A frozen encoder knows no labels, so folds share the files: each fold reads the rows of its own training clips.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from filelock import FileLock, Timeout

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.corpora.survey import Clip
from model_builder.fitting.batches import augmented_crop
from model_builder.fitting.machine import best_device
from model_builder.fitting.random_streams import Purpose, stream
from model_builder.fitting.same_run import require_same
from model_builder.models.encoder_teacher import FrozenEncoder
from model_builder.models.hubert import HOP_SAMPLES
from model_builder.whole_file import atomic_write_json

GOLDEN_RATIO = 0.618034  # its multiples, less their whole part, spread evenly however many there are
CLIPS_A_STEP = 16


@dataclass(frozen=True)
class RenditionPlan:
    """crop_s: shortest and longest crop; all crops of one rendition have the same length. count: renditions of every clip."""

    count: int
    crop_s: tuple[float, float]
    seed: int
    augmentation: AugmentationPlan

    def crop_samples(self, rendition: int) -> int:
        """A whole number of frames.

        >>> plan = RenditionPlan(2, (1.0, 2.0), 0, AugmentationPlan())
        >>> plan.crop_samples(0), plan.crop_samples(1)
        (16000, 25600)
        """
        shortest, longest = self.crop_s
        crop_s = shortest + (longest - shortest) * (rendition * GOLDEN_RATIO % 1)
        return int(crop_s * SAMPLE_RATE_HZ) // HOP_SAMPLES * HOP_SAMPLES


@dataclass(frozen=True)
class Rendition:
    """One augmented crop of every clip, memory-mapped. pcm: int16, (clips, samples). states: float16, (clips, frames, channels)."""

    pcm: np.ndarray
    states: np.ndarray

    def crops(self, rows: Sequence[int]) -> torch.Tensor:
        """float32, (rows, samples), in [-1, 1)."""
        return torch.from_numpy(self.pcm[np.asarray(rows)].astype(np.float32) / 32768)

    def states_of(self, rows: Sequence[int]) -> torch.Tensor:
        """float16, (rows, frames, channels)."""
        return torch.from_numpy(self.states[np.asarray(rows)])


@dataclass(frozen=True)
class Renditions:
    """rows: of each clip, by `key_of`."""

    rows: dict[str, int]
    renditions: tuple[Rendition, ...]

    def rows_of(self, clips: Sequence[Clip]) -> list[int]:
        return [self.rows[key_of(clip)] for clip in clips]

    def __len__(self) -> int:
        return len(self.renditions)

    def __getitem__(self, index: int) -> Rendition:
        return self.renditions[index]


def renditions_of(
    clips: Sequence[Clip],
    plan: RenditionPlan,
    encoder: FrozenEncoder,
    digest: str,
    folder: Path,
    on_clips: Callable[[int, int, int], None] = lambda rendition, done, clips: None,
) -> Renditions:
    """The renditions that `folder` holds, once those that are missing there were computed; a stopped computation goes on.

    clips: what the files are made of where `folder` is new; else all of them must be among those that it holds.
    digest: of the encoder's weights, by which the folder is told from that of another. on_clips: told (rendition, clips done, clips).
    Several processes share the work: each takes a rendition that no other works on, and waits for the rest.
    Raises UserError where `folder` is of other clips, another plan or another encoder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / "index.json"
    with FileLock(folder / "index.lock"):
        asked = json.loads(json.dumps({"plan": asdict(plan), "encoder": digest, "layers": encoder.layers}))
        if index.is_file():
            content: dict[str, Any] = json.loads(index.read_text(encoding="utf-8"))
            require_same(index, content["made_by"], asked)
            missing = {key: "missing" for key in map(key_of, clips) if key not in content["digests"]}
            require_same(index, missing, {})
        else:
            in_order = sorted(clips, key=key_of)  # not by the split: every fold gives its clips in another order
            content = {"made_by": asked, "digests": {key_of(clip): digest_of_pcm(clip) for clip in in_order}}
            atomic_write_json(index, content)
    digests: dict[str, str] = content["digests"]
    given = {key_of(clip): clip for clip in clips}
    require_same(index, {key: digests[key] for key in given}, {key: digest_of_pcm(clip) for key, clip in given.items()})
    if any(not (folder / f"{number}.done").is_file() for number in range(plan.count)):
        require_same(folder, {key: "missing" for key in digests if key not in given}, {})
        ordered = [given[key] for key in digests]
        for seconds in (0, -1):  # first those that no other process works on, then wait for the others
            for number in range(plan.count):
                with suppress(Timeout), FileLock(folder / f"{number}.lock", timeout=seconds):
                    if not (folder / f"{number}.done").is_file():
                        compute(ordered, plan, number, encoder, folder, on_clips)
    rows = {key: row for row, key in enumerate(digests)}
    return Renditions(rows, tuple(opened(folder, number) for number in range(plan.count)))


def compute(
    clips: Sequence[Clip],
    plan: RenditionPlan,
    number: int,
    encoder: FrozenEncoder,
    folder: Path,
    on_clips: Callable[[int, int, int], None],
) -> None:
    """Fill the two files of one rendition from the first clip that they lack."""
    samples = plan.crop_samples(number)
    shapes = {"pcm": (len(clips), samples), "states": (len(clips), encoder.frames_of(samples), len(encoder.layers) * encoder.width)}
    progress = folder / f"{number}.progress"
    done = int(progress.read_text()) if progress.is_file() else 0
    mode: Any = "r+" if done else "w+"
    pcm = np.lib.format.open_memmap(folder / f"{number}.pcm.npy", mode, np.int16, shapes["pcm"])
    states = np.lib.format.open_memmap(folder / f"{number}.states.npy", mode, np.float16, shapes["states"])
    device = best_device()
    encoder.to(device)
    for start in range(done, len(clips), CLIPS_A_STEP):
        rows = range(start, min(start + CLIPS_A_STEP, len(clips)))
        crops = [crop_of(clips[row], samples, plan, number, row) for row in rows]
        pcm[rows.start : rows.stop] = np.stack(crops)
        given_pcm = torch.from_numpy(pcm[rows.start : rows.stop].astype(np.float32) / 32768)
        states[rows.start : rows.stop] = encoder(given_pcm.to(device)).cpu().numpy()
        if (start // CLIPS_A_STEP) % 16 == 15:
            pcm.flush()
            states.flush()
            progress.write_text(str(rows.stop))
        on_clips(number, rows.stop, len(clips))
    pcm.flush()
    states.flush()
    (folder / f"{number}.done").touch()
    progress.unlink(missing_ok=True)


def crop_of(clip: Clip, samples: int, plan: RenditionPlan, number: int, row: int) -> np.ndarray:
    """int16, (samples,)."""
    rng = stream(Purpose.RENDITIONS, plan.seed, number, row)
    crop = augmented_crop(clip.float_pcm(), samples, rng, plan.augmentation)
    return np.asarray(np.clip(np.rint(crop * 32768), -32768, 32767), np.int16)


def opened(folder: Path, number: int) -> Rendition:
    return Rendition(np.load(folder / f"{number}.pcm.npy", mmap_mode="r"), np.load(folder / f"{number}.states.npy", mmap_mode="r"))


def key_of(clip: Clip) -> str:
    """The same on every machine: of the path only the name."""
    utterance = clip.utterance
    span = "" if utterance.span_s is None else f":{utterance.span_s[0]}-{utterance.span_s[1]}"
    return f"{utterance.speaker}:{utterance.path.name}{span}"


def digest_of_pcm(clip: Clip) -> str:
    return hashlib.sha256(clip.pcm.tobytes()).hexdigest()[:16]
