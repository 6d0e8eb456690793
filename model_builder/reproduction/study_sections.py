"""The report of a reproduction in tables, pictures and sentences, out of what was measured."""

from collections.abc import Callable, Mapping
from typing import Any

from model_builder.corpora import crema_d, iemocap
from model_builder.corpora.utterance import LABELS
from model_builder.evaluation.arousal import LEVELS
from model_builder.reporting.folds_report import FIGURE_TITLES, points
from model_builder.reporting.plots import Plot, draw_plots
from model_builder.reporting.report import percent
from model_builder.reporting.study_page import Section
from model_builder.reporting.study_plots import Estimate, Estimates, estimates_plot, folds_plot
from model_builder.reporting.tables import Table
from model_builder.reproduction.corpus_counts import TITLES
from model_builder.reproduction.measured import PooledAnswers, findings_of, pooled
from model_builder.reproduction.paper_figures import FIGURES, OTHERS, PAPER, PaperFigure
from model_builder.reproduction.study import PROTOCOLS, Study

QUICK_WARNING = (
    "Only a part of each corpus was used: these figures show that everything works, and measure nothing. Run it without --quick."
)


def sections_of(study: Study) -> list[Section]:
    content = study.content
    target, _ = titles_of(content)
    alone, with_permanent = content["systems"]
    folds = len(study.results[alone])
    return [
        Section("The paper's figures beside these", plots=(comparison_plot(content),), tables=(comparison_table(content), others_table())),
        Section("What differs from the paper, and why", items=tuple(differences(content))),
        Section("Corpora", tables=(corpora_table(content),)),
        Section(
            f"{target}, leaving one session out" if is_of_paper(content) else f"{target}, {folds} folds of whole groups of speakers",
            ("Every clip is answered once, by an 8-bit model that was trained on the other folds. Intervals are over speakers.",),
            tables=(folds_table(content), classes_table(content), gains_table(content), by_fold_table(content)),
            plots=(
                folds_plot("UA of each fold", _by_fold(content)),
                *_plots(content["cross_validation"]["target"], with_permanent, pooled(study.results[with_permanent])),
            ),
        ),
        Section(
            "RAVDESS, which no model was trained on",
            (
                f"Each of the {folds} folds' 8-bit models answers every clip; figures are the mean over these models.",
                "Adapted: each answer less the running mean of the same speaker's earlier ones, in a random order, as the app does it. It"
                " needs no labels, and is flattered by sessions in which all moods are equally frequent.",
            ),
            tables=(zero_shot_table(content),),
            plots=_plots("ravdess", with_permanent, pooled(study.zero_shot[with_permanent])),
        ),
        Section(
            "Arousal",
            ("High arousal is angry and happy, low is neutral and sad: recall of either, and the two emotions of high arousal confused.",),
            tables=(arousal_table(content),),
        ),
        Section("The model", (content["model"]["asset_problem"] or "Its asset lies beside this report.",), tables=(model_table(content),)),
    ]


def is_of_paper(content: Mapping[str, Any]) -> bool:
    """Whether the corpora are those of the paper; else others stand in for them."""
    return (content["cross_validation"]["target"], content["permanent"]) == (iemocap.NAME, crema_d.NAME)


def titles_of(content: Mapping[str, Any]) -> tuple[str, str]:
    """Of the target and of the permanent corpus."""
    return tuple(TITLES.get(name, name) for name in (content["cross_validation"]["target"], content["permanent"]))


def figures_to_compare(content: Mapping[str, Any]) -> list[PaperFigure]:
    """Of the paper; without those of its own corpora where others stand in for them."""
    return [figure for figure in FIGURES if is_of_paper(content) or figure.key.startswith(("zero_shot", "parameter"))]


def ours_by_key(content: Mapping[str, Any]) -> dict[str, dict[str, float] | None]:
    """By the keys of the paper's figures: estimate and, where there is one, its interval; None where it cannot be computed."""
    _, with_permanent = content["systems"]
    target, zero_shot = content["target"][with_permanent], content["zero_shot"]["ravdess"][with_permanent]
    gains = content["cross_validation"]["gains"][0]["figures"]
    reduction = content["variance_reduction"]
    return {
        "target_ua": target["intervals"].get("unweighted_accuracy"),
        "gain_wa": gains.get("weighted_accuracy"),
        "gain_macro_f1": gains.get("macro_f1"),
        "gain_neutral_f1": content["gain_of_neutral_f1"],
        "variance_reduction": None if reduction is None else {"estimate": reduction},
        "zero_shot_wa": zero_shot["intervals"].get("weighted_accuracy"),
        "zero_shot_angry": zero_shot["recall_intervals"]["angry"],
        "zero_shot_sad": zero_shot["recall_intervals"]["sad"],
        "parameter_reduction": {"estimate": content["model"]["parameter_reduction"]["wav2vec 2.0 large"]},
    }


