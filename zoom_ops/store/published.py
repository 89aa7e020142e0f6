"""Published recordings: when they were, whether Zoom still has them, and when it is asked next."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, case, exists, func, or_, select, update

from ..webinars import REMOVED
from .alerts import LASTS
from .db.partial_indexes import IS_PUBLISHED
from .db.postgresql import begin_for_cursor
from .db.values import slices
from .tables import alert, binding, event, publication, recording

_IS_SAME = (publication.c.event_id == recording.c.event_id) & (publication.c.recording_uuid == recording.c.uuid)
IS_SHOWN = exists().where(
    publication.c.recording_uuid == recording.c.uuid,
    publication.c.event_id == recording.c.event_id,
    publication.c.state == "published",
)
"""The condition that the event record of a recording shows it."""
IS_OUTDATED = exists().where(_IS_SAME, IS_PUBLISHED, publication.c.published_at < event.c.updated_at)
"""The condition that the event record has changed since it shows the recording."""
_AT_ONCE = 200  # rows
_COLUMNS = (recording, publication.c.look_at, publication.c.missing_since)


def load_published(connection: Connection, account: str, host: str, first: date, last: date) -> tuple[Row[Any], ...]:
    """Load the published recordings of a host's webinars that began on these days (UTC), both included."""
    begin, end = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))
    query = _select_of_host(account, host).where(recording.c.started_at >= begin, recording.c.started_at < end)
    return tuple(connection.execute(query.order_by(recording.c.uuid)))


def list_published(connection: Connection, events: Collection[str]) -> tuple[str, ...]:
    """List those of some events of which a recording is or was published."""
    query = select(publication.c.event_id).distinct().order_by(publication.c.event_id)
    found = (connection.scalars(query.where(publication.c.event_id.in_(some))) for some in slices(events))
    return tuple(event_id for some in found for event_id in some)


def list_unpublished(connection: Connection, since: datetime, address: str) -> frozenset[str]:
    """List the events with a recording, fetched since, that their record may not show as it should.

    It does not show a complete one, or still shows a removed one; the record has changed since it was published; or the
    link does not begin with the address.
    """
    return frozenset(connection.scalars(_select_unpublished(address), {"since": since}))


@lru_cache(maxsize=2)
def _select_unpublished(address: str) -> Select[Any]:
    missing, left = recording.c.state == "completed", recording.c.state.in_(REMOVED)
    moved = exists().where(_IS_SAME, IS_PUBLISHED, ~publication.c.url.startswith(address, autoescape=True))
    old = or_(IS_OUTDATED, moved)
    query = select(event.c.id).join(recording, recording.c.event_id == event.c.id)
    differs = or_(and_(missing, ~IS_SHOWN), and_(left, IS_SHOWN), and_(missing, old))
    return query.where(recording.c.fetched_at > bindparam("since"), differs)


def iter_shown(connection: Connection, *, limit: int) -> Iterator[Row[Any]]:
    """Yield the recordings that are published, and complete at Zoom; the latest read first."""
    query = select(recording).where(IS_SHOWN, recording.c.state == "completed").limit(limit)
    query = query.order_by(recording.c.fetched_at.desc(), recording.c.uuid)
    begin_for_cursor(connection)
    yield from connection.execution_options(yield_per=_AT_ONCE).execute(query)


def count_alerted(
    connection: Connection, kind: str, *, since: datetime | None = None, besides: str | None = None
) -> int:
    """Count the events with a published recording for which an alert of a kind lasts.

    `since`: also those whose alert was raised since that moment, whether a recording is published or not.
    """
    counts: ColumnElement[bool] = exists().where(publication.c.event_id == alert.c.subject, IS_PUBLISHED)
    if since is not None:
        counts = or_(counts, alert.c.raised_at > since)
    query = select(func.count(alert.c.subject.distinct())).where(alert.c.kind == kind, LASTS, counts)
    return connection.execute(query.where(alert.c.subject != besides) if besides else query).scalar_one()


