"""What the commands print: consoles, progress bars and tables. Results go to stdout, everything else to stderr."""

import io
import json
import os
import sys
import unicodedata
from collections.abc import Callable
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from model_builder.audio.finding import search
from model_builder.corpora.survey import Survey
from model_builder.corpora.utterance import LABELS

if TYPE_CHECKING:  # torch and scikit-learn take seconds to import
    from model_builder.asset.build import AssetReport
    from model_builder.benchmarks.model_files import Benchmark
    from model_builder.benchmarks.training_throughput import TrainingSpeed
    from model_builder.evaluation.bootstrap import Figure, Gain
    from model_builder.evaluation.evaluation_result import EvaluationResult
    from model_builder.evaluation.metrics import Scores
    from model_builder.export.bit_search import BitSearch
    from model_builder.inference.timing import Times
    from model_builder.training.adapt_statistics import CrossAdaptation
    from model_builder.training.fold_result import FoldResult

FIGURE_NAMES: "dict[Figure, str]" = {"unweighted_accuracy": "UA", "weighted_accuracy": "WA", "macro_f1": "macro F1"}

console = Console(markup=False, emoji=False)  # file names may hold [brackets] and :colons:
errors = Console(markup=False, emoji=False, stderr=True)


def say(text: str, to: Console = console, style: str | None = None) -> None:
    """One line, `printable`: no markup, no colours of its own, never wrapped, so that paths can be copied and piped."""
    to.print(printable(text), style=style, highlight=False, soft_wrap=True)


def printable(text: str) -> str:
    r"""`text` on one line, so that names in it can be found again whatever bytes they hold.

    Bytes that are no UTF-8 and control characters become \xNN, line breaks \n; so \ is doubled, but where it separates folders.

    >>> print(printable("caf\udce9 [1]\n.wav"))
    caf\xe9 [1]\n.wav
    """
    return "".join(map(_printable_letter, text))


def _printable_letter(letter: str) -> str:
    if letter == "\\":
        return letter if os.sep == letter else 2 * letter
    if 0xDC80 <= ord(letter) <= 0xDCFF:  # as `os.fsdecode` keeps them
        return f"\\x{ord(letter) - 0xDC00:02x}"
    return letter.encode("unicode_escape").decode() if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter


def print_json(content: Any) -> None:
    r"""One object on one line of stdout, in UTF-8 whatever the console's encoding; \udcNN stands for a byte of a name that is no UTF-8."""
    line = json.dumps(content, ensure_ascii=False) + "\n"
    sys.stdout.flush()
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))  # of a lone surrogate it makes JSON's own escape
    sys.stdout.buffer.flush()


