"""A study on disk: a page with its tables and plots, which loads nothing, the same tables for LaTeX and as CSV, and JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_builder.reporting.plots import Plot
from model_builder.reporting.report import data_uri, page_template
from model_builder.reporting.report_json import json_text
from model_builder.reporting.tables import Table, table_as_csv, table_as_latex
from model_builder.reporting.theme import DARK, LIGHT
from model_builder.whole_file import atomic_write_text

TEMPLATE = "study_template.html"
REPORT_HTML, REPORT_JSON, TABLES = "report.html", "report.json", "tables"


@dataclass(frozen=True)
class Section:
    """texts: one a paragraph; items: of a list below them."""

    title: str
    texts: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    plots: tuple[Plot, ...] = ()


def write_study(folder: Path, title: str, warning: str, sections: Sequence[Section], content: Mapping[str, Any]) -> None:
    """`report.html`, `report.json` and, in `tables`, one .tex and one .csv a table. The same content gives the same bytes.

    warning: what a reader has to know first; empty where there is nothing. Raises OSError where `folder` cannot be written.
    """
    texts = {folder / TABLES / f"{table.name}.csv": table_as_csv(table) for section in sections for table in section.tables}
    texts |= {folder / TABLES / f"{table.name}.tex": table_as_latex(table) for section in sections for table in section.tables}
    page = page_template(TEMPLATE, data_uri=data_uri).render(title=title, warning=warning, sections=sections, themes=(LIGHT, DARK))
    texts |= {folder / REPORT_HTML: page}
    texts |= {folder / REPORT_JSON: json_text(content)}
    for path, text in texts.items():
        atomic_write_text(path, text)
