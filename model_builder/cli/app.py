"""The command line: `python -m model_builder --help` lists the commands."""

import sys

import typer

from model_builder.cli.adaptation import adapt, cross_adapt
from model_builder.cli.asset import benchmark, build_apk_asset, export, quantize
from model_builder.cli.augment import augment
from model_builder.cli.benchmark import benchmark_training
from model_builder.cli.console import errors, say
from model_builder.cli.corpora import corpora
from model_builder.cli.engine import evaluate_gate, evaluate_live
from model_builder.cli.evaluation import evaluate, predict
from model_builder.cli.pretraining import pretrain
from model_builder.cli.results import results
from model_builder.cli.training import cross_validate, train
from model_builder.errors import UserError, disk_complaint, os_error_behind

app = typer.Typer(
    help="Builds Undertone's speech emotion model: survey corpora, train, export, quantize, build the app's asset, predict, evaluate.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
COMMANDS = (
    corpora,
    augment,
    pretrain,
    train,
    cross_validate,
    adapt,
    cross_adapt,
    benchmark_training,
    export,
    quantize,
    benchmark,
    build_apk_asset,
    predict,
    evaluate,
    evaluate_gate,
    evaluate_live,
    results,
)
for command in COMMANDS:
    app.command()(command)


def main() -> None:
    """Run the command line; bad input ends with one sentence and exit code 2."""
    try:
        app()
    except UserError as error:
        say(f"error: {error}", errors, "bold red")
        sys.exit(2)
    except Exception as error:
        refused = os_error_behind(error)
        if refused is None:
            raise
        say(f"error: {disk_complaint(refused)}", errors, "bold red")
        sys.exit(2)
