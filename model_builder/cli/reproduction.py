"""`reproduce` and `ablate`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table as ScreenTable

from model_builder.cli.command import given_options
from model_builder.cli.console import console, errors, say
from model_builder.cli.corpora import GivenCorpus, parse_corpora, read_clips, survey_behind_bar, usable_clips
from model_builder.cli.training_options import (
    HUB,
    DeviceOption,
    EncoderOption,
    PrecisionOption,
    SkipOption,
    TeacherOption,
    WorkersOption,
    plan_of,
    study_progress,
    use_machine_of,
)
from model_builder.corpora import load_corpus
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError

if TYPE_CHECKING:  # torch takes seconds to import
    from model_builder.reporting.tables import Table
    from model_builder.reproduction.corpus_counts import StudyCorpora
    from model_builder.reproduction.settings import Settings

ConfigOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings in TOML, such as the settings.toml that an earlier run wrote.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="One setting, in TOML: training.focal_gamma=0, augmentation.groups=['room']; repeatable."
    ),
]


def reproduce(
    context: typer.Context,
    ravdess: Annotated[Path, typer.Option(metavar="DIR", help="RAVDESS speech, which no model is trained on.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the report and all that it is made of; a stopped run goes on.")],
    iemocap: Annotated[Path | None, typer.Option(metavar="DIR", help="IEMOCAP_full_release: Session1 to Session5.")] = None,
    crema_d: Annotated[Path | None, typer.Option(metavar="DIR", help="CREMA-D, on the training side of every fold.")] = None,
    target: Annotated[str | None, typer.Option(metavar="NAME=PATH", help="Another corpus that stands in for IEMOCAP.")] = None,
    permanent: Annotated[
        str | None, typer.Option(metavar="NAME=PATH", help="Another corpus that stands in for CREMA-D on the training side.")
    ] = None,
    folds: Annotated[
        int | None, typer.Option(min=2, help="Folds of whole groups; without it, one for each session or speaker of the target.")
    ] = None,
    encoder: EncoderOption = HUB,
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the clips and two passes, to see that everything works.")] = False,
    config: ConfigOption = None,
    changes: SetOption = None,
    precision: PrecisionOption = "auto",
    device: DeviceOption = "auto",
    workers: WorkersOption = 1,
    skip_unreadable: SkipOption = False,
) -> None:
    """Reproduce arXiv 2512.23435: its folds, zero-shot evaluation, arousal, model and tables, beside the paper's figures.

    Needs IEMOCAP, CREMA-D and RAVDESS, or what stands in for the first two. Processes on several machines may share the --out folder: each
    takes folds that nobody works on.
    """
    from model_builder.reproduction.finished import begin, begun_settings, is_finished, mark_finished, state_of

    use_machine_of(context.params)
    settings = asked_settings(context, config, changes)
    if quick:
        settings = settings.quick()
    settings = begun_settings(out, settings, is_precision_asked(config, changes))
    learnt = [study_corpus("iemocap", iemocap, "target", target), study_corpus("crema-d", crema_d, "permanent", permanent)]
    state: dict[str, Any] = {
        **state_of(settings, [*(each.path for each in learnt), ravdess]), "corpora": [each.name for each in learnt], "folds": folds
    }
    if is_finished(out, state, "asset/manifest.json"):
        say(f"nothing is left to do; report: {out / 'report.html'}")
        return
    corpora = read_study_corpora(learnt, ravdess, settings.share_of_clips, skip_unreadable)
    begin(out, settings)
    from model_builder.reporting.study_page import write_study
    from model_builder.reproduction.study import Steps, run_study
    from model_builder.reproduction.study_sections import QUICK_WARNING, comparison_table, sections_of

    count = folds or len({clip.utterance.group for clip in corpora.target})
    with study_progress(folds=2 * count) as (on_training, on_fold, on_step):
        study = run_study(corpora, settings, out, Steps(on_training, on_fold, on_step), int(os.environ.get("RANK", "0")), folds)
    warning = QUICK_WARNING if settings.share_of_clips < 1 else ""
    write_study(out, "arXiv 2512.23435, reproduced", warning, sections_of(study), study.content)
    if not study.asset_problem:
        mark_finished(out, state)
    for each in corpora.counts:
        say(f"{each.corpus}: {each.used:,} recordings used{''.join(f'; {difference}' for difference in each.differences)}")
    show_table(comparison_table(study.content))
    if warning:
        say(f"warning: {warning}", errors)
    say(f"report: {out / 'report.html'}, {out / 'report.json'}; tables: {out / 'tables'}")
    if study.asset_problem:
        raise UserError(f"the report is written, and there is no asset: {study.asset_problem}")
    say(f"weights: {out / 'final' / 'weights'}; asset: {out / 'asset'}")


def ablate(
    context: typer.Context,
    target: Annotated[str, typer.Option(metavar="NAME=PATH", help="The corpus to evaluate: every clip once by each system.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the report and of all folds; a stopped run goes on.")],
    permanent: Annotated[
        list[str] | None, typer.Option(metavar="NAME=PATH", help="A corpus on the training side of every fold; repeatable.")
    ] = None,
    folds: Annotated[
        int | None, typer.Option(min=2, help="Folds of whole groups; without it, one for each session or speaker of the target.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="These ablations alone, of the file's or the usual ones; repeatable.")
    ] = None,
    encoder: EncoderOption = HUB,
    teacher: TeacherOption = None,
    float32: Annotated[bool, typer.Option("--float32", help="Evaluate in float32 in PyTorch instead of in 8 bits.")] = False,
    config: ConfigOption = None,
    changes: SetOption = None,
    precision: PrecisionOption = "auto",
    device: DeviceOption = "auto",
    workers: WorkersOption = 1,
    skip_unreadable: SkipOption = False,
) -> None:
    """Compare settings on the same folds: each ablation less the settings themselves, with paired intervals over speakers.

    Ablations are those of --config, [ablations.NAME], or else the usual ones: parts of loss, augmentation and training, one at a time.
    """
    from model_builder.reproduction.finished import begin, begun_settings, is_finished, mark_finished, state_of
    from model_builder.reproduction.settings import chosen_ablations

    use_machine_of(context.params)
    given = parse_corpora([target, *(permanent or [])])
    has_dimensions = any(each.name == "iemocap" for each in given)
    settings = chosen_ablations(asked_settings(context, config, changes), bool(permanent), only or [], has_dimensions)
    settings = begun_settings(out, settings, is_precision_asked(config, changes))
    state: dict[str, Any] = {
        **state_of(settings, [each.path for each in given]), "corpora": [each.name for each in given], "folds": folds, "float32": float32
    }
    if is_finished(out, state):
        say(f"nothing is left to do; report: {out / 'report.html'}")
        return
    tested, *further = read_clips([target, *(permanent or [])], skip_unreadable)
    begin(out, settings)
    from model_builder.reporting.study_page import write_study
    from model_builder.reproduction.ablation import AblationCorpora, ablation_table, run_ablations, sections_of_ablations
    from model_builder.reproduction.corpus_counts import part_of
    from model_builder.reproduction.study import Steps

    used, *added = (part_of(clips, settings.share_of_clips) for clips in (tested, *further))
    corpora = AblationCorpora(given[0].name, used, tuple(clip for clips in added for clip in clips), folds)
    with study_progress(folds=corpora.count_of_folds() * (1 + len(settings.ablations))) as (on_training, on_fold, on_step):
        steps = Steps(on_training, on_fold, on_step)
        content = run_ablations(corpora, settings, out, steps, int(os.environ.get("RANK", "0")), float32)
    write_study(out, f"Ablations on {given[0].name}", "", sections_of_ablations(content), content)
    mark_finished(out, state)
    show_table(ablation_table(content))
    say(f"report: {out / 'report.html'}, {out / 'report.json'}; tables: {out / 'tables'}")


def asked_settings(context: typer.Context, config: Path | None, changes: list[str] | None) -> "Settings":
    """Of the file, or as published, with what `--set` and then other options on the command line say otherwise."""
    from dataclasses import replace

    from model_builder.reproduction.settings import Settings, read_settings, with_changes

    settings = Settings() if config is None else read_settings(config)
    settings = with_changes(settings, changes or [])
    plan = plan_of(context.params, settings.plan)
    if not is_precision_asked(config, changes):
        from model_builder.fitting.machine import best_device
        from model_builder.fitting.precision import resolve_precision

        plan = replace(plan, precision=resolve_precision("auto", best_device()))
    return replace(settings, plan=plan)


def is_precision_asked(config: Path | None, changes: list[str] | None) -> bool:
    """Else it is this machine's choice."""
    is_set = any(change.partition("=")[0].strip() == "training.precision" for change in changes or ())
    return config is not None or is_set or "precision" in given_options()


