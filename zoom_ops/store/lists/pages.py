"""The ids on a page of a list, how many there are, and whether any list can have changed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    func,
    select,
)

from ...events import Event
from ..full_text import find_texts_beside
from ..tables import event, event_text

Conditions = Sequence[ColumnElement[bool]]
_VERSION = "SELECT coalesce(sum(changes), 0) FROM list_change"  # triggers write it: see migration 0043
_FOUND = event_text.join(event, event.c.id == event_text.c.event_id)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_DOCUMENTS = select(event.c.id, event.c.document).where(event.c.id.in_(_IDS))
_TEXTS = ("id", "name", "series", "language", "start", "end", "timezone", "visibility", "status")
_PARTS = ("organizers", "attachments")
_SHOWN = (*_TEXTS, *_PARTS)  # what lists show of the Event JSON; the rest of it is long
_PATHS = ", ".join(f"'$.{name}'" for name in _SHOWN)
_NAMES = ", ".join(f'"{name}"' for name in _SHOWN)
_TYPED = ", ".join([*(f'"{name}" text' for name in _TEXTS), *(f'"{name}" json' for name in _PARTS)])
_VISIBLE = "FROM publication WHERE event_id = event.id AND state = 'published'"
_LISTED = {  # without SQLAlchemy, which would write it anew for each number of ids
    "sqlite": f"SELECT id, json_extract(document, {_PATHS}),"  # noqa: S608  # names of ours
    f" (SELECT group_concat(visibility) {_VISIBLE}) FROM event WHERE id IN (SELECT value FROM json_each(:ids))",
    "postgresql": f"SELECT id, (SELECT json_build_array({_NAMES})::text"  # noqa: S608  # names of ours
    f" FROM json_to_record(document) AS shown({_TYPED})), (SELECT string_agg(visibility, ',') {_VISIBLE})"
    " FROM event WHERE id IN (SELECT json_array_elements_text(CAST(%(ids)s AS json)))",
}


def load_list_version(connection: Connection) -> int:
    """Return the number of changes of what lists of events show: events, their words, publications.

    It only grows, and writers of older programs make it grow, too. Two reads with the same number saw the same lists,
    but for the time. Read it before what it stands for.
    """
    return int(connection.exec_driver_sql(_VERSION).scalar_one())  # each list asks it: the quickest way


def load_version_and_texts(connection: Connection, words: str) -> tuple[int, str]:
    """Return the same number with the texts that have some words, as `find_texts` finds them in that state."""
    version, found = find_texts_beside(connection, words, _VERSION)
    return int(version), found


def find_next_end(connection: Connection, now: datetime) -> datetime | None:
    """Find when the next event ends, and so goes from one list to the other."""
    ends: datetime | None = connection.scalar(select(func.min(event.c.end_at)).where(event.c.end_at > now))
    return ends


@dataclass(frozen=True, kw_only=True)
class Totals:
    """How many events that meet some conditions are to come, and how many are over."""

    coming: int
    past: int


def count_listed(connection: Connection, now: datetime, where: Conditions, *, found: bool) -> Totals:
    """Count the events that meet all conditions. `found`: one of these is `full_text.has_words_of`."""
    if found:
        is_past = case((event.c.end_at <= now, 1), else_=0)
        query = select(func.count(), func.coalesce(func.sum(is_past), 0)).select_from(_FOUND).where(*where)
        total, past = connection.execute(_hinted(query)).one()
        return Totals(coming=total - past, past=past)
    coming, past = (  # each from an index
        connection.scalar(select(func.count()).select_from(event).where(half, *where)) or 0
        for half in (event.c.end_at > now, event.c.end_at <= now)
    )
    return Totals(coming=coming, past=past)


def find_page(
    connection: Connection, now: datetime, where: Conditions, *, found: bool, past: bool, limit: int, offset: int
) -> tuple[str, ...]:
    """Find the ids of a page of these events: those to come, the next first, or those over, the latest first."""
    order = event.c.start_at.desc() if past else event.c.start_at
    half = event.c.end_at <= now if past else event.c.end_at > now
    query = select(event.c.id).where(half, *where).order_by(order, event.c.id).limit(limit).offset(offset)
    return tuple(connection.scalars(_hinted(query.select_from(_FOUND)) if found else query))


def find_events(connection: Connection, ids: Sequence[str]) -> tuple[Event, ...]:
    """Find several events, in this order; unknown ids are left out."""
    rows = connection.execute(_DOCUMENTS, {"ids": ids}) if ids else ()
    found = {row.id: row.document for row in rows}
    return tuple(Event.model_validate(found[event_id]) for event_id in ids if event_id in found)


def find_listed(connection: Connection, ids: Sequence[str]) -> tuple[tuple[str, dict[str, Any], tuple[str, ...]], ...]:
    """Find several events for a list: id, what lists show of the Event JSON, the visibility of published recordings.

    Unknown ids are left out, and so are keys without a value.
    """
    listed = _LISTED[connection.dialect.name]
    rows = connection.exec_driver_sql(listed, {"ids": json.dumps(ids)}).all() if ids else ()
    return tuple(
        (event_id, _read_shown(shown), tuple(published.split(",")) if published else ())
        for event_id, shown, published in rows
    )


def _read_shown(text: str) -> dict[str, Any]:
    named = zip(_SHOWN, json.loads(text), strict=True)
    return {name: value for name, value in named if value is not None}


def _hinted(query: Select[Any]) -> Select[Any]:
    """Name the indexes that hold all that is asked for: SQLite would take others, and read each record for it."""
    query = query.with_hint(event, "INDEXED BY ix_event_found", "sqlite")
    return query.with_hint(event_text, "INDEXED BY ix_event_text_found", "sqlite")
