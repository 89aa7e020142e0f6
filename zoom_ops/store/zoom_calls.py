"""A record of each call to Zoom."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from .tables import zoom_call


def record_call(connection: Connection, run_id: int | None, call: Mapping[str, Any]) -> None:
    """Write a call: account, at, method, path, status, tracking_id, strange. What has no column is left out."""
    row = {column.name: call[column.name] for column in zoom_call.c if column.name in call}
    connection.execute(insert(zoom_call).values({**row, "run_id": run_id}))


def load_calls(connection: Connection, run_id: int) -> tuple[Row[Any], ...]:
    """Load the calls of a run, in order."""
    return tuple(connection.execute(select(zoom_call).where(zoom_call.c.run_id == run_id).order_by(zoom_call.c.id)))


def count_calls_of(connection: Connection, run_ids: Sequence[int]) -> dict[int, int]:
    """Count the calls of several runs, by run id."""
    query = select(zoom_call.c.run_id, func.count().label("calls")).where(zoom_call.c.run_id.in_(run_ids))
    return {row.run_id: row.calls for row in connection.execute(query.group_by(zoom_call.c.run_id))}


def load_answers(
    connection: Connection, account: str, *, after: int, since: datetime, limit: int
) -> tuple[Row[Any], ...]:
    """Load `status` and `strange` of an account's latest calls, with ids above `after` and since a moment."""
    query = select(zoom_call.c.status, zoom_call.c.strange).order_by(zoom_call.c.id.desc()).limit(limit)
    latest = query.where(zoom_call.c.account == account, zoom_call.c.id > after, zoom_call.c.at >= since)
    return tuple(connection.execute(latest))


def was_answered(connection: Connection, account: str, *, since: datetime) -> bool:
    """Return whether Zoom's API has answered a call of an account made after a moment, other than with 5xx."""
    answered = (zoom_call.c.status < 500) & ~zoom_call.c.strange
    query = select(zoom_call.c.id).where(zoom_call.c.account == account, zoom_call.c.at > since, answered).limit(1)
    return connection.execute(query).first() is not None


def latest_call(connection: Connection) -> int:
    """Return the id of the latest call, 0 before the first."""
    return int(connection.execute(select(func.coalesce(func.max(zoom_call.c.id), 0))).scalar_one())


def count_calls(connection: Connection, since: datetime) -> tuple[Row[Any], ...]:
    """Count the `calls` since a moment by account, `status` and `strange`."""
    answered = zoom_call.c["account", "status", "strange"]
    query = select(*answered, func.count().label("calls")).where(zoom_call.c.at >= since).group_by(*answered)
    return tuple(connection.execute(query))
