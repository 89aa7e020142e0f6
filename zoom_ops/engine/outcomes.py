"""What became of runs: the latest of each job, and counts of many over time."""

from collections.abc import Collection
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
    case,
    cast,
    exists,
    extract,
    func,
    select,
    union_all,
)

from ..store.db.partial_indexes import IS_OPEN
from ..store.tables import attempt, forgotten_run
from ..store.tables import run as runs

RunOutcome = Literal["done", "retried", "waits", "cancelled", "parked", "failed"]
LatestRun = Row[int, str, str, datetime, RunOutcome]  # id, job, subject, created, outcome
OUTCOMES: tuple[RunOutcome, ...] = get_args(RunOutcome)
COUNTED = 20_000  # of the latest runs; figures look at some more, but not at all

_was_retried = (runs.c.attempts > 1) & exists().where(attempt.c.run_id == runs.c.id, attempt.c.outcome == "retried")
RUN_OUTCOME = case(
    ((runs.c.state == "done") & _was_retried, "retried"), (runs.c.state == "active", "waits"), else_=runs.c.state
).label("outcome")
"""`retried`: done, after an attempt that failed. `waits`: open, also while an attempt is under way."""
_NUMBERS = (func.count(), func.sum(runs.c.id))  # a run more, less, or in the place of another changes one of them


def load_latest(connection: Connection, jobs: Collection[str], *, limit: int) -> dict[str, list[LatestRun]]:
    """Load the latest runs of each job: id, job, subject, created, outcome. The newest come last."""
    latest: dict[str, list[LatestRun]] = {job: [] for job in jobs}
    rows = connection.execute(_latest_of(tuple(latest), limit)).all() if latest else ()
    for row in sorted(rows, key=itemgetter(0)):
        latest[row[1]].append(row)
    return latest


@lru_cache(maxsize=4)
def _latest_of(jobs: tuple[str, ...], limit: int) -> CompoundSelect[int, str, str, datetime, RunOutcome]:
    columns = (*runs.c["id", "job", "subject", "created"], RUN_OUTCOME)
    of_job = (select(*columns).where(runs.c.job == job).order_by(runs.c.id.desc()).limit(limit) for job in jobs)
    return union_all(*(query.subquery().select() for query in of_job))


@dataclass(frozen=True, kw_only=True)
class Window:
    """Which runs are counted: those with an id above `first`. Few of those up to `last` are not finished."""

    first: int
    last: int
    cut: datetime | None  # when the latest run was asked for that is not counted

    @property
    def finished(self) -> tuple[ColumnElement[bool], ...]:
        """The conditions of the runs up to `last` that are finished."""
        return runs.c.id > self.first, runs.c.id <= self.last, ~IS_OPEN

    @property
    def unfinished(self) -> tuple[ColumnElement[bool], ...]:
        """The conditions of the runs up to `last` that are not finished."""
        return runs.c.id + 0 > self.first, runs.c.id + 0 <= self.last, IS_OPEN  # + 0: by the index of those

    @property
    def later(self) -> tuple[ColumnElement[bool], ...]:
        """The condition of the runs after `last`."""
        return (runs.c.id > self.last,)


def load_window(connection: Connection) -> Window:
    """Load the window of the latest 20,000 runs, or some more: it moves by a twentieth of them at a time."""
    piece = max(1, COUNTED // 20)
    latest: int = connection.execute(select(func.coalesce(func.max(runs.c.id), 0))).scalar_one()
    first, last = (max(0, number // piece * piece) for number in (latest - COUNTED, latest - piece // 2))
    before = select(runs.c.created).where(runs.c.id <= first).order_by(runs.c.id.desc()).limit(1)
    return Window(first=first, last=last, cut=connection.scalar(before))


def mark_runs(connection: Connection, window: Window) -> tuple[int, ...]:
    """Return a mark of the runs up to the last one: another one if one of them was finished or deleted since.

    A finished run is not changed any more, and attempts with the lowest ids are deleted first.
    """
    unfinished = [select(number).where(*window.unfinished).scalar_subquery() for number in _NUMBERS]
    attempts = select(func.min(attempt.c.id)).scalar_subquery()
    query = select(*_NUMBERS, *unfinished, attempts).where(*window.finished[:2])
    return tuple(int(number or 0) for number in connection.execute(query).one())


def count_outcomes(
    connection: Connection, since: datetime, step: timedelta, *which: ColumnElement[bool]
) -> tuple[Row[Any], ...]:
    """Count some runs since a moment: rows of job, outcome, number (of the step) and `held`."""
    kept = select(runs.c.job, RUN_OUTCOME, _number(runs.c.created, since, step)).where(*which, runs.c.created >= since)
    counted = kept.subquery()
    return tuple(connection.execute(select(*counted.c, func.count().label("held")).group_by(*counted.c)))


def count_deleted(connection: Connection, since: datetime, step: timedelta, begin: datetime) -> tuple[Row[Any], ...]:
    """Return rows as `count_outcomes` does, of the rounds that were deleted, and began at a moment or later."""
    number = _number(forgotten_run.c.at, since, step)
    query = select(*forgotten_run.c["job", "outcome"], number, forgotten_run.c.held).where(forgotten_run.c.at >= begin)
    return tuple(connection.execute(query))


def _number(moment: Column[datetime], since: datetime, step: timedelta) -> Label[int]:
    begin, seconds = int(since.timestamp()), int(step.total_seconds())
    return ((cast(extract("epoch", moment), BigInteger) - begin) // seconds).label("number")
