"""Event records with their timelines."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, Connection, Select, bindparam, case, func, insert, or_, select, update

from ..drafts import Decided
from ..errors import NotFoundError
from ..events import Event, Listing, make_slug
from .db.upsert import insert_into
from .db.values import load_values, slices
from .event_queries import IS_DRAFT, IS_LISTED
from .full_text import index_event
from .lists.gates import write_gate
from .pictures.kept import link_pictures
from .tables import event as event_table
from .tables import event_change, event_origin

Conditions = Sequence[ColumnElement[bool]]
_BY_START = select(event_table.c.document).order_by(event_table.c.start_at, event_table.c.id)
_SEVERAL = select(event_table.c.document).where(event_table.c.id.in_(bindparam("ids", expanding=True)))
_CHANGES = select(event_change.c.id.label("seq"), *event_change.c["event_id", "at", "what", "sentence"]).order_by("seq")
_TIMELINE = _CHANGES.where(event_change.c.event_id == bindparam("of"))
_IS_IT = event_table.c.id == bindparam("of")
_DOCUMENT, _REVISION = select(event_table.c.document).where(_IS_IT), select(event_table.c.revision).where(_IS_IT)
_BEFORE = select(event_table.c.before, event_table.c.updated_at).where(
    _IS_IT, event_table.c.edited == event_table.c.revision
)
LONGEST_ORIGIN = 500
_LONGEST_ASKED, _NEIGHBOURS = 100, 50  # characters of an id that nobody has; ids on each side of it
_IN_CALENDARS = ("name", "start", "end", "timezone", "status", "venue")  # fields that calendars show
_SHOWN_ANEW = or_(
    *(event_table.c.document[name].as_string().is_distinct_from(bindparam(f"new_{name}")) for name in _IN_CALENDARS)
)
_CHANGE = (  # what else is written are its parameters
    update(event_table)
    .where(_IS_IT)
    .values(revision=event_table.c.revision + 1, sequence=event_table.c.sequence + case((_SHOWN_ANEW, 1), else_=0))
)


@dataclass(frozen=True, kw_only=True)
class Record:
    """An event, with what was decided of its visibility."""

    event: Event
    decided: Decided


@dataclass(frozen=True, kw_only=True)
class EventChange:
    """Something that happened to an event: a line of its timeline, and the signal for open pages to reload it."""

    seq: int
    event_id: str
    at: datetime
    what: str
    sentence: str


def find_event(connection: Connection, event_id: str) -> Event | None:
    """Find an event, or None."""
    document = connection.scalar(_DOCUMENT, {"of": event_id})
    return None if document is None else Event.model_validate(document)


def load_event(connection: Connection, event_id: str) -> Event:
    """Load an event; raise NotFoundError with the nearest ids."""
    event = find_event(connection, event_id)
    if event is None:
        raise unknown_event(connection, event_id)
    return event


def unknown_event(connection: Connection, event_id: str) -> NotFoundError:
    """Build the error that there is no such event, with the nearest ids of listed events: others are told to nobody.

    Only its neighbours in the order of ids are compared: anybody may ask for an event that there is not.
    """
    ids, asked = select(event_table.c.id).where(IS_LISTED), event_id[:_LONGEST_ASKED]
    before = ids.where(event_table.c.id < asked).order_by(event_table.c.id.desc()).limit(_NEIGHBOURS)
    after = ids.where(event_table.c.id > asked).order_by(event_table.c.id).limit(_NEIGHBOURS)
    return NotFoundError("event", event_id, (*connection.scalars(before), *connection.scalars(after)))


def load_revision(connection: Connection, event_id: str) -> int:
    """Return the revision of an event, which counts its writes; 0 for an unknown event."""
    return int(connection.scalar(_REVISION, {"of": event_id}) or 0)


def lock_event(connection: Connection, event_id: str) -> int:
    """Lock the row of an event until the transaction ends; return its revision, or raise NotFoundError."""
    locking = update(event_table).where(event_table.c.id == event_id).values(revision=event_table.c.revision)
    revision: int | None = connection.execute(locking.returning(event_table.c.revision)).scalar_one_or_none()
    if revision is None:
        raise unknown_event(connection, event_id)
    return revision


def find_records(connection: Connection, ids: Iterable[str], *, lock: bool = False) -> dict[str, Record]:
    """Find events with what was decided of their visibility, by id.

    `lock`: until the transaction ends, nobody else changes them. They are locked in one order, so that no two wait for
    each other. Rows that refer to them may be written.
    """
    order = event_table.c.id.collate("C" if connection.dialect.name == "postgresql" else "BINARY")  # that of Python
    query = select(*event_table.c["id", "document", "visibility", "intended"]).order_by(order)
    query = query.with_for_update(key_share=True) if lock else query
    found = (connection.execute(query.where(event_table.c.id.in_(some))) for some in slices(sorted(ids)))
    return {
        row.id: Record(
            event=Event.model_validate(row.document),
            decided=Decided(visibility=row.visibility, intended=row.intended),
        )
        for rows in found
        for row in rows
    }


def load_record(connection: Connection, event_id: str) -> Record:
    """Load an event with what was decided of its visibility; raise NotFoundError with the nearest ids."""
    record = find_records(connection, (event_id,)).get(event_id)
    if record is None:
        raise unknown_event(connection, event_id)
    return record


def find_drafts(connection: Connection, event_ids: Iterable[str]) -> frozenset[str]:
    """Find the drafts among some events, by id."""
    query = select(event_table.c.id).where(event_table.c.id.in_(list(event_ids)), IS_DRAFT)
    return frozenset(connection.scalars(query))


def load_events(connection: Connection, ids: Iterable[str]) -> tuple[Event, ...]:
    """Load several events, ordered by start."""
    found = (event for some in slices(ids) for event in _events(connection, _SEVERAL, {"ids": some}))
    return tuple(sorted(found, key=lambda event: (event.start_utc, event.id)))


def load_upcoming(
    connection: Connection, now: datetime, limit: int, offset: int = 0, where: Conditions = ()
) -> tuple[Event, ...]:
    """Load a page of the events that have not ended and meet all conditions, the next one first."""
    return _events(connection, _BY_START.where(event_table.c.end_at > now, *where).limit(limit).offset(offset))


def load_past(
    connection: Connection, now: datetime, limit: int, offset: int = 0, where: Conditions = ()
) -> tuple[Event, ...]:
    """Load a page of the events that have ended and meet all conditions, the latest first."""
    past = select(event_table.c.document).where(event_table.c.end_at <= now, *where)
    latest = past.order_by(event_table.c.start_at.desc(), event_table.c.id)
    return _events(connection, latest.limit(limit).offset(offset))


def load_latest(connection: Connection, limit: int, where: Conditions = ()) -> tuple[Event, ...]:
    """Load the events that meet all conditions and start last, the latest first."""
    latest = select(event_table.c.document).where(*where).order_by(event_table.c.start_at.desc(), event_table.c.id)
    return _events(connection, latest.limit(limit))


def save_event(
    connection: Connection, event: Event, now: datetime, intended: Listing | None = None, *, new: bool = False
) -> None:
    """Write an event, new or known, and its words for the search.

    `intended`: its visibility once nothing is in doubt; None: as it was, for a new event as it is now. `new`: there is
    none of its id; one that somebody else has made meanwhile is not overwritten (IntegrityError).
    """
    written = event.to_json()
    if event.visibility == "listed":  # as most are: an older program, in a rolling upgrade, knows no such key
        del written["visibility"]
    if event.image is None:
        del written["image"]
    row: dict[str, Any] = {
        **event.model_dump(include={"name", "series", "visibility", "status", "account", "profile"}),
        **({"intended": intended} if intended else {}),
        "series_slug": make_slug(event.series) if event.series else None,
        "start_at": event.start_utc,
        "end_at": event.end_utc,
        "document": written,
        "doubts": len(event.needs_review),
        "unaddressed": len(event.without_address()),
        "updated_at": now,
        **chosen_by(event),
    }
    shown = {f"new_{name}": written[name] for name in _IN_CALENDARS}
    if new or not connection.execute(_CHANGE, {**row, **shown, "of": event.id}).rowcount:
        made = {"intended": event.visibility, **row, "id": event.id, "created_at": now}
        connection.execute(insert(event_table), made)
    index_event(connection, event)
    link_pictures(connection, event)


def keep_before(connection: Connection, before: Event, intended: Listing) -> None:
    """Keep what an event was before the edit that was just written, with the visibility that was intended then."""
    row = {"before": {"event": before.to_json(), "intended": intended}, "edited": event_table.c.revision}
    connection.execute(update(event_table).where(event_table.c.id == before.id).values(row))


def find_before(connection: Connection, event_id: str) -> tuple[Event, Listing, datetime] | None:
    """Find what an event was before its latest edit, with the visibility that was intended, and when it was edited.

    None if it was written again since.
    """
    row = connection.execute(_BEFORE, {"of": event_id}).one_or_none()
    return (Event.model_validate(row.before["event"]), row.before["intended"], row.updated_at) if row else None


def chosen_by(event: Event) -> dict[str, Any]:
    """Build the columns that programme filters read: language, year, recording gate."""
    return {
        "language": event.language,
        "year": event.start.astimezone(ZoneInfo(event.timezone)).year,
        "recording_gate": write_gate(event.recording_gate),
    }


def find_by_origins(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Find the events that earlier imports gave these origins: key of the origin → id."""
    return _find_origins(connection, event_origin.c.origin, keys)


