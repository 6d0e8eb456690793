"""The command line: `undertone --help` lists the commands; `python -m model_builder` is the same."""

import sys
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer

from model_builder.cli.adaptation import adapt, average_weights, cross_adapt
from model_builder.cli.asset import benchmark, build_apk_asset, export, quantize
from model_builder.cli.augment import augment
from model_builder.cli.benchmark import benchmark_training
from model_builder.cli.command import Command
from model_builder.cli.console import accept_every_letter, errors, say
from model_builder.cli.corpora import corpora
from model_builder.cli.engine import evaluate_gate, evaluate_live
from model_builder.cli.evaluation import evaluate, predict
from model_builder.cli.pretraining import pretrain
from model_builder.cli.reproduction import ablate, reproduce
from model_builder.cli.results import results
from model_builder.cli.training import cross_validate, train
from model_builder.errors import UserError, disk_complaint, os_error_behind

app = typer.Typer(
    help="Builds Undertone's speech emotion model: survey corpora, train, export, quantize, build the app's asset, predict, evaluate.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
PANELS: dict[str, tuple[Callable[..., None], ...]] = {
    "Emotions of recordings": (predict, evaluate),
    "Training": (corpora, augment, pretrain, train, cross_validate, adapt, cross_adapt, average_weights),
    "The paper": (reproduce, ablate),
    "The app's model": (export, quantize, build_apk_asset),
    "For maintainers": (benchmark, benchmark_training, evaluate_gate, evaluate_live, results),
}
for panel, commands in PANELS.items():
    for command in commands:
        app.command(cls=Command, rich_help_panel=panel)(command)


def print_version(is_asked: bool) -> None:
    if is_asked:
        import model_builder

        print(f"undertone {model_builder.__version__}")
        raise typer.Exit


@app.callback()
def options_of_all(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=print_version, is_eager=True)
    ] = False,
) -> None:
    """Its help is the application's."""


def main() -> None:
    """Run the command line; bad input ends with one sentence and exit code 2."""
    accept_every_letter()
    try:
        app()
    except UserError as error:
        end_with(str(error))
    except Exception as error:
        refused = os_error_behind(error)
        if refused is None:
            raise
        end_with(disk_complaint(refused))


def end_with(complaint: str) -> NoReturn:
    """Exit code 2 behind one sentence, also of a process that prints nothing else because another one does."""
    errors.quiet = False
    say(f"error: {complaint}", errors, "bold red")
    sys.exit(2)
