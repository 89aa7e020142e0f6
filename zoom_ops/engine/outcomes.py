"""What became of runs: the latest of each job, and counts of many over time."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, Literal, get_args

from sqlalchemy import (
    BigInteger,
    Column,
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

from ..store.tables import attempt, forgotten_run
from ..store.tables import run as runs

RunOutcome = Literal["done", "retried", "waits", "cancelled", "parked", "failed"]
LatestRun = Row[int, str, str, datetime, RunOutcome]  # id, job, subject, created, outcome
OUTCOMES: tuple[RunOutcome, ...] = get_args(RunOutcome)
COUNTED = 20_000  # the latest runs; a count looks at no others

_was_retried = (runs.c.attempts > 1) & exists().where(attempt.c.run_id == runs.c.id, attempt.c.outcome == "retried")
RUN_OUTCOME = case(
    ((runs.c.state == "done") & _was_retried, "retried"), (runs.c.state == "active", "waits"), else_=runs.c.state
).label("outcome")
"""`retried`: done, after an attempt that failed. `waits`: open, also while an attempt is under way."""


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


def count_outcomes(
    connection: Connection, since: datetime, step: timedelta
) -> tuple[tuple[Row[Any], ...], datetime | None]:
    """Count runs by job, outcome and step since a moment: rows of job, outcome, number (of the step) and `held`.

    Rounds that were deleted count as well. Of the runs that are kept only the latest 20,000 are looked at.
    Where there were more since that moment, return also when the earliest of those was asked for.
    """
    first = select(func.max(runs.c.id) - COUNTED).scalar_subquery()
    begin, seconds = int(since.timestamp()), int(step.total_seconds())

    def number(moment: Column[datetime]) -> Label[int]:
        return ((cast(extract("epoch", moment), BigInteger) - begin) // seconds).label("number")

    kept = select(runs.c.job, RUN_OUTCOME, number(runs.c.created)).where(runs.c.id > first, runs.c.created >= since)
    counted = kept.subquery()
    query = select(*counted.c, func.count().label("held")).group_by(*counted.c)
    before = select(runs.c.created).where(runs.c.id <= first).order_by(runs.c.id.desc()).limit(1)
    latest = connection.execute(before).scalar()
    cut = latest if latest and latest >= since else None
    of_deleted = select(*forgotten_run.c["job", "outcome"], number(forgotten_run.c.at), forgotten_run.c.held)
    deleted = connection.execute(of_deleted.where(forgotten_run.c.at >= (cut or since)))
    return (*connection.execute(query), *deleted), cut