def find_origins(connection: Connection, event_ids: Iterable[str]) -> dict[str, list[str]]:
    """Find the keys of the origins of some events, by the event's id."""
    origins: dict[str, list[str]] = {}
    for key, event_id in _find_origins(connection, event_origin.c.event_id, event_ids).items():
        origins.setdefault(event_id, []).append(key)
    return origins


def _find_origins(connection: Connection, column: Column[str], values: Iterable[str]) -> dict[str, str]:
    query = select(*event_origin.c["origin", "event_id"]).order_by("origin")
    found = (connection.execute(query.where(column.in_(some))) for some in slices(values))
    return {row.origin: row.event_id for rows in found for row in rows}


def find_by_series(connection: Connection, beginning: str) -> dict[str, str]:
    """Find the events whose origins begin like this: key of the origin → id."""
    query = select(event_origin.c.origin, event_origin.c.event_id)
    begin_so = event_origin.c.origin.startswith(beginning, autoescape=True)
    return {row.origin: row.event_id for row in connection.execute(query.where(begin_so).order_by("origin"))}


def save_origin(connection: Connection, origin: str, event_id: str, now: datetime) -> None:
    """Note that an origin names an event, from now on."""
    row = {"origin": origin_key(origin), "event_id": event_id, "at": now}
    query = insert_into(connection, event_origin).values(row)
    anew = {"event_id": event_id, "at": now}
    connection.execute(
        query.on_conflict_do_update(
            index_elements=["origin"], set_=anew, where=event_origin.c.event_id.is_distinct_from(event_id)
        )
    )


