"""Runs: one execution of a job for one subject; the table is the truth, an engine only says "run N is due"."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Integer, Row, bindparam, case, func, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from ..errors import FencedError
from ..store.db.connect import Database
from ..store.db.partial_indexes import IS_ACTIVE, IS_OPEN
from ..store.db.upsert import insert_into
from ..store.tables import run as runs

SubjectKind = Literal["event", "host", "account", "webhook", "service"]
State = Literal["active", "parked", "done", "failed", "cancelled"]
NOTHING = "Nothing was to be done."
_LAST = 2**31 - 1  # no rank is behind it
BY_HAND = 10  # the priority of what a person asks for
JUST_HAPPENED = 5  # of what is told of as it happens; a turn, which looks for what nobody told, has none


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a run is about; two runs of one subject are never performed at once."""

    kind: SubjectKind
    id: str


@dataclass(frozen=True, kw_only=True)
class Run:
    """A row of the run table."""

    id: int
    job: str
    subject: Subject
    account: str
    state: State
    fence: int
    attempts: int
    failures: int
    rung: int
    answered: int
    force: bool
    waiting: bool
    next_at: datetime | None
    started: datetime | None
    created: datetime
    finished: datetime | None
    outcome: str | None
    error: str | None
    priority: int = 0
    rank: int = 0


@dataclass(frozen=True, kw_only=True)
class Request:
    """A wish for a run: the open one of this job and subject is rung again, or a new one made."""

    job: str
    subject: Subject
    account: str = ""
    priority: int = 0
    rank: int | None = None  # None: behind what the account has open
    at: datetime | None = None  # None: now
    unpark: bool = True
    force: bool = False


@dataclass(frozen=True, kw_only=True)
class Done:
    """The attempt did its work, or found none (no sentence).

    `then` is asked for, and `record` is called, in the transaction that ends the run.
    """

    sentence: str
    then: tuple[Request, ...] = ()
    record: Callable[[Connection], None] | None = None


@dataclass(frozen=True, kw_only=True)
class RetryLater:
    """The run stays active and is due again at `at`; `waiting` when it is not a failure."""

    at: datetime
    sentence: str
    waiting: bool = False


@dataclass(frozen=True, kw_only=True)
class Park:
    """The run waits for an operator."""

    sentence: str


@dataclass(frozen=True, kw_only=True)
class GiveUp:
    """The run has failed for good."""

    sentence: str


Outcome = Done | RetryLater | Park | GiveUp


def submit(connection: Connection, request: Request, now: datetime) -> int:
    """Ask for a run and tell its id; at most one is open per job and subject, which is then rung again."""
    for _attempt in range(3):
        if run_id := _ring(connection, request, now):
            return run_id
        for run_id in _insert(connection, (request,), now).values():
            return run_id
    raise FencedError(f"The run {request.job} of {request.subject.id} is being fought over.")


def submit_all(connection: Connection, requests: Iterable[Request], now: datetime) -> int:
    """Ask for many runs, in a few statements where most of them are new; tell how many."""
    asked = tuple(requests)
    new = _insert(connection, asked, now) if asked else {}
    for request in asked:
        if new.pop((request.job, request.subject), None) is None:  # open already, or asked for twice: it is rung
            submit(connection, request, now)
    return len(asked)


def ask_for(database: Database, requests: Iterable[Request]) -> None:
    """Ask for runs in a transaction of their own."""
    with database.begin() as connection:
        now = database.now(connection)
        submit_all(connection, requests, now)


def fence_off(database: Database, run_ids: Collection[int]) -> None:
    """Take runs from whoever holds them; what such a one still writes is refused."""
    with database.begin() as connection:
        held = runs.c.id.in_(run_ids), IS_ACTIVE
        connection.execute(update(runs).where(*held).values(fence=runs.c.fence + 1, started=None))


def find_run(connection: Connection, run_id: int) -> Run | None:
    """Load a run, or None."""
    row = connection.execute(select(runs).where(runs.c.id == run_id)).first()
    return read_run(row) if row else None


