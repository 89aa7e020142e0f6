"""Due runs: runs whose time has come, in the order in which they should be performed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import Connection, func, select

from ..store.db.partial_indexes import IS_ACTIVE
from ..store.tables import run as runs
from .runs import Subject, SubjectKind


@dataclass(frozen=True, kw_only=True)
class DueRun:
    """A run whose time has come. A higher `priority` goes first, then a lower `rank`."""

    id: int
    subject: Subject
    priority: int
    rank: int


def due(
    connection: Connection, now: datetime, limit: int, kinds: Collection[SubjectKind] = get_args(SubjectKind)
) -> tuple[DueRun, ...]:
    """List the due runs of these kinds of subjects, in the order in which they should be performed."""
    of_kinds = runs.c.subject_kind.concat("").in_(kinds)  # as an expression: SQLite must not use the index on kinds
    query = (
        select(runs.c.id, runs.c.subject_kind, runs.c.subject, runs.c.priority, runs.c.rank)
        .where(IS_ACTIVE, runs.c.next_at <= now, of_kinds)
        .order_by(runs.c.priority.desc(), runs.c.rank, runs.c.next_at, runs.c.id)
        .limit(limit)
    )
    return tuple(
        DueRun(id=row.id, subject=Subject(kind=row.subject_kind, id=row.subject), priority=row.priority, rank=row.rank)
        for row in connection.execute(query)
    )


def first_due(connection: Connection) -> datetime | None:
    """Return when the first active run is due, or was due; None if no run is active."""
    moment: datetime | None = connection.execute(select(func.min(runs.c.next_at)).where(IS_ACTIVE)).scalar_one()
    return moment


def count_due(connection: Connection, now: datetime) -> tuple[int, float]:
    """Count the due runs that are not started; return also for how many seconds the first of them waits."""
    waiting = IS_ACTIVE, runs.c.next_at <= now, runs.c.started.is_(None)
    count, first = connection.execute(select(func.count(), func.min(runs.c.next_at)).where(*waiting)).one()
    return count, (now - first).total_seconds() if first else 0.0
