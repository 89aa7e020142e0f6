"""What became of runs: the latest of each job, and counts of many over time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, Literal, get_args

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    Label,
    Row,
    Select,
    bindparam,
    case,
    cast,
    exists,
    extract,
    func,
    select,
    union_all,
)

from ..store.counted import counted_ids
from ..store.db.partial_indexes import IS_OPEN
from ..store.tables import attempt, forgotten_run
from ..store.tables import run as runs

RunOutcome = Literal["done", "retried", "waits", "cancelled", "parked", "failed"]
CountedRuns = tuple[str, RunOutcome, int, int]  # job, outcome, number of the step, how many
LatestRun = Row[int, str, datetime, RunOutcome]  # id, job, created, outcome
OUTCOMES: tuple[RunOutcome, ...] = get_args(RunOutcome)

_was_retried = (runs.c.attempts > 1) & exists().where(attempt.c.run_id == runs.c.id, attempt.c.outcome == "retried")
RUN_OUTCOME = case(
    ((runs.c.state == "done") & _was_retried, "retried"), (runs.c.state == "active", "waits"), else_=runs.c.state
).label("outcome")
"""`retried`: done, after an attempt that failed. `waits`: open, also while an attempt is under way."""


def load_latest(connection: Connection, jobs: Collection[str], *, limit: int) -> dict[str, list[LatestRun]]:
    """Load the latest runs of each job: id, job, created, outcome. The newest come last."""
    latest: dict[str, list[LatestRun]] = {job: [] for job in jobs}
    rows = connection.execute(_select_latest(tuple(latest), limit)).all() if latest else ()
    for row in sorted(rows, key=itemgetter(0)):
        latest[row[1]].append(row)
    return latest


@lru_cache(maxsize=4)
def _select_latest(jobs: tuple[str, ...], limit: int) -> CompoundSelect[int, str, datetime, RunOutcome]:
    columns = (*runs.c["id", "job", "created"], RUN_OUTCOME)
    of_job = (select(*columns).where(runs.c.job == job).order_by(runs.c.id.desc()).limit(limit) for job in jobs)
    return union_all(*(query.subquery().select() for query in of_job))


@dataclass(frozen=True, kw_only=True)
class Window:
    """Which runs are counted: those with an id above `first`. Few of those up to `last` are not finished."""

    first: int
    last: int
    cut: datetime | None  # when the latest run was asked for that is not counted


Part = Literal["finished", "unfinished", "later"]  # of the runs of a window; the first two up to `last`

_FIRST, _LAST = bindparam("first", type_=runs.c.id.type), bindparam("last", type_=runs.c.id.type)
_PARTS: Mapping[Part, tuple[ColumnElement[bool], ...]] = {
    "finished": (runs.c.id > _FIRST, runs.c.id <= _LAST, ~IS_OPEN),
    "unfinished": (runs.c.id + 0 > _FIRST, runs.c.id + 0 <= _LAST, IS_OPEN),  # + 0: SQLite finds them by their index
    "later": (runs.c.id > _LAST,),
}
_LATEST = select(func.coalesce(func.max(runs.c.id), 0))
_CUT = select(runs.c.created).where(runs.c.id <= _FIRST).order_by(runs.c.id.desc()).limit(1)


def load_window(connection: Connection) -> Window:
    """Load the window of the latest 20,000 runs, or some more."""
    first, last = counted_ids(connection.execute(_LATEST).scalar_one())
    return Window(first=first, last=last, cut=connection.scalar(_CUT, {"first": first}))


def mark_ids(connection: Connection, window: Window) -> tuple[int, ...]:
    """Return a mark of the runs up to the last one: another one if one was deleted since, or came late."""
    return _read_mark(connection, _IDS, window)


def mark_unfinished(connection: Connection, window: Window) -> tuple[int, ...]:
    """Return a mark of those that are not finished: another one if one of them was finished or deleted since.

    A finished run is not changed any more, and its attempts are kept for as long as it is.
    """
    return _read_mark(connection, _UNFINISHED, window)


def _read_mark(connection: Connection, query: Select[int, Any], window: Window) -> tuple[int, ...]:
    row = connection.execute(query, {"first": window.first, "last": window.last}).one()
    return tuple(int(number or 0) for number in row)


_NUMBERS = select(func.count(), func.sum(runs.c.id))  # a run more, or in the place of another, changes one of them
_IDS = _NUMBERS.where(runs.c.id > _FIRST, runs.c.id <= _LAST)
_UNFINISHED = _NUMBERS.where(*_PARTS["unfinished"])


def count_outcomes(
    connection: Connection, window: Window, part: Part, since: datetime, step: timedelta
) -> tuple[CountedRuns, ...]:
    """Count the runs of a part of the window that were asked for since a moment: job, outcome, step, how many."""
    values = {"first": window.first, "last": window.last, "since": since, **_steps_from(since, step)}
    return _count(connection, _COUNTS[part], values)


def count_deleted(connection: Connection, since: datetime, step: timedelta, begin: datetime) -> tuple[CountedRuns, ...]:
    """Return rows as `count_outcomes` does, of the rounds that were deleted, and began at a moment or later."""
    return _count(connection, _DELETED, {"begin": begin, **_steps_from(since, step)})


def _count(connection: Connection, query: Select[Any], values: Mapping[str, Any]) -> tuple[CountedRuns, ...]:
    return tuple((job, outcome, step, held) for job, outcome, step, held in connection.execute(query, values))


def _steps_from(since: datetime, step: timedelta) -> dict[str, int]:
    return {"since_s": int(since.timestamp()), "step_s": int(step.total_seconds())}


def _step_of(moment: Column[datetime]) -> Label[int]:
    since, length = bindparam("since_s", type_=BigInteger), bindparam("step_s", type_=BigInteger)
    return ((cast(extract("epoch", moment), BigInteger) - since) // length).label("step")


def _select_counts(part: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    asked_for = runs.c.created >= bindparam("since", type_=runs.c.created.type)
    counted = select(runs.c.job, RUN_OUTCOME, _step_of(runs.c.created)).where(*part, asked_for).subquery()
    return select(*counted.c, func.count()).group_by(*counted.c)


_COUNTS = {name: _select_counts(part) for name, part in _PARTS.items()}
_DELETED = select(*forgotten_run.c["job", "outcome"], _step_of(forgotten_run.c.at), forgotten_run.c.held).where(
    forgotten_run.c.at >= bindparam("begin")
)
