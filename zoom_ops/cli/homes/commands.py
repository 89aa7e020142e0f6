"""`zoom-ops homes`: other systems whose event records become events here, and which show links of recordings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from ...errors import BadInputError
from ..grammar.groups import Noun
from ..opening import As, actor, opened
from ..output import AsJson, Cell, at, print_json, print_list, print_result, warn
from .lines import lines_of_event, lines_of_home

if TYPE_CHECKING:
    from ...app import App
    from ...operations.homes.pull import Pull

app = Noun(name="homes", help="Other systems with event records: list, check and pull them; decide about links there.")

Name = Annotated[str, typer.Argument(metavar="HOME", help="The home, as its file in config/homes/ is called.")]
EventId = Annotated[str, typer.Argument(metavar="EVENT", help="The event's id.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what it would do, and do nothing.")]
Take = Annotated[
    str | None,
    typer.Option("--take", metavar="RECORD", help="The home's id of a record that is taken, whatever left it out."),
]
Home = Annotated[
    str | None,
    typer.Option(
        "--home", metavar="HOME", help="Instead of an event: what of a home was left out, or was changed there."
    ),
]
Moved = Annotated[bool, typer.Option("--moved", help="Its file names a new address of the same system.")]
_WORDS = {
    "new": "new",
    "changed": "changed",
    "unchanged": "read, nothing changes",
    "left_out": "left out",
    "wrong": "cannot be read",
}


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the homes, with when they were read last and what came of it."""
    from ...operations.homes.admin import show_homes

    with opened() as service:
        rows = show_homes(service.context)
    columns: dict[str, Cell] = {
        "home": "name",
        "system": "system",
        "state": "state",
        "last pull (UTC)": at("pulled_at"),
        "events": lambda row: row["records"]["taken"],
        "left out": lambda row: row["records"]["left_out"],
        "wrong": lambda row: row["records"]["wrong"],
        "gone": lambda row: row["records"]["gone"],
        "links": "links",
        "changed there": lambda row: len(row["drifted"]),
        "last mistake": "failure",
    }
    print_list(rows, columns, as_json=as_json, empty="There are no homes. Each is a file: config/homes/NAME.toml")
    for row in () if as_json else rows:
        for line in lines_of_home(row):
            warn(line)


@app.command()
def check(name: Name, as_json: AsJson = False) -> None:
    """Try what a home needs: address, credentials, rights. Exit code 1 if something is missing."""
    from ...operations.homes.admin import check_home

    with opened() as service:
        findings = check_home(service.context, name)
    if as_json:
        print_json({"home": name, "findings": findings})
    colors = {"ok": typer.colors.GREEN, "warning": typer.colors.YELLOW, "missing": typer.colors.RED}
    for finding in () if as_json else findings:
        typer.echo(f"{typer.style(finding['state'], fg=colors[finding['state']])}  {finding['sentence']}")
    if any(finding["state"] == "missing" for finding in findings):
        raise typer.Exit(1)


@app.command()
def pull(
    name: Name,
    dry_run: DryRun = False,
    take: Take = None,
    moved: Moved = False,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Read what changed in a home now, and wait until it is read. Webinars and links follow by themselves."""
    from ...operations.homes.admin import ask_for_pull
    from ..runs import follow

    with opened() as service:
        if dry_run:
            return _preview(service, name, take, as_json=as_json)
        runs = ask_for_pull(service.context, name, actor(as_name), take=take, moved=moved)
        code = follow(service, runs, as_json=as_json)
    raise typer.Exit(code)


@app.command()
def show(
    event: Annotated[str | None, typer.Argument(metavar="EVENT", help="The event's id.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show the records of an event in its homes, and its links there: ours beside theirs where people changed one."""
    from ...operations.homes.admin import show_event_homes, show_home

    if (event is None) == (home is None):
        raise BadInputError("Name either an event, or a home with --home.")
    with opened() as service:
        if event is not None:
            records = show_event_homes(service.context, event)
            return _print(records, lines_of_event(event, records), as_json=as_json)
        row = show_home(service.context, home or "")
        return _print(row, lines_of_home(row), as_json=as_json)


@app.command()
def restore(event: EventId, as_name: As = None, as_json: AsJson = False) -> None:
    """Write our links of an event again where people changed or removed them in a home."""
    from ...operations.reconcile.link_decisions import restore_links

    with opened() as service:
        links = restore_links(service.context, event, actor(as_name))
    homes = sorted({link.home for link in links})
    which = f"1 link of {event} is" if len(links) == 1 else f"{len(links)} links of {event} are"
    sentence = f"{which} written again in {', '.join(homes)}."
    return print_result({"event": event, "links": len(links), "homes": homes}, sentence, as_json=as_json)


@app.command()
def leave(event: EventId, as_name: As = None, as_json: AsJson = False) -> None:
    """Leave the links of an event as people changed them in a home: nobody is asked again."""
    from ...operations.reconcile.link_decisions import leave_links

    with opened() as service:
        links = leave_links(service.context, event, actor(as_name))
    homes = sorted({link.home for link in links})
    which = (
        f"1 link of {event} is left as people changed it"
        if len(links) == 1
        else f"{len(links)} links of {event} are left as people changed them"
    )
    sentence = f"{which} in {', '.join(homes)}."
    return print_result({"event": event, "links": len(links), "homes": homes}, sentence, as_json=as_json)


@app.command()
def renew(
    name: Annotated[str | None, typer.Argument(metavar="[HOME]", help="The home: all its links for members.")] = None,
    event: Annotated[
        str | None, typer.Option("--event", metavar="EVENT", help="An event: its links for members, in all homes.")
    ] = None,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Renew the keys of links for members: the keys before open nothing any more, and the links are written again."""
    from ...operations.homes.renewing import renew_keys_of_event, renew_keys_of_home, sum_up

    with opened() as service:
        if name and not event:
            links = renew_keys_of_home(service.context, name, actor(as_name))
        elif event and not name:
            links = renew_keys_of_event(service.context, event, actor(as_name))
        else:
            raise BadInputError("Name a home or, with --event, an event.")
    homes = sorted({link.home for link in links})
    document = {"home": name, "event": event, "links": len(links), "homes": homes}
    return print_result(document, sum_up(links), as_json=as_json)


def _print(document: object, lines: Iterator[str], *, as_json: bool) -> None:
    if as_json:
        return print_json(document)
    for line in lines:
        typer.echo(line)
    return None


def _preview(service: App, name: str, take: str | None, *, as_json: bool) -> None:
    """Print what a pull would do, record by record."""
    from ...operations.homes.admin import find_home
    from ...operations.homes.foresee import pull_json
    from ...operations.homes.pull import preview_pull

    find_home(service.context, name)
    foreseen = preview_pull(service.context, name, take)
    if as_json:
        return print_json(pull_json(service.context, foreseen))
    for line in _lines_of_preview(service, foreseen):
        typer.echo(line)
    return None


def _lines_of_preview(service: App, foreseen: Pull) -> Iterator[str]:
    from ...operations.homes.foresee import pull_json

    document = pull_json(service.context, foreseen)
    for record in document["records"]:
        whose = f"{record['name']}  {record['event'] or ''}".rstrip()
        yield typer.style(f"{record['record']}  {_WORDS[record['what']]}: {whose}", bold=True)
        if record["reason"]:
            yield f"    {record['reason']}"
        if record["what"] == "changed":
            yield from (f"    {sentence}" for sentence in record["says"])
        yield from (f"    → {sentence}" for sentence in record["plan"])
    for gone in document["gone"]:
        yield typer.style(f"{gone}  gone", bold=True)
    yield document["sentence"]
