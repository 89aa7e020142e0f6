"""Import events: what files say becomes event records, a second import an update, never a second event."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ...announcements import Announced, Contact, match_people, name_key
from ...errors import BadInputError, NotFoundError, ParkedError
from ...events import Attachment, Event, Performer, make_slug
from ...planning import FieldChange
from ...store.address_book import load_contacts
from ...store.approvals import approved_texts, hash_of
from ...store.audit import Actor, record_audit
from ...store.events import find_event, load_event, save_event
from ...store.recordings import load_publications
from ..context import Context
from ..timeline import record_happening, ring_event

LONGEST_ID = 100
_KEPT = ("status", "previous_start", "consent", "account", "profile", "language")  # where a file does not say


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of one event of an import."""

    id: str
    action: Literal["created", "updated", "unchanged"]
    changes: tuple[FieldChange, ...] = ()
    event: Event = field(repr=False)


def import_events(
    context: Context, announced: Iterable[Announced], by: Actor, *, as_id: str | None = None, new: bool = False
) -> tuple[Imported, ...]:
    """Write the events of a file, all or none of them, and ring the jobs for those that changed.

    `as_id` says which event it is, `new` that it is another one of the same name; ParkedError where that is unclear.
    """
    events = tuple(announced)
    if as_id and len(events) != 1:
        raise BadInputError(f"--id names one event, and the file holds {len(events)}.")
    with context.database.begin() as connection:
        return tuple(import_event(context, connection, found, by, as_id=as_id, new=new) for found in events)


def import_event(
    context: Context, connection: Connection, found: Announced, by: Actor, *, as_id: str | None, new: bool = False
) -> Imported:
    """Write one event, as `import_events` does, in a transaction that is open."""
    imported = _import(context, connection, found, as_id, new)
    _note(connection, by, imported, context.database.now(connection))
    return imported


def imported_json(imported: Imported) -> dict[str, Any]:
    """Write what became of an event as JSON."""
    return {
        "id": imported.id,
        "action": imported.action,
        "changes": [change.model_dump(mode="json") for change in imported.changes],
        "needs_review": [note.model_dump(mode="json") for note in imported.event.needs_review],
    }


def write_event(context: Context, connection: Connection, event: Event, what: str, sentence: str) -> None:
    """Write a changed event, its timeline, and ring its jobs."""
    now = context.database.now(connection)
    save_event(connection, event, now)
    record_happening(context, connection, event.id, what, sentence)
    ring_event(context, connection, event.id, "event.changed")


def differences(old: Event | None, new: Event) -> tuple[FieldChange, ...]:
    """List the fields in which two states of an event differ, old → new."""
    before, after = old.to_json() if old else {}, new.to_json()
    return tuple(
        FieldChange(field=name, old=before.get(name), new=value)
        for name, value in after.items()
        if before.get(name) != value and name != "id" and (old or value not in (None, [], ""))
    )


def _import(context: Context, connection: Connection, found: Announced, as_id: str | None, new: bool) -> Imported:
    event = _identify(connection, found, as_id, new)
    known = find_event(connection, event.id)
    event = _complete(context, connection, _keep(context, event, known))
    changes = differences(known, event)
    if not changes:
        return Imported(id=event.id, action="unchanged", event=event)
    names = ", ".join(change.field for change in changes)
    sentence = f"Its record was changed: {names}." if known else "The event was imported."
    write_event(context, connection, event, _what(known, event), sentence)
    if known and _gates(known) != _gates(event):
        _tell_of_gates(context, connection, event.id)
    return Imported(id=event.id, action="updated" if known else "created", changes=changes, event=event)


def _what(known: Event | None, event: Event) -> str:
    """Say in the timeline's word what an import did to an event."""
    if known is None:
        return "event_imported"
    cancelled = event.status == "cancelled" != known.status
    return "event_cancelled" if cancelled else "event_updated"


def _gates(event: Event) -> tuple[object, ...]:
    """List whom an event's recordings are for."""
    return tuple((one.visibility, one.groups) for one in event.attachments if one.kind == "recording")


def _tell_of_gates(context: Context, connection: Connection, event_id: str) -> None:
    """Tell of each published recording that it is for others now: the page obeys at once, and others should."""
    for one in load_publications(connection, [event_id]).get(event_id, ()):
        if one.state == "published":
            sentence, uuid = f"{one.title}: whom it is for was changed.", one.recording_uuid
            record_happening(context, connection, event_id, "recording_changed", sentence, recording_uuid=uuid)


