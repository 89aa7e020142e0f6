"""`zoom-ops events`: the event records."""

from typing import Annotated, Any

import typer

from .asking import Yes, agreed, conclude
from .grammar.groups import Noun
from .imports.command import import_
from .opening import As, actor, opened, opened_storage
from .output import AsJson, Cell, Limit, at, print_json, print_list, print_result

app = Noun(name="events", help="List the event records; import, show and cancel them, and decide on what waits.")

EventId = Annotated[str, typer.Argument(metavar="EVENT", help="The event's id, as `events list` shows it.")]
WebinarId = Annotated[int, typer.Argument(metavar="WEBINAR_ID", help="The webinar's number at Zoom.")]
Fields = Annotated[list[str] | None, typer.Option("--field", help="Only this field; may be repeated.")]
Recording = Annotated[str, typer.Argument(metavar="RECORDING", help="The recording's uuid, as `events show` says it.")]
Drafts = Annotated[bool, typer.Option("--drafts", help="Only drafts, which only operators and authors see.")]
Past = Annotated[bool, typer.Option("--past", help="Those that are over, the latest first.")]


app.command("import")(import_)


@app.command("list")
def list_(past: Past = False, drafts: Drafts = False, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List the events to come."""
    from ..operations.views.events import list_events

    with opened_storage() as storage:
        rows = list_events(storage.database, past=past, drafts=drafts, limit=limit)
    columns: dict[str, Cell] = {
        "start": at("start"),
        "zone": "timezone",
        "status": "status",
        "visibility": "visibility",
        "webinar": lambda row: row["webinar"] or "-",
        "recordings": "recordings",
        "no address": "without_address",
        "to review": "needs_review",
        "event": "id",
    }
    return print_list(rows, columns, as_json=as_json, empty=_say_none(past=past, drafts=drafts))


def _say_none(*, past: bool, drafts: bool) -> str:
    """Say that no event is listed, and what to do next."""
    if drafts and past:
        return "There are no drafts that are over. Those to come: zoom-ops events list --drafts"
    if drafts:
        return "There are no drafts to come. Those that are over: zoom-ops events list --drafts --past"
    if past:
        return "There are no events that are over. Those to come: zoom-ops events list"
    return "There are no events to come. Begin with: zoom-ops events import FILE"


@app.command()
def show(event: EventId, as_json: AsJson = False) -> None:
    """Show an event as operators see it, with its history."""
    from ..operations.events.serialize import describe_event
    from ..operations.stages.facts import load_stages
    from ..operations.views.events import timeline
    from ..operations.views.plans.overview import overview_json
    from ..operations.views.plans.plan import plan_events
    from ..operations.views.stages import stages_json

    with opened() as service:
        document = describe_event(service.context, event)
        document["stages"] = stages_json(load_stages(service.context, event))
        document["plan"] = overview_json(plan_events(service.context, (event,)))
        if as_json:
            return print_json(document)
        return _print_event(document, timeline(service.context.database, event), service.context.base_url)


@app.command()
def cancel(event: EventId, yes: Yes = False, as_name: As = None, as_json: AsJson = False) -> None:
    """Cancel an event, once whom Zoom mails is shown and agreed to.

    Its webinar is deleted at Zoom, and its page says that it is cancelled.
    """
    from ..operations.events.orders.cancelling import cancel_event, get_cancellable
    from ..operations.views.impact import impact_of_cancelling

    with opened() as service:
        record = get_cancellable(service.context, event)
        effects = impact_of_cancelling(service.context, record)
        is_new = record.status != "cancelled"
        agrees = not is_new or agreed(effects, f"Cancel {event}?", yes=yes, as_json=as_json)
        if is_new and agrees:
            record = cancel_event(service.context, event, actor(as_name))
    order = f"What is left to do: zoom-ops plan {event}"
    sentence = f"{event} is cancelled{'' if is_new else ' already'}. {order}"
    document = {"id": event, "status": record.status, "effects": effects}
    conclude(document, sentence, agreed=agrees, as_json=as_json)


@app.command()
def approve(event: EventId, field: Fields = None, as_name: As = None, as_json: AsJson = False) -> None:
    """Approve doubtful fields of an event from its import, or its recording.

    A draft that was to be published is published with its last doubt.
    """
    from ..operations.events.decisions import approve_event

    with opened() as service:
        fields, became = approve_event(service.context, event, actor(as_name), tuple(field or ()))
    sentence = f"Approved: {', '.join(fields)}. {became}".strip() if fields else "There is nothing to approve."
    return print_result({"id": event, "approved": list(fields)}, sentence, as_json=as_json)


@app.command()
def adopt(event: EventId, webinar_id: WebinarId, as_name: As = None, as_json: AsJson = False) -> None:
    """Bind an event to a webinar that already exists at Zoom."""
    from ..operations.events.decisions import adopt_webinar

    with opened() as service:
        adopt_webinar(service.context, event, webinar_id, actor(as_name))
    sentence = f"{event} has webinar {webinar_id} now. zoom-ops plan {event} shows what would change in it."
    return print_result({"id": event, "webinar": webinar_id}, sentence, as_json=as_json)


@app.command()
def withhold(event: EventId, recording: Recording, as_name: As = None, as_json: AsJson = False) -> None:
    """Keep a recording back: it is taken off the page, and not published until it is released."""
    from ..operations.events.decisions import withhold_recording

    with opened() as service:
        withhold_recording(service.context, event, recording, actor(as_name))
    sentence = f"The recording is kept back. To let it go: zoom-ops events release {event} {recording}"
    return print_result({"id": event, "recording": recording, "withheld": True}, sentence, as_json=as_json)


@app.command()
def release(event: EventId, recording: Recording, as_name: As = None, as_json: AsJson = False) -> None:
    """Let a recording go that was kept back: it is published like any other."""
    from ..operations.events.decisions import release_recording

    with opened() as service:
        release_recording(service.context, event, recording, actor(as_name))
    sentence = f"The recording is no longer kept back. zoom-ops plan {event} shows what becomes of it."
    return print_result({"id": event, "recording": recording, "withheld": False}, sentence, as_json=as_json)


@app.command()
def resend(event: EventId, yes: Yes = False, as_name: As = None, as_json: AsJson = False) -> None:
    """Send panelists new invitations, once whom Zoom mails is shown and agreed to: each is removed and added again."""
    from ..operations.events.orders.resending import plan_resend, resend_invitations

    with opened() as service:
        planned = plan_resend(service.context, event)
        agrees = agreed((planned.sentence,), "Send them?", yes=yes, as_json=as_json)
        if agrees:
            planned = resend_invitations(service.context, event, actor(as_name))
    document = {"id": event, "ordered": agrees, "panelists": list(planned.names), "webinar": planned.webinar_id}
    order = f"The daemon does that; zoom-ops apply --event {event} does it now."
    conclude(document, order, agreed=agrees, as_json=as_json)


def _print_event(document: dict[str, Any], timeline: list[dict[str, Any]], base_url: str) -> None:
    typer.secho(document["name"], bold=True)
    _line("series", document["series"])
    _line("id", document["id"])
    _line("page", f"{base_url}/events/{document['id']}")
    _line("when", f"{document['start']} to {document['end']} ({document['timezone']})")
    for row in document["display_times"]:
        _line("", f"{row['label']}: {row['start'][11:]} to {row['end'][11:]} ({row['timezone']})")
    _line("status", document["status"])
    _line("visibility", document["visibility"])
    webinar = document["webinar"] or {}
    _line("webinar", f"{webinar['id']} on {webinar['host']} ({webinar['state']})" if webinar else "none yet")
    _line("join link", webinar.get("join_url"))
    for person in document["performers"]:
        name = " ".join(part for part in (person["honorific"], person["name"]) if part)
        _line(person["kind"], f"{name} <{person['email']}>" if person["email"] else f"{name} (no address)")
    for entry in document["attachments"]:
        _line(entry["kind"], f"{entry['title']}: {entry['state']}, {entry['visibility']} {entry['url'] or ''}".rstrip())
    for recording in document["recordings"]:
        kept = ", kept back" if recording["withheld"] else ""
        expires = f"; Zoom deletes it on {recording['expires']}" if recording["expires"] else ""
        held = f"{recording['start']}, {recording['duration_s'] // 60} min, {recording['state']}{kept}"
        _line("held", f"{held}, {recording['uuid']}{expires}")
        _line("", recording["finding"])
    _print_stages(document["stages"])
    _print_attention(document["alerts"], document["plan"], document["stages"])
    missing = [person["name"] for person in document["performers"] if not person["email"]]
    if missing or document["needs_review"]:
        typer.echo("\nNeeds a person")
    if missing:
        typer.echo(f"  Without an address, so not seated: {', '.join(missing)} (zoom-ops people import people.csv)")
    for note in document["needs_review"]:
        line = f" [line {note['line']}: {note['text']}]" if note["line"] else ""
        typer.echo(f"  {note['field']}: {note['reason']}{line}")
    typer.echo("\nWhat happened")
    for change in timeline:
        typer.echo(f"  {change['at']}  {change['sentence']}")


def _print_stages(stages: list[dict[str, Any]]) -> None:
    typer.echo("\nStages")
    for stage in stages:
        at = stage["since"] or (stage["deadline"] if stage["state"] in ("ahead", "waits") else None)
        moment = f"{'due ' if at != stage['since'] else ''}{at[:16].replace('T', ' ')} UTC" if at else ""
        sentence = " ".join(part for part in (stage["reason"], stage["action"]) if part)
        line = f"  {stage['title']:<20} {stage['state']:<8} {moment}".rstrip()
        typer.secho(f"{line}  {sentence}".rstrip(), bold=stage["severity"] is not None)


def _print_attention(alerts: list[dict[str, Any]], plan: dict[str, Any], stages: list[dict[str, Any]]) -> None:
    """Print what the stages do not say already."""
    said = " ".join(f"{stage['reason']} {stage['action'] or ''}" for stage in stages)
    blockers = [blocker["reason"] for kind in ("notices", "refused", "waiting") for blocker in plan[kind]]
    for sentence in dict.fromkeys([*(alert["sentence"] for alert in alerts), *blockers]):
        if sentence not in said:
            _line("attention", sentence)
    for action in plan["actions"]:
        _line("to do", f"{action['action']}: {action['reason']}")


def _line(label: str, value: Any) -> None:
    if value:
        typer.echo(f"  {label:<12} {value}")
