"""Keep Zoom's notifications as they came: the inbox."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from .tables import notification
from .upsert import insert_of


def store_notification(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Put a notification into the inbox; False if the same body, or the same request, is there already."""
    request_id = values.get("request_id")
    if request_id and connection.execute(_SAME_REQUEST, {"account": values["account"], "request": request_id}).first():
        return False
    return connection.execute(_adding(connection.dialect.name), values).first() is not None


def load_new(connection: Connection, event_id: str, kind: str) -> tuple[Row[Any], ...]:
    """Load the notifications of a kind that nobody has looked into yet, the oldest first."""
    query = select(notification).where(
        notification.c.event_id == event_id, notification.c.kind == kind, notification.c.state == "new"
    )
    return tuple(connection.execute(query.order_by(notification.c.id)))


def mark_folded(connection: Connection, ids: list[int]) -> None:
    """Note that notifications have been taken into account."""
    connection.execute(update(notification).where(notification.c.id.in_(ids)).values(state="folded"))


_SAME_REQUEST = (  # these two are built once: they are asked hundreds of times a second
    select(notification.c.id)
    .where(notification.c.account == bindparam("account"), notification.c.request_id == bindparam("request"))
    .limit(1)
)


@cache
def _adding(dialect: str) -> Any:
    return insert_of(dialect)(notification).on_conflict_do_nothing().returning(notification.c.id)
