"""Events to come, as others wait for them: which need a webinar, and which wait for something."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select

from .event_queries import IS_DRAFT, IS_GIVEN, WITH_WEBINAR
from .tables import binding, event

_HELD = ("scheduled", "rescheduled")  # status of the events that take place
_NAMED = select(event.c.id, event.c.name, event.c.start_at).where(IS_GIVEN)


@dataclass(frozen=True, kw_only=True)
class ComingEvent:
    """An event that begins soon."""

    name: str
    start: datetime
    account: str | None  # None: the default account
    has_webinar: bool


@dataclass(frozen=True, kw_only=True)
class WaitingEvent:
    """An event to come that waits for something."""

    name: str
    start: datetime


def load_named(connection: Connection, event_ids: Sequence[str]) -> dict[str, WaitingEvent]:
    """Load the name and the start of events by their ids, in this order; unknown ids are left out."""
    rows = connection.execute(_NAMED, {"ids": event_ids})
    found = {row.id: WaitingEvent(name=row.name, start=row.start_at) for row in rows}
    return {event_id: found[event_id] for event_id in event_ids if event_id in found}


def list_waiting(
    connection: Connection, now: datetime, whose: tuple[str, bool] | None, *, limit: int
) -> tuple[WaitingEvent, ...]:
    """List the events to come without a webinar, or with one that does not follow them yet, the first to begin first.

    `whose`: only those of an account; with true, it is the default one.
    """
    query = select(event.c.name, event.c.start_at).select_from(WITH_WEBINAR).where(*_waits(now, whose))
    rows = connection.execute(query.order_by(event.c.start_at, event.c.id).limit(limit))
    return tuple(WaitingEvent(name=row.name, start=row.start_at) for row in rows)


def count_waiting(connection: Connection, now: datetime, whose: tuple[str, bool] | None) -> int:
    """Count the events that `list_waiting` lists."""
    query = select(func.count()).select_from(WITH_WEBINAR).where(*_waits(now, whose))
    return connection.scalar(query) or 0


def _waits(now: datetime, whose: tuple[str, bool] | None) -> Iterator[ColumnElement[bool]]:
    yield event.c.start_at > now
    yield event.c.status.in_(_HELD)
    yield ~IS_DRAFT
    lacks = or_(binding.c.event_id.is_(None), binding.c.state != "bound")
    yield or_(lacks, event.c.revision > binding.c.planned_revision, event.c.revision > binding.c.seated_revision)
    if whose is not None:
        name, is_default = whose
        account = func.coalesce(binding.c.account, event.c.account, "")
        yield account.in_([name, ""]) if is_default else account == name


def list_coming(connection: Connection, now: datetime, until: datetime) -> tuple[ComingEvent, ...]:
    """List the events that begin until a moment and are to have a webinar, in order."""
    account = func.coalesce(binding.c.account, event.c.account)
    query = select(event.c.name, event.c.start_at, account.label("account"), binding.c.state).select_from(WITH_WEBINAR)
    due = query.where(event.c.start_at > now, event.c.start_at <= until, event.c.status.in_(_HELD), ~IS_DRAFT)
    return tuple(
        ComingEvent(name=row.name, start=row.start_at, account=row.account or None, has_webinar=row.state == "bound")
        for row in connection.execute(due.order_by(event.c.start_at, event.c.id))
    )


def find_unbound(connection: Connection, now: datetime) -> tuple[int, str] | None:
    """Count the events to come that are to have a webinar and never had one; return also the first. None for none."""
    unbound = (event.c.start_at > now, event.c.status.in_(_HELD), ~IS_DRAFT, binding.c.event_id.is_(None))
    first = select(event.c.id, func.count().over()).select_from(WITH_WEBINAR).where(*unbound)
    row = connection.execute(first.order_by(event.c.start_at, event.c.id).limit(1)).first()
    return (row[1], row[0]) if row else None


def list_begun(connection: Connection, since: datetime, until: datetime, *, limit: int) -> tuple[WaitingEvent, ...]:
    """List the events that began between two moments and were to have a webinar, by their ids."""
    query = select(event.c.id, event.c.start_at).where(
        event.c.start_at > since, event.c.start_at <= until, event.c.status.in_(_HELD), ~IS_DRAFT
    )
    rows = connection.execute(query.order_by(event.c.start_at, event.c.id).limit(limit))
    return tuple(WaitingEvent(name=row.id, start=row.start_at) for row in rows)
