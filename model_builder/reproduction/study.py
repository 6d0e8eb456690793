"""`reproduce`: folds, the other corpus, final weights and asset; everything that is there is read, and the rest is done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from model_builder.asset.build import AccuracyLost, build_asset
from model_builder.asset.fold_logits import excess_in_int8, kept_int8_logits
from model_builder.corpora.splits import folds_of
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.evaluation.bootstrap import Gain, bootstrap_f1_gain, bootstrap_gain
from model_builder.fitting.trainer import Report
from model_builder.inference.asset_manifest import MANIFEST, MODEL
from model_builder.models.checkpoint import load_weights
from model_builder.reproduction.corpus_counts import StudyCorpora
from model_builder.reproduction.measured import adapted_to_speakers, measured, pooled, zero_shot_of_folds
from model_builder.reproduction.paper_figures import WAV2VEC2_PARAMETERS
from model_builder.reproduction.settings import Settings, settings_as_json
from model_builder.training.cross_validation import cross_validate, held_out_of, over_folds
from model_builder.training.fold_result import FoldResult, folder_name
from model_builder.training.fold_summary import summary_of
from model_builder.training.train import train

SCHEMA_VERSION = 2
ADAPTED = "ravdess, adapted to speakers"
PROTOCOLS = ("ravdess", "ravdess-without-calm", ADAPTED)
BYTES_OF_FLOAT32 = 4


@dataclass(frozen=True)
class Steps:
    """What a caller is told: of training, of each finished fold, and in a few words of everything else."""

    training: Report = lambda progress: None
    fold: Callable[[FoldResult], None] = lambda result: None
    step: Callable[[str], None] = lambda step: None


@dataclass(frozen=True)
class Study:
    """content: of `report.json`. results, zero_shot: every fold of both systems, on the target and on the other corpus; in the order of
    `StudyCorpora.systems`.

    asset_problem: why there is no asset; empty where there is one. What was measured stands without it.
    """

    content: dict[str, Any]
    results: Mapping[str, Sequence[FoldResult]]
    zero_shot: Mapping[str, Sequence[FoldResult]]
    asset_problem: str = ""


def run_study(
    corpora: StudyCorpora, settings: Settings, out: Path, steps: Steps, rank: int = 0, fold_count: int | None = None
) -> Study:
    """Everything that the report is made of, in `out`: `folds`, `final` (all speakers' weights) and `asset`.

    fold_count: so many folds of whole groups; None for one of each session, or speaker, of the target.

    Processes may share `out`, also over machines: each takes the folds that nobody works on, from the `rank`-th on, takes over those of
    one that died, and all return the same study. Same settings and corpora give the same content on one kind of machine.
    Raises UserError for settings or corpora that cannot work, and where `out` holds what was made of others.
    """
    plan = settings.plan
    if complaint := excess_in_int8(plan.encoder):
        raise UserError(f"{complaint}; give a smaller one")
    alone, with_permanent = corpora.systems
    folds = {
        system: folds_of(corpora.target, fold_count, plan.validation_share, plan.seed, added)
        for system, added in ((alone, ()), (with_permanent, corpora.permanent))
    }
    run_folder = out / "folds"
    found = cross_validate(
        folds, plan, run_folder, kept_int8_logits, steps.training, rank, on_fold=steps.fold, leave_busy_folds=True
    )
    results = by_system(corpora, found)
    out.mkdir(parents=True, exist_ok=True)
    with FileLock(out / "finish.lock"):  # other processes wait, and find it done
        steps.step("answering RAVDESS")
        answered = zero_shot_of_folds(folds, plan, run_folder, corpora.zero_shot, kept_int8_logits)
        zero_shot = by_system(corpora, answered)
        final, asset, asset_problem = out / "final", out / "asset", ""
        if not (final / "weights" / "model.safetensors").is_file():  # written last
            steps.step("training on all speakers")
            held_out = held_out_of(results[with_permanent], run_folder) if plan.validation_share == 0 else None
            train([*corpora.target, *corpora.permanent], plan, final, steps.training, held_out=held_out)
        if not (asset / MANIFEST).is_file():
            steps.step("building the asset")
            try:
                build_asset(final / "weights", asset)
            except AccuracyLost as error:
                asset_problem = str(error)
    return Study(content_of(corpora, settings, results, zero_shot, out, asset_problem), results, zero_shot, asset_problem)


def by_system(corpora: StudyCorpora, results: Sequence[FoldResult]) -> dict[str, list[FoldResult]]:
    return {system: [result for result in results if result.system == system] for system in corpora.systems}


def content_of(
    corpora: StudyCorpora,
    settings: Settings,
    results: Mapping[str, Sequence[FoldResult]],
    zero_shot: Mapping[str, Sequence[FoldResult]],
    out: Path,
    asset_problem: str = "",
) -> dict[str, Any]:
    """Every figure of the report; no time, no path."""
    before, after = (pooled(results[system]) for system in corpora.systems)
    neutral = bootstrap_f1_gain(
        before.labels, before.predicted, after.predicted, before.speakers, len(LABELS), LABELS.index("neutral")
    )
    deviation, less = (over_folds(results[system], attrgetter("weighted_accuracy")).deviation for system in corpora.systems)
    calm = {f"ravdess:{name}" for name in corpora.calm}
    return {
        "schema_version": SCHEMA_VERSION,
        "settings": settings_as_json(settings),
        "corpora": [{**asdict(count), "differences": list(count.differences)} for count in corpora.counts],
        "systems": list(corpora.systems),
        "permanent": corpora.permanent_name,
        "cross_validation": summary_of(corpora.target_name, results, complete=True),
        "target": {system: measured(pooled(of_system)) for system, of_system in results.items()},
        "gain_of_neutral_f1": limits_of(neutral),
        "variance_reduction": None if deviation == 0 else 1 - (less / deviation) ** 2,
        "zero_shot": {
            "ravdess": {system: _zero_shot(of_system, lambda file: True) for system, of_system in zero_shot.items()},
            "ravdess-without-calm": {
                system: _zero_shot(of_system, lambda file: file not in calm) for system, of_system in zero_shot.items()
            },
            ADAPTED: {
                system: _zero_shot([adapted_to_speakers(result) for result in of_system], lambda file: True)
                for system, of_system in zero_shot.items()
            },
            "gain": _zero_shot_gain(zero_shot),
        },
        "model": {
            **model_figures(out / "final" / "weights", int8_model(out, corpora.systems[1])),
            "asset_problem": asset_problem,
        },
    }


def _zero_shot(results: Sequence[FoldResult], wanted: Callable[[str], bool]) -> dict[str, Any]:
    by_fold = [float((one.predicted == one.labels).mean()) for one in (pooled([result], wanted) for result in results)]
    deviation = float(np.std(by_fold, ddof=1)) if len(by_fold) > 1 else 0.0
    return {**measured(pooled(results, wanted)), "accuracy_by_fold": by_fold, "deviation_over_folds": deviation}


def _zero_shot_gain(zero_shot: Mapping[str, Sequence[FoldResult]]) -> dict[str, float]:
    before, after = map(pooled, zero_shot.values())
    gain = bootstrap_gain(before.labels, before.predicted, after.predicted, before.speakers, len(LABELS), "weighted_accuracy")
    return limits_of(gain)


def limits_of(gain: Gain) -> dict[str, float]:
    return {"estimate": gain.estimate, "low": gain.low, "high": gain.high}


def int8_model(out: Path, system: str) -> Path:
    """That of the asset or, where there is none, of the first fold: of one recipe, and so of one structure."""
    model = out / "asset" / MODEL
    return model if model.is_file() else min((out / "folds" / folder_name(system)).glob(f"*/{MODEL}"))


def model_figures(weights: Path, int8: Path) -> dict[str, Any]:
    parameters = sum(parameter.numel() for parameter in load_weights(weights).parameters())
    size_bytes = int8.stat().st_size
    return {
        "parameters": parameters,
        "float32_bytes": BYTES_OF_FLOAT32 * parameters,
        "int8_bytes": size_bytes,
        "share_of_float32_bytes": size_bytes / (BYTES_OF_FLOAT32 * parameters),
        "parameter_reduction": {name: 1 - parameters / count for name, count in WAV2VEC2_PARAMETERS.items()},
    }

