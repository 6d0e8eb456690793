"""The summary of a cross-validation: every fold, mean and deviation over folds, all clips together with intervals, and gains."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from operator import attrgetter
from typing import Any

import numpy as np

from model_builder.corpora.utterance import LABELS
from model_builder.evaluation.bootstrap import FIGURES, LEVEL, Gain, bootstrap_intervals
from model_builder.evaluation.metrics import score
from model_builder.reporting.report_json import interval_as_json, scores_as_json
from model_builder.training.cross_validation import gain_over_clips, over_folds, share_of_same_answers
from model_builder.training.fold_result import FoldResult

SCHEMA_VERSION = 1


def summary_of(
    target: str, results: Mapping[str, Sequence[FoldResult]], complete: bool, unquantized: Sequence[FoldResult] | None = None
) -> dict[str, Any]:
    """Only what `json.dumps(..., allow_nan=False)` takes; shares are in 0..1, gains in -1..1.

    results: finished folds by system, at least one each. complete: whether these are all folds; only then two systems have a gain.
    unquantized: all folds in float32 too, for what 8 bits cost.
    """
    systems = list(results)
    gains = []
    if complete and len(systems) == 2:
        gains.append(_gain(systems[1], systems[0], results[systems[1]], results[systems[0]]))
    if unquantized is not None:
        int8 = [result for of_system in results.values() for result in of_system]
        gains.append({**_gain("int8", "float32", int8, unquantized), "share_of_same_answers": share_of_same_answers(unquantized, int8)})
    return {
        "schema_version": SCHEMA_VERSION,
        "target": target,
        "labels": list(LABELS),
        "complete": complete,
        "level": LEVEL,
        "systems": [_system(name, of_system) for name, of_system in results.items()],
        "gains": gains,
    }


def _system(name: str, results: Sequence[FoldResult]) -> dict[str, Any]:
    labels = np.concatenate([result.labels for result in results])
    predicted = np.concatenate([result.predicted for result in results])
    speakers = [speaker for result in results for speaker in result.speakers]
    intervals = bootstrap_intervals(labels, predicted, speakers, len(LABELS))
    return {
        "system": name,
        "evaluated_as": results[0].evaluated_as,
        "folds": [
            {"fold": result.fold, "speakers": len(set(result.speakers)), **scores_as_json(result.scores, LABELS)} for result in results
        ],
        "over_folds": {figure: asdict(over_folds(results, attrgetter(figure))) for figure in FIGURES},
        "over_clips": {
            **scores_as_json(score(labels, predicted, len(LABELS)), LABELS),
            "speakers": len(set(speakers)),
            "intervals": {figure: interval_as_json(interval) for figure, interval in intervals.items()},
        },
    }


def _gain(of: str, less: str, second: Sequence[FoldResult], first: Sequence[FoldResult]) -> dict[str, Any]:
    """`second` less `first`; no figures for a single speaker, who gives no interval."""
    several = len({speaker for result in first for speaker in result.speakers}) > 1
    figures: dict[str, Gain] = {figure: gain_over_clips(first, second, figure) for figure in FIGURES} if several else {}
    return {"of": of, "less": less, "figures": {figure: asdict(gain) for figure, gain in figures.items()}}
