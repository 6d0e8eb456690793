"""`corpora`, and the corpora that other commands are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from model_builder.cli.console import errors, progress_bar, say, search_and_show, show_survey
from model_builder.corpora import LOADERS, load_corpus
from model_builder.corpora.corpus import Corpus
from model_builder.corpora.survey import Clip, Survey, survey_together
from model_builder.corpora.unlabelled import without_labels
from model_builder.corpora.utterance import LABELS, Utterance
from model_builder.errors import UserError

CorpusOption = Annotated[
    list[str],
    typer.Option(
        "--corpus",
        metavar="NAME=PATH",
        help=f"A corpus and its folder (of `manifest`, its CSV file); repeatable. Names: {', '.join(sorted(LOADERS))}.",
    ),
]


@dataclass(frozen=True)
class GivenCorpus:
    name: str
    path: Path


def parse_corpora(values: list[str]) -> list[GivenCorpus]:
    """`NAME=PATH` values; raises UserError for any other form."""
    parsed = []
    for value in values:
        name, separator, path = value.partition("=")
        if not separator or not path:
            raise UserError(f"{value}: write NAME=PATH, for example crema-d=/data/CREMA-D")
        parsed.append(GivenCorpus(name, Path(path)))
    return parsed


def corpora(corpus: CorpusOption) -> None:
    """List what corpora really hold: clips, speakers, classes, hours; unreadable, silent and duplicated files by name.

    The exit status is 2 where files cannot be read.
    """
    surveys = []
    for given in parse_corpora(corpus):
        surveys += read_corpora([given])
        show_survey(f"{given.name}: {given.path}", surveys[-1])
    require_all_read(surveys)


def read_corpora(given: list[GivenCorpus], labels_only: bool = False) -> list[Survey]:
    """Survey corpora together behind a progress bar; `labels_only` leaves out the classes that the model does not know."""
    return survey_behind_bar([load_corpus(each.name, each.path) for each in given], LABELS if labels_only else None)


def searched(paths: list[Path], skip_unreadable: bool) -> list[Path]:
    """The recordings below `paths`; what is left out is counted. Raises UserError for what cannot be entered, unless that is skipped."""
    recordings, problems = search_and_show(paths)
    if problems and not skip_unreadable:
        raise UserError(f"{problems:,} entries cannot be read; --skip-unreadable leaves them out")
    return recordings


def survey_behind_bar(loaded: list[Corpus], emotions: tuple[str, ...] | None) -> list[Survey]:
    with progress_bar() as bar:
        names = ", ".join(each.name for each in loaded)
        task = bar.add_task(f"reading {names}", total=sum(len(each.utterances) for each in loaded), note="")
        return survey_together(loaded, emotions, lambda: bar.advance(task))


def read_clips(corpus: list[str], skip_unreadable: bool) -> list[list[Clip]]:
    """The usable clips of each corpus; raises UserError when files cannot be read, unless they are to be skipped."""
    everything = parse_corpora(corpus)
    surveys = read_corpora(everything, labels_only=True)
    return [usable_clips(given.name, found, skip_unreadable) for given, found in zip(everything, surveys, strict=True)]


def read_unlabelled(corpus: list[str], skip_unreadable: bool) -> list[Clip]:
    """The usable clips of all corpora, of any emotion, without what the corpora say of how they sound; errors as above."""
    loaded = [without_labels(load_corpus(given.name, given.path)) for given in parse_corpora(corpus)]
    surveys = survey_behind_bar(loaded, emotions=None)
    return [clip for each, found in zip(loaded, surveys, strict=True) for clip in usable_clips(each.name, found, skip_unreadable)]


def usable_clips(name: str, found: Survey, skip_unreadable: bool) -> list[Clip]:
    """What a survey of the corpus `name` found usable. Raises UserError for unreadable files, unless they are to be skipped."""
    warn(found)
    if found.reasons and not skip_unreadable:
        first = f"(first: {found.reasons[0]})"
        raise UserError(f"{name}: {len(found.reasons)} of {found.clips:,} files cannot be read {first}; --skip-unreadable leaves them out")
    for problem in found.problems:
        say(f"left out: {problem}", errors)
    say_left_out(name, found.clips - len(found.usable), found.clips)
    return found.usable


def readable_of(given: GivenCorpus, found: Survey) -> list[Utterance]:
    """What a model can be tested on, by the survey `found`; what is left out is named or counted.

    Raises UserError where nothing is left.
    """
    warn(found)
    for reason in found.reasons:
        say(f"error: {reason}", errors)
    say_left_out(given.name, found.clips - len(found.readable), found.clips)
    if not found.readable:
        raise nothing_labelled(given)
    return found.readable


def require_all_read(surveys: Sequence[Survey]) -> None:
    """Raises UserError, for the exit status, where files could not be read; a command calls it when all else is done."""
    if unreadable := sum(len(found.reasons) for found in surveys):
        raise UserError(f"{unreadable:,} of {sum(found.clips for found in surveys):,} files cannot be read; copy or unpack them again")


def nothing_labelled(given: GivenCorpus) -> UserError:
    return UserError(f"{given.name}: no recording of {', '.join(LABELS)} under {given.path}; give a corpus that has some")


def warn(found: Survey) -> None:
    for warning in found.warnings:
        say(f"warning: {warning}", errors)


def say_left_out(name: str, left_out: int, clips: int) -> None:
    if left_out:
        say(f"{name}: {left_out:,} of {clips:,} clips left out; `corpora` names them", errors)