def accept_every_letter() -> None:
    """From now on, letters that the console's encoding lacks are printed as backslash escapes instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def search_and_show(paths: list[Path]) -> tuple[list[Path], int]:
    """The recordings below `paths`, and how many entries could not be entered: each is named on stderr, what is left out counted."""
    found = search(paths)
    for ending, count in sorted(found.left_out.items()):
        files = "file" if count == 1 else "files"
        say(f"left out: {count:,} {ending} {files}, which libsndfile does not read; convert them to WAV or FLAC", errors)
    for loop in found.loops:
        say(f"left out: {loop}", errors)
    for problem in found.problems:
        say(f"error: {problem}", errors)
    return found.recordings, len(found.problems)


def progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}", markup=False),
        console=errors,
    )


def show_survey(title: str, found: Survey) -> None:
    table = Table(title=title, show_header=False)
    table.add_row("clips", f"{found.clips:,}")
    table.add_row("speakers", f"{len(found.speakers):,}")
    table.add_row("hours", f"{found.hours:.2f}")
    for emotion, count in sorted(found.emotions.items()):
        table.add_row(emotion, f"{count:,}")
    table.add_row("unreadable", f"{len(found.reasons):,}")
    table.add_row("silent", f"{len(found.silent):,}")
    table.add_row("duplicated", f"{len(found.duplicates):,}")
    table.add_row("duplicated, labels conflict", f"{len(found.conflicting):,}")
    table.add_row("usable", f"{len(found.usable):,}")
    console.print(table)
    for warning in found.warnings:
        say(f"warning: {warning}", errors)
    for reason in found.reasons:
        say(f"unreadable: {reason}")
    for path in found.silent:
        say(f"silent: {path}")
    for path in found.ignored:
        say(f"ignored, a hidden file: {path}")
    for kind, groups in (("duplicated", found.duplicates), ("labels conflict", found.conflicting)):
        for group in groups:
            say(f"{kind}: {' = '.join(map(str, group))}")


def show_scores(title: str, scores: "Scores") -> None:
    table = Table(title=f"{title}: {scores.clips:,} clips")
    table.add_column("label \\ predicted")
    for label in (*LABELS, "recall", "F1"):
        table.add_column(label, justify="right")
    for label, row, recall, f1 in zip(LABELS, scores.confusion, scores.recalls, scores.f1s, strict=True):
        table.add_row(label, *map(str, row), f"{recall:.1%}", f"{f1:.1%}")
    console.print(table)
    say(f"UA {scores.unweighted_accuracy:.2%}  WA {scores.weighted_accuracy:.2%}  macro F1 {scores.macro_f1:.2%}")


def show_findings(found: "EvaluationResult") -> None:
    """Confusion, then groups with the recall of each class, then one line each on arousal, calibration and uncertainty."""
    from model_builder.reporting.plot_texts import ranked_speakers, short_name

    if found.speakers_of_training is None:
        say(f"warning: {found.corpus}: it is not known which speakers the model was trained on; it may know these", errors)
    elif found.speakers_of_training:
        known = f"{len(found.speakers_of_training)} of these {len(found.speakers)} speakers"
        say(f"warning: {found.corpus}: the model was trained on {known}; these are not figures of unknown voices", errors)
    show_scores(found.corpus, found.overall)
    if found.intervals:
        ranges = (f"{FIGURE_NAMES[figure]} {interval.low:.1%} to {interval.high:.1%}" for figure, interval in found.intervals.items())
        say(f"95% intervals over {len(found.speakers)} speakers: {', '.join(ranges)}")
    table = Table(box=None, padding=(0, 2, 0, 0))  # frames would not fit into 80 columns
    table.add_column("", overflow="fold", min_width=11)
    for heading in ("clips", "UA", "WA", "macro F1", *LABELS):
        table.add_column(heading, justify="right")
    worst, *_, best = ranked_speakers(found) * 2  # a single speaker is both
    ends = {f"worst: {short_name(worst)}": found.speakers[worst], f"best: {short_name(best)}": found.speakers[best]}
    for groups in ({"all": found.overall}, found.sexes, found.intensities, ends):
        if groups:
            table.add_row()
        for name, scores in groups.items():
            figures = (scores.unweighted_accuracy, scores.weighted_accuracy, scores.macro_f1)
            recalls = (f"{recall:.1%}" if clips else "–" for recall, clips in zip(scores.recalls, scores.class_clips, strict=True))
            table.add_row(name, f"{scores.clips:,}", *(f"{figure:.1%}" for figure in figures), *recalls)
    console.print(table)
    arousal, calibration, shipped = found.arousal, found.calibration, found.selectivity.shipped
    say(f"arousal, high (angry, happy) or low (neutral, sad): UA {arousal.unweighted_accuracy:.1%}, WA {arousal.weighted_accuracy:.1%}")
    for name, agreement in found.dimensions.items():
        say(f"{name} as a number, experimental: CCC {agreement.concordance:.3f} on {agreement.clips:,} clips")
    held_back = calibration.cross_fitted_error
    others = "" if held_back is None else f", {held_back:.3f} with one fitted on other speakers of this corpus"
    say(
        f"ECE: {calibration.error_before:.3f} before temperature, {calibration.error_after:.3f} with the model's"
        f" {calibration.temperature:.2f}{others}"
    )
    wrong = "" if shipped.risk is None else f", {shipped.risk:.1%} of them wrongly"
    say(f"uncertain below {shipped.threshold:.2f}: answers {shipped.coverage:.1%} of the clips{wrong}")


def show_cross_validation(target: str, results: "dict[str, list[FoldResult]]", complete: bool) -> None:
    """Mean and standard deviation over folds for each system; with two of them, all folds done, the second's gain over all clips."""
    from model_builder.training.cross_validation import gain_over_clips, over_folds

    rows: list[tuple[str, Callable[[Scores], float]]] = [(name, attrgetter(figure)) for figure, name in FIGURE_NAMES.items()]
    rows += [(f"F1 {label}", partial(_f1_of, index)) for index, label in enumerate(LABELS)]
    table = Table(title=f"{target}: mean ± standard deviation over folds")
    table.add_column("")
    for system, of_system in results.items():
        table.add_column(f"{system}, {len(of_system)} folds", justify="right")
    for name, figure_of in rows:
        means = (over_folds(of_system, figure_of) for of_system in results.values())
        table.add_row(name, *(f"{mean.mean:.2%} ± {mean.deviation:.2%}" for mean in means))
    console.print(table)
    if complete and len(results) == 2:
        (first, before), (second, after) = results.items()
        for figure, name in FIGURE_NAMES.items():
            show_gain(f"{name}, {second} less {first}", gain_over_clips(before, after, figure))


def show_cost_of_8_bits(int8: "list[FoldResult]", float32: "list[FoldResult]") -> None:
    """int8, float32: the same folds of all systems, on the same clips."""
    from model_builder.training.cross_validation import gain_over_clips, share_of_same_answers

    for figure, name in FIGURE_NAMES.items():
        show_gain(f"{name}, int8 less float32", gain_over_clips(float32, int8, figure))
    say(f"the same class from both: {share_of_same_answers(float32, int8):.2%} of {sum(len(result.labels) for result in int8):,} clips")


