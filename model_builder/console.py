"""What the commands print: consoles, progress bars and tables. Results go to stdout, everything else to stderr."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from model_builder.corpora.survey import Survey
from model_builder.corpora.utterance import LABELS

if TYPE_CHECKING:  # torch and scikit-learn take seconds to import
    from model_builder.deployment.asset import AssetReport
    from model_builder.evaluation.metrics import Scores

console = Console()
errors = Console(stderr=True)


def say(text: str, to: Console = console, style: str | None = None) -> None:
    """One line as it is: no markup, no colours of its own, never wrapped, so that paths can be copied and piped."""
    to.print(text, style=style, highlight=False, markup=False, soft_wrap=True)


def progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=errors,
    )


def show_survey(title: str, found: Survey) -> None:
    table = Table(title=title, show_header=False)
    table.add_row("clips", f"{found.clips:,}")
    table.add_row("speakers", f"{len(found.speakers):,}")
    table.add_row("hours", f"{found.hours:.2f}")
    for emotion, count in sorted(found.emotions.items()):
        table.add_row(emotion, f"{count:,}")
    table.add_row("unreadable", f"{len(found.unreadable):,}")
    table.add_row("silent", f"{len(found.silent):,}")
    table.add_row("duplicated", f"{len(found.duplicates):,}")
    table.add_row("duplicated, labels conflict", f"{len(found.conflicting):,}")
    table.add_row("usable", f"{len(found.usable):,}")
    console.print(table)
    for warning in found.warnings:
        say(f"warning: {warning}")
    for problem in found.unreadable:
        say(f"unreadable: {problem}")
    for path in found.silent:
        say(f"silent: {path}")
    for path in found.ignored:
        say(f"ignored, a hidden file: {path}")
    for kind, groups in (("duplicated", found.duplicates), ("labels conflict", found.conflicting)):
        for group in groups:
            say(f"{kind}: {' = '.join(map(str, group))}")


def show_scores(title: str, scores: "Scores") -> None:
    table = Table(title=f"{title}: {int(scores.confusion.sum()):,} clips")
    table.add_column("said \\ heard")
    for label in LABELS:
        table.add_column(label, justify="right")
    table.add_column("recall", justify="right")
    for label, row, recall in zip(LABELS, scores.confusion, scores.recalls, strict=True):
        table.add_row(label, *map(str, row), f"{recall:.1%}")
    console.print(table)
    say(f"UA {scores.unweighted_accuracy:.2%}  WA {scores.weighted_accuracy:.2%}  macro F1 {scores.macro_f1:.2%}")


def show_asset(report: "AssetReport") -> None:
    table = Table(title=str(report.folder))
    for heading in ("", "model.onnx", "float32 export"):
        table.add_column(heading, justify="left" if not heading else "right")
    table.add_row("bytes", f"{report.quantization.int8_bytes:,}", f"{report.quantization.fp32_bytes:,}")
    table.add_row("ms for 3 s, 1 thread, median", f"{report.int8_ms:.0f}", f"{report.fp32_ms:.0f}")
    for name, parity in (("golden", report.golden), ("real", report.real)):
        if parity is not None:
            table.add_section()
            table.add_row(f"{parity.clips} {name} clips against PyTorch", "", "")
            table.add_row("mean abs logit error", f"{parity.mean_error:.4f}", "")
            table.add_row("max abs logit error", f"{parity.largest_error:.4f}", "")
            table.add_row("same emotion", f"{parity.agreement:.1%}", "")
    console.print(table)