def record_changes(connection: Connection, changes: Sequence[Mapping[str, Any]]) -> None:
    """Write lines into the timelines of several events: rows with event_id, at, what and sentence.

    Open pages of these events reload.
    """
    if changes:
        connection.execute(insert(event_change), list(changes))


def load_changes(connection: Connection, event_id: str) -> tuple[EventChange, ...]:
    """Load an event's timeline, oldest first."""
    return load_values(connection, EventChange, _TIMELINE, {"of": event_id})


def load_changes_after(connection: Connection, seq: int, limit: int = 500) -> tuple[EventChange, ...]:
    """Load the changes of all events after a sequence number."""
    return load_values(connection, EventChange, _CHANGES.where(event_change.c.id > seq).limit(limit))


def latest_seq(connection: Connection) -> int:
    """Return the latest sequence number of the changes, 0 before the first."""
    return int(connection.execute(select(func.coalesce(func.max(event_change.c.id), 0))).scalar_one())


def origin_key(origin: str) -> str:
    """Return the key of an origin: itself; of a long one its beginning and a digest of all."""
    if len(origin) <= LONGEST_ORIGIN:
        return origin
    digest = hashlib.sha256(origin.encode()).hexdigest()
    return f"{origin[: LONGEST_ORIGIN - len(digest) - 1]}#{digest}"


def _events(
    connection: Connection, query: Select[Any], parameters: Mapping[str, Any] | None = None
) -> tuple[Event, ...]:
    return tuple(map(Event.model_validate, connection.scalars(query, parameters).all()))
