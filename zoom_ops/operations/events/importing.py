"""Import of events.

The first import of an event creates its record. A later import updates the record and never makes a second event.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ...announcements import Contact, match_people, name_key
from ...errors import BadInputError, NotFoundError, ParkedError
from ...events import Attachment, Event, Performer, make_slug
from ...planning import FieldChange
from ...readers import Announced
from ...stages import is_linked
from ...store.address_book import load_contacts
from ...store.alerts import clear_alert, list_alerts
from ...store.approvals import approved_texts, hash_of
from ...store.audit import Actor, record_audit
from ...store.events import find_event, keep_before, load_event, save_event
from ...store.recordings import load_publications
from ..context import Context
from ..timeline import record_happening, ring_event
from .changes import say_changes

LONGEST_ID = 100
_KEPT = ("status", "previous_start", "consent", "account", "profile", "language")  # where a file gives none


@dataclass(frozen=True, kw_only=True)
class Imported:
    """The outcome of importing one event."""

    id: str
    action: Literal["created", "updated", "unchanged"]
    changes: tuple[FieldChange, ...] = ()
    event: Event = field(repr=False)


def import_events(
    context: Context, announced: Iterable[Announced], by: Actor, *, as_id: str | None = None, new: bool = False
) -> tuple[Imported, ...]:
    """Save the events of a file, all or none of them, and ring the jobs for those that changed.

    `as_id` names the event that the file describes. `new` says that it is another event of the same name. Raise
    ParkedError where it is unclear which event is meant.
    """
    events = tuple(announced)
    if as_id and len(events) != 1:
        raise BadInputError(f"--id names one event, and the file holds {len(events)}.")
    with context.database.begin() as connection:
        return tuple(import_event(context, connection, event, by, as_id=as_id, new=new) for event in events)


def import_event(
    context: Context,
    connection: Connection,
    announced: Announced,
    by: Actor,
    *,
    as_id: str | None,
    new: bool = False,
    whole: bool = False,
) -> Imported:
    """Save one event, as `import_events` does, in an open transaction. See `complete_event` for `whole`."""
    event = identify(connection, announced, as_id, new)
    known = find_event(connection, event.id)
    event = complete_event(context, connection, event, known, whole=whole)
    changes = differences(known, event)
    if not changes:
        return Imported(id=event.id, action="unchanged", event=event)
    fields = [change.field for change in changes]
    what = "event_updated" if known else "event_imported"
    cancelled = known is not None and event.status == "cancelled" != known.status
    sentence = f"Its record was changed: {', '.join(fields)}." if known else "The event was imported."
    write_event(context, connection, event, "event_cancelled" if cancelled else what, sentence)
    if known:
        keep_before(connection, known)
    if known and _gates(known) != _gates(event):  # our page obeys at once; webhooks get a message
        for publication in load_publications(connection, [event.id]).get(event.id, ()):
            if publication.state == "published":
                told, uuid = f"{publication.title}: whom it is for was changed.", publication.recording_uuid
                record_happening(context, connection, event.id, "recording_changed", told, recording_uuid=uuid)
    detail = {"fields": fields} | ({"changes": say_changes(changes)} if known else {})
    record_audit(connection, by, what, ("event", event.id), context.database.now(connection), **detail)
    return Imported(id=event.id, action="updated" if known else "created", changes=changes, event=event)


def imported_json(imported: Imported) -> dict[str, Any]:
    """Build the JSON of an import's outcome."""
    return {
        "id": imported.id,
        "action": imported.action,
        "changes": [change.model_dump(mode="json") for change in imported.changes],
        "needs_review": [note.model_dump(mode="json") for note in imported.event.needs_review],
    }


def write_event(context: Context, connection: Connection, event: Event, what: str, sentence: str) -> None:
    """Save a changed event, add to its timeline, ring its jobs."""
    now = context.database.now(connection)
    save_event(connection, event, now)
    record_happening(context, connection, event.id, what, sentence)
    if is_linked(event):  # what is linked is not missing
        for alert in list_alerts(connection, kinds=("recording_missing",), subject=event.id):
            clear_alert(connection, alert.key, now)
    ring_event(context, connection, event.id, "event.changed")


