"""Mistakes in how a command was called, each in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError
from typer._click import exceptions as usage

from ...errors import BadInputError

if TYPE_CHECKING:
    from typer._click import Context
    from typer.core import _TyperParameter

LARGEST = 2**63 - 1  # number in the database: said only where a number is larger


def explain(error: usage.UsageError) -> BadInputError:
    """Say what is wrong with a command's words, and where its help is."""
    where = error.ctx.command_path if error.ctx else "zoom-ops"
    return BadInputError(f"{_sentence(error, where)} {where} -h shows how.")


def _sentence(error: usage.UsageError, where: str) -> str:
    match error:
        case usage.NoSuchOption():
            near = f" Did you mean {', '.join(sorted(error.possibilities))}?" if error.possibilities else ""
            return f"There is no option {error.option_name} of {where}.{near}"
        case usage.MissingParameter() if error.param:
            return f"{where} needs {_name(error.param)}{_help(error.param)}"
        case usage.BadParameter() if error.param:
            return f"{_name(error.param)} {_expected(error, error.param)}"
        case usage.BadOptionUsage():
            param = _param_of(error.ctx, error.option_name)
            takes = "a value" if "requires" in error.message else "no value"
            return f"{error.option_name} takes {takes}{_help(param)}"
    extra = error.message.partition("extra argument(s) (")[2].removesuffix(")")
    return f"{where} takes less: {extra} is too much." if extra else f"{error.message.rstrip('.')}."


def _name(param: _TyperParameter) -> str:
    """Name a parameter as it is written: an option with its dashes, an argument in capitals."""
    return param.opts[-1] if param.param_type_name == "option" else (param.metavar or param.name.upper()).strip("[].")


def _help(param: _TyperParameter | None) -> str:
    text = str(getattr(param, "help", None) or "")
    return f": {text[0].lower()}{text[1:]}" if text else "."


def _param_of(context: Context | None, option: str) -> _TyperParameter | None:
    params = context.command.params if context else []
    return next((param for param in params if option in param.opts), None)  # type: ignore[return-value]


def _expected(error: usage.BadParameter, param: _TyperParameter) -> str:
    """Say what a value has to be: a whole number and its limits, or what the library says of other types."""
    low, high = getattr(param, "min", None), getattr(param, "max", None)
    if not any(word in error.message for word in ("integer", "greater", "less")):
        return f"is wrong: {error.message[:1].lower()}{error.message[1:].rstrip('.')}."
    limits = f" of at least {low}" if low is not None else ""
    if high is not None and (high < LARGEST or "less" in error.message):
        limits = f" from {low or 1} to {high}"
    found = error.__cause__.errors()[0]["input"] if isinstance(error.__cause__, ValidationError) else None
    return f"is a whole number{limits}{f', not {found!r}' if found is not None else ''}."