def reopen(connection: Connection, run: Run, now: datetime, *, force: bool = False) -> int:
    """Try a finished or parked run again, by a new or the open run of its job and subject."""
    again = Request(job=run.job, subject=run.subject, account=run.account, priority=BY_HAND, force=force)
    return submit(connection, again, now)


def cancel(connection: Connection, run_id: int, now: datetime) -> bool:
    """Cancel an open run; an attempt under way is fenced off. False where there was nothing to cancel."""
    stopped = connection.execute(
        update(runs)
        .where(runs.c.id == run_id, IS_OPEN)
        .values(state="cancelled", finished=now, next_at=None, fence=runs.c.fence + 1)
    )
    return stopped.rowcount == 1


def _ring(connection: Connection, request: Request, now: datetime) -> int | None:
    told = {
        "its_job": request.job, "its_kind": request.subject.kind, "its_subject": request.subject.id,
        "its_time": request.at or now, "its_priority": request.priority,
        "its_rank": _LAST if request.rank is None else request.rank,
    }  # fmt: skip
    return connection.execute(_ring_of(unpark=request.unpark, force=request.force), told).scalar()


@cache  # built once: hundreds a second may be rung
def _ring_of(*, unpark: bool, force: bool) -> ReturningUpdate[int]:
    at = bindparam("its_time", type_=runs.c.next_at.type)
    priority, rank = bindparam("its_priority", type_=Integer), bindparam("its_rank", type_=Integer)
    sooner = case((runs.c.next_at > at, at), else_=runs.c.next_at)
    values: dict[str, Any] = {
        "rung": runs.c.rung + 1,
        "next_at": sooner,
        "priority": case((runs.c.priority < priority, priority), else_=runs.c.priority),
        "rank": case((runs.c.rank > rank, rank), else_=runs.c.rank),
    }
    if unpark:
        values |= {"state": "active", "next_at": case((runs.c.state == "parked", at), else_=sooner)}
    if force:
        values["force"] = True
    named = (("its_job", runs.c.job), ("its_kind", runs.c.subject_kind), ("its_subject", runs.c.subject))
    mine = [column == bindparam(name, type_=column.type) for name, column in named]
    return update(runs).where(*mine, IS_OPEN).values(values).returning(runs.c.id)


def _insert(connection: Connection, requests: Collection[Request], now: datetime) -> dict[tuple[str, Subject], int]:
    """Insert what is not open; tell what that was, and the ids."""
    ranks, rows = _ranks(connection, requests), []
    for request in requests:
        rows.append(_new_row(request, ranks[request.account], now))
        ranks[request.account] += 1
    query = insert_into(connection, runs).on_conflict_do_nothing()
    told = query.returning(runs.c.id, runs.c.job, runs.c.subject_kind, runs.c.subject)
    return {(job, Subject(kind=kind, id=name)): run_id for run_id, job, kind, name in connection.execute(told, rows)}


def _new_row(request: Request, rank: int, now: datetime) -> dict[str, Any]:
    return {
        "job": request.job,
        "subject_kind": request.subject.kind,
        "subject": request.subject.id,
        "account": request.account,
        "state": "active",
        "priority": request.priority,
        "rank": rank if request.rank is None else request.rank,
        "next_at": request.at or now,
        "force": request.force,
        "created": now,
    }


def _ranks(connection: Connection, requests: Iterable[Request]) -> dict[str, int]:
    """Tell how many runs of the accounts are open: an event of a short queue goes before the 300th of a long one."""
    accounts = {request.account for request in requests}
    query = select(runs.c.account, func.count()).where(IS_OPEN, runs.c.account.in_(accounts)).group_by(runs.c.account)
    return dict.fromkeys(accounts, 0) | dict(map(tuple, connection.execute(query)))


def read_run(row: Row[Any]) -> Run:
    """Build the value of a run from its row."""
    fields = {name: getattr(row, name) for name in Run.__dataclass_fields__ if name != "subject"}
    return Run(subject=Subject(kind=row.subject_kind, id=row.subject), **fields)
