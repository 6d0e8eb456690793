"""`corpora`, and the corpora that other commands are given."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from model_builder.console import errors, progress_bar, say, show_survey
from model_builder.corpora import LOADERS, load_corpus
from model_builder.corpora.survey import Clip, Survey, survey_together
from model_builder.corpora.utterance import LABELS
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
    """List what corpora really hold: clips, speakers, classes, hours; unreadable, silent and duplicated files by name."""
    for given in parse_corpora(corpus):
        [found] = read_corpora([given])
        show_survey(f"{given.name}: {given.path}", found)


def read_corpora(given: list[GivenCorpus], labels_only: bool = False) -> list[Survey]:
    """Survey corpora together behind a progress bar; `labels_only` leaves out the classes that the model does not know."""
    loaded = [load_corpus(each.name, each.path) for each in given]
    with progress_bar() as bar:
        names = ", ".join(each.name for each in given)
        task = bar.add_task(f"reading {names}", total=sum(len(each.utterances) for each in loaded), note="")
        return survey_together(loaded, LABELS if labels_only else None, lambda: bar.advance(task))


def read_clips(corpus: list[str], skip_unreadable: bool) -> list[list[Clip]]:
    """The usable clips of each corpus; raises UserError when files cannot be read, unless they are to be skipped."""
    clips = []
    everything = parse_corpora(corpus)
    for given, found in zip(everything, read_corpora(everything, labels_only=True), strict=True):
        warn(found)
        if found.unreadable and not skip_unreadable:
            raise UserError(
                f"{given.name}: {len(found.unreadable)} of {found.clips:,} files cannot be read "
                f"(first: {found.unreadable[0]}); --skip-unreadable leaves them out"
            )
        say_left_out(given, found.clips - len(found.usable), found.clips)
        clips.append(found.usable)
    return clips


def warn(found: Survey) -> None:
    for warning in found.warnings:
        say(f"warning: {warning}", errors)


def say_left_out(given: GivenCorpus, left_out: int, clips: int) -> None:
    if left_out:
        say(f"{given.name}: {left_out:,} of {clips:,} clips left out; `corpora` names them", errors)