def study_corpus(name: str, path: Path | None, option: str, other: str | None) -> GivenCorpus:
    """The corpus of the paper, or the one that stands in for it. Raises UserError where not one of both is given."""
    if (path is None) == (other is None):
        raise UserError(f"give either --{name} or --{option} NAME=PATH, which stands in for it")
    if path is not None:
        return GivenCorpus(name, path)
    [given] = parse_corpora([other or ""])
    if given.name.startswith("ravdess"):
        raise UserError(f"--{option} {other}: no model may be trained on RAVDESS, which all are evaluated on; give another corpus")
    return given


def read_study_corpora(learnt: list[GivenCorpus], ravdess: Path, share_of_clips: float, skip_unreadable: bool) -> "StudyCorpora":
    """learnt: target and permanent corpus.

    Raises UserError for folders that hold no such corpus, and for files that cannot be read unless they are to be skipped.
    """
    from model_builder.reproduction.corpus_counts import study_corpora

    names = target, permanent = [each.name for each in learnt]
    if target == permanent:
        raise UserError(f"{target} cannot be both target and permanent; give two corpora")
    folders = {**{each.name: each.path for each in learnt}, "ravdess": ravdess, "ravdess-without-calm": ravdess}
    loaded = {name: load_corpus(name, folder) for name, folder in folders.items()}
    together = survey_behind_bar([loaded[name] for name in names], LABELS)
    surveys = dict(zip((*names, "ravdess"), [*together, *survey_behind_bar([loaded["ravdess"]], LABELS)], strict=True))
    for name, found in surveys.items():
        usable_clips(name, found, skip_unreadable)
    return study_corpora(target, permanent, loaded, surveys, share_of_clips)


def show_table(table: "Table") -> None:
    screen = ScreenTable(title=table.caption)
    for index, heading in enumerate(table.head):
        screen.add_column(heading, justify="right" if index else "left", overflow="fold")
    for row in table.rows:
        screen.add_row(*row)
    console.print(screen)
