"""Runs as operators ask for them: by state and job, in pages, and those that need a person."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, exists, func, select

from ..store.db.partial_indexes import IS_ACTIVE, IS_NOT_DONE, IS_OPEN
from ..store.tables import run as runs
from .runs import Run, Subject, read_run

STATES = ("active", "parked", "failed", "done", "cancelled")
NEEDING = ("failed", "parked")


@dataclass(frozen=True, kw_only=True)
class RunFilter:
    """Which runs are wanted; None: whichever."""

    state: str | None = None
    job: str | None = None
    subject: Subject | None = None


def page_runs(
    connection: Connection, wanted: RunFilter, *, before: int | None = None, limit: int = 50
) -> tuple[Run, ...]:
    """List a page of runs, the newest first: those with a lower number than `before`."""
    query = select(runs).order_by(runs.c.id.desc()).limit(limit)
    if wanted.state:
        query = query.where(_in((wanted.state,)))
    if wanted.job:
        query = query.where(runs.c.job == wanted.job)
    if wanted.subject:
        query = query.where(runs.c.subject_kind == wanted.subject.kind, runs.c.subject == wanted.subject.id)
    if before is not None:
        query = query.where(runs.c.id < before)
    return tuple(read_run(row) for row in connection.execute(query))


def list_runs(
    connection: Connection,
    *,
    states: Iterable[str] = (),
    subject: Subject | None = None,
    job: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[Run, ...]:
    """List runs, the newest first; those asked for before another one, if it is named."""
    query = select(runs).order_by(runs.c.id.desc()).limit(limit)
    if job is not None:
        query = query.where(runs.c.job == job)
    if before is not None:
        query = query.where(runs.c.id < before)
    if wanted := tuple(states):
        query = query.where(_in(wanted))
    if subject is not None:
        query = query.where(runs.c.subject_kind == subject.kind, runs.c.subject == subject.id)
    return tuple(read_run(row) for row in connection.execute(query))


def list_open(connection: Connection, job: str) -> tuple[Run, ...]:
    """List the open runs of a job, the oldest first."""
    query = select(runs).where(runs.c.job == job, IS_OPEN).order_by(runs.c.id)
    return tuple(read_run(row) for row in connection.execute(query))


def latest_run(connection: Connection, job: str) -> Run | None:
    """Load the newest run of a job, or None."""
    row = connection.execute(select(runs).where(runs.c.job == job).order_by(runs.c.id.desc()).limit(1)).first()
    return read_run(row) if row else None


def list_needing(connection: Connection, *, limit: int = 50) -> tuple[Run, ...]:
    """List the runs that need a person, the newest first: failed or parked, and no later one has taken their place."""
    later = runs.alias("later")
    replaced = exists().where(
        later.c.subject_kind == runs.c.subject_kind,
        later.c.subject == runs.c.subject,
        later.c.job == runs.c.job,
        later.c.id > runs.c.id,
    )
    query = select(runs).where(_in(NEEDING), ~replaced)
    return tuple(read_run(row) for row in connection.execute(query.order_by(runs.c.id.desc()).limit(limit)))


def list_waiting(connection: Connection, *, limit: int = 50) -> tuple[Run, ...]:
    """List the runs that wait for the world to change, those that look again first."""
    query = select(runs).where(IS_ACTIVE, runs.c.waiting)
    return tuple(read_run(row) for row in connection.execute(query.order_by(runs.c.next_at, runs.c.id).limit(limit)))


def count_runs(connection: Connection) -> dict[str, int]:
    """Count the runs that are open or failed, by state."""
    query = select(runs.c.state, func.count().label("held")).where(_in(("active", "parked", "failed")))
    return {row.state: row.held for row in connection.execute(query.group_by(runs.c.state))}


def _in(states: Collection[str]) -> ColumnElement[bool]:
    """Tell runs in some states; those that are done are most of all runs, and the others have an index."""
    found = runs.c.state.in_(states)
    return found if "done" in states else found & IS_NOT_DONE
