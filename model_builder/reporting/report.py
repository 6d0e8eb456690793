"""A report on disk: `report.html` for people, in one file that loads nothing, and `report.json` with every number."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from model_builder.errors import UserError
from model_builder.evaluation.arousal import LEVELS
from model_builder.evaluation.bootstrap import LEVEL
from model_builder.evaluation.evaluation_result import EvaluationResult
from model_builder.evaluation.system import System
from model_builder.reporting.plot_texts import ranked_speakers, short_name
from model_builder.reporting.plots import draw_plots
from model_builder.reporting.report_json import findings_as_json, json_text
from model_builder.reporting.theme import DARK, LIGHT
from model_builder.whole_file import atomic_write_text

HTML, JSON, TEMPLATE = "report.html", "report.json", "report_template.html"
SCHEMA_VERSION = 1


def prepare_folder(folder: Path) -> None:
    """Makes `folder` and tries to write to it, so that a report that took minutes to compute is not lost. Leaves no file there.

    Raises UserError where it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UserError(f"--report {folder}: cannot be written ({error.strerror}); give another folder") from error


def write_report(folder: Path, system: System, findings: Sequence[EvaluationResult]) -> None:
    """Writes both files to `folder`, each whole or not at all; the same findings give the same bytes.

    findings: one a corpus. What is not Unicode in a file's name is written as `\\udcXX`, which in JSON stands for the same name.
    """
    document = {"schema_version": SCHEMA_VERSION, "system": asdict(system), "corpora": [findings_as_json(found) for found in findings]}
    contents = {
        JSON: json_text(document),
        HTML: html_report(system, findings),
    }
    for name, content in contents.items():
        atomic_write_text(folder / name, content)


def html_report(system: System, findings: Sequence[EvaluationResult]) -> str:
    return page_template(TEMPLATE, percent=percent, share=share, data_uri=data_uri, short=short_name).render(
        system=system,
        corpora=[(found, draw_plots(found)) for found in findings],
        arousal_levels=LEVELS,
        level=LEVEL,
        themes=(LIGHT, DARK),
        ranked_speakers=ranked_speakers,
    )


def page_template(name: str, **filters: Callable[..., str]) -> Template:
    """A template of this package, which escapes what it is given and raises UndefinedError for what it is not."""
    loader = PackageLoader("model_builder", "reporting")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= filters
    return environment.get_template(name)


def percent(value: float | None) -> str:
    """
    >>> percent(0.7664), percent(None)
    ('76.6%', '–')
    """
    return "–" if value is None else f"{value:.1%}"


def share(value: float | None) -> str:
    """
    >>> share(0.0456), share(None)
    ('0.046', '–')
    """
    return "–" if value is None else f"{value:.3f}"


def data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
