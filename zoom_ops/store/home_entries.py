"""Our links in the records of homes: what was written there last, and what was seen there last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, null, select, update

from .db.upsert import upsert
from .db.values import load_values
from .tables import home_entry, home_record

Pairs = tuple[tuple[str, Any], ...]  # of a JSON object, sorted


@dataclass(frozen=True, kw_only=True)
class HomeEntry:
    """A link of ours in a record of a home. `written`, `seen`: the fields of a `Shown`."""

    home: str
    record: str
    key: str
    event_id: str
    part: int
    title: str
    visibility: str
    written: Pairs | None
    seen: Pairs | None
    written_at: datetime | None
    seen_at: datetime
    left_alone: bool


def records_of(connection: Connection, event_id: str) -> tuple[Row[tuple[str, str]], ...]:
    """List the records of an event in homes that have it still: rows of home, record."""
    query = select(home_record.c.home, home_record.c.record)
    query = query.where(home_record.c.event_id == event_id, home_record.c.gone_at.is_(None))
    return tuple(connection.execute(query.order_by(home_record.c.home, home_record.c.record)))


def note_gone(connection: Connection, home: str, record: str, now: datetime) -> None:
    """Note that a home has a record no more, if that is not known yet."""
    is_it = home_record.c.home == home, home_record.c.record == record, home_record.c.gone_at.is_(None)
    connection.execute(update(home_record).where(*is_it).values(gone_at=now))


def load_entries(connection: Connection, event_id: str) -> tuple[HomeEntry, ...]:
    """Load our links in all records of an event, in the order of home, record and part."""
    query = select(home_entry).where(home_entry.c.event_id == event_id)
    ordered = query.order_by(home_entry.c.home, home_entry.c.record, home_entry.c.part, home_entry.c.key)
    return load_values(connection, HomeEntry, ordered)


def save_entry(connection: Connection, home: str, record: str, key: str, **values: Any) -> None:
    """Write columns of a link. A new one needs event_id, part, title, visibility and seen_at."""
    upsert(connection, home_entry, {"home": home, "record": record, "key": key}, values)


def note_seen(connection: Connection, entry: HomeEntry, seen: dict[str, Any] | None, now: datetime) -> None:
    """Note how a home shows a link."""
    _change(connection, (entry,), seen=seen, seen_at=now)


def leave_alone(connection: Connection, entries: tuple[HomeEntry, ...]) -> None:
    """Leave links as people changed them."""
    _change(connection, entries, left_alone=True)


def take_as_written(connection: Connection, entry: HomeEntry) -> None:
    """Take what was seen last for what we wrote: the next plan writes ours over it."""
    _change(connection, (entry,), written=null() if entry.seen is None else dict(entry.seen), left_alone=False)


def _change(connection: Connection, entries: tuple[HomeEntry, ...], **values: Any) -> None:
    for entry in entries:
        mine = home_entry.c.home == entry.home, home_entry.c.record == entry.record, home_entry.c.key == entry.key
        connection.execute(update(home_entry).where(*mine).values(values))
