"""Queries of the feeds: events with the date of their last change, series, latest recordings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from ..events import Event
from .event_queries import IS_DRAFT, IS_LISTED
from .tables import event as event_table
from .tables import publication

_PUBLIC = publication.c.visibility == "public"
_NEWEST = select(func.max(publication.c.published_at)).where(publication.c.event_id == event_table.c.id, _PUBLIC)
_PUBLISHED_AT = _NEWEST.scalar_subquery()  # the date of an event's latest public recording
_DATED = select(event_table.c.document, event_table.c.sequence, event_table.c.updated_at, _PUBLISHED_AT)


@dataclass(frozen=True, kw_only=True)
class DatedEvent:
    """An event with the number and the date of its last change."""

    event: Event
    sequence: int  # number of changes of fields that calendars show
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class DatedAddress:
    """The slug of a page, and the date of the page's last change."""

    slug: str
    changed_at: datetime


def load_series(connection: Connection, slug: str, limit: int) -> tuple[DatedEvent, ...]:
    """Load the events of a series, the latest first."""
    query = _DATED.where(event_table.c.series_slug == slug, IS_LISTED)
    return _load_dated(connection, query.order_by(event_table.c.start_at.desc(), event_table.c.id).limit(limit))


def find_series_name(connection: Connection, slug: str) -> str | None:
    """Find the name of a series, as its latest event has it; no record is loaded, for a series may have thousands."""
    query = select(event_table.c.series).where(event_table.c.series_slug == slug, IS_LISTED)
    name: str | None = connection.scalar(query.order_by(event_table.c.start_at.desc(), event_table.c.id).limit(1))
    return name


def load_recorded(connection: Connection, limit: int, series: str | None = None) -> tuple[str, ...]:
    """Load the ids of the events with the latest public recordings, newest first; of one series or of all."""
    query = select(publication.c.event_id).where(_PUBLIC, publication.c.state == "published")
    query = query.join(event_table, event_table.c.id == publication.c.event_id).where(IS_LISTED)
    if series is not None:
        query = query.where(event_table.c.series_slug == series)
    newest = query.order_by(publication.c.published_at.desc(), publication.c.event_id).limit(limit)
    return tuple(dict.fromkeys(connection.scalars(newest)))


def load_dated(connection: Connection, ids: Sequence[str]) -> tuple[DatedEvent, ...]:
    """Load several events with the dates of their last changes, in the order of their ids; no drafts."""
    return _load_dated(connection, _DATED.where(event_table.c.id.in_(ids), ~IS_DRAFT).order_by(event_table.c.id))


def load_event_addresses(connection: Connection, limit: int, offset: int) -> tuple[DatedAddress, ...]:
    """Load a page of the addresses of all listed events, by id."""
    query = select(event_table.c.id, event_table.c.updated_at, _PUBLISHED_AT).where(IS_LISTED)
    rows = connection.execute(query.order_by(event_table.c.id).limit(limit).offset(offset))
    return tuple(DatedAddress(slug=slug, changed_at=_later(*moments)) for slug, *moments in rows)


def load_series_addresses(connection: Connection) -> tuple[DatedAddress, ...]:
    """Load the addresses of all series with a listed event, by slug."""
    slug = event_table.c.series_slug
    query = (
        select(slug, func.max(event_table.c.updated_at))
        .where(slug.is_not(None), IS_LISTED)
        .group_by(slug)
        .order_by(slug)
    )
    return tuple(DatedAddress(slug=row[0], changed_at=row[1]) for row in connection.execute(query))


def count_addresses(connection: Connection) -> int:
    """Count the listed events."""
    return connection.scalar(select(func.count()).select_from(event_table).where(IS_LISTED)) or 0


def _load_dated(connection: Connection, query: Select[Any]) -> tuple[DatedEvent, ...]:
    return tuple(
        DatedEvent(event=Event.model_validate(document), sequence=sequence, changed_at=_later(*moments))
        for document, sequence, *moments in connection.execute(query)
    )


def _later(changed: datetime, published: datetime | None) -> datetime:
    return max(changed, published or changed)
