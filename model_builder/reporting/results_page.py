"""Measurements of one model as a page of Markdown, out of the JSON that the measuring commands wrote."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from model_builder.reporting.report import percent, share

ONE_THREAD_S = ("1 thread, 1 s", "1 thread, 3 s", "1 thread, 10 s")


def results_page(card: Mapping[str, Any], reports: Sequence[Mapping[str, Any]], benchmark: Mapping[str, Any] | None) -> str:
    """card: of the weights; reports: report.json of `evaluate`; benchmark: benchmark.json of `benchmark`, where there is one.

    Raises KeyError for JSON of another kind.
    """
    results = card["results"]
    sections = [
        "# Results",
        "Written by `python -m model_builder results` from what the commands measured; not edited by hand. Figures of recordings are UA\n"
        "(mean recall of the classes), WA (accuracy), macro F1 and the recall of each class; how they are taken is in\n"
        "[protocol.md](protocol.md).",
        "## New speakers",
    ]
    if "unweighted_accuracy" in results:
        sections += [f"{results['split']}, from the card of the weights.", table(CARD_HEAD, [card_row(results)])]
    else:
        sections.append("The card of the weights holds no measurement.")
    for report in reports:
        sections.append(f"## Other corpora: {report['system']['name']}")
        sections.append(table(CORPUS_HEAD, [corpus_row(found) for found in report["corpora"]]))
        if taught := sorted({speaker for found in report["corpora"] for speaker in found["speakers_of_training"] or []}):
            sections.append(f"Of these speakers, {len(taught)} taught the weights: their recordings make the figures better than they are.")
    if benchmark is not None:
        sections += [
            f"## Ways to run the same weights: {benchmark['clips']:,} recordings",
            "Errors are of the logits against the first row. Times are medians with quartiles, in turns, on one thread of the machine\n"
            "that measured. The dense network has channels that carry nothing; the pruned one is the same network without them.",
            table(RUN_HEAD, [run_row(measured) for measured in benchmark["measured"]]),
        ]
    return "\n\n".join(sections) + "\n"


CARD_HEAD = ("clips", "speakers", "UA (95 % over speakers)", "WA", "macro F1", "angry", "happy", "neutral", "sad", "calibration error")
CORPUS_HEAD = ("corpus", *CARD_HEAD)
RUN_HEAD = ("", "bytes", "mean error", "p99 error", "same label", "UA", "1 s", "3 s", "10 s", "load and first 3 s", "peak memory")


def card_row(results: Mapping[str, Any]) -> list[str]:
    return figures_row(results, results["speakers"], results.get("intervals", {}), results["expected_calibration_error"])


def corpus_row(found: Mapping[str, Any]) -> list[str]:
    error = found["calibration"]["expected_calibration_error_after"]
    return [found["corpus"], *figures_row(found["overall"], found["speakers"], found["intervals"], error)]


def figures_row(
    scores: Mapping[str, Any], speakers: Collection[str], intervals: Mapping[str, Any], calibration_error: float | None
) -> list[str]:
    interval = intervals.get("unweighted_accuracy")
    spread = "" if interval is None else f" ({percent(interval['low'])} to {percent(interval['high'])})"
    return [
        f"{scores['clips']:,}",
        str(len(speakers)),
        percent(scores["unweighted_accuracy"]) + spread,
        *map(percent, [scores["weighted_accuracy"], scores["macro_f1"], *scores["recalls"].values()]),
        share(calibration_error),
    ]


def run_row(measured: Mapping[str, Any]) -> list[str]:
    process = measured["process"]
    return [
        measured["name"],
        "–" if measured["size_bytes"] is None else f"{measured['size_bytes']:,}",
        f"{measured['mean_error']:.4f}",
        f"{measured['p99_error']:.4f}",
        percent(measured["agreement"]),
        percent(measured["unweighted_accuracy"]),
        *(with_quartiles(measured["times"][case]) for case in ONE_THREAD_S),
        "–" if process is None else f"{process['first_result_ms']:.0f} ms",
        "–" if process is None else f"{process['peak_10_s_mib']:.0f} MiB",
    ]


def with_quartiles(times: Mapping[str, float]) -> str:
    return f"{times['median_ms']:.0f} ({times['lower_quartile_ms']:.0f}–{times['upper_quartile_ms']:.0f}) ms"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """
    >>> print(table(("a", "b"), [("1", "2")]))
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    lines = [head, *rows]
    written = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([written[0], "|" + "---|" * len(head), *written[1:]])
