"""`zoom-ops init`: ask for everything that a first start needs, check it, write it."""

from __future__ import annotations

import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..opening import actor, debugging
from ..output import AsJson, print_json, warn
from .questions import ACCOUNT, CREDENTIALS, FURTHER, HOSTS, SERVICE, WEBHOOK, Answers, take_defaults, take_given

if TYPE_CHECKING:
    from .writing import Done

_ALL = (ACCOUNT, *CREDENTIALS, WEBHOOK, HOSTS, *SERVICE)
_PRACTICE_HOSTS = ("webinars-1@example.org", "webinars-2@example.org")


def init(  # noqa: PLR0913  # each is an option of the command
    practice: Annotated[
        bool | None, typer.Option("--practice/--real", help="The practice Zoom of this machine, or a real account.")
    ] = None,
    account: Annotated[str | None, typer.Option(metavar="NAME", help="Your name for the Zoom account.")] = None,
    account_id: Annotated[str | None, typer.Option(metavar="ID", help="The app's Account ID.")] = None,
    client_id: Annotated[str | None, typer.Option(metavar="ID", help="The app's Client ID.")] = None,
    client_secret_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Holds the app's Client Secret; - for standard input.")
    ] = None,
    webhook_secret_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Holds the Secret Token of its page Feature; - likewise.")
    ] = None,
    host: Annotated[list[str] | None, typer.Option(metavar="EMAIL", help="A host; may be repeated.")] = None,
    all_hosts: Annotated[bool, typer.Option("--all-hosts", help="All users with a webinar licence.")] = False,
    plan: Annotated[str, typer.Option(metavar="pro|business", help="The account's plan: its rate limits.")] = "pro",
    api_url: Annotated[str | None, typer.Option(metavar="URL", help="Zoom's API, if it is not the usual one.")] = None,
    oauth_url: Annotated[str | None, typer.Option(metavar="URL", help="Where tokens are asked for, likewise.")] = None,
    sandbox: Annotated[
        str, typer.Option(metavar="URL", help="Where the practice Zoom is to answer.")
    ] = "http://127.0.0.1:4100",
    listen: Annotated[str | None, typer.Option(metavar="HOST:PORT", help="Where the pages are served.")] = None,
    base_url: Annotated[str | None, typer.Option(metavar="URL", help="The address for readers and Zoom.")] = None,
    organisation: Annotated[str | None, typer.Option(metavar="NAME", help="The name at the head of pages.")] = None,
    data_dir: Annotated[str | None, typer.Option(metavar="FOLDER", help="The folder of the database.")] = None,
    alert_to_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Holds Apprise URLs, where you are told of problems; - likewise.")
    ] = None,
    admin: Annotated[str | None, typer.Option(metavar="NAME", help="The first admin.")] = None,
    admin_password_stdin: Annotated[
        bool, typer.Option("--admin-password-stdin", help="Take their password from standard input.")
    ] = False,
    no_admin: Annotated[bool, typer.Option("--no-admin", help="Make no admin.")] = False,
    no_check: Annotated[bool, typer.Option("--no-check", help="Do not ask Zoom whether the credentials work.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace settings; the old ones are kept as .bak.")] = False,
    as_json: AsJson = False,
) -> None:
    """Set up an installation in this folder: ask, check with Zoom, write settings and secrets, add the first admin.

    On a terminal it asks for what the options leave open. Elsewhere it says what is missing, and writes nothing.
    """
    given = {
        "account": account, "account_id": account_id, "client_id": client_id,
        "hosts": tuple(host or ()), "listen": listen, "base_url": base_url, "organisation": organisation,
        "data_dir": data_dir, "admin": admin,
    }  # fmt: skip
    files = {"client_secret": client_secret_file, "webhook_secret": webhook_secret_file, "alert_to": alert_to_file}
    answers: Answers = {
        "practice": practice, "no_admin": no_admin, "all_hosts": all_hosts, "notes": [], "plan": plan,
        "sandbox": sandbox, "api_url": api_url, "oauth_url": oauth_url,
    }  # fmt: skip
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that a half-written file is removed on it, too
    try:
        done = _set_up(answers, given, files, password=admin_password_stdin, check=not no_check, force=force)
    except (typer.Abort, KeyboardInterrupt):
        left = "the settings are written, and work" if answers.get("is_written") else "nothing was written"
        warn(f"Interrupted: {left}.")
        raise typer.Exit(130) from None
    _print_done(done, as_json=as_json)


