"""`zoom-ops users`: the users of the pages."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .grammar.groups import Noun
from .opening import As, actor, opened_storage
from .output import AsJson, Cell, at, listed, print_list, print_result, warn

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..identity import Passwords
    from ..store.audit import Actor
    from ..store.db.connect import Database

app = Noun(name="users", help="List who may sign in to the pages; add, change, sign out and remove them.")

Login = Annotated[str, typer.Argument(metavar="NAME", help="The name that the user signs in with.")]
User = Annotated[str, typer.Argument(metavar="USER", help="The user, as `users` lists them.")]
ROLE = "member|author|operator|admin"
Role = Annotated[str | None, typer.Option(metavar=ROLE, help="What the user may do; member if it is not said.")]
Groups = Annotated[list[str] | None, typer.Option("--group", help="A group of members; may be repeated.")]
FromInput = Annotated[bool, typer.Option("--password-stdin", help="Take the password from standard input.")]
Generated = Annotated[bool, typer.Option("--generate", help="Make a password, and print it this once.")]


@app.command()
def add(
    name: Login,
    role: Role = None,
    group: Groups = None,
    from_stdin: FromInput = False,
    generate: Generated = False,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Add a user who signs in with a password. The command asks for the password twice."""
    from ..identity import Passwords, UserChanges, add_user

    with opened_storage() as storage:
        passwords = Passwords(organisation=storage.settings.organisation)
        password = _take_password(name, passwords, generate=generate, from_stdin=from_stdin)
        changes = UserChanges(role=role or "member", groups=tuple(group or ()), password=password)
        known_as = add_user(storage.database, passwords, actor(as_name), name, changes)
    document = {"login": known_as, "role": changes.role, "groups": sorted(group or ())}
    return _print_user(document, f"{known_as} may sign in as {changes.role}.", password if generate else None, as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the users, and who is signed in."""
    from ..identity import show_users

    with opened_storage() as storage:
        rows = show_users(storage.database, storage.waits)
    columns: dict[str, Cell] = {
        "user": "login",
        "name": "name",
        "role": lambda row: "blocked" if row["blocked"] else row["role"],
        "groups": listed("groups"),
        "signs in by": "by",
        "second factor since": at("second_factor_since"),
        "last (UTC)": at("signed_in"),
        "sessions": lambda row: row["sessions"] or "",
    }
    empty = "Nobody may sign in yet: zoom-ops users add NAME --role admin"
    return print_list(rows, columns, as_json=as_json, empty=empty)


@app.command("set")
def set_(  # noqa: PLR0913  # each is an option of the command
    name: User,
    role: Role = None,
    group: Groups = None,
    no_groups: Annotated[bool, typer.Option("--no-groups", help="In no group any more.")] = False,
    password: Annotated[bool, typer.Option("--password", help="Another password, which is asked for.")] = False,
    from_stdin: FromInput = False,
    generate: Generated = False,
    block: Annotated[
        bool | None, typer.Option("--block/--unblock", help="Let the user sign in no more, or again.")
    ] = None,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Change a user: role, groups, password, block. The user has to sign in again everywhere.

    A second factor stays, whatever is changed.
    """
    from ..identity import Passwords, UserChanges, set_user

    groups = tuple(group or ()) if group or no_groups else None
    new_password = None
    with opened_storage() as storage:
        passwords = Passwords(organisation=storage.settings.organisation)
        if generate or from_stdin or password:
            new_password = _take_password(name, passwords, generate=generate, from_stdin=from_stdin)
        changes = UserChanges(role=role, groups=groups, password=new_password, blocked=block)
        ended = set_user(storage.database, passwords, storage.open_box(), actor(as_name), name, changes)
    document = {"login": name, "sessions_ended": ended}
    sentence = f"{name} is changed, and has to sign in again."
    return _print_user(document, sentence, new_password if generate else None, as_json)


@app.command()
def unlock(
    name: User,
    address: Annotated[
        str | None, typer.Option("--from", metavar="ADDRESS", help="Where the user is: from there they always get in.")
    ] = None,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Forget the wrong attempts at a user's password, so that they may sign in at once."""
    from ..identity import unlock_user

    with opened_storage() as storage:
        network = unlock_user(storage.database, storage.open_box(), actor(as_name), name, address)
    where = f" from {network}, however much strangers guess" if network else ""
    return print_result({"login": name, "network": network}, f"{name} may sign in now{where}.", as_json=as_json)


@app.command("reset-second-factor")
def reset(name: User, as_name: As = None, as_json: AsJson = False) -> None:
    """Remove the second factor of a user who has lost it. The password alone lets them in again."""
    from ..identity import reset_second_factor

    sentence = "{name} has no second factor any more, and signs in again with the password alone."
    return _end(reset_second_factor, name, sentence, as_name, as_json)


@app.command("sign-out")
def sign_out(name: User, as_name: As = None, as_json: AsJson = False) -> None:
    """Sign a user out everywhere, for example after a device was lost."""
    from ..identity import sign_user_out

    return _end(sign_user_out, name, "{name} is signed out: {ended} ended.", as_name, as_json)


@app.command()
def remove(name: User, as_name: As = None, as_json: AsJson = False) -> None:
    """Remove a user, and end their sessions. Their actions stay in the audit."""
    from ..identity import remove_user

    with opened_storage() as storage:
        remove_user(storage.database, actor(as_name), name)
    return print_result({"login": name, "removed": True}, f"{name} can sign in no more.", as_json=as_json)


def _end(
    act: "Callable[[Database, Actor, str], int]", name: str, sentence: str, as_name: str | None, as_json: bool
) -> None:
    """Do what ends all sessions of a user, and say so: `sentence` with {name}, and with {ended} for their number."""
    with opened_storage() as storage:
        count = act(storage.database, actor(as_name), name)
    said = sentence.format(name=name, ended=f"{count} session{'s' if count != 1 else ''}")
    print_result({"login": name, "sessions_ended": count}, said, as_json=as_json)


def _take_password(name: str, passwords: "Passwords", *, generate: bool, from_stdin: bool) -> str:
    """Make a password, or read it from standard input, or twice and hidden from the keyboard: never an argument."""
    import sys

    from ..errors import BadInputError
    from ..identity import make_password
    from .asking import at_terminal

    if generate:
        return make_password()
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not at_terminal():
        raise BadInputError("There is no terminal to ask for a password at. Add --password-stdin or --generate.")
    while (password := _ask_password(name, passwords)) is None:
        pass
    return password


def _ask_password(name: str, passwords: "Passwords") -> str | None:
    """Ask for a password twice. Say what is wrong with it and return None, if it cannot be taken."""
    from ..identity import UnusablePasswordError, check_password
    from .asking import ask_hidden

    password = ask_hidden(f"Password of {name}")
    try:
        check_password(password, name, passwords.organisation)
    except UnusablePasswordError as error:
        warn(str(error))
        return None
    if password != ask_hidden("Once more"):
        warn("These are two different passwords.")
        return None
    return password


def _print_user(document: dict[str, Any], sentence: str, made_password: str | None, as_json: bool) -> None:
    if made_password:
        document["password"] = made_password
        sentence += f"\nThe password, shown this once: {made_password}"
    print_result(document, sentence, as_json=as_json)
