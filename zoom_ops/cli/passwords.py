"""Read a password: twice and hidden at the keyboard, or from standard input, but never from the command line."""

import sys

import typer


def take_password(name: str, *, generate: bool, from_stdin: bool) -> str:
    """Return a user's password: generated, read from standard input, or typed. Raise BadInputError."""
    from ..identity import check_password, make_password

    if generate:
        return make_password()
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = typer.prompt(f"Password of {name}", hide_input=True)
    check_password(password)
    again: str = typer.prompt("Once more", hide_input=True)
    if again != password:
        from ..errors import BadInputError

        raise BadInputError("These are two different passwords.")
    return password