def _set_up(
    answers: Answers, given: dict[str, Any], files: dict[str, str | None], *, password: bool, check: bool, force: bool
) -> Done:
    from ...logs import configure_logging
    from ...settings import find_places, refuse_existing, refuse_unwritable
    from .asking import ask_all
    from .trying import choose_all
    from .writing import write_all

    configure_logging(debug=debugging(), quiet=not debugging())
    places = find_places()
    refuse_existing(places, replace=force)
    refuse_unwritable(places, places.config_dir)
    asks = is_terminal() and not password and "-" not in files.values()
    if not asks and answers["practice"] is None:
        answers["practice"] = False
    _take_options(answers, given, _read_secrets(given, files, password=password))
    if asks and answers["practice"] is None:
        from .asking import ask_kind

        answers["practice"] = ask_kind()
    if answers["practice"]:
        _take_practice(answers)
    if asks:
        ask_all(answers, check=check)
    else:
        _complete(answers)
        choose_all(answers, check=check)
    return write_all(places, answers, actor(None), force=force)


def is_terminal() -> bool:
    """Return whether somebody is there to answer."""
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


def _read_secrets(given: dict[str, Any], files: dict[str, str | None], *, password: bool) -> dict[str, str | None]:
    """Read the secrets from their files, from variables or from standard input, which can hold one of them."""
    from ...errors import BadInputError
    from ...settings import find_secret

    from_input = [*files.values(), "-" if password else None].count("-")
    if from_input > 1:
        raise BadInputError("Standard input can hold one secret: give the others as files.")
    if from_input and sys.stdin is None:
        raise BadInputError("Standard input is closed: no secret can be read from it.")
    name = given["account"] or "main"
    paths = {"alert_to": ("alert_to",)}
    secrets = {
        key: _read_secret(key, file) if file else find_secret(paths.get(key, ("accounts", name, key)))
        for key, file in files.items()
    }
    return {**secrets, "password": sys.stdin.readline().rstrip("\r\n") if password else None}


def _read_secret(key: str, file: str) -> str:
    from ...errors import BadInputError
    from ...settings import read_input

    try:
        secret = read_input(Path(file)).decode().strip()
    except UnicodeDecodeError:
        secret = ""
    if not secret:
        raise BadInputError(f"--{key.replace('_', '-')}-file: {file} holds no text.")
    return secret


def _take_options(answers: Answers, given: dict[str, Any], secrets: dict[str, str | None]) -> None:
    take_given(FURTHER, dict(answers), answers)
    answers["account"] = "main"  # for checks of values that belong to an account, until it has its own name
    taken: Answers = {**answers}
    take_given(_ALL, {**given, **secrets}, taken)
    if given["account"] is None:
        del taken["account"], answers["account"]
    answers.update(taken)


def _take_practice(answers: Answers) -> None:
    from .writing import practice_credentials

    answers.update(practice_credentials(answers["sandbox"]))
    answers.setdefault("hosts", _PRACTICE_HOSTS)


def _complete(answers: Answers) -> None:
    """Take the defaults. Raise BadInputError with all options that are missing."""
    from ...errors import BadInputError

    missing = list(take_defaults(_ALL, answers))
    if answers["all_hosts"] and HOSTS.flag in missing:
        missing.remove(HOSTS.flag)
    if missing:
        kind = "" if answers["practice"] else " (or --practice)"
        raise BadInputError(
            f"Nothing was written: nobody answers here, and these are missing: {', '.join(missing)}{kind}."
        )


def _print_done(done: Done, *, as_json: bool) -> None:
    if as_json:
        return print_json(asdict(done))
    typer.echo(f"Written: {done.settings_file}, loaded and found right.")
    if done.backup:
        typer.echo(f"The old one is kept as {done.backup}.")
    if done.admin:
        typer.echo(f"{done.admin} may sign in at {done.address}/-/ as admin.")
    for sentence in (*done.notes, *(gap.sentence for gap in done.gaps)):
        warn(f"- {sentence}")
    typer.secho("\nNext:", bold=True)
    for command in done.commands:
        typer.echo(f"  {command}")
    return None
