"""Ask before a change: what it does outside is shown, and a person agrees, or --yes does."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from .output import print_result, warn

Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


def agreed(sentences: Iterable[str], question: str, *, yes: bool, as_json: bool = False) -> bool:
    """Show what a change does outside, and return whether to make it: with --yes, or if a person at a terminal agrees.

    With JSON for output, the sentences go to the standard error, and only if somebody is asked.
    """
    is_asked = not yes and at_terminal()
    for sentence in sentences:
        if is_asked or not as_json:
            typer.echo(sentence, err=as_json)
    return yes or (is_asked and _confirm(question))


def at_terminal() -> bool:
    """Return whether somebody can be asked."""
    import sys

    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


def leave() -> typer.Exit:
    """Say that nothing was changed, and return the exit: 1 if a person declined, 2 if nobody could be asked."""
    if at_terminal():
        warn("Nothing was changed.")
        return typer.Exit(1)
    warn("Nothing was changed: there is no terminal to ask at. Add --yes to do it.")
    return typer.Exit(2)


def conclude(document: Any, sentence: str, *, agreed: bool, as_json: bool) -> None:
    """Print what was done; where it was not agreed to, only the JSON, and end the command as `leave` says."""
    if agreed or as_json:
        print_result(document, sentence, as_json=as_json)
    if not agreed:
        raise leave()


def ask_hidden(question: str) -> str:
    """Ask for what the terminal does not show. Ctrl-C or Ctrl-D ends the command as `leave` does."""
    try:
        return str(typer.prompt(question, hide_input=True, err=True))
    except typer.Abort:
        raise leave() from None


def _confirm(question: str) -> bool:
    """Ask a person; Ctrl-C and Ctrl-D are a no."""
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        typer.echo(err=True)  # the prompt's line is still open
        return False
