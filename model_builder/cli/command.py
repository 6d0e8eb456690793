"""What all commands have in common: no empty argument, and no option that changes nothing."""

from contextvars import ContextVar
from typing import Any

from typer.core import TyperCommand

from model_builder.errors import UserError

_given: ContextVar[frozenset[str]] = ContextVar("given", default=frozenset())


class Command(TyperCommand):
    """One command of the command line. Raises UserError for an empty argument: as a path it would mean the current folder."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        for argument in args:
            option, separator, value = argument.partition("=")
            if not argument:
                raise UserError(f"{self.name}: an argument is empty (a variable that is not set?); leave it out or give a value")
            if option.startswith("--") and separator and not value:
                raise UserError(f"{option}: its value is empty (a variable that is not set?); leave it out or give a value")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        _given.set(frozenset(name for name in ctx.params if ctx.get_parameter_source(name).name == "COMMANDLINE"))
        return super().invoke(ctx)


def given_options() -> frozenset[str]:
    """Names, as in Python, of the parameters that stand on the command line of this process."""
    return _given.get()


def refuse_unused(reason: str, *parameters: str) -> None:
    """Raises UserError for the first of `parameters` (names as in Python) that stands on the command line, where it changes nothing.

    reason: why it does not.
    """
    for name in parameters:
        if name in _given.get():
            raise UserError(f"--{name.replace('_', '-')} changes nothing {reason}; leave it out")
