"""The pictures of a report: each drawn twice, for light and for dark pages, with a text that says what it shows."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, Literal, TypeVar

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, MultipleLocator, PercentFormatter

from model_builder.evaluation.evaluation_result import EvaluationResult
from model_builder.reporting.plot_texts import (
    confusion_text,
    ranked_speakers,
    recall_text,
    reliability_text,
    risk_text,
    row_shares,
    short_name,
    speaker_text,
)
from model_builder.reporting.theme import DARK, LIGHT, Theme, text_on

SMALL_INCHES = (5.2, 4.5)
WIDE_INCHES = (10.6, 4.5)
MOST_NAMED_SPEAKERS = 75  # more names would touch each other under a wide picture
MARKER_OF_SEX = MappingProxyType({"female": "o", "male": "s"})


@dataclass(frozen=True)
class Plot:
    """One picture as two SVG files without any reference to the outside. alternative: what it shows, for those who cannot see it."""

    title: str
    alternative: str
    is_wide: bool
    light_svg: str
    dark_svg: str


Findings = TypeVar("Findings")
AxisName = Literal["x", "y"]


@dataclass(frozen=True)
class Picture(Generic[Findings]):
    """How one is drawn and described."""

    title: str
    draw: Callable[[Figure, Findings, Theme], None]
    describe: Callable[[Findings], str]
    is_wide: bool = False


def draw_plots(findings: EvaluationResult) -> list[Plot]:
    """One for each of `PICTURES`; the same findings give the same bytes."""
    return [plot_of(picture, findings) for picture in PICTURES]


def plot_of(picture: Picture[Findings], findings: Findings) -> Plot:
    light, dark = (svg(picture, findings, theme) for theme in (LIGHT, DARK))
    return Plot(picture.title, picture.describe(findings), picture.is_wide, light, dark)


def svg(picture: Picture[Findings], findings: Findings, theme: Theme) -> str:
    with matplotlib.rc_context(settings(theme) | {"svg.hashsalt": "undertone"}):
        file = io.StringIO()
        figure_of(picture, findings, theme).savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def figure_of(picture: Picture[Findings], findings: Findings, theme: Theme) -> Figure:
    """The picture, laid out."""
    with matplotlib.rc_context(settings(theme)):
        figure = Figure(WIDE_INCHES if picture.is_wide else SMALL_INCHES, layout="constrained")
        picture.draw(figure, findings, theme)
        figure.draw_without_rendering()
    return figure


def settings(theme: Theme) -> dict[Any, Any]:
    """matplotlib's rcParams, whose names its types list one by one."""
    return {
        "font.family": "DejaVu Sans",  # comes with matplotlib; letters become paths, so that every reader sees the same
        "font.size": 10,
        "text.color": theme.ink,
        "axes.labelcolor": theme.ink,
        "axes.edgecolor": theme.muted,
        "axes.facecolor": theme.surface,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "grid.color": theme.grid,
        "xtick.color": theme.muted,
        "ytick.color": theme.muted,
        "xtick.labelcolor": theme.ink,
        "ytick.labelcolor": theme.ink,
        "figure.facecolor": theme.surface,
        "legend.frameon": False,
        "legend.fontsize": 9,
    }


def draw_confusion(figure: Figure, findings: EvaluationResult, theme: Theme) -> None:
    shares = row_shares(findings.overall.confusion)
    axes = figure.subplots()
    axes.pcolormesh(shares, cmap=theme.share_scale, vmin=0, vmax=1, edgecolors=theme.grid, linewidth=1)
    for row, column in np.ndindex(shares.shape):
        colour = text_on(theme.share_scale(shares[row, column]))
        clips = findings.overall.confusion[row, column]
        axes.text(column + 0.5, row + 0.5, f"{shares[row, column]:.0%}\n{clips:,}", ha="center", va="center", color=colour)
    middles = np.arange(len(findings.labels)) + 0.5
    axes.set_xticks(middles, findings.labels)
    axes.set_yticks(middles, findings.labels)
    axes.set(xlabel="predicted", ylabel="label")
    axes.invert_yaxis()  # the first class on top
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def draw_recalls(figure: Figure, findings: EvaluationResult, theme: Theme) -> None:
    axes = figure.subplots()
    places = np.arange(len(findings.labels))
    colours = [theme.emotions.get(label, theme.accent) for label in findings.labels]
    ua = findings.overall.unweighted_accuracy
    axes.axhline(ua, color=theme.ink, linestyle="--", linewidth=1, label=f"UA {ua:.0%}", zorder=0.5)
    for offset, values, faces in ((-0.2, findings.overall.recalls, colours), (0.2, findings.overall.f1s, [theme.surface] * len(colours))):
        bars = axes.bar(places + offset, values, 0.36, color=faces, edgecolor=colours, linewidth=1.5)
        texts = [f"{value:.0%}" if clips else "–" for value, clips in zip(values, findings.overall.class_clips, strict=True)]
        for number in axes.bar_label(bars, texts, padding=3):
            number.set_bbox({"facecolor": theme.surface, "edgecolor": "none", "pad": 0.5})  # else the line of UA strikes it out
    recall = Patch(facecolor=theme.muted, edgecolor=theme.muted, label="recall")
    f1 = Patch(facecolor=theme.surface, edgecolor=theme.muted, linewidth=1.5, label="F1")
    figure.legend(handles=[recall, f1, axes.lines[0]], loc="outside upper left", ncols=3)
    axes.set_xticks(places, findings.labels)
    axes.tick_params(axis="x", length=0)
    axes.set_ylim(0, 1.08)  # room for the number above a full bar
    in_percent(axes, "y", 0.2)


