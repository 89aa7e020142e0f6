"""Keep a line for each call to Zoom, so that a run can show what it did."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from .tables import zoom_call


def record_call(connection: Connection, run_id: int | None, call: Mapping[str, Any]) -> None:
    """Write a call down: account, at, method, path, status, tracking_id, strange."""
    connection.execute(insert(zoom_call).values({**call, "run_id": run_id}))


def load_calls(connection: Connection, run_id: int) -> tuple[Row[Any], ...]:
    """Load the calls that a run made, in order."""
    return tuple(connection.execute(select(zoom_call).where(zoom_call.c.run_id == run_id).order_by(zoom_call.c.id)))


def count_calls_of(connection: Connection, run_ids: Sequence[int]) -> dict[int, int]:
    """Count the calls that each of some runs has made."""
    query = select(zoom_call.c.run_id, func.count().label("made")).where(zoom_call.c.run_id.in_(run_ids))
    return {row.run_id: row.made for row in connection.execute(query.group_by(zoom_call.c.run_id))}


def load_answers(
    connection: Connection, account: str, *, after: int, since: datetime, limit: int
) -> tuple[Row[Any], ...]:
    """Load status and strangeness of an account's latest calls, those that were made after one and since a moment."""
    query = (
        select(zoom_call.c.status, zoom_call.c.strange)
        .where(zoom_call.c.account == account, zoom_call.c.id > after, zoom_call.c.at >= since)
        .order_by(zoom_call.c.id.desc())
        .limit(limit)
    )
    return tuple(connection.execute(query))


def was_answered(connection: Connection, account: str, *, since: datetime) -> bool:
    """Tell whether Zoom has answered any call of an account that was made after a moment, in the words of its API."""
    answered = (zoom_call.c.status < 500) & ~zoom_call.c.strange
    query = select(zoom_call.c.id).where(zoom_call.c.account == account, zoom_call.c.at > since, answered).limit(1)
    return connection.execute(query).first() is not None


def latest_call(connection: Connection) -> int:
    """Tell the number of the latest call, 0 before the first."""
    return int(connection.execute(select(func.coalesce(func.max(zoom_call.c.id), 0))).scalar_one())


def count_calls(connection: Connection, since: datetime) -> tuple[Row[Any], ...]:
    """Count the `calls` since a moment by account, status and strangeness."""
    answered = (zoom_call.c.account, zoom_call.c.status, zoom_call.c.strange)
    query = select(*answered, func.count().label("calls")).where(zoom_call.c.at >= since).group_by(*answered)
    return tuple(connection.execute(query))
