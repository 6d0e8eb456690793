"""`ablate`: settings and what differs from them, on the same folds, and the differences with paired intervals over speakers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

from model_builder.asset.fold_logits import excess_in_int8, float32_logits, int8_logits
from model_builder.corpora.splits import Fold, folds_of, group_sizes
from model_builder.corpora.survey import Clip
from model_builder.errors import UserError
from model_builder.evaluation.bootstrap import FIGURES
from model_builder.reporting.folds_report import FIGURE_TITLES, points
from model_builder.reporting.report import percent
from model_builder.reporting.study_page import Section
from model_builder.reporting.study_plots import Estimate, Estimates, estimates_plot
from model_builder.reporting.tables import Table
from model_builder.reproduction.measured import measured, pooled
from model_builder.reproduction.settings import UNCHANGED, AblatedFolds, Settings, ablated, settings_as_json
from model_builder.reproduction.study import Steps
from model_builder.training.config import TrainingPlan
from model_builder.training.cross_validation import cross_validate, gain_over_clips, over_folds
from model_builder.training.fold_result import FoldResult, folder_name

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class AblationCorpora:
    """target: clips to evaluate, each once by each system. permanent: on the training side of every fold. folds: None for one a group."""

    name: str
    target: tuple[Clip, ...]
    permanent: tuple[Clip, ...]
    folds: int | None

    def folds_of(self, plan: TrainingPlan, with_permanent: bool) -> list[Fold]:
        """The same test sides whatever the plan, but for its seed. Raises UserError where they cannot be made."""
        return folds_of(self.target, self.folds, plan.validation_share, plan.seed, self.permanent if with_permanent else ())

    def count_of_folds(self) -> int:
        return self.folds or len(group_sizes(self.target))


def run_ablations(
    corpora: AblationCorpora, settings: Settings, out: Path, steps: Steps, rank: int = 0, float32: bool = False
) -> dict[str, Any]:
    """The content of `report.json`: every system's figures and, of every ablation, its differences from the settings themselves.

    Processes may share `out`, as in `run_study`; each starts with another ablation, by its `rank`.
    Raises UserError for settings or corpora that cannot work, and where `out` holds what was made of others.
    """
    systems = {UNCHANGED: AblatedFolds(settings.plan), **{name: ablated(settings, name) for name in settings.ablations}}
    for name, system in systems.items():
        if not float32 and (complaint := excess_in_int8(system.plan.encoder)):
            raise UserError(f"{name}: {complaint}; --float32 evaluates such folds")
    names = list(systems)
    start = rank % len(names)
    results: dict[str, list[FoldResult]] = {}
    for name in [*names[start:], *names[:start]]:
        system = systems[name]
        steps.step(name)
        results[name] = cross_validate(
            {name: corpora.folds_of(system.plan, system.has_permanent)},
            system.plan,
            out / "systems" / folder_name(name),
            float32_logits if float32 else int8_logits,
            steps.training,
            evaluated_as="float32" if float32 else "int8",
            on_fold=steps.fold,
            leave_busy_folds=True,
            adapts_to_test=system.adapts_to_test,
        )
    return {
        "schema_version": SCHEMA_VERSION,
        "target": corpora.name,
        "evaluated_as": "float32" if float32 else "int8",
        "settings": settings_as_json(settings),
        "systems": [_system(name, settings.ablations.get(name, {}), results[name], results[UNCHANGED]) for name in names],
    }


def _system(name: str, changes: Mapping[str, Any], results: Sequence[FoldResult], base: Sequence[FoldResult]) -> dict[str, Any]:
    """gains: less the settings themselves; empty for these, and for a single speaker."""
    found = measured(pooled(results))
    is_compared = name != UNCHANGED and found["speakers"] > 1
    by_clip = {} if not is_compared else {figure: asdict(gain_over_clips(*_aligned(base, results), figure)) for figure in FIGURES}
    return {
        "name": name,
        "changes": dict(changes),
        "over_folds": {figure: asdict(over_folds(results, attrgetter(figure))) for figure in FIGURES},
        "over_clips": found,
        "gains": by_clip,
    }


def _aligned(first: Sequence[FoldResult], second: Sequence[FoldResult]) -> tuple[Sequence[FoldResult], Sequence[FoldResult]]:
    """Both by the first clip of their folds. Another seed tests the same clips in other folds, which cannot be paired fold by fold."""
    if sorted(result.files for result in first) != sorted(result.files for result in second):
        raise UserError("ablations with another seed have other folds; run `ablate` once for each seed instead")
    return sorted(first, key=attrgetter("files")), sorted(second, key=attrgetter("files"))


def verdict(gain: Mapping[str, float]) -> str:
    """
    >>> verdict({"low": 0.01, "high": 0.02}), verdict({"low": -0.01, "high": 0.02})
    ('better', 'cannot be told apart')
    """
    return "better" if gain["low"] > 0 else "worse" if gain["high"] < 0 else "cannot be told apart"


def ablation_table(content: Mapping[str, Any]) -> Table:
    rows = []
    for system in content["systems"]:
        gains = system["gains"]
        differences = (
            f"{points(gains[figure]['estimate'])} ({points(gains[figure]['low'])} to {points(gains[figure]['high'])})" if gains else "–"
            for figure in FIGURE_TITLES
        )
        ua = system["over_clips"]["unweighted_accuracy"]
        rows.append((system["name"], percent(ua), *differences, verdict(gains["unweighted_accuracy"]) if gains else "–"))
    head = ("", "UA", *(f"{title}, difference (95 % interval)" for title in FIGURE_TITLES.values()), "by UA")
    return Table("ablations", f"Less the settings themselves, on the same clips of {content['target']}", head, tuple(rows))


def sections_of_ablations(content: Mapping[str, Any]) -> list[Section]:
    shown = [
        Estimate(system["name"], gain["estimate"], gain["low"], gain["high"])
        for system in content["systems"]
        if (gain := system["gains"].get("unweighted_accuracy")) is not None
    ]
    estimates = Estimates(tuple(shown), "difference, 95 % interval", from_zero=True)
    pictures = (estimates_plot("UA less that of the settings themselves", estimates),) if shown else ()
    clips, speakers = (content["systems"][0]["over_clips"][name] for name in ("clips", "speakers"))
    share = content["settings"]["share_of_clips"]
    texts = (
        *([f"Only {share:.0%} of the clips of each speaker and class were used."] if share < 1 else []),
        f"{clips:,} clips of {speakers} speakers, each answered in {content['evaluated_as']} by a network that was not trained on its"
        " speaker. Every row changes one thing; the settings themselves are in settings.toml.",
        "Intervals are paired: they draw the same speakers for both systems. Where one holds zero, this run does not tell whether the"
        " change pays. Of many rows some differ by chance alone: one in twenty where nothing matters.",
    )
    changes = tuple(
        (system["name"], "; ".join(f"{name} = {value!r}" for name, value in system["changes"].items()) or "nothing")
        for system in content["systems"]
    )
    changed = Table("changes", "What each row changes", ("", "setting"), changes)
    return [Section("Differences", texts, tables=(ablation_table(content), changed), plots=pictures)]
