"""A record of each call to Zoom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, case, cast, func, insert, or_, select

from .tables import zoom_call

COUNTED = 20_000  # of the latest calls; figures look at some more, but not at all


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


@dataclass(frozen=True, kw_only=True)
class Window:
    """Which calls are counted: those with an id above `first`. Of those that left before `until`, few come late."""

    first: int
    until: datetime | None
    cut: datetime | None  # when the latest call left that is not counted


def load_window(connection: Connection) -> Window:
    """Load the window of the latest 20,000 calls, or some more: it moves by a twentieth of them at a time."""
    piece = max(1, COUNTED // 20)
    latest = latest_call(connection)
    first = max(0, (latest - COUNTED) // piece * piece)
    until, cut = (_left_before(connection, call) for call in (latest // piece * piece, first))
    return Window(first=first, until=until.replace(microsecond=0) if until else None, cut=cut)


def mark_calls(connection: Connection, since: datetime, until: datetime) -> tuple[int, int]:
    """Return a mark of the calls between two moments, the second not included: another one if they are others.

    A call is never changed, and those with the lowest ids are deleted first.
    """
    lowest = select(func.coalesce(func.min(zoom_call.c.id), 0)).scalar_subquery()
    count, first = connection.execute(select(func.count(), lowest).where(*_between(since, until))).one()
    return count, first


def count_busiest(
    connection: Connection,
    window: Window,
    since: datetime,
    until: datetime | None,
    patterns: Iterable[tuple[str, str, str]],
    otherwise: str,
) -> dict[tuple[str, str], tuple[int, int]]:
    """Count the calls between two moments by account and label: how many in all, and how many in the busiest second.

    `until` None: those since the first moment. `patterns` are (method, pattern of a path, label); a call that matches
    none has the label `otherwise`. The second is that in which the call left. Calls for a token do not count.
    """
    rules: dict[str, list[ColumnElement[bool]]] = {}
    for method, pattern, label in patterns:
        rules.setdefault(label, []).append((zoom_call.c.method == method) & zoom_call.c.path.like(pattern))
    label_of = case(*((or_(*matching), label) for label, matching in rules.items()), else_=otherwise).label("label")
    second = func.substr(cast(zoom_call.c.at, String), 1, 19).label("second")  # 2040-01-24 12:00:00
    is_counted = zoom_call.c.id + 0 > window.first  # + 0: they are found by their moment
    of_api = (*_between(since, until), is_counted, ~zoom_call.c.path.like("/oauth/%"))
    calls = select(zoom_call.c.account, label_of, second).where(*of_api).subquery()
    by_second = select(*calls.c["account", "label"], func.count().label("calls")).group_by(*calls.c).subquery()
    held = by_second.c.calls
    counts = select(*by_second.c["account", "label"], func.sum(held), func.max(held))
    rows = connection.execute(counts.group_by(*by_second.c["account", "label"]))
    return {(row[0], row[1]): (int(row[2]), row[3]) for row in rows}


def _between(since: datetime, until: datetime | None) -> tuple[ColumnElement[bool], ...]:
    begin = zoom_call.c.at >= since
    return (begin,) if until is None else (begin, zoom_call.c.at < until)


def _left_before(connection: Connection, call: int) -> datetime | None:
    query = select(zoom_call.c.at).where(zoom_call.c.id <= call).order_by(zoom_call.c.id.desc()).limit(1)
    moment: datetime | None = connection.scalar(query)
    return moment