def _note(connection: Connection, by: Actor, imported: Imported, now: datetime) -> None:
    if imported.action != "unchanged":
        fields = [change.field for change in imported.changes]
        what = "event_updated" if imported.action == "updated" else "event_imported"
        record_audit(connection, by, what, ("event", imported.id), now, fields=fields)


def _identify(connection: Connection, found: Announced, as_id: str | None, new: bool) -> Event:
    """Tell which event it is: by the id given, else by series and name, if the date agrees."""
    event = found.event
    if as_id:
        return event.model_copy(update={"id": _chosen_id(connection, as_id, new)})
    known = None if found.id_given else find_event(connection, event.id)
    if known is None or (known.start == event.start and not new):
        return event
    same_day = _local_date(known) == _local_date(event)
    dated_id = _dated_id(event)
    dated = find_event(connection, dated_id)
    if dated and (dated.start == event.start or not same_day):
        return event.model_copy(update={"id": dated_id})
    if new and not dated:
        return event.model_copy(update={"id": dated_id})
    if same_day and not new:
        return event
    raise ParkedError(f"{found.file}:{found.line}: {_doubt(event, known, dated_id if dated else None)}")


def _chosen_id(connection: Connection, event_id: str, new: bool) -> str:
    """Take the id that a person gave; it must be known, or fit to be one if the event is new."""
    if not new:
        return load_event(connection, event_id).id
    if event_id != make_slug(event_id):
        raise BadInputError(f"{event_id!r} cannot be the id of an event; {make_slug(event_id)} can.")
    return event_id


def _doubt(event: Event, known: Event, dated_id: str | None) -> str:
    if dated_id:
        return f"{event.name!r} is known as {known.id} and as {dated_id}, on the same day. Say --id NAME --new."
    date = _local_date(known)
    return (
        f"{event.name!r} is known with another date ({date}). Same event as {known.id}? Say --id {known.id}, or --new."
    )


def _dated_id(event: Event) -> str:
    ending = f"-{_local_date(event)}"
    return event.id[: LONGEST_ID - len(ending)].rstrip("-") + ending


def _local_date(event: Event) -> date:
    return event.start.astimezone(ZoneInfo(event.timezone)).date()


def _keep(context: Context, event: Event, known: Event | None) -> Event:
    """Keep what the record holds and the file does not speak of: a status, an address, the recording's own entry."""
    if known is None:
        return event
    kept = {name: getattr(known, name) for name in _KEPT if name not in event.model_fields_set}
    addresses = {name_key(person.name): person.email for person in known.performers if person.email}
    performers = tuple(
        person if person.email else person.model_copy(update={"email": addresses.get(name_key(person.name))})
        for person in event.performers
    )
    attachments = tuple(_own_entries(event, known, context.recording_address(event.id)))
    return event.model_copy(update={**kept, "performers": performers, "attachments": attachments})


def _own_entries(event: Event, known: Event, address: str) -> Iterator[Attachment]:
    """Take the links that we publish ourselves out of what `events show --json` wrote: the record's own entry stays."""
    own = next((e for e in known.attachments if e.kind == "recording" and e.state in ("expected", "published")), None)
    for entry in event.attachments:
        if entry.state != "published" or (entry.url or "").partition("?")[0] != address:
            yield entry
        elif own:
            yield own.model_copy(update={"visibility": entry.visibility})
            own = None


def _complete(context: Context, connection: Connection, event: Event) -> Event:
    """Add what the address book knows, take out the doubts that an operator has settled, check the names."""
    if event.profile not in context.profiles:
        raise NotFoundError("profile", event.profile, context.profiles)
    if event.account is not None and event.account not in context.gateways:
        raise NotFoundError("account", event.account, context.gateways)
    settled = approved_texts(connection, event.id)
    notes = tuple(n for n in event.needs_review if (n.field, hash_of(n.text)) not in settled)
    return match_people(event.model_copy(update={"needs_review": notes}), contacts_for(connection, event.performers))


def contacts_for(connection: Connection, performers: Iterable[Performer]) -> tuple[Contact, ...]:
    """Load the contacts that go by the names of some performers."""
    keys = tuple({name_key(person.name) for person in performers if not person.email})
    rows = load_contacts(connection, keys) if keys else ()
    return tuple(Contact(name=row.name, organization=row.organization, email=row.email) for row in rows)
