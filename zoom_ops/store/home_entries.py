"""Our links in the records of homes: what was written there last, and what was seen there last."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, and_, exists, false, func, or_, select, update

from .db.partial_indexes import IS_PUBLISHED
from .db.upsert import upsert
from .db.values import load_values
from .tables import home_entry, home_record, publication

_IS_THERE = or_(home_record.c.gone_at.is_(None), home_entry.c.seen.is_not(None))  # see `records_of`
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
    """List the records of an event in homes that have it still, or where a link of ours stands: rows of home, record.

    A home may list a record no more that is there still, as an old one.
    """
    of_record = home_entry.c.home == home_record.c.home, home_entry.c.record == home_record.c.record
    stands = exists().where(*of_record, home_entry.c.seen.is_not(None))
    query = select(home_record.c.home, home_record.c.record)
    query = query.where(home_record.c.event_id == event_id, or_(home_record.c.gone_at.is_(None), stands))
    return tuple(connection.execute(query.order_by(home_record.c.home, home_record.c.record)))


def note_gone(connection: Connection, home: str, record: str, now: datetime) -> None:
    """Note that a home has a record no more, and so no link in it."""
    is_it = home_record.c.home == home, home_record.c.record == record
    connection.execute(update(home_record).where(*is_it, home_record.c.gone_at.is_(None)).values(gone_at=now))
    shown = home_entry.c.home == home, home_entry.c.record == record, home_entry.c.seen.is_not(None)
    connection.execute(update(home_entry).where(*shown).values(seen=None, seen_at=now))


def load_entries(connection: Connection, event_id: str) -> tuple[HomeEntry, ...]:
    """Load our links in all records of an event, in the order of home, record and part."""
    query = select(home_entry).where(home_entry.c.event_id == event_id)
    ordered = query.order_by(home_entry.c.home, home_entry.c.record, home_entry.c.part, home_entry.c.key)
    return load_values(connection, HomeEntry, ordered)


def save_entry(connection: Connection, home: str, record: str, key: str, **values: Any) -> None:
    """Write a link, which may be new: event_id, part, title, visibility and seen_at, and what else is to be written."""
    upsert(connection, home_entry, {"home": home, "record": record, "key": key}, values)


def change_entry(connection: Connection, home: str, record: str, key: str, **values: Any) -> None:
    """Write columns of a link that is known."""
    mine = home_entry.c.home == home, home_entry.c.record == record, home_entry.c.key == key
    connection.execute(update(home_entry).where(*mine).values(values))


def list_unlinked(connection: Connection, since: datetime, homes: Collection[str]) -> frozenset[str]:
    """List the events with a recording, published since, that a record of theirs in one of the homes does not show as
    our own page does. Left out: what an operator leaves alone."""
    shown = [home_entry.c.seen[name].as_string() for name in ("title", "url", "visibility")]
    wanted = publication.c.title, publication.c.url, publication.c.visibility
    missing = or_(home_entry.c.seen.is_(None), *(there != here for there, here in zip(shown, wanted, strict=True)))
    left = and_(publication.c.state == "withdrawn", home_entry.c.seen.is_not(None))
    differs = or_(and_(IS_PUBLISHED, missing, ~func.coalesce(home_entry.c.left_alone, false())), left)
    query = select(publication.c.event_id).select_from(_links_of_records())
    of_homes = home_record.c.home.concat("").in_(list(homes))  # as an expression: SQLite must not read all records
    mine = of_homes, _IS_THERE, publication.c.published_at > since
    return frozenset(connection.scalars(query.where(*mine, differs)))


def list_unlooked(
    connection: Connection,
    since: datetime,
    looked: Callable[[ColumnElement[str], ColumnElement[bool]], ColumnElement[bool]],
) -> tuple[Row[tuple[str, str]], ...]:
    """List the records of recordings that were published since, or that show a withdrawn one: rows of home, event_id.

    `looked` builds the condition that a record was looked at, from the expression of "HOME/EVENT" and the condition
    that it shows a withdrawn one.
    """
    left = and_(publication.c.state == "withdrawn", home_entry.c.seen.is_not(None))
    due = or_(and_(IS_PUBLISHED, publication.c.published_at > since), left)
    query = select(home_record.c.home, publication.c.event_id).distinct().select_from(_links_of_records())
    subject = home_record.c.home + "/" + publication.c.event_id
    query = query.where(_IS_THERE, due, ~looked(subject, left))
    return tuple(connection.execute(query.order_by(home_record.c.home, publication.c.event_id)))


def _links_of_records() -> FromClause:
    """Join each publication to the records of its event, and to its link there, if there is or was one."""
    of_link = and_(
        home_entry.c.home == home_record.c.home,
        home_entry.c.record == home_record.c.record,
        home_entry.c.key == publication.c.recording_uuid,
    )
    joined = home_record.join(publication, publication.c.event_id == home_record.c.event_id)
    return joined.outerjoin(home_entry, of_link)