def comparison_table(content: Mapping[str, Any]) -> Table:
    ours = ours_by_key(content)
    rows = []
    for figure in figures_to_compare(content):
        found, show = ours[figure.key], points if figure.key.startswith("gain") else percent
        paper = f"{figure.value:.2%}" if figure.key == "zero_shot_wa" else show(figure.value)
        rows.append((figure.title, paper, "–" if found is None else show(found["estimate"]), interval_text(found, show), figure.note))
    return Table("comparison", f"Figures of {PAPER} and of this run", ("", "paper", "here", "95 % interval", "note"), tuple(rows))


def comparison_plot(content: Mapping[str, Any]) -> Plot:
    ours = ours_by_key(content)
    shown = [
        Estimate(figure.title, found["estimate"], found.get("low"), found.get("high"), figure.value)
        for figure in figures_to_compare(content)
        if (found := ours[figure.key]) is not None and not figure.key.startswith(("gain", "variance"))
    ]
    return estimates_plot("This run and the paper", Estimates(tuple(shown), "this run, 95 % interval", "the paper"))


def others_table() -> Table:
    rows = tuple((system, what, percent(value)) for system, what, value in OTHERS)
    return Table("others", "Published figures of larger encoders", ("", "on", "figure"), rows)


def differences(content: Mapping[str, Any]) -> list[str]:
    """What a reader has to know before comparing, one sentence or two each."""
    training = content["settings"]["training"]
    target, permanent = titles_of(content)
    stand_ins = (
        f"{target} stands in for IEMOCAP and {permanent} for CREMA-D: what the paper reports of its own corpora is not compared, and what"
        " RAVDESS is answered with was trained on other corpora than the paper's."
    )
    found = [
        *([] if is_of_paper(content) else [stand_ins]),
        "The paper names its parts, adaptive focal loss and stochastic augmentation, without all of their numbers: those of this run are in"
        " settings.toml, and how the parts of the loss are joined is this project's.",
        f"Learning rates ({training['peak_learning_rate']:g} for the encoder), {training['epochs']} passes and"
        f" {'resting' if training['freeze_feature_encoder'] else 'learning'} convolutions are this run's; by default they follow"
        " Wang et al. 2021 (arXiv 2111.02735).",
        "8 bits are this project's: weights with a scale a column, activations with one taken while the model runs, kernels that give every"
        " processor the same answers.",
        "Intervals draw speakers, not clips; ten speakers make them wide, and a little too narrow at that (bootstrap of few clusters).",
    ]
    if training["validation_share"] == 0:
        found.append("No epoch is chosen: the last one's averaged weights are evaluated, so that nobody is held back for a choice.")
    if content["settings"]["share_of_clips"] < 1:
        found.append(f"Only {content['settings']['share_of_clips']:.0%} of the clips of each speaker and class were used.")
    for corpus in content["corpora"]:
        found += [f"{corpus['corpus']}: {difference}." for difference in corpus["differences"]]
    return found


def corpora_table(content: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            each["corpus"],
            *("–" if each[name] is None else f"{each[name]:,}" for name in ("known", "found", "used")),
            str(each["speakers"]),
            *(f"{each['classes'][label]:,}" for label in LABELS),
            "; ".join(each["differences"]) or "none",
        )
        for each in content["corpora"]
    )
    return Table(
        "corpora",
        "Recordings of the four classes: of the release, in this copy, used; the used ones by class",
        ("", "release", "found", "used", "speakers", *LABELS, "differences"),
        rows,
    )


def folds_table(content: Mapping[str, Any]) -> Table:
    rows = []
    for system in content["cross_validation"]["systems"]:
        for figure, title in FIGURE_TITLES.items():
            mean, interval = system["over_folds"][figure], system["over_clips"]["intervals"].get(figure)
            rows.append(
                (
                    f"{system['system']}, {title}",
                    f"{percent(mean['mean'])} ± {percent(mean['deviation'])}",
                    percent(system["over_clips"][figure]),
                    interval_text(interval, percent),
                )
            )
    head = ("", "folds, mean ± deviation", "all clips", "95 % interval")
    return Table("folds", f"Every fold of {titles_of(content)[0]} left out once", head, tuple(rows))


