"""A record of each call to Zoom."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, case, cast, func, insert, literal, or_, select

from .tables import zoom_call

COUNTED = 20_000  # the latest calls; count_busiest looks at no others


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


def count_busiest(
    connection: Connection, since: datetime, patterns: Iterable[tuple[str, str, str]], otherwise: str
) -> tuple[dict[tuple[str, str], tuple[int, int]], datetime | None]:
    """Count the calls since a moment by account and label: how many in all, and how many in the busiest second.

    `patterns` are (method, pattern of a path, label); a call that matches none has the label `otherwise`. The second
    is that in which the call left. Calls for a token do not count. Only the latest 20,000 calls are looked at: where
    there were more since that moment, return also when the earliest of those left.
    """
    matches: dict[str, list[ColumnElement[bool]]] = {}
    for method, pattern, label in patterns:
        matches.setdefault(label, []).append((zoom_call.c.method == method) & zoom_call.c.path.like(pattern))
    held: dict[str, ColumnElement[int]] = {
        label: func.sum(case((or_(*rules), 1), else_=0)) for label, rules in matches.items()
    }
    held[otherwise] = func.count() - sum(held.values(), literal(0))
    second = func.substr(cast(zoom_call.c.at, String), 1, 19)  # 2040-01-24 12:00:00
    first = select(func.max(zoom_call.c.id) - COUNTED).scalar_subquery()
    of_api = zoom_call.c.id > first, zoom_call.c.at >= since, ~zoom_call.c.path.like("/oauth/%")
    counts = [count.label(label) for label, count in held.items()]
    by_second = select(zoom_call.c.account, *counts).where(*of_api).group_by(second, zoom_call.c.account).subquery()
    columns = [column for label in held for column in (func.sum(by_second.c[label]), func.max(by_second.c[label]))]
    rows = connection.execute(select(by_second.c.account, *columns).group_by(by_second.c.account))
    found = {
        (account, label): (int(counted[2 * number]), counted[2 * number + 1])
        for account, *counted in rows
        for number, label in enumerate(held)
    }
    before = select(zoom_call.c.at).where(zoom_call.c.id <= first).order_by(zoom_call.c.id.desc()).limit(1)
    cut: datetime | None = connection.scalar(before)
    return found, cut if cut and cut >= since else None
