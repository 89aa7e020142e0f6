"""Runs: one execution of a job for one subject; the table is the truth, an engine only says "run N is due"."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, func, select, update

from ..errors import FencedError
from ..messages import Message
from ..store.db.connect import Database
from ..store.db.partial_indexes import IS_ACTIVE, IS_OPEN
from ..store.db.upsert import insert_into
from ..store.tables import run as runs
from .ringing import due_of, ring_all_of, ring_of

SubjectKind = Literal["event", "host", "account", "webhook", "target", "service", "home", "record"]
State = Literal["active", "parked", "done", "failed", "cancelled"]
_LAST = 2**31 - 1  # no rank is behind it
_IN_A_STATEMENT = 500  # runs
_ATTEMPTS = 20  # between a run that ends and one that others open, again and again; one in thousands needs four
BY_HAND = 10  # the priority of what a person asks for
JUST_HAPPENED = 5  # of what is told of as it happens; a turn, which looks for what nobody told, has none


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a run is about; two runs of one subject are never performed at once."""

    kind: SubjectKind
    id: str

    @property
    def name(self) -> str:
        """The kind with the id. With its space it is no id."""
        return f"{self.kind} {self.id}"


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
    outcome: Message | None
    error: Message | None
    priority: int = 0
    rank: int = 0


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request for a run: the open run of this job and subject is rung, or a new one is made."""

    job: str
    subject: Subject
    account: str = ""
    priority: int = 0
    rank: int | None = None  # None: behind the open runs of the account
    at: datetime | None = None  # None: now
    unpark: bool = True
    force: bool = False


@dataclass(frozen=True, kw_only=True)
class DueRun:
    """A run whose time has come. A higher `priority` goes first, then a lower `rank`."""

    id: int
    subject: Subject
    account: str
    priority: int
    rank: int


@dataclass(frozen=True, kw_only=True)
class Done:
    """The attempt did its work; no message if there was none.

    The transaction that ends the run submits `then` and calls `record`.
    """

    message: Message | None = None
    then: tuple[Request, ...] = ()
    record: Callable[[Connection], None] = lambda _connection: None


@dataclass(frozen=True, kw_only=True)
class RetryLater:
    """The run stays active and is due again at `at`. It is `waiting` if that is no failure.

    It `settles` if it only looks up what an earlier attempt began: what is known of failures stays.
    """

    at: datetime
    message: Message
    waiting: bool = False
    settles: bool = False


@dataclass(frozen=True, kw_only=True)
class Park:
    """The run waits for an operator, or for what the configuration lacks."""

    message: Message
    missing: str | None = None  # such as `profile lecture`


@dataclass(frozen=True, kw_only=True)
class GiveUp:
    """The run has failed for good."""

    message: Message


Outcome = Done | RetryLater | Park | GiveUp
OUTCOMES = ("done", "waiting", "retried", "parked", "failed")


def name_of(outcome: Outcome) -> str:
    """Return the one of OUTCOMES that an attempt had."""
    match outcome:
        case Done():
            return "done"
        case RetryLater(waiting=True):
            return "waiting"
        case RetryLater():
            return "retried"
        case Park():
            return "parked"
        case GiveUp():
            return "failed"


def submit(connection: Connection, request: Request, now: datetime) -> int:
    """Submit a run and return its id. At most one is open per job and subject; that one is rung."""
    values = {**_how(request, now), "its_job": request.job, "its_subject": request.subject.id}
    for _attempt in range(_ATTEMPTS):
        if run_id := connection.execute(ring_of(unpark=request.unpark, force=request.force), values).scalar():
            return run_id
        for run_id in _insert(connection, (request,), now).values():
            return run_id
    raise FencedError(f"The run {request.job} of {request.subject.id} is being fought over.")


def submit_all(connection: Connection, requests: Iterable[Request], now: datetime) -> int:
    """Submit many runs, in a few statements. Return how many were requested."""
    known = tuple(requests)
    rung = _ring_all(connection, known, now)
    others = [request for request in known if (request.job, request.subject) not in rung]
    new = _insert(connection, others, now) if others else {}
    for request in others:
        if new.pop((request.job, request.subject), None) is None:  # it was opened meanwhile, or comes twice
            submit(connection, request, now)
    return len(known)


def ask_for(database: Database, requests: Iterable[Request]) -> None:
    """Submit runs in a transaction of their own."""
    with database.begin() as connection:
        submit_all(connection, requests, database.now(connection))


def fence_off(database: Database, run_ids: Collection[int]) -> None:
    """Raise the fence of these runs: a process that still works on one can write nothing more."""
    with database.begin() as connection:
        held = runs.c.id.in_(run_ids), IS_ACTIVE
        connection.execute(update(runs).where(*held).values(fence=runs.c.fence + 1, started=None))


def find_run(connection: Connection, run_id: int) -> Run | None:
    """Load a run, or None."""
    row = connection.execute(select(runs).where(runs.c.id == run_id)).first()
    return read_run(row) if row else None


def reopen(connection: Connection, run: Run, now: datetime, *, force: bool = False) -> int:
    """Submit a finished or parked run again; return the id of the new or open run."""
    again = Request(job=run.job, subject=run.subject, account=run.account, priority=BY_HAND, force=force)
    return submit(connection, again, now)


def cancel(connection: Connection, run_id: int, now: datetime) -> bool:
    """Cancel an open run and fence its attempt off. Return False if there was nothing to cancel."""
    stopped = connection.execute(
        update(runs)
        .where(runs.c.id == run_id, IS_OPEN)
        .values(state="cancelled", finished=now, next_at=None, fence=runs.c.fence + 1)
    )
    return stopped.rowcount == 1


def due(
    connection: Connection,
    now: datetime,
    limit: int,
    kinds: Collection[SubjectKind] = get_args(SubjectKind),
    *,
    without: Collection[str] = (),
) -> tuple[DueRun, ...]:
    """List the due runs of these kinds of subjects, in their order, but those of the accounts in `without`."""
    given = {"its_now": now, "its_kinds": list(kinds), "its_most": limit, "its_full": list(without)}
    return tuple(
        DueRun(id=run_id, subject=Subject(kind=kind, id=name), account=account, priority=priority, rank=rank)
        for run_id, kind, name, account, priority, rank in connection.execute(due_of(some_full=bool(without)), given)
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


def read_run(row: Row[Any]) -> Run:
    """Build the value of a run from its row."""
    fields = {name: getattr(row, name) for name in Run.__dataclass_fields__ if name != "subject"}
    return Run(subject=Subject(kind=row.subject_kind, id=row.subject), **fields)


def _ring_all(connection: Connection, requests: Iterable[Request], now: datetime) -> set[tuple[str, Subject]]:
    """Ring the runs that are open, in a statement for those that are alike; return their jobs and subjects."""
    alike: dict[tuple[Any, ...], list[Request]] = {}
    for request in requests:
        how = request.subject.kind, request.at, request.priority, request.rank, request.unpark, request.force
        alike.setdefault(how, []).append(request)
    rung = set[tuple[str, Subject]]()
    for (kind, *_), same in alike.items():
        for begin in range(0, len(same), _IN_A_STATEMENT):
            few = same[begin : begin + _IN_A_STATEMENT]
            values = {**_how(few[0], now), "its_pairs": list({(request.job, request.subject.id) for request in few})}
            query = ring_all_of(unpark=few[0].unpark, force=few[0].force)
            rung |= {(job, Subject(kind=kind, id=name)) for job, name in connection.execute(query, values)}
    return rung


def _how(request: Request, now: datetime) -> dict[str, Any]:
    return {
        "its_kind": request.subject.kind, "its_time": request.at or now, "its_priority": request.priority,
        "its_rank": _LAST if request.rank is None else request.rank,
    }  # fmt: skip


def _insert(connection: Connection, requests: Collection[Request], now: datetime) -> dict[tuple[str, Subject], int]:
    """Insert the runs that are not open; return their ids, by job and subject.

    The rank of a new run is the number of open runs of its account: a short queue goes before a long one.
    """
    accounts = {request.account for request in requests}
    opened = select(runs.c.account, func.count()).where(IS_OPEN, runs.c.account.in_(accounts)).group_by(runs.c.account)
    ranks = dict.fromkeys(accounts, 0) | dict(map(tuple, connection.execute(opened)))
    rows = []
    for request in requests:
        row = {
            "job": request.job,
            "subject_kind": request.subject.kind,
            "subject": request.subject.id,
            "account": request.account,
            "state": "active",
            "priority": request.priority,
            "rank": ranks[request.account] if request.rank is None else request.rank,
            "next_at": request.at or now,
            "force": request.force,
            "created": now,
        }
        rows.append(row)
        ranks[request.account] += 1
    query = insert_into(connection, runs).on_conflict_do_nothing()
    inserted = connection.execute(query.returning(runs.c.id, runs.c.job, runs.c.subject_kind, runs.c.subject), rows)
    return {(job, Subject(kind=kind, id=name)): run_id for run_id, job, kind, name in inserted}
