"""One attempt of a run: claimed, performed, fenced, concluded. Both engines call `deliver`, at least once a run."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection, case, func, literal, null, update

from ..errors import (
    FencedError,
    MisconfiguredError,
    ParkedError,
    SettlingError,
    TemporaryError,
    WaitingError,
    ZoomOpsError,
)
from ..messages import runs as say
from ..store.db.connect import Database
from ..store.db.partial_indexes import IS_ACTIVE
from ..store.tables import run as runs
from ..tracing import OFF, Attributes, Span, Tracer
from .history import note_attempt
from .runs import Done, GiveUp, Outcome, Park, RetryLater, Run, name_of, read_run, submit

Perform = Callable[[Run], Done]
Write = Callable[[Connection], None]
_LONGEST_S = 300.0

current_run: ContextVar[int | None] = ContextVar("current_run", default=None)
_waiting: ContextVar[list[Write] | None] = ContextVar("waiting", default=None)
log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class AttemptHooks:
    """Where attempts are seen. Each is a trace of the `tracer`.

    `on_outcome` is called with the job, the one of OUTCOMES and the seconds of an attempt whose outcome is written, not
    of one that was taken over. It must not raise.
    """

    tracer: Tracer = OFF
    on_outcome: Callable[[str, str, float], object] = lambda _job, _outcome, _seconds: None


_UNSEEN = AttemptHooks()


def deliver(database: Database, run_id: int, perform: Perform, wait_s: float, hooks: AttemptHooks = _UNSEEN) -> bool:
    """Perform a run that is still due. False if there was nothing to do, or if another process took it over.

    `wait_s`: seconds after which a waiting run looks again.
    """
    began = database.clock.elapsed()
    run = claim(database, run_id)
    if run is None:
        return False
    reset_token = current_run.set(run.id)
    try:
        with (
            structlog.contextvars.bound_contextvars(run=run.id, job=run.job, subject=run.subject.id),
            hooks.tracer.trace(f"run {run.job}", _describe(run)) as span,
        ):
            outcome = _attempt(database, run, perform, wait_s)
            conclude(database, run, outcome)
            _note_outcome(span, outcome)
            hooks.on_outcome(run.job, name_of(outcome), database.clock.elapsed() - began)
            event = f"run_{type(outcome).__name__.lower()}"
            log.info(event, attempts=run.attempts, sentence=str(outcome.message or ""))
    except FencedError:
        log.info("run_fenced", run=run.id)
        return False
    finally:
        current_run.reset(reset_token)
    return True


def claim(database: Database, run_id: int) -> Run | None:
    """Begin an attempt: raise fence and attempts in one statement. Return None if the run is not due or not active.

    An engine may come late: the run was performed meanwhile, or waits for another time.
    """
    with database.begin(durable=False) as connection:
        now = database.now(connection)
        row = connection.execute(
            update(runs)
            .where(runs.c.id == run_id, IS_ACTIVE, runs.c.next_at <= now)
            .values(fence=runs.c.fence + 1, attempts=runs.c.attempts + 1, answered=runs.c.rung, started=now)
            .returning(*runs.c)
        ).first()
    return read_run(row) if row else None


def guard(connection: Connection, run: Run) -> None:
    """Check that the attempt is still ours, under the lock of its row; raise FencedError if not."""
    mine = connection.execute(
        update(runs).where(runs.c.id == run.id, runs.c.fence == run.fence, IS_ACTIVE).values(fence=runs.c.fence)
    )
    if mine.rowcount != 1:
        raise FencedError(f"Run {run.id} was taken over or cancelled.")


def write_for(database: Database, run: Run, *, durable: bool = False) -> AbstractContextManager[Connection]:
    """Open a transaction of an attempt and write what was put off; raise FencedError if the attempt is not ours."""
    return write_put_off(database, durable=durable, first=partial(guard, run=run))


@contextmanager
def putting_off(database: Database) -> Iterator[None]:
    """Allow `put_off` in this block; at its end write what no transaction in the block took along."""
    waiting: list[Write] = []
    mark = _waiting.set(waiting)
    try:
        yield
    finally:
        try:
            if waiting:
                with write_put_off(database):
                    pass
        finally:
            _waiting.reset(mark)


def put_off(write: Write) -> bool:
    """Put a write off until the next transaction; return False if the caller has to write itself.

    Only for rows that nothing waits for: a kill loses them.
    """
    waiting = _waiting.get()
    if waiting is None:
        return False
    waiting.append(write)
    return True


@contextmanager
def write_put_off(
    database: Database, *, durable: bool = False, first: Write = lambda _connection: None
) -> Iterator[Connection]:
    """Open a transaction that takes along what was put off. What does not commit stays put off."""
    waiting = _waiting.get() or []
    with database.begin(durable=durable) as connection:
        first(connection)
        for write in tuple(waiting):
            write(connection)
        yield connection
    waiting.clear()


def conclude(database: Database, run: Run, outcome: Outcome) -> None:
    """Write the outcome of an attempt; raise FencedError if the attempt is not ours."""
    with write_for(database, run) as connection:
        now = database.now(connection)
        values = _values(outcome, now) | {"started": None}
        connection.execute(update(runs).where(runs.c.id == run.id).values(_unless_rung(values, run, now)))
        if isinstance(outcome, Done):
            outcome.record(connection)
            for request in outcome.then:  # it takes the place of its run: begun events are finished before new ones
                follower = replace(request, priority=max(run.priority, request.priority), rank=run.rank)
                submit(connection, follower, now)
        else:
            note_attempt(connection, run, outcome, now)


def decide(error: Exception, failures: int, now: datetime, wait_s: float, chance: Callable[[], float]) -> Outcome:
    """Decide by the kind of the error: retry later, park for an operator, or fail for good. Nothing here sleeps.

    `failures` counts the failures in a row before this one. `wait_s` is the pause of a waiting run, in seconds. The
    pause after a failure doubles from 2 s to 300 s. `chance` returns a number from 0 to 1, which shortens it by up
    to a half, so that many failures do not retry at once.
    """
    match error:
        case WaitingError():
            at, settles = error.until or now + timedelta(seconds=wait_s), isinstance(error, SettlingError)
            return RetryLater(at=at, message=error.why, waiting=True, settles=settles)
        case TemporaryError():
            pause_s = min(_LONGEST_S, 2.0 ** (1 + min(failures, 10))) * (0.5 + chance() / 2)
            return RetryLater(at=error.retry_at or now + timedelta(seconds=pause_s), message=error.why)
        case ParkedError():
            missing = error.missing if isinstance(error, MisconfiguredError) else None
            return Park(message=error.why, missing=missing)
        case ZoomOpsError():
            return GiveUp(message=error.why)
        case _:
            return GiveUp(message=say.BROKE(error=type(error).__name__))


def _attempt(database: Database, run: Run, perform: Perform, wait_s: float) -> Outcome:
    try:
        return perform(run)
    except FencedError:
        raise
    except Exception as error:
        if not isinstance(error, ZoomOpsError):
            log.exception("run_broke")
        return decide(error, run.failures, database.ask_clock(), wait_s, random.random)


def _describe(run: Run) -> Attributes:
    """Describe an attempt for its trace. It is `lost` unless it comes to write its outcome."""
    late = run.started - run.next_at if run.started and run.next_at else None
    return {
        "zoom_ops.job": run.job,
        "zoom_ops.subject.kind": run.subject.kind,
        "zoom_ops.subject.id": run.subject.id,
        "zoom_ops.account": run.account or None,
        "zoom_ops.run": run.id,
        "zoom_ops.attempt": run.attempts,
        "zoom_ops.late_s": round(late.total_seconds(), 3) if late is not None else None,
        "zoom_ops.outcome": "lost",
    }


def _note_outcome(span: Span, outcome: Outcome) -> None:
    """Note how an attempt ended. Waiting is no failure."""
    word = name_of(outcome)
    span.note({"zoom_ops.outcome": word})
    if not isinstance(outcome, Done) and word != "waiting":
        span.fail(word, str(outcome.message))


def _values(outcome: Outcome, now: datetime) -> dict[str, Any]:
    match outcome:
        case Done(message=message):
            ended = {"finished": now, "next_at": None, "force": False, "waiting": False, "failures": 0}
            nothing = literal(say.NOTHING(), runs.c.outcome.type)
            kept = message or func.coalesce(runs.c.outcome, nothing)  # a second look keeps the message of the first
            return ended | {"state": "done", "outcome": kept, "error": None}
        case RetryLater(at=at, message=message, settles=True):
            error = case((runs.c.failures > 0, runs.c.error), else_=literal(message, runs.c.error.type))
            return {"state": "active", "next_at": at, "error": error, "waiting": True}
        case RetryLater(at=at, message=message, waiting=waiting):
            failures = 0 if waiting else runs.c.failures + 1
            return {"state": "active", "next_at": at, "error": message, "waiting": waiting, "failures": failures}
        case Park(message=message, missing=missing):
            parked = {"state": "parked", "next_at": None, "waiting": False, "force": False}
            return parked | {"error": message, "missing": missing}
        case GiveUp(message=message):
            return {"state": "failed", "next_at": None, "error": message, "finished": now, "waiting": False}


def _unless_rung(values: dict[str, Any], run: Run, now: datetime) -> dict[str, Any]:
    """Keep the run open and due at once if it was rung during the attempt, which may have looked too early."""
    rung = runs.c.rung > runs.c.answered
    instead: dict[str, Any] = {
        "state": literal("active"),
        "next_at": literal(now, runs.c.next_at.type),
        "finished": null(),
    }
    if not run.force:  # the ring brought it: the next attempt has to obey it
        instead["force"] = runs.c.force
    kept = {name: values.get(name, runs.c[name]) for name in instead}
    return values | {name: case((rung, value), else_=kept[name]) for name, value in instead.items()}