def draw_reliability(figure: Figure, findings: EvaluationResult, theme: Theme) -> None:
    axes, histogram = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    calibration = findings.calibration
    axes.plot([0, 1], [0, 1], color=theme.muted, linestyle=":", label="says what it knows")
    lines = [(calibration.after, "o", "-", theme.accent, f"temperature {calibration.temperature:.2f}, ECE {calibration.error_after:.3f}")]
    if calibration.temperature != 1:  # else the two lie on each other
        lines.append((calibration.before, "s", "--", theme.second, f"before, ECE {calibration.error_before:.3f}"))
    for found, marker, line, colour, label in lines:
        held = found.clips > 0
        axes.plot(found.confidence[held], found.accuracy[held], marker=marker, linestyle=line, color=colour, markersize=5, label=label)
        edges = np.concatenate([[0], found.upper_edges])
        histogram.stairs(found.clips / found.clips.sum(), edges, color=colour, linestyle=line, linewidth=1.5)
    axes.set(ylabel="share of right answers", ylim=(0, 1.02), xlim=(0, 1))
    figure.legend(loc="outside upper left")
    histogram.set(xlabel="confidence", ylabel="clips")
    in_percent(axes, "y", 0.2)
    in_percent(histogram, "x", 0.2)
    histogram.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    histogram.yaxis.set_major_locator(MaxNLocator(2))
    histogram.grid(axis="y")


def draw_risk_coverage(figure: Figure, findings: EvaluationResult, theme: Theme) -> None:
    axes = figure.subplots()
    curve, shipped = findings.selectivity.curve, findings.selectivity.shipped
    all_wrong = float(curve.risks[-1])
    axes.step(curve.coverages, curve.risks, where="pre", color=theme.accent, linewidth=1.8, label=f"this model, area {curve.area:.3f}")
    axes.axhline(all_wrong, color=theme.muted, linestyle=":", label=f"chance order, area {all_wrong:.3f}")
    if shipped.risk is not None:
        label = f"threshold {shipped.threshold:.2f}: {shipped.coverage:.0%} answered"
        axes.plot(shipped.coverage, shipped.risk, "D", color=theme.second, markersize=8, linestyle="none", label=label, clip_on=False)
    enough = curve.coverages >= 0.05  # the first few clips jump between nothing and all wrong
    axes.set(xlabel="answered clips", ylabel="wrong among the answered", xlim=(0, 1))
    axes.set_ylim(0, min(1.02, max(1.1 * float(curve.risks[enough].max()), 1.1 * all_wrong, 0.05)))
    figure.legend(loc="outside upper left")
    in_percent(axes, "x", 0.2)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(axis="y")


def draw_speakers(figure: Figure, findings: EvaluationResult, theme: Theme) -> None:
    axes = figure.subplots()
    ranked = ranked_speakers(findings)
    values = np.array([findings.speakers[speaker].unweighted_accuracy for speaker in ranked])
    sexes = np.array([findings.sex_of_speaker.get(speaker, "sex unknown") for speaker in ranked])
    colour_of = {"female": theme.accent, "male": theme.second}
    for sex in dict.fromkeys((*MARKER_OF_SEX, "sex unknown")):
        of_sex = np.flatnonzero(sexes == sex)
        if len(of_sex):
            mean = values[of_sex].mean()
            label = f"{sex}, mean {mean:.0%}"
            axes.plot(of_sex, values[of_sex], MARKER_OF_SEX.get(sex, "D"), color=colour_of.get(sex, theme.ink), label=label, clip_on=False)
    ua = findings.overall.unweighted_accuracy
    axes.axhline(ua, color=theme.ink, linestyle="--", linewidth=1, label=f"all clips {ua:.0%}")
    if len(ranked) <= MOST_NAMED_SPEAKERS:
        names = [short_name(speaker) for speaker in ranked]
        is_crowded = len(names) > 14 or max(map(len, names)) * len(names) > 80
        axes.set_xticks(range(len(names)), names, rotation=90 if is_crowded else 0, fontsize=8)
        axes.tick_params(axis="x", length=0)
        axes.set_xlabel("speaker, worst first")
    else:
        axes.set_xlabel("speakers, worst first; the table names them")
    axes.set(ylabel="UA", ylim=(0, 1.02), xlim=(-0.6, len(ranked) - 0.4))
    figure.legend(loc="outside upper left", ncols=4)
    in_percent(axes, "y", 0.2)


def in_percent(axes: Axes, which: AxisName, step: float | None = None, grid: AxisName = "y") -> None:
    """step: between ticks; None leaves them to matplotlib. grid: the axis whose ticks have lines."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    if step is not None:
        axis.set_major_locator(MultipleLocator(step))
    axis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(axis=grid)


PICTURES: tuple[Picture[EvaluationResult], ...] = (
    Picture("Confusion", draw_confusion, confusion_text),
    Picture("Recall and F1 of each class", draw_recalls, recall_text),
    Picture("Reliability", draw_reliability, reliability_text),
    Picture("Risk and coverage", draw_risk_coverage, risk_text),
    Picture("UA by speaker", draw_speakers, speaker_text, is_wide=True),
)
