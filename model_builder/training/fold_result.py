"""What a fold predicted, as one JSON on disk."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from model_builder.corpora.splits import Fold
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.evaluation.metrics import Scores, score
from model_builder.fitting.same_run import require_same
from model_builder.training.config import TrainingPlan
from model_builder.training.held_out import class_indices
from model_builder.whole_file import atomic_write_json

EvaluatedAs = Literal["int8", "float32"]


@dataclass(frozen=True)
class FoldResult:
    """Predictions for the test clips of its fold; labels, logits and the rest have one row a clip, in one order.

    system: what it was trained on, e.g. `with permanent`. evaluated_as: the number format of the weights that answered.
    """

    system: str
    fold: str
    files: tuple[str, ...]
    speakers: tuple[str, ...]
    labels: np.ndarray  # int, (clips,)
    logits: np.ndarray  # float32, (clips, labels)
    evaluated_as: EvaluatedAs = "int8"

    @property
    def predicted(self) -> np.ndarray:
        best: np.ndarray = self.logits.argmax(axis=1)
        return best

    @property
    def scores(self) -> Scores:
        return score(self.labels, self.predicted, len(LABELS))


def write_result(path: Path, system: str, fold: Fold, plan: TrainingPlan, logits: np.ndarray, evaluated_as: EvaluatedAs) -> None:
    """One JSON a fold, written in one step: a killed run leaves it whole or not at all."""
    clips = [
        {"file": file, "speaker": clip.utterance.speaker, "label": clip.utterance.emotion, "logits": row.tolist()}
        for file, clip, row in zip(file_names(fold), fold.test, logits, strict=True)
    ]
    scores = score(class_indices(fold.test), logits.argmax(axis=1), len(LABELS))
    figures = {name: getattr(scores, name) for name in ("weighted_accuracy", "unweighted_accuracy", "macro_f1")}
    described = {"system": system, "fold": fold.name, "evaluated_as": evaluated_as, "plan": asdict(plan)}
    content = {**described, "results": figures, "labels": LABELS, "clips": clips}
    atomic_write_json(path, content)


def read_result(
    path: Path, plan: TrainingPlan, fold: Fold | None = None, evaluated_as: EvaluatedAs | None = None
) -> FoldResult:
    """Raises UserError where the result is of another plan or, where they are given, of a fold of other clips or of another format."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    files = tuple(clip["file"] for clip in content["clips"])
    require_same(path, content["plan"], asdict(plan))
    if fold is not None:
        found = [(clip["file"], clip["speaker"], clip["label"]) for clip in content["clips"]]
        asked = zip(file_names(fold), [clip.utterance for clip in fold.test], strict=True)
        if found != [(file, utterance.speaker, utterance.emotion) for file, utterance in asked]:
            raise UserError(f"{path}: its test clips or their labels are others; give the same ones or another --run folder")
    found_as: EvaluatedAs = content.get("evaluated_as", "int8")
    if evaluated_as not in (None, found_as):
        raise UserError(f"{path}: was evaluated in {found_as}, not in {evaluated_as}; ask for {found_as} or give another --run folder")
    return FoldResult(
        evaluated_as=found_as,
        system=content["system"],
        fold=content["fold"],
        files=files,
        speakers=tuple(clip["speaker"] for clip in content["clips"]),
        labels=np.array([LABELS.index(clip["label"]) for clip in content["clips"]]),
        logits=np.array([clip["logits"] for clip in content["clips"]], np.float32),
    )


def file_names(fold: Fold) -> tuple[str, ...]:
    """Names that are the same on every machine: a run may go on where the corpora lie in another folder."""
    return tuple(f"{clip.utterance.corpus}:{clip.utterance.path.name}" for clip in fold.test)


def fold_folder(run_folder: Path, system: str, fold: Fold) -> Path:
    return run_folder / folder_name(system) / folder_name(fold.name)


def folder_name(name: str) -> str:
    """
    >>> folder_name("iemocap:Session1"), folder_name("2 of 5")
    ('iemocap-Session1', '2-of-5')
    """
    return re.sub(r"[^\w.]+", "-", name)
