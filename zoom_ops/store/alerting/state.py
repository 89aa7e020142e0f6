"""What operators were told, what is muted, and maintenance windows."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, delete, func, insert, select, update

from ..alerts import SEVERITIES
from ..db.upsert import upsert
from ..tables import alert, maintenance_window, problem_mute, problem_told

_OPEN = alert.c.cleared_at.is_(None)
_PROBLEM = (alert.c.kind, alert.c.account, alert.c.cause)
_RANK = case({name: place for place, name in enumerate(SEVERITIES)}, value=alert.c.severity, else_=1)
_IS_OF = and_(
    alert.c.kind == bindparam("kind"),
    alert.c.account.is_not_distinct_from(bindparam("account")),
    alert.c.cause == bindparam("cause"),
)
_FIRST = func.min(alert.c.id)
_COUNTED = select(*_PROBLEM, func.count().label("alerts"), _FIRST.label("first")).group_by(*_PROBLEM).order_by(_FIRST)
_GROUPS = _COUNTED.add_columns(func.max(_RANK).label("rank"), func.min(alert.c.raised_at).label("since")).where(_OPEN)
_FEW_OF = select(alert).where(_OPEN, _IS_OF).order_by(alert.c.id).limit(bindparam("most"))
_PLACE = func.row_number().over(partition_by=_PROBLEM, order_by=alert.c.id).label("place")
_PLACED = select(alert, _PLACE).where(_OPEN).subquery()
_FIRST_OF_ALL = select(_PLACED).where(_PLACED.c.place <= bindparam("most")).order_by(_PLACED.c.id)
_BY_ID = select(alert).where(alert.c.id.in_(bindparam("ids", expanding=True)))
_END = select(func.max(alert.c.cleared_at)).where(_IS_OF)
_SPANS = (
    select(*_PROBLEM, alert.c.raised_at, alert.c.cleared_at)
    .where(alert.c.cleared_at > bindparam("since"))
    .order_by(alert.c.cleared_at.desc())
    .limit(bindparam("most"))
)
_TOLD = select(problem_told)
_TIMES_TOLD = select(problem_told.c.problem, func.max(problem_told.c.at)).group_by(problem_told.c.problem)
_MUTES = (
    select(problem_mute)
    .where(problem_mute.c.until.is_(None) | (problem_mute.c.until > bindparam("now")))
    .order_by(problem_mute.c.at)
)
_WINDOWS = (
    select(maintenance_window)
    .where(maintenance_window.c.ends > bindparam("now"))
    .order_by(maintenance_window.c.begins, maintenance_window.c.id)
)


def load_groups(connection: Connection) -> tuple[Row[Any], ...]:
    """Load the open alerts as problems: kind, account, cause, number of alerts, first id, rank of severity, since."""
    return tuple(connection.execute(_GROUPS))


def load_alerts_of(
    connection: Connection, kind: str, account: str | None, cause: str, limit: int
) -> tuple[Row[Any], ...]:
    """Load the first open alerts of a problem."""
    return tuple(connection.execute(_FEW_OF, {"kind": kind, "account": account, "cause": cause, "most": limit}))


def load_first_alerts(connection: Connection, limit: int) -> Mapping[tuple[str, str | None, str], tuple[Row[Any], ...]]:
    """Load the first open alerts of each problem, by its kind, account and cause."""
    rows = connection.execute(_FIRST_OF_ALL, {"most": limit}).all()
    found: dict[tuple[str, str | None, str], tuple[Row[Any], ...]] = {}
    for row in rows:
        key = row.kind, row.account, row.cause
        found[key] = (*found.get(key, ()), row)
    return found


def load_alerts_until(
    connection: Connection, kind: str, account: str | None, cause: str, since: datetime
) -> tuple[Row[Any], ...]:
    """Load the alerts of a problem that is over, of those raised since a moment: the latest of each subject."""
    query = select(alert).where(~_OPEN, _IS_OF, alert.c.raised_at >= since).order_by(alert.c.id)
    problem = {"kind": kind, "account": account, "cause": cause}
    return tuple({row.key: row for row in connection.execute(query, problem)}.values())


def load_alerts(connection: Connection, ids: Iterable[int]) -> dict[int, Row[Any]]:
    """Load alerts by their ids."""
    return {row.id: row for row in connection.execute(_BY_ID, {"ids": list(ids)})}


def find_end(connection: Connection, kind: str, account: str | None, cause: str) -> datetime | None:
    """Return when the last alert of a problem was cleared, or None."""
    moment: datetime | None = connection.scalar(_END, {"kind": kind, "account": account, "cause": cause})
    return moment


def load_ended(connection: Connection, since: datetime) -> tuple[Row[Any], ...]:
    """Load the problems of which an alert was cleared since then: kind, account, cause, number of alerts, first."""
    return tuple(connection.execute(_COUNTED.where(alert.c.cleared_at > since)))


def load_spans(connection: Connection, since: datetime, limit: int) -> tuple[Row[Any], ...]:
    """Load when the latest alerts were open that were cleared since then: kind, account, cause, raised, cleared."""
    return tuple(connection.execute(_SPANS, {"since": since, "most": limit}))


def load_told(connection: Connection) -> tuple[Row[Any], ...]:
    """Load the problems that targets were told of."""
    return tuple(connection.execute(_TOLD))


def load_times_told(connection: Connection) -> dict[str, datetime]:
    """Load when a target was told last of each problem, by its id."""
    return dict(connection.execute(_TIMES_TOLD).all())


def save_told(connection: Connection, problem: str, target: str, values: Mapping[str, Any]) -> None:
    """Note that a target was told of a problem."""
    upsert(connection, problem_told, {"problem": problem, "target": target}, values)


def forget_told(connection: Connection, target: str, problems: Iterable[str]) -> None:
    """Note that a target was told that problems are over, or that it need not be."""
    mine = and_(problem_told.c.target == target, problem_told.c.problem.in_(list(problems)))
    connection.execute(delete(problem_told).where(mine))


def load_mutes(connection: Connection, now: datetime) -> tuple[Row[Any], ...]:
    """Load the mutes that last."""
    return tuple(connection.execute(_MUTES, {"now": now}))


def save_mute(connection: Connection, problem: str, values: Mapping[str, Any]) -> None:
    """Mute a problem, or change its mute."""
    upsert(connection, problem_mute, {"problem": problem}, values)


def end_mute(connection: Connection, problem: str) -> bool:
    """End the mute of a problem; return whether it was muted."""
    return connection.execute(delete(problem_mute).where(problem_mute.c.problem == problem)).rowcount > 0


def load_windows(connection: Connection, now: datetime) -> tuple[Row[Any], ...]:
    """Load the maintenance windows that last or are to come, the first to begin first."""
    return tuple(connection.execute(_WINDOWS, {"now": now}))


def save_window(connection: Connection, values: Mapping[str, Any]) -> int:
    """Add a maintenance window; return its id."""
    query = insert(maintenance_window).values(values).returning(maintenance_window.c.id)
    return int(connection.execute(query).scalar_one())


def end_window(connection: Connection, window_id: int, now: datetime) -> Row[Any] | None:
    """End a window that lasts, or cancel one to come; return it as it was planned, or None where there is none."""
    table = maintenance_window
    mine = table.c.id == window_id, table.c.ends > now
    planned = connection.execute(select(table).where(*mine)).first()
    begins = case((table.c.begins > now, now - timedelta(seconds=1)), else_=table.c.begins)
    ended = connection.execute(update(table).where(*mine).values(ends=now, begins=begins)).rowcount
    return planned if ended else None
