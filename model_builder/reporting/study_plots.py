"""Pictures of a study: figures with intervals in rows, those of others beside them, and folds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from model_builder.reporting.plots import Picture, Plot, in_percent, plot_of
from model_builder.reporting.theme import Theme


@dataclass(frozen=True)
class Estimate:
    """One row: shares, or differences of shares. low, high: its interval; None where there is none. other: somebody else's figure."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    other: float | None = None


@dataclass(frozen=True)
class Estimates:
    """ours, theirs: what the marks are called. from_zero: whether zero, at which nothing changes, is marked."""

    rows: tuple[Estimate, ...]
    ours: str
    theirs: str = ""
    from_zero: bool = False


def estimates_plot(title: str, shown: Estimates) -> Plot:
    return plot_of(Picture(title, draw_estimates, estimates_text, is_wide=True), shown)


def folds_plot(title: str, by_system: Mapping[str, Sequence[tuple[str, float]]]) -> Plot:
    """by_system: of each system the figure of each fold, in 0..1, by the fold's name; the same folds of all."""
    return plot_of(Picture(title, draw_folds, folds_text, is_wide=True), by_system)


def draw_estimates(figure: Figure, shown: Estimates, theme: Theme) -> None:
    figure.set_size_inches(10.6, 1.2 + 0.42 * len(shown.rows))
    axes = figure.subplots()
    places = np.arange(len(shown.rows))
    for place, row in zip(places, shown.rows, strict=True):
        if row.low is not None and row.high is not None:
            axes.plot([row.low, row.high], [place, place], color=theme.accent, linewidth=2.5, solid_capstyle="butt")
    axes.plot([row.value for row in shown.rows], places, "o", color=theme.accent, label=shown.ours)
    theirs = [(row.other, place) for row, place in zip(shown.rows, places, strict=True) if row.other is not None]
    if theirs:
        axes.plot(*zip(*theirs, strict=True), "D", color=theme.second, linestyle="none", label=shown.theirs)
    if shown.from_zero:
        axes.axvline(0, color=theme.muted, linestyle=":", zorder=0.5)
    axes.set_yticks(places, [row.name for row in shown.rows])
    axes.set_ylim(len(shown.rows) - 0.5, -0.5)  # the first row on top
    axes.tick_params(axis="y", length=0)
    figure.legend(loc="outside upper left", ncols=2)
    in_percent(axes, "x", grid="x")


def draw_folds(figure: Figure, by_system: Mapping[str, Sequence[tuple[str, float]]], theme: Theme) -> None:
    axes = figure.subplots()
    names = [name for name, _ in next(iter(by_system.values()))]
    marks = (("o", theme.accent), ("s", theme.second))
    for (system, of_folds), (marker, colour) in zip(by_system.items(), marks, strict=False):
        values = [value for _, value in of_folds]
        axes.plot(range(len(values)), values, marker, color=colour, label=f"{system}, mean {np.mean(values):.1%}")
    axes.set_xticks(range(len(names)), names)
    axes.tick_params(axis="x", length=0)
    axes.set(ylabel="UA", ylim=(0, 1.02))
    figure.legend(loc="outside upper left", ncols=2)
    in_percent(axes, "y")


def estimates_text(shown: Estimates) -> str:
    def text(row: Estimate) -> str:
        interval = "" if row.low is None else f" ({row.low:.1%} to {row.high:.1%})"
        other = "" if row.other is None else f", {shown.theirs} {row.other:.1%}"
        return f"{row.name} {row.value:.1%}{interval}{other}"

    return f"{shown.ours}, with intervals: {'; '.join(map(text, shown.rows))}."


def folds_text(by_system: Mapping[str, Sequence[tuple[str, float]]]) -> str:
    systems = (f"{system}: " + ", ".join(f"{name} {value:.1%}" for name, value in found) for system, found in by_system.items())
    return f"UA of each fold. {'. '.join(systems)}."
