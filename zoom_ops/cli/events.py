"""`zoom-ops events`: the event records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .opening import As, actor, opened, opened_storage
from .output import AsJson, at, print_changes, print_error, print_json, print_list, warn

if TYPE_CHECKING:
    from ..app import App
    from ..store.audit import Actor

app = typer.Typer(help="Event records: import, list, show, cancel, adopt, approve.", no_args_is_help=True)

EventId = Annotated[str, typer.Argument(metavar="EVENT", help="The event's id, as `events list` shows it.")]


@app.command("import")
def import_(  # noqa: PLR0913  # each is an option of the command
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", readable=False, help="Announcement text, YAML or JSON; - for input."),
    ],
    profile: Annotated[str | None, typer.Option(help="The profile of these events.")] = None,
    account: Annotated[str | None, typer.Option(help="The Zoom account of these events.")] = None,
    recording_visibility: Annotated[
        str | None, typer.Option(help="Who may see the recording: public or members.", metavar="public|members")
    ] = None,
    as_id: Annotated[str | None, typer.Option("--id", help="The event that the file speaks of.")] = None,
    new: Annotated[bool, typer.Option("--new", help="Another event of the same name.")] = False,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Import events from files. A second import of the same event updates it."""
    from ..errors import BadInputError, ZoomOpsError

    if recording_visibility not in (None, "public", "members"):
        raise BadInputError(f"--recording-visibility is public or members, not {recording_visibility!r}.")
    overrides = {"profile": profile, "account": account, "recording_visibility": recording_visibility}
    imported: list[Any] = []
    failures: list[ZoomOpsError] = []
    with opened() as service:
        for file in files:
            try:
                imported.extend(_import_file(service, file, actor(as_name), overrides, as_id, new))
            except ZoomOpsError as error:  # no event of this file was stored; the other files are still imported
                failures.append(error)
    _print_imported(imported, as_json)
    _fail(failures)


@app.command("list")
def list_(
    past: Annotated[bool, typer.Option("--past", help="Those that are over, the latest first.")] = False,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List the events to come."""
    from ..operations.views.events import list_events

    with opened_storage() as storage:
        rows = list_events(storage.database, past=past, limit=limit)
    return print_list(
        rows,
        {
            "start": at("start"),
            "zone": "timezone",
            "status": "status",
            "webinar": lambda row: row["webinar"] or "-",
            "recordings": "recordings",
            "no address": "without_address",
            "to review": "needs_review",
            "event": "id",
        },
        as_json=as_json,
        empty="There are no events. Begin with: zoom-ops events import FILE",
    )


@app.command()
def show(event: EventId, as_json: AsJson = False) -> None:
    """Show an event as operators see it, with its history."""
    from ..operations.events.serialize import describe_event
    from ..operations.views.events import timeline
    from .event_text import print_event

    with opened() as service:
        document = describe_event(service.context, event)
        if as_json:
            return print_json(document)
        return print_event(document, timeline(service.context.database, event), service.context.base_url)


@app.command()
def cancel(event: EventId, as_name: As = None, as_json: AsJson = False) -> None:
    """Cancel an event. Its webinar is deleted at Zoom, and its page says that it is cancelled."""
    from ..operations.events.decisions import cancel_event

    with opened() as service:
        cancelled = cancel_event(service.context, event, actor(as_name))
    if as_json:
        return print_json({"id": cancelled.id, "status": cancelled.status})
    return typer.echo(f"{cancelled.id} is cancelled. The daemon deletes its webinar; zoom-ops apply does it now.")


@app.command()
def approve(
    event: EventId,
    field: Annotated[list[str] | None, typer.Option("--field", help="Only this field; may be repeated.")] = None,
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Approve doubtful fields of an event from its import, or its recording."""
    from ..operations.events.decisions import approve_event

    with opened() as service:
        fields = approve_event(service.context, event, actor(as_name), tuple(field or ()))
    if as_json:
        return print_json({"id": event, "approved": list(fields)})
    return typer.echo(f"Approved: {', '.join(fields)}." if fields else "There is nothing to approve.")


@app.command()
def adopt(
    event: EventId,
    webinar_id: Annotated[int, typer.Argument(metavar="WEBINAR_ID", help="The webinar's number at Zoom.")],
    as_name: As = None,
    as_json: AsJson = False,
) -> None:
    """Bind an event to a webinar that already exists at Zoom."""
    from ..operations.events.decisions import adopt_webinar

    with opened() as service:
        adopt_webinar(service.context, event, webinar_id, actor(as_name))
    if as_json:
        return print_json({"id": event, "webinar": webinar_id})
    return typer.echo(f"{event} has webinar {webinar_id} now. zoom-ops plan {event} shows what would change in it.")


def _import_file(service: App, file: Path, by: Actor, overrides: dict[str, Any], as_id: str | None, new: bool) -> Any:
    from ..announcements import parse_events
    from ..operations.events.importing import import_events
    from ..settings import read_input

    announced = parse_events(read_input(file), str(file), **overrides)
    return import_events(service.context, announced, by, as_id=as_id, new=new)


def _print_imported(imported: list[Any], as_json: bool) -> None:
    from ..operations.events.importing import imported_json

    if as_json:
        return print_json([imported_json(row) for row in imported])
    for row in imported:
        typer.echo(f"{row.id}: {row.action}")
        if row.action == "updated":
            print_changes(row.changes)
        for note in row.event.needs_review:
            line = f" (line {note.line}: {note.text!r})" if note.line else ""
            warn(f"    review {note.field}: {note.reason}{line}")
        if missing := [person.name for person in row.event.without_address()]:
            warn(f"    without an address, so not seated: {', '.join(missing)}")
    return None


def _fail(failures: list[Any]) -> None:
    for error in failures:
        print_error(error)
    if failures:
        raise typer.Exit(2 if any(error.exit_code == 2 for error in failures) else failures[0].exit_code)
