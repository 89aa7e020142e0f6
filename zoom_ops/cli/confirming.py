"""Ask before something is done: on a terminal; a script says --yes."""

import sys

import typer


def is_confirmed(question: str, *, yes: bool) -> bool:
    """Return whether to go on: with --yes, or if a person at a terminal says so. Without a terminal nobody is asked."""
    if yes or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return yes
    return typer.confirm(question, err=True)
