"""Lists of runs for operators: by state, job, subject and time, with pagination."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from ..errors import BadInputError, NotFoundError
from ..store.db.connect import Database
from ..store.db.partial_indexes import IS_ACTIVE, IS_NOT_DONE, IS_OPEN
from ..store.db.upsert import load_distinct
from ..store.tables import run as runs
from .runs import Run, Subject, SubjectKind, find_run, read_run

STATES = ("active", "parked", "failed", "done", "cancelled")
NEEDING = ("failed", "parked")
_WAITING = select(runs).where(IS_ACTIVE, runs.c.waiting).order_by(runs.c.next_at, runs.c.id).limit(bindparam("most"))
_NEWEST = 50


@dataclass(frozen=True, kw_only=True)
class RunFilter:
    """Which runs are meant. Empty: all of them, of rounds of each minute only the latest.

    `replaced`: also failures that a later run of the same job and subject has replaced; it has mended them, or it is
    the one that fails now.
    """

    states: tuple[str, ...] = ()
    job: str | None = None
    subject: Subject | None = None
    since: datetime | None = None  # asked for since then
    replaced: bool = True

    @property
    def parameters(self) -> dict[str, Any]:
        """The values that the conditions of the filter compare with, by the names of their parameters."""
        subject = {"kind": self.subject.kind, "subject": self.subject.id} if self.subject else {}
        known = {"job": self.job, "since": self.since, **subject}
        return {name: value for name, value in known.items() if value is not None}


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
    filters = RunFilter(states=tuple(states), subject=subject, job=job)
    return filter_runs(connection, filters, before=before, limit=limit)


def filter_runs(
    connection: Connection, filters: RunFilter, *, before: int | None = None, limit: int
) -> tuple[Run, ...]:
    """List the runs that pass a filter, the newest first: those with a lower id than `before`, if it is given."""
    parameters = filters.parameters | ({} if before is None else {"before": before})
    query = _select_runs(filters.states, tuple(parameters), filters.replaced)
    return tuple(read_run(row) for row in connection.execute(query, {"most": limit, **parameters}))


@lru_cache(maxsize=64)
def _select_runs(states: tuple[str, ...], given: tuple[str, ...], replaced: bool) -> Select[Any]:
    """Build the query of the latest runs: the `most` of them, with the parameters that are given."""
    conditions = _conditions(states, given, replaced=replaced)
    return select(runs).where(*conditions).order_by(runs.c.id.desc()).limit(bindparam("most"))


def list_open(connection: Connection, job: str) -> tuple[Run, ...]:
    """List the open runs of a job, the oldest first."""
    query = select(runs).where(runs.c.job == job, IS_OPEN).order_by(runs.c.id)
    return tuple(read_run(row) for row in connection.execute(query))


def list_needing(connection: Connection, *, limit: int = 50) -> tuple[Run, ...]:
    """List the runs that need a person, the newest first: failed or parked, with no later run of job and subject."""
    return filter_runs(connection, RunFilter(states=NEEDING, replaced=False), limit=limit)


def lock_needing(connection: Connection, run_ids: Collection[int]) -> tuple[Run, ...]:
    """Lock some runs until the transaction ends; return those that still need a person, the oldest first."""
    mine = runs.c.id.in_(run_ids)
    connection.execute(select(runs.c.id).where(mine).order_by(runs.c.id).with_for_update())
    query = select(runs).where(mine, *_conditions(NEEDING, replaced=False))
    return tuple(read_run(row) for row in connection.execute(query.order_by(runs.c.id)))


def list_troubled(connection: Connection, *kinds: SubjectKind) -> frozenset[Subject]:
    """List the subjects of some kinds of which the latest run of a job has failed, is parked, or fails and retries."""
    rows = connection.execute(_select_troubled(kinds))
    return frozenset(Subject(kind=row.subject_kind, id=row.subject) for row in rows)


@cache
def _select_troubled(kinds: tuple[SubjectKind, ...]) -> Select[SubjectKind, str]:
    retried = and_(IS_ACTIVE, runs.c.error.is_not(None), or_(~runs.c.waiting, runs.c.failures > 1))
    of_kinds = runs.c.subject_kind.concat("").in_(kinds)  # as an expression: SQLite must not use the index on kinds
    query = select(runs.c.subject_kind, runs.c.subject).where(IS_NOT_DONE, of_kinds)
    return query.where(or_(_in(NEEDING), retried), _is_latest())


def list_waiting(connection: Connection, *, limit: int = 50) -> tuple[Run, ...]:
    """List the runs that wait for something outside, in the order in which they look again."""
    return tuple(read_run(row) for row in connection.execute(_WAITING, {"most": limit}))


def count_runs(connection: Connection) -> dict[str, int]:
    """Count the runs that are open, or failed and not replaced by a later one, by state."""
    return dict(connection.execute(_select_counts()).all())


@cache
def _select_counts() -> Select[str, int]:
    is_held = _in(("active", "parked", "failed")), or_(runs.c.state != "failed", _is_latest())
    return select(runs.c.state, func.count()).where(*is_held).group_by(runs.c.state)


def count_needing(connection: Connection) -> dict[tuple[str, str], int]:
    """Count the runs that need a person, by job and state."""
    query = select(runs.c.job, runs.c.state, func.count().label("held")).where(*_conditions(NEEDING, replaced=False))
    return {(row.job, row.state): row.held for row in connection.execute(query.group_by(runs.c.job, runs.c.state))}


def load_last_done(connection: Connection, jobs: Iterable[str]) -> dict[str, datetime]:
    """Load when each job was last done, if ever. Of its newest runs that are done: an old one may end last."""
    queries = [_select_last_done(job) for job in jobs]
    rows = connection.execute(union_all(*queries)) if queries else ()
    return {row.job: row.finished for row in rows if row.finished}


def find_later(connection: Connection, run_ids: Collection[int]) -> dict[int, int]:
    """Find the latest run of the same job and subject for each of some runs, where there is a later one."""
    return dict(connection.execute(_select_later(), {"ids": tuple(run_ids)}).all()) if run_ids else {}


@cache
def _select_later() -> Select[int, int]:
    later, is_given = runs.alias("later"), runs.c.id.in_(bindparam("ids", expanding=True))
    return select(runs.c.id, func.max(later.c.id)).where(is_given, _follows(later)).group_by(runs.c.id)


def list_job_names(connection: Connection) -> list[str]:
    """List the names of the jobs that have runs."""
    return load_distinct(connection, runs.c.job)


def has_runs(connection: Connection, subject: Subject) -> bool:
    """Return whether there are runs about a subject."""
    return bool(list_runs(connection, subject=subject, limit=1))


def _select_last_done(job: str) -> Select[str, datetime | None]:
    done = select(runs.c.finished).where(runs.c.job == job, runs.c.state == "done").order_by(runs.c.id.desc())
    newest = done.limit(_NEWEST).subquery()
    return select(literal(job).label("job"), func.max(newest.c.finished).label("finished"))


def _conditions(
    states: Collection[str], given: Collection[str] = (), *, replaced: bool
) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of a filter. `given`: the parameters that there are, of it and of `filter_runs`."""
    named = {
        "job": runs.c.job == bindparam("job"),
        "kind": runs.c.subject_kind == bindparam("kind"),
        "subject": runs.c.subject == bindparam("subject"),
        "since": runs.c.created >= bindparam("since"),
        "before": runs.c.id < bindparam("before"),
    }
    yield from (named[name] for name in given)
    if states:
        yield _in(states)
    if "job" not in given and "subject" not in given:
        yield ~runs.c.earlier_round
    if not replaced:
        yield or_(runs.c.state != "failed", _is_latest())


def _is_latest() -> ColumnElement[bool]:
    """Build the condition that no later run of the same job and subject exists."""
    later = runs.alias("later")
    return ~exists().where(_follows(later))


def _follows(later: FromClause) -> ColumnElement[bool]:
    """Build the condition that another run is a later one of the same job and subject."""
    return and_(
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
