"""Keep Zoom's notifications as they came: the inbox."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, select, update

from .tables import notification
from .upsert import insert_into


def store_notification(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Put a notification into the inbox; False if the same body, or the same request, is there already."""
    request_id = values.get("request_id")
    if request_id and connection.execute(_same_request(values["account"], request_id)).first():
        return False
    added = insert_into(connection, notification).values(values)
    query = added.on_conflict_do_nothing().returning(notification.c.id)
    return connection.execute(query).first() is not None


def load_new(connection: Connection, event_id: str, kind: str) -> tuple[Row[Any], ...]:
    """Load the notifications of a kind that nobody has looked into yet, the oldest first."""
    query = select(notification).where(
        notification.c.event_id == event_id, notification.c.kind == kind, notification.c.state == "new"
    )
    return tuple(connection.execute(query.order_by(notification.c.id)))


def mark_folded(connection: Connection, ids: list[int]) -> None:
    """Note that notifications have been taken into account."""
    connection.execute(update(notification).where(notification.c.id.in_(ids)).values(state="folded"))


def _same_request(account: str, request_id: str) -> Any:
    return (
        select(notification.c.id)
        .where(notification.c.account == account, notification.c.request_id == request_id)
        .limit(1)
    )