def differences(old: Event | None, new: Event) -> tuple[FieldChange, ...]:
    """List the fields in which two states of an event differ, old → new."""
    before, after = old.to_json() if old else {}, new.to_json()
    return tuple(
        FieldChange(field=name, old=before.get(name), new=value)
        for name, value in after.items()
        if before.get(name) != value and name != "id" and (old or value not in (None, [], ""))
    )


def _gates(event: Event) -> tuple[object, ...]:
    """List the visibility and the groups of an event's recording entries."""
    return tuple((entry.visibility, entry.groups) for entry in event.attachments if entry.kind == "recording")


def identify(connection: Connection, announced: Announced, as_id: str | None = None, new: bool = False) -> Event:
    """Return the event under its id: the id given, else the one of series and name, if the date agrees."""
    event = announced.event
    if as_id:
        if not new:
            load_event(connection, as_id)  # it must be known
        elif as_id != make_slug(as_id):
            raise BadInputError(f"{as_id!r} cannot be the id of an event; {make_slug(as_id)} can.")
        return event.model_copy(update={"id": as_id})
    known = None if announced.id_given else find_event(connection, event.id)
    if known is None or (known.start == event.start and not new):
        return event
    same_day = _local_date(known) == _local_date(event)
    ending = f"-{_local_date(event)}"
    dated_id = event.id[: LONGEST_ID - len(ending)].rstrip("-") + ending
    dated = find_event(connection, dated_id)
    is_dated = (dated.start == event.start or not same_day) if dated else new
    if is_dated:
        return event.model_copy(update={"id": dated_id})
    if same_day and not new:
        return event
    if dated:
        doubt = f"{event.name!r} is known as {known.id} and as {dated_id}, on the same day. Say --id NAME --new."
    else:
        doubt = (
            f"{event.name!r} is known with another date ({_local_date(known)}). "
            f"Same event as {known.id}? Say --id {known.id}, or --new."
        )
    raise ParkedError(f"{announced.file}:{announced.line}: {doubt}")


def _local_date(event: Event) -> date:
    return event.start.astimezone(ZoneInfo(event.timezone)).date()


def complete_event(
    context: Context, connection: Connection, event: Event, known: Event | None, *, whole: bool = False
) -> Event:
    """Add what the record holds and the file does not give, and known addresses; remove notes that are settled.

    Kept are a status, an address, the recording's own entry. `whole` says that the event is all there is: an address
    that it lacks was taken out. Raise NotFoundError for an unknown profile or account.
    """
    changes: dict[str, Any] = {}
    if known:
        changes |= {name: getattr(known, name) for name in _KEPT if name not in event.model_fields_set}
        kept = () if whole else known.performers
        addresses = {name_key(person.name): person.email for person in kept if person.email}
        changes["performers"] = tuple(
            person if person.email else person.model_copy(update={"email": addresses.get(name_key(person.name))})
            for person in event.performers
        )
        changes["attachments"] = tuple(_own_entries(event, known, context.recording_address(event.id)))
    event = event.model_copy(update=changes)
    if event.profile not in context.profiles:
        raise NotFoundError("profile", event.profile, context.profiles)
    if event.account is not None and event.account not in context.gateways:
        raise NotFoundError("account", event.account, context.gateways)
    settled = approved_texts(connection, event.id)
    notes = tuple(n for n in event.needs_review if (n.field, hash_of(n.text)) not in settled)
    return match_people(event.model_copy(update={"needs_review": notes}), contacts_for(connection, event.performers))


def _own_entries(event: Event, known: Event, address: str) -> Iterator[Attachment]:
    """Yield the file's attachments without the links that we publish ourselves: the record's own entry stays.

    Such links come back in a file that `events show --json` wrote. The own entry takes over the file's visibility.
    """
    own = next((e for e in known.attachments if e.kind == "recording" and e.state in ("expected", "published")), None)
    for entry in event.attachments:
        if entry.state != "published" or (entry.url or "").partition("?")[0] != address:
            yield entry
        elif own:
            yield own.model_copy(update={"visibility": entry.visibility})
            own = None


def contacts_for(connection: Connection, performers: Iterable[Performer]) -> tuple[Contact, ...]:
    """Load the contacts with the names of those performers who have no address."""
    keys = tuple({name_key(person.name) for person in performers if not person.email})
    rows = load_contacts(connection, keys) if keys else ()
    return tuple(Contact(name=row.name, organization=row.organization, email=row.email) for row in rows)
