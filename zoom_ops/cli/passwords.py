"""Take a password at the keyboard, twice and unseen, or from standard input; it never stands on the command line."""

import sys

import typer


def take_password(name: str, *, generate: bool, from_stdin: bool) -> str:
    """Take the password of a user."""
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
