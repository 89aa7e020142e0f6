"""Our links in the records of homes: what was written there last, and what was seen there last."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
    update,
)

from ..db.partial_indexes import IS_PUBLISHED
from ..db.upsert import upsert
from ..db.values import load_values
from ..tables import home_entry, home_record, publication
from .records import is_of

_IS_THERE = or_(home_record.c.gone_at.is_(None), home_entry.c.seen.is_not(None))  # see `records_of`
WATCHED = timedelta(days=30)  # after its publication a link is looked at again and again
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
    return tuple(connection.execute(_RECORDS, {"of": event_id}))


_stands = exists().where(
    home_entry.c.home == home_record.c.home, home_entry.c.record == home_record.c.record, home_entry.c.seen.is_not(None)
)
_RECORDS = (
    select(home_record.c.home, home_record.c.record)
    .where(home_record.c.event_id == bindparam("of"), or_(home_record.c.gone_at.is_(None), _stands))
    .order_by(home_record.c.home, home_record.c.record)
)


def note_gone(connection: Connection, home: str, record: str, now: datetime) -> None:
    """Note that a home has a record no more, and so no link in it."""
    is_it = home_record.c.home == home, home_record.c.record == record
    connection.execute(update(home_record).where(*is_it, home_record.c.gone_at.is_(None)).values(gone_at=now))
    shown = home_entry.c.home == home, home_entry.c.record == record, home_entry.c.seen.is_not(None)
    connection.execute(update(home_entry).where(*shown).values(seen=None, seen_at=now))


def load_entries(connection: Connection, event_id: str) -> tuple[HomeEntry, ...]:
    """Load our links in all records of an event, in the order of home, record and part."""
    return load_values(connection, HomeEntry, _ENTRIES, {"of": event_id})


_ENTRIES = (
    select(home_entry)
    .where(home_entry.c.event_id == bindparam("of"))
    .order_by(home_entry.c.home, home_entry.c.record, home_entry.c.part, home_entry.c.key)
)


def list_seen(
    connection: Connection, home: str, since: datetime, before: datetime
) -> tuple[Row[tuple[str, str, str, Any]], ...]:
    """List our links in a home of recordings published since, that were looked at last before a moment.

    Rows of record, event_id, key, seen: the fields of a `Shown`, or None.
    """
    of_link = publication.c.event_id == home_entry.c.event_id, publication.c.recording_uuid == home_entry.c.key
    query = select(*home_entry.c["record", "event_id", "key", "seen"]).join(publication, and_(*of_link))
    mine = home_entry.c.home == home, home_entry.c.seen_at < before, publication.c.published_at > since
    return tuple(connection.execute(query.where(*mine)))


def list_for_members(connection: Connection, home: str) -> tuple[HomeEntry, ...]:
    """List our links in a home that were written for members, in the order of event and part."""
    query = select(home_entry).where(home_entry.c.home == home, home_entry.c.visibility == "members")
    return load_values(connection, HomeEntry, query.order_by(home_entry.c.event_id, home_entry.c.part))


def save_entry(connection: Connection, home: str, record: str, key: str, **values: Any) -> None:
    """Write a link, which may be new: event_id, part, title, visibility and seen_at, and what else is to be written."""
    upsert(connection, home_entry, {"home": home, "record": record, "key": key}, values)


def change_entry(connection: Connection, home: str, record: str, key: str, **values: Any) -> None:
    """Write columns of a link that is known."""
    mine = home_entry.c.home == home, home_entry.c.record == record, home_entry.c.key == key
    connection.execute(update(home_entry).where(*mine).values(values))


def list_unlinked(
    connection: Connection, since: datetime, homes: Collection[str], with_keys: Collection[str] = ()
) -> frozenset[str]:
    """List the events with a recording, published since, that a record of theirs in one of the homes does not show as
    our own page does. Left out: what an operator leaves alone.

    `with_keys`: the homes whose links for members have keys. Of such an address the part before the key is compared,
    and the whole with what was written last: a new key is written by the run that its renewal asks for.
    """
    query = _select_unlinked(tuple(sorted(homes)), tuple(sorted(with_keys)))
    return frozenset(connection.scalars(query, {"since": since}))


@lru_cache(maxsize=8)
def _select_unlinked(homes: tuple[str, ...], with_keys: tuple[str, ...]) -> Select[Any]:
    left = and_(publication.c.state == "withdrawn", home_entry.c.seen.is_not(None))
    differs = or_(and_(IS_PUBLISHED, _is_missing(with_keys), ~func.coalesce(home_entry.c.left_alone, false())), left)
    query = select(publication.c.event_id).select_from(_links_of_records())
    return query.where(is_of(homes), _IS_THERE, publication.c.published_at > bindparam("since"), differs)


def list_changed(
    connection: Connection, since: datetime, homes: Collection[str], with_keys: Collection[str], limit: int
) -> tuple[HomeEntry, ...]:
    """List our links that people changed or removed, and about which nobody has decided: see `list_unlinked`."""
    given = {"since": since, "homes": tuple(homes)}
    entries = load_values(connection, HomeEntry, _select_changed(tuple(with_keys)), given)
    return tuple(entry for entry in entries if entry.seen != entry.written)[:limit]


@lru_cache(maxsize=4)  # the homes with keys are those of the settings
def _select_changed(with_keys: tuple[str, ...]) -> Select[Any]:
    query = select(home_entry).select_from(_links_of_records()).where(IS_PUBLISHED, _is_missing(with_keys))
    is_late = publication.c.published_at > bindparam("since")
    of_homes = home_record.c.home.in_(bindparam("homes", expanding=True))
    return query.where(of_homes, _IS_THERE, is_late, ~home_entry.c.left_alone).order_by(
        home_entry.c.event_id, home_entry.c.home, home_entry.c.record, home_entry.c.part
    )


def list_unlooked(
    connection: Connection,
    since: datetime,
    looked: Callable[[ColumnElement[str], ColumnElement[bool]], ColumnElement[bool]],
) -> tuple[Row[tuple[str, str]], ...]:
    """List the records of recordings that were published since, or that show a withdrawn one: rows of home, event_id.

    Also those from which such a recording was taken back: a home may carry out an older write late.

    `looked` builds the condition that a record was looked at, from the expression of "HOME/EVENT" and the condition
    that it shows a withdrawn one.
    """
    left = and_(publication.c.state == "withdrawn", home_entry.c.seen.is_not(None))
    taken_back = and_(publication.c.state == "withdrawn", home_entry.c.written_at.is_not(None))
    due = or_(and_(or_(IS_PUBLISHED, taken_back), publication.c.published_at > since), left)
    query = select(home_record.c.home, publication.c.event_id).distinct().select_from(_links_of_records())
    subject = home_record.c.home + "/" + publication.c.event_id
    query = query.where(_IS_THERE, due, ~looked(subject, left))
    return tuple(connection.execute(query.order_by(home_record.c.home, publication.c.event_id)))


def _is_missing(with_keys: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a record does not show a link as our own page does: see `list_unlinked`."""
    title, url, visibility = (home_entry.c.seen[name].as_string() for name in ("title", "url", "visibility"))
    written = home_entry.c.written["url"].as_string()
    of_key = and_(publication.c.visibility == "members", home_record.c.home.in_(list(with_keys)))
    begins = func.substr(url, 1, func.length(publication.c.url)) == publication.c.url
    other = case((of_key, or_(~begins, url != func.coalesce(written, ""))), else_=url != publication.c.url)
    others = title != publication.c.title, other, visibility != publication.c.visibility
    return or_(home_entry.c.seen.is_(None), *others)


def _links_of_records() -> FromClause:
    """Join each publication to the records of its event, and to its link there, if there is or was one."""
    of_link = and_(
        home_entry.c.home == home_record.c.home,
        home_entry.c.record == home_record.c.record,
        home_entry.c.key == publication.c.recording_uuid,
    )
    joined = home_record.join(publication, publication.c.event_id == home_record.c.event_id)
    return joined.outerjoin(home_entry, of_link)