def load_first(connection: Connection, since: datetime, *, limit: int) -> tuple[Row[Any], ...]:
    """Load the latest first publications since a moment, the newest first: event_id, first_at, first_after_ms."""
    query = select(*publication.c["event_id", "first_at", "first_after_ms"]).where(publication.c.first_at >= since)
    query = query.order_by(publication.c.first_at.desc(), publication.c.recording_uuid)
    return tuple(connection.execute(query.limit(limit)))


def count_first(connection: Connection, bounds: Sequence[float]) -> dict[str, tuple[tuple[int, ...], float]]:
    """Count the first publications of which Zoom had told before, by account.

    For each account: how many came within each of the bounds and how many in all, and the sum of their times. Bounds
    and sum are in seconds.
    """
    took = publication.c.first_after_ms
    within = [func.sum(case((took <= 1_000 * bound, 1), else_=0)) for bound in bounds]
    query = select(binding.c.account, *within, func.count(), func.sum(took))
    query = query.join(publication, publication.c.event_id == binding.c.event_id).where(took.is_not(None))
    rows = connection.execute(query.group_by(binding.c.account))
    return {account: (tuple(counts), float(milliseconds) / 1_000) for account, *counts, milliseconds in rows}


def load_due_looks(
    connection: Connection, account: str, host: str, now: datetime, wait: timedelta
) -> tuple[Row[Any], ...]:
    """Load the published recordings of a host that are due for a look, the longest due first.

    `wait`: so long after its publication the first look is due.
    """
    due = or_(*_are_due(now, wait))
    query = _select_of_host(account, host).where(due)
    return tuple(connection.execute(query.order_by(publication.c.look_at.nulls_first(), recording.c.uuid)))


def list_hosts_to_look(
    connection: Connection, now: datetime, wait: timedelta, *, rows: int
) -> tuple[Row[tuple[str, str]], ...]:
    """List the hosts (host, account) of published recordings that are due for a look, the longest due first.

    At most twice as many recordings as `rows` says are considered, so that a query stays short after a long stop.
    """
    columns = (publication.c.look_at, publication.c.published_at)
    hosts: dict[Row[tuple[str, str]], None] = {}
    for is_due in _are_due(now, wait):
        query = select(publication.c.event_id, *columns).where(IS_PUBLISHED, is_due).order_by(*columns).limit(rows)
        due = query.subquery()
        of_due = select(binding.c.host, binding.c.account).join(due, due.c.event_id == binding.c.event_id)
        hosts |= dict.fromkeys(connection.execute(of_due.order_by(due.c.look_at, due.c.published_at)))
    return tuple(hosts)


def count_published(connection: Connection, account: str, host: str) -> int:
    """Count the published recordings of a host's webinars."""
    return connection.execute(select(func.count()).select_from(_select_of_host(account, host).subquery())).scalar_one()


def change_look(connection: Connection, event_id: str, uuid: str, **values: datetime | None) -> None:
    """Write when a published recording is looked at again, and since when Zoom does not find it."""
    is_it = (publication.c.event_id == event_id) & (publication.c.recording_uuid == uuid)
    connection.execute(update(publication).where(is_it).values(**values))


def write_auto_delete(connection: Connection, uuid: str, auto_delete: bool | None, day: date | None) -> None:
    """Write whether and when Zoom deletes a recording by itself."""
    values = {"auto_delete": auto_delete, "auto_delete_date": day.isoformat() if day else None}
    connection.execute(update(recording).where(recording.c.uuid == uuid).values(**values))


def _select_of_host(account: str, host: str) -> Select[Any]:
    query = select(*_COLUMNS).join(binding, binding.c.event_id == recording.c.event_id).join(publication, _IS_SAME)
    return query.where(
        binding.c.account == account, binding.c.host == host, IS_PUBLISHED, recording.c.state == "completed"
    )


def _are_due(now: datetime, wait: timedelta) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    at, first = publication.c.look_at, publication.c.published_at
    return and_(at.is_(None), first <= now - wait), at <= now
