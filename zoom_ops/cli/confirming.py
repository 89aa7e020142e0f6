"""Ask before something is done: on a terminal; a script says --yes."""

import sys

import typer


def can_ask() -> bool:
    """Return whether a person is there to be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def is_confirmed(question: str, *, yes: bool) -> bool:
    """Return whether to go on: with --yes, or if a person at a terminal says so. Without a terminal nobody is asked."""
    return yes or (can_ask() and typer.confirm(question, err=True))


def say_nothing_done(sentence: str) -> None:
    """Say that nothing was done; where nobody could be asked, also how to have it done."""
    typer.echo(sentence if can_ask() else f"{sentence} Add --yes to do it.")
