"""`zoom-ops users`: who may sign in."""

from typing import Annotated

import typer

from .opening import As, actor, opened
from .output import AsJson, print_json, print_table, short_time

app = typer.Typer(help="Users: who may sign in to the pages; add, list.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(metavar="NAME", help="The name that the user signs in with.")]


@app.command()
def add(  # each is an option of the command
    name: Login,
    role: Annotated[str, typer.Option(metavar="member|operator|admin", help="What the user may do.")] = "member",
    group: Annotated[list[str] | None, typer.Option(help="A group of members; may be repeated.")] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Take the password from standard input.")
    ] = False,
    generate: Annotated[bool, typer.Option("--generate", help="Make a password, and print it once.")] = False,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Add a user with a password, which is asked for."""
    from ..operations.identity import Passwords
    from ..operations.identity.users import add_user
    from .passwords import take_password

    password = take_password(name, generate=generate, from_stdin=password_stdin)
    with opened() as service:
        known_as = add_user(
            service.database, Passwords(), actor(as_name), name, password, role=role, groups=tuple(group or ())
        )
    shown = {"password": password} if generate else {}
    if as_json:
        return print_json({"login": known_as, "role": role, "groups": sorted(group or ()), **shown})
    typer.echo(f"{known_as} may sign in as {role}." + (f" The password: {password}" if generate else ""))
    return None


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List who may sign in."""
    from ..operations.identity.users import show_users

    with opened() as service:
        rows = show_users(service.database)
    if as_json:
        return print_json(rows)
    cells = [(r["login"], r["role"], ", ".join(r["groups"]), r["by"], short_time(r["signed_in"])) for r in rows]
    columns = ("user", "role", "groups", "signs in by", "last (UTC)")
    return print_table(columns, cells, empty="Nobody may sign in yet: zoom-ops users add NAME --role admin")
