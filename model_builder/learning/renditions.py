"""Copies of every clip, computed once: the clip as it is and augmented ones, as log-mel spectra and as the front end's frames.

Epochs then draw crops of these copies, which costs a teacher and a transformer no augmentation and no front end. What a copy is
follows from its number and the clip's samples alone, so folds share copies without a speaker crossing from one side to another.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from model_builder.audio.augmentation import AugmentationPlan, augment
from model_builder.audio.reading import Pcm
from model_builder.corpora.survey import Clip
from model_builder.errors import UserError
from model_builder.whole_file import replacing_file

Feature = Callable[[Pcm], np.ndarray]
"""pcm (samples,) -> float16, (frames, width)."""


class Renditions:
    """Features of `copies` copies of `clips`, kept in `folder`; copy 0 is the clip as it was recorded.

    A stopped computation goes on after the last whole copy. Raises UserError where `folder` holds those of other clips or settings.
    """

    def __init__(self, folder: Path, clips: Sequence[Clip], copies: int, seed: int, plan: AugmentationPlan | None = None):
        self.folder, self.copies, self.seed, self.plan = folder, copies, seed, plan or AugmentationPlan()
        keys = [digest(clip) for clip in clips]
        by_digest = dict(zip(keys, clips, strict=True))
        ordered = sorted(by_digest)
        self.clips = [by_digest[key] for key in ordered]  # whatever order they come in, the files are the same
        place_of = {key: place for place, key in enumerate(ordered)}
        self.position = {clip.utterance: place_of[key] for key, clip in zip(keys, clips, strict=True)}
        identity = {"clips": hashlib.sha256("".join(ordered).encode()).hexdigest(), "seed": seed, "plan": repr(self.plan)}
        record = folder / "renditions.json"
        folder.mkdir(parents=True, exist_ok=True)
        if not record.is_file():
            with replacing_file(record) as unfinished:
                unfinished.write_text(json.dumps(identity), encoding="utf-8")
        elif json.loads(record.read_text(encoding="utf-8")) != identity:
            raise UserError(f"{folder}: belongs to a run with other settings or clips; give the same ones or another --run folder")

    def places(self, clips: Sequence[Clip]) -> list[int]:
        """Where each of `clips` stands in what `compute` returns."""
        return [self.position[clip.utterance] for clip in clips]

    def compute(self, name: str, feature: Feature, report: Callable[[int], None] = lambda copies: None) -> list[list[np.ndarray]]:
        """`feature` of every copy of every clip: `[copy][place]`, float16, (frames, width), read from disk where it lies there.

        name: tells the files of one feature from another's. report: told how many copies are done.
        """
        rendered = []
        for copy in range(self.copies):
            values, bounds = self.folder / f"{name}-{copy}.npy", self.folder / f"{name}-{copy}-bounds.npy"
            if not bounds.is_file():
                features = [feature(self.pcm(clip, copy)) for clip in self.clips]
                save(values, np.concatenate(features))
                save(bounds, np.cumsum([0, *map(len, features)]))  # last: a copy with bounds is whole
            rows, ends = np.load(values, mmap_mode="r"), np.load(bounds)
            rendered.append([rows[start:end] for start, end in zip(ends[:-1], ends[1:], strict=True)])
            report(copy + 1)
        return rendered

    def pcm(self, clip: Clip, copy: int) -> Pcm:
        """Samples of one copy: float32, (samples,)."""
        if copy == 0:
            return clip.float_pcm()
        seed = int.from_bytes(hashlib.sha256(f"{self.seed} {copy} {digest(clip)}".encode()).digest()[:4], "little")
        return augment(clip.float_pcm(), None, seed, self.plan)


def digest(clip: Clip) -> str:
    return hashlib.sha256(clip.pcm.tobytes()).hexdigest()


def save(path: Path, array: np.ndarray) -> None:
    with replacing_file(path) as unfinished, unfinished.open("wb") as file:
        np.save(file, array)