def _f1_of(label: int, scores: "Scores") -> float:
    return scores.f1s[label]


def show_cross_adaptation(corpus: str, results: "dict[str, CrossAdaptation]") -> None:
    """Every kind of adaptation beside the weights as they were, then its gain on the same clips."""
    [first, *_] = results.values()
    table = Table(title=f"{corpus}: {len(first.true):,} clips, each evaluated by weights that were adapted to other speakers")
    table.add_column("")
    columns = {"as they were": first.scores_before, **{name: result.scores_after for name, result in results.items()}}
    for name in columns:
        table.add_column(name, justify="right")
    for figure, name in FIGURE_NAMES.items():
        table.add_row(name, *(f"{getattr(scores, figure):.1%}" for scores in columns.values()))
    for index, label in enumerate(LABELS):
        table.add_row(f"recall {label}", *(f"{scores.recalls[index]:.1%}" for scores in columns.values()))
    console.print(table)
    for adaptation, result in results.items():
        for figure, name in FIGURE_NAMES.items():
            show_gain(f"{name}, {adaptation} less as they were", result.gain(figure))


def show_gain(what: str, gain: "Gain") -> None:
    say(f"{what}: {gain.estimate:+.2%}, 95% interval over speakers {gain.low:+.2%} to {gain.high:+.2%}")


def show_training_speed(speed: "TrainingSpeed") -> None:
    shortest_s, longest_s = speed.crop_s
    first, third = speed.quartiles
    say(
        f"training: {speed.median:.1f} s of audio a second, quartiles {first:.1f} and {third:.1f}, {len(speed.training)} steps after"
        f" {speed.warm_up_steps}, {speed.batch_clips} crops of {shortest_s:g} to {longest_s:g} s"
    )
    say(f"augmentation alone, 1 thread: {speed.augmentation_median:.0f} s of audio a second")
    say(f"{speed.device}, {speed.threads} threads, {speed.precision}, allocator: {speed.allocator or 'the default'}")


def show_search(search: "BitSearch") -> None:
    """What 4 bits would save and cost in each group of layers, and which got them."""
    if not search.sensitivities:
        say(f"8 bits for every layer: {search.bytes_with_8_bits:,} bytes, at most {search.target_bytes:,} asked for")
        return
    table = Table(title=f"4 bits instead of 8, on {search.calibration_clips} clips")
    for heading in ("layers", "bytes saved", "RMS logit error", ""):
        table.add_column(heading, justify="right" if heading.endswith(("saved", "error")) else "left")
    for group in search.sensitivities:
        is_chosen = group.group in search.four_bit_groups
        table.add_row(group.group, f"{group.saved_bytes:,}", f"{group.logit_rms_error:.4f}", "4 bits" if is_chosen else "")
    console.print(table)


def show_benchmark(found: "Benchmark") -> None:
    """Two tables with one row a model, since one is wider than a terminal."""
    answers = Table(title=f"{found.clips:,} clips; errors of the logits against the first row")
    for heading in ("", "bytes", "mean", "p99", "max", "same", "UA"):
        answers.add_column(heading, justify="right" if heading else "left", overflow="fold")
    costs = Table(title="ms for 1, 3 and 10 s, medians (quartiles), and to the first result, one thread; MiB at most after 3 and 10 s")
    for heading in ("", "1 s", "3 s", "10 s", "load", "MiB, 3 s", "MiB, 10 s"):
        costs.add_column(heading, justify="right" if heading else "left", overflow="fold")
    for row in found.measured:
        size = "–" if row.size_bytes is None else f"{row.size_bytes:,}"
        errors_of_row = (f"{error:.4f}" for error in (row.mean_error, row.p99_error, row.largest_error))
        answers.add_row(row.name, size, *errors_of_row, f"{row.agreement:.1%}", f"{row.unweighted_accuracy:.1%}")
        times = (with_quartiles(row.times[f"1 thread, {seconds} s"]) for seconds in (1, 3, 10))
        process = row.process
        loading = ("–",) * 3 if process is None else (
            f"{process.first_result_ms:.0f}", f"{process.peak_3_s_mib:.0f}", f"{process.peak_10_s_mib:.0f}"
        )
        costs.add_row(row.name, *times, *loading)
    console.print(answers, costs)
    peak = found.peak
    say(f"one thread multiplies {peak.int8_gmacs_per_s:.0f} G int8 and {peak.fp32_gmacs_per_s:.0f} G float32 a second at best")
    for row in found.measured:
        shares = (f"{found.share_of_peak(row, of):.0%}" for of in (peak.int8_gmacs_per_s, peak.fp32_gmacs_per_s))
        say(f"{row.name}: {' of the int8 peak, '.join(shares)} of the float32 peak")


def with_quartiles(times: "Times") -> str:
    return f"{times.median_ms:.0f} ({times.lower_quartile_ms:.0f}–{times.upper_quartile_ms:.0f})"


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
