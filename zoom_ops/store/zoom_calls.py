"""A record of each call to Zoom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    insert,
    or_,
    select,
)

from .counted import count_gone, counted_ids
from .tables import zoom_call

_NEVER = datetime.max.replace(tzinfo=UTC)
_BETWEEN = (zoom_call.c.at >= bindparam("since"), zoom_call.c.at < bindparam("until"))
_LATEST = select(func.coalesce(func.max(zoom_call.c.id), 0))
_MARK = select(func.count(), func.sum(zoom_call.c.id)).where(*_BETWEEN)
_LATE = select(func.sum(case((zoom_call.c.at < bindparam("until"), 1), else_=0))).where(
    zoom_call.c.id > bindparam("last")
)


def _left_by(name: str) -> ScalarSelect[datetime]:
    """Select when the latest call left whose id is not above a parameter."""
    calls = select(zoom_call.c.at).where(zoom_call.c.id <= bindparam(name))
    return calls.order_by(zoom_call.c.id.desc()).limit(1).scalar_subquery()


_BOUNDS = select(_left_by("first"), _left_by("last"))


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
    return int(connection.execute(_LATEST).scalar_one())


def count_calls(connection: Connection, since: datetime) -> tuple[Row[Any], ...]:
    """Count the `calls` since a moment by account, `status` and `strange`."""
    answered = zoom_call.c["account", "status", "strange"]
    query = select(*answered, func.count().label("calls")).where(zoom_call.c.at >= since).group_by(*answered)
    return tuple(connection.execute(query))


@dataclass(frozen=True, kw_only=True)
class Window:
    """Which calls are counted: those that left at `since` or later. Few that left before `until` come late.

    Those that come late have an id above `last`.
    """

    last: int
    since: datetime | None  # None: all
    until: datetime | None  # a full second; None: there is none yet


def load_window(connection: Connection) -> Window:
    """Load the window of the latest 20,000 calls, or some more."""
    first, last = counted_ids(latest_call(connection))
    cut, until = connection.execute(_BOUNDS, {"first": first, "last": last}).one()
    return Window(
        last=last,
        since=cut + timedelta.resolution if cut else None,
        until=until.replace(microsecond=0) if until else None,
    )


def mark_calls(connection: Connection, window: Window, since: datetime) -> tuple[int, ...]:
    """Return a mark of the calls from a moment until the end of a window: another one if they are others.

    A call is never changed, and its id is above those of all that were there when it came. So the sum of the ids grows
    where as many came as were deleted. On SQLite it is enough to know how many were deleted, and how many came late.
    """
    gone = count_gone(connection, zoom_call)
    values = {"since": since, "until": window.until, "last": window.last}
    if gone is not None:
        return gone, connection.execute(_LATE, values).scalar_one() or 0
    count, total = connection.execute(_MARK, values).one()
    return count, int(total or 0)


def count_busiest(
    connection: Connection,
    since: datetime,
    until: datetime | None,
    patterns: tuple[tuple[str, str, str], ...],
    otherwise: str,
) -> dict[tuple[str, str], tuple[int, int]]:
    """Count the calls between two moments by account and label: how many in all, and how many in the busiest second.

    `until` None: those since the first moment. `patterns` are (method, pattern of a path, label); a call that matches
    none has the label `otherwise`. The second is that in which the call left. Calls for a token do not count.
    """
    values = {"since": since, "until": until or _NEVER}
    rows = connection.execute(_select_busiest(patterns, otherwise), values)
    return {(account, label): (int(held), most) for account, label, held, most in rows}


@cache
def _select_busiest(patterns: tuple[tuple[str, str, str], ...], otherwise: str) -> Select[Any]:
    rules: dict[str, list[ColumnElement[bool]]] = {}
    for method, pattern, label in patterns:
        rules.setdefault(label, []).append((zoom_call.c.method == method) & zoom_call.c.path.like(pattern))
    label_of = case(*((or_(*matching), label) for label, matching in rules.items()), else_=otherwise).label("label")
    second = func.substr(cast(zoom_call.c.at, String), 1, 19).label("second")  # 2040-01-24 12:00:00
    of_api = (*_BETWEEN, ~zoom_call.c.path.like("/oauth/%"))
    calls = select(zoom_call.c.account, label_of, second).where(*of_api).subquery()
    by_second = select(*calls.c["account", "label"], func.count().label("calls")).group_by(*calls.c).subquery()
    held = by_second.c.calls
    counts = select(*by_second.c["account", "label"], func.sum(held), func.max(held))
    return counts.group_by(*by_second.c["account", "label"])
