"""Lists of runs for operators: by state, job and subject, with pagination."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from ..errors import BadInputError, NotFoundError
from ..store.db.connect import Database
from ..store.db.partial_indexes import IS_ACTIVE, IS_NOT_DONE, IS_OPEN
from ..store.tables import run as runs
from .runs import Run, Subject, SubjectKind, find_run, read_run

STATES = ("active", "parked", "failed", "done", "cancelled")
NEEDING = ("failed", "parked")


def list_runs(
    connection: Connection,
    *,
    states: Collection[str] = (),
    subject: Subject | None = None,
    job: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[Run, ...]:
    """List runs, the newest first: those with a lower id than `before`, if it is given."""
    query = select(runs).order_by(runs.c.id.desc()).limit(limit)
    if job is not None:
        query = query.where(runs.c.job == job)
    if before is not None:
        query = query.where(runs.c.id < before)
    if states:
        query = query.where(_in(states))
    if subject is not None:
        query = query.where(runs.c.subject_kind == subject.kind, runs.c.subject == subject.id)
    return tuple(read_run(row) for row in connection.execute(query))


def list_open(connection: Connection, job: str) -> tuple[Run, ...]:
    """List the open runs of a job, the oldest first."""
    query = select(runs).where(runs.c.job == job, IS_OPEN).order_by(runs.c.id)
    return tuple(read_run(row) for row in connection.execute(query))


def latest_run(connection: Connection, job: str) -> Run | None:
    """Load the newest run of a job, or None."""
    return next(iter(list_runs(connection, job=job, limit=1)), None)


def list_needing(connection: Connection, *, limit: int = 50) -> tuple[Run, ...]:
    """List the runs that need a person, the newest first: failed or parked, with no later run of job and subject."""
    query = select(runs).where(_in(NEEDING), _is_latest())
    return tuple(read_run(row) for row in connection.execute(query.order_by(runs.c.id.desc()).limit(limit)))


def list_troubled(connection: Connection, kind: SubjectKind) -> frozenset[str]:
    """List the subjects of a kind for which the latest run of some job has failed, is parked, or fails and retries."""
    retried = and_(IS_ACTIVE, runs.c.error.is_not(None), or_(~runs.c.waiting, runs.c.failures > 1))
    of_kind = runs.c.subject_kind.concat("") == kind  # as an expression: SQLite must not use the index on kinds
    query = select(runs.c.subject).where(IS_NOT_DONE, of_kind)
    return frozenset(connection.scalars(query.where(or_(_in(NEEDING), retried), _is_latest())))


def list_waiting(connection: Connection, *, limit: int = 50) -> tuple[Run, ...]:
    """List the runs that wait for something outside, in the order in which they look again."""
    query = select(runs).where(IS_ACTIVE, runs.c.waiting)
    return tuple(read_run(row) for row in connection.execute(query.order_by(runs.c.next_at, runs.c.id).limit(limit)))


def count_runs(connection: Connection) -> dict[str, int]:
    """Count the runs that are open or failed, by state."""
    query = select(runs.c.state, func.count().label("held")).where(_in(("active", "parked", "failed")))
    return {row.state: row.held for row in connection.execute(query.group_by(runs.c.state))}


def _is_latest() -> ColumnElement[bool]:
    """Build the condition that no later run of the same job and subject exists."""
    later = runs.alias("later")
    return ~exists().where(
        later.c.subject_kind == runs.c.subject_kind,
        later.c.subject == runs.c.subject,
        later.c.job == runs.c.job,
        later.c.id > runs.c.id,
    )


def _in(states: Collection[str]) -> ColumnElement[bool]:
    """Build the condition for some states. Most runs are done; the partial index covers the others."""
    in_states = runs.c.state.in_(states)
    return in_states if "done" in states else in_states & IS_NOT_DONE


def get_run(database: Database, run_id: int) -> Run:
    """Return a run; raise NotFoundError with the latest ids."""
    with database.read() as connection:
        if run := find_run(connection, run_id):
            return run
        near = sorted(run.id for run in list_runs(connection, limit=5))
    raise NotFoundError("run", str(run_id), list(map(str, near)))


def get_open_run(database: Database, run_id: int) -> Run:
    """Return an open run; raise BadInputError if it has ended."""
    run = get_run(database, run_id)
    if run.state != "active":
        raise nothing_to_cancel(run)
    return run


def nothing_to_cancel(run: Run) -> BadInputError:
    """Build the error for a run that has ended."""
    return BadInputError(f"Run {run.id} has ended ({run.state}); there is nothing to cancel.")