def classes_table(content: Mapping[str, Any]) -> Table:
    rows = []
    for system, found in content["target"].items():
        for label in LABELS:
            recall, f1, interval = found["recalls"][label], found["f1s"][label], found["recall_intervals"][label]
            rows.append((f"{system}, {label}", percent(recall), interval_text(interval, percent), percent(f1)))
    return Table("classes", f"Classes of {titles_of(content)[0]}, all clips", ("", "recall", "95 % interval", "F1"), tuple(rows))


def gains_table(content: Mapping[str, Any]) -> Table:
    gains = {FIGURE_TITLES[name]: gain for name, gain in content["cross_validation"]["gains"][0]["figures"].items()}
    gains["F1 of neutral"] = content["gain_of_neutral_f1"]
    gains["RAVDESS, accuracy"] = content["zero_shot"]["gain"]
    rows = tuple((name, points(gain["estimate"]), interval_text(gain, points)) for name, gain in gains.items())
    alone, with_permanent = content["systems"]
    return Table("gains", f"{with_permanent} less {alone}, on the same clips", ("", "difference", "95 % interval"), rows)


def by_fold_table(content: Mapping[str, Any]) -> Table:
    rows = tuple(
        (f"{system['system']}, {fold['fold']}", f"{fold['clips']:,}", *(percent(fold[figure]) for figure in FIGURE_TITLES))
        for system in content["cross_validation"]["systems"]
        for fold in system["folds"]
    )
    return Table("by_fold", "Every fold", ("", "clips", *FIGURE_TITLES.values()), rows)


def zero_shot_table(content: Mapping[str, Any]) -> Table:
    rows = []
    for protocol in PROTOCOLS:
        for system, found in content["zero_shot"][protocol].items():
            rows.append(
                (
                    f"{protocol}, {system}",
                    f"{found['clips'] // len(found['accuracy_by_fold']):,}",
                    f"{percent(found['weighted_accuracy'])} ± {percent(found['deviation_over_folds'])}",
                    interval_text(found["intervals"].get("weighted_accuracy"), percent),
                    percent(found["unweighted_accuracy"]),
                    *(percent(found["recalls"][label]) for label in LABELS),
                )
            )
    head = ("", "clips", "accuracy, mean ± deviation over models", "95 % interval", "UA", *LABELS)
    caption = "RAVDESS zero-shot, with calm as neutral, without calm, and adapted to each speaker; recall of each class"
    return Table("zero_shot", caption, head, tuple(rows))


def arousal_table(content: Mapping[str, Any]) -> Table:
    found = {f"on {titles_of(content)[0]}, {system}": each for system, each in content["target"].items()}
    found |= {f"{protocol}, {system}": each for protocol in PROTOCOLS for system, each in content["zero_shot"][protocol].items()}
    rows = []
    for name, each in found.items():
        cells = [each["arousal"]["recall_intervals"][level] for level in LEVELS] + [confused["share"] for confused in each["confused"]]
        texts = ("–" if cell is None else f"{percent(cell['estimate'])} ({interval_text(cell, percent)})" for cell in cells)
        rows.append((name, *texts))
    head = ("", "recall of high", "recall of low", "happy taken for angry", "angry taken for happy")
    return Table("arousal", "Arousal, with 95 % intervals", head, tuple(rows))


def model_table(content: Mapping[str, Any]) -> Table:
    model = content["model"]
    rows = [
        ("parameters", f"{model['parameters']:,}"),
        ("bytes in float32", f"{model['float32_bytes']:,}"),
        ("bytes in 8 bits, the file", f"{model['int8_bytes']:,}"),
        ("the file, of float32", percent(model["share_of_float32_bytes"])),
    ]
    rows += [(f"parameters less than {name}", percent(share)) for name, share in model["parameter_reduction"].items()]
    return Table("model", "The final model, trained on all speakers", ("", ""), tuple(rows))


def interval_text(found: Mapping[str, float] | None, show: Callable[[float], str]) -> str:
    return "–" if found is None or found.get("low") is None else f"{show(found['low'])} to {show(found['high'])}"


def _by_fold(content: Mapping[str, Any]) -> dict[str, list[tuple[str, float]]]:
    prefix = f"{content['cross_validation']['target']}:"
    return {
        system["system"]: [(fold["fold"].removeprefix(prefix), fold["unweighted_accuracy"]) for fold in system["folds"]]
        for system in content["cross_validation"]["systems"]
    }


def _plots(corpus: str, system: str, answers: PooledAnswers) -> tuple[Plot, ...]:
    return tuple(draw_plots(findings_of(corpus, answers, system)))
