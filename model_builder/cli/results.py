"""`results`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from model_builder.cli.asset import WeightsOption
from model_builder.cli.console import say
from model_builder.errors import UserError
from model_builder.models.card import SHIPPED, read_card, require_weights
from model_builder.whole_file import atomic_write_text


def results(
    evaluation: Annotated[list[Path] | None, typer.Option(metavar="DIR", help="Folder that `evaluate --report` wrote; repeatable.")] = None,
    benchmark: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder that `benchmark --out` wrote.")] = None,
    weights: WeightsOption = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The page, in Markdown.")] = Path("docs/results.md"),
) -> None:
    """Write what was measured as one page: the weights' own card, other corpora, and other ways to run the same weights."""
    from model_builder.reporting.results_page import results_page

    card = read_card(require_weights(weights or SHIPPED))
    reports = [measurement(folder / "report.json", "evaluate --report") for folder in evaluation or []]
    compared = None if benchmark is None else measurement(benchmark / "benchmark.json", "benchmark --out")
    try:
        page = results_page(card, reports, compared)
    except (KeyError, TypeError) as error:
        raise UserError(f"what was measured is of another version ({error}); measure again") from error
    atomic_write_text(out, page)
    say(str(out))


def measurement(path: Path, command: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return content
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read ({error}); give a folder that `{command}` wrote") from error
