"""Ask before a change: what it does outside is shown, and a person agrees, or --yes does."""

from collections.abc import Iterable
from typing import Annotated

import typer

from .output import warn

Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


def agreed(sentences: Iterable[str], question: str, *, yes: bool, as_json: bool = False) -> bool:
    """Show what a change does outside, and return whether to make it: with --yes, or if a person at a terminal agrees.

    With JSON for output, the sentences go to the standard error, and only if somebody is asked.
    """
    is_asked = not yes and at_terminal()
    for sentence in sentences:
        if is_asked or not as_json:
            typer.echo(sentence, err=as_json)
    return yes or (is_asked and typer.confirm(question, err=True))


def at_terminal() -> bool:
    """Return whether somebody can be asked."""
    import sys

    return sys.stdin.isatty()


def leave() -> typer.Exit:
    """Say that nothing was changed, and return the exit: 1 if a person declined, 2 if nobody could be asked."""
    if at_terminal():
        warn("Nothing was changed.")
        return typer.Exit(1)
    warn("Nothing was changed: there is no terminal to ask at. Add --yes to do it.")
    return typer.Exit(2)
