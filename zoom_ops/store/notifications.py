"""The inbox of Zoom's notifications, stored as received."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, or_, select, update

from .db.upsert import insert_of
from .tables import notification

_ADDED = (notification.c.account, notification.c.body_hash)
_SAME_REQUESTS = select(notification.c.account, notification.c.request_id).where(
    notification.c.request_id.in_(bindparam("requests", expanding=True))
)


def store_notifications(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Store notifications; return for each whether it is new: neither its body nor its request id was known."""
    requests = [row["request_id"] for row in rows if row["request_id"]]
    known = {tuple(row) for row in connection.execute(_SAME_REQUESTS, {"requests": requests})} if requests else set()
    candidates = []
    for row in rows:
        request = (row["account"], row["request_id"])
        if not row["request_id"] or request not in known:
            known.add(request)
            candidates.append(row)
    inserted = connection.execute(_insert_in(connection.dialect.name), candidates) if candidates else ()
    added, tried = {(row.account, row.body_hash) for row in inserted}, {id(row) for row in candidates}
    new = []
    for row in rows:  # of two rows with the same body the first is new
        key = (row["account"], row["body_hash"])
        new.append(key in added and id(row) in tried)
        if new[-1]:
            added.discard(key)
    return new


@cache
def _insert_in(dialect: str) -> Any:
    """Build the statement once: it is needed hundreds of times a second."""
    return insert_of(dialect)(notification).on_conflict_do_nothing().returning(*_ADDED)


def load_new(connection: Connection, event_id: str, kinds: Collection[str]) -> tuple[Row[Any], ...]:
    """Load the unprocessed notifications of these kinds about an event, the oldest first."""
    query = select(notification).filter_by(event_id=event_id, state="new").where(notification.c.kind.in_(kinds))
    return tuple(connection.execute(query.order_by(notification.c.id)))


def load_of_webinar(connection: Connection, account: str, webinar_id: int) -> tuple[Row[Any], ...]:
    """Load all notifications about a webinar, the oldest first."""
    query = select(notification).filter_by(account=account, webinar_id=webinar_id)
    return tuple(connection.execute(query.order_by(notification.c.id)))


def find_completion(connection: Connection, event_id: str, uuid: str) -> datetime | None:
    """Find when we received the first notification that a recording of an event was complete, or None."""
    query = select(func.min(notification.c.received_at)).filter_by(event_id=event_id, uuid=uuid)
    return connection.execute(query.where(notification.c.kind == "recording.completed")).scalar()


@dataclass(frozen=True, kw_only=True)
class NotificationFilter:
    """Which notifications are meant. Empty: all of them.

    `unused_of`: only those that came to nothing: of no event, or not taken in yet by one of these events.
    """

    account: str = ""
    event_id: str = ""
    since: datetime | None = None  # received since then
    unused_of: Collection[str] | None = None


EVERY = NotificationFilter()


def page_notifications(
    connection: Connection, filters: NotificationFilter = EVERY, *, before: int | None = None, limit: int = 50
) -> tuple[Row[Any], ...]:
    """List a page of the inbox, the newest first, without the bodies."""
    columns = [column for column in notification.c if column.name not in ("body", "body_hash")]
    query = select(*columns).where(*_conditions(filters)).order_by(notification.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(notification.c.id < before)
    return tuple(connection.execute(query))


def find_notification(connection: Connection, number: int) -> Row[Any] | None:
    """Find a notification by its id, or None."""
    return connection.execute(select(notification).where(notification.c.id == number)).first()


def mark_new(connection: Connection, number: int, event_id: str) -> None:
    """Assign a notification to an event, and have it processed once more."""
    values = {"state": "new", "event_id": event_id}
    connection.execute(update(notification).where(notification.c.id == number).values(values))


def mark_folded(connection: Connection, ids: list[int]) -> None:
    """Note that notifications have been processed."""
    connection.execute(update(notification).where(notification.c.id.in_(ids)).values(state="folded"))


def _conditions(filters: NotificationFilter) -> Iterator[ColumnElement[bool]]:
    if filters.account:
        yield notification.c.account == filters.account
    if filters.event_id:
        yield notification.c.event_id == filters.event_id
    if filters.since is not None:
        yield notification.c.received_at >= filters.since
    if filters.unused_of is not None:
        waits = and_(notification.c.state == "new", notification.c.event_id.in_(filters.unused_of))
        yield or_(notification.c.state == "ignored", waits)
