"""The summary of a cross-validation on disk: `summary.json` with every number, `summary.html` for people, which loads nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model_builder.reporting.report import page_template, percent
from model_builder.reporting.report_json import json_text
from model_builder.reporting.theme import DARK, LIGHT
from model_builder.whole_file import atomic_write_text

SUMMARY_JSON, SUMMARY_HTML, TEMPLATE = "summary.json", "summary.html", "folds_template.html"
FIGURE_TITLES = {"unweighted_accuracy": "UA", "weighted_accuracy": "WA", "macro_f1": "macro F1"}


def write_summary(folder: Path, summary: Mapping[str, Any]) -> None:
    """summary: of `training.fold_summary`; the same one gives the same bytes. Raises OSError where `folder` cannot be written."""
    document = json_text(summary)
    for name, text in ((SUMMARY_JSON, document), (SUMMARY_HTML, summary_html(summary))):
        atomic_write_text(folder / name, text)


def summary_html(summary: Mapping[str, Any]) -> str:
    return page_template(TEMPLATE, percent=percent, points=points).render(summary=summary, titles=FIGURE_TITLES, themes=(LIGHT, DARK))


def points(difference: float) -> str:
    """
    >>> points(0.0312), points(-0.2)
    ('+3.1%', '-20.0%')
    """
    return f"{difference:+.1%}"
