"""Lists of events, for operators."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from ...clock import iso_text
from ...errors import BadInputError
from ...store.db.connect import Database
from ...store.event_queries import (
    IS_DRAFT,
    EventFilter,
    count_filtered,
    find_named,
    load_names,
    load_times,
    page_events,
)
from ...store.events import load_changes, load_event, load_past, load_upcoming
from ...store.recordings import load_publications
from ...store.webinars import load_bindings

_LONGEST = 1_000  # characters of a name


def list_events(
    database: Database, *, past: bool = False, drafts: bool = False, limit: int = 50
) -> list[dict[str, Any]]:
    """List the coming events, or the past ones with `past`, as JSON values; with `drafts` only those."""
    load = load_past if past else load_upcoming
    with database.read() as connection:
        events = load(connection, database.clock.now(), limit, where=(IS_DRAFT,) if drafts else ())
        published = load_publications(connection, [event.id for event in events])
        bindings = load_bindings(connection, [event.id for event in events])
    return [
        {
            "id": event.id,
            "name": event.name,
            "start": event.to_json()["start"],
            "timezone": event.timezone,
            "status": event.status,
            "visibility": event.visibility,
            "webinar": bound.webinar_id if (bound := bindings.get(event.id)) and bound.state == "bound" else None,
            "recordings": sum(p.state == "published" for p in published.get(event.id, ())),
            "without_address": len(event.without_address()),
            "needs_review": len(event.needs_review),
        }
        for event in events
    ]


def timeline(database: Database, event_id: str) -> list[dict[str, Any]]:
    """List what happened to an event as JSON values, in order. Raise NotFoundError."""
    with database.read() as connection:
        load_event(connection, event_id)
        changes = load_changes(connection, event_id)
    return [{"at": iso_text(change.at), "what": change.what, "sentence": change.sentence} for change in changes]


def filter_events(
    database: Database, filters: EventFilter, *, limit: int, offset: int
) -> tuple[tuple[Row[Any], ...], int]:
    """Return a page of the matching events, and the number of all matches."""
    now = database.clock.now()
    with database.read() as connection:
        rows = page_events(connection, filters, now, limit=limit, offset=offset)
        return rows, count_filtered(connection, filters, now)


def find_event(database: Database, words: str) -> str | None:
    """Return the id of the event that a person names by its id, its name, or the beginning of either; None for none.

    Raise BadInputError if several are named so.
    """
    if len(words) > _LONGEST or not words.isprintable():  # no name: databases refuse some such words
        return None
    with database.read() as connection:
        found = find_named(connection, words)
    if len(found) > 1:
        raise BadInputError(f"Several events are called {words[:100]!r} or begin so: type more, or the id of one.")
    return found[0] if found else None


def names_of(database: Database, event_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of events by event id. Unknown ids are left out."""
    with database.read() as connection:
        return load_names(connection, event_ids)


def times_of(database: Database, event_ids: Iterable[str]) -> dict[str, tuple[datetime, datetime]]:
    """Return start and end of events by event id, in UTC. Unknown ids are left out."""
    with database.read() as connection:
        return load_times(connection, event_ids)
