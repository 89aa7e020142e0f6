"""Deliver a run: claim it, perform it, write its outcome. Both engines call this, at least once a run."""

import random
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime

import structlog

from ..errors import FencedError, ZoomOpsError
from ..store.db.connect import Database
from .attempts import claim, conclude
from .retry import decide
from .runs import Done, Outcome, Run

Perform = Callable[[Run], Done]

current_run: ContextVar[int | None] = ContextVar("current_run", default=None)
log = structlog.get_logger()


def deliver(database: Database, run_id: int, perform: Perform, wait_s: float) -> bool:
    """Perform a run that is still due. False if there was nothing to do, or if another process took it over.

    `wait_s`: seconds after which a waiting run looks again.
    """
    run = claim(database, run_id)
    if run is None:
        return False
    reset_token = current_run.set(run.id)
    try:
        with structlog.contextvars.bound_contextvars(run=run.id, job=run.job, subject=run.subject.id):
            outcome = _attempt(database, run, perform, wait_s)
            conclude(database, run, outcome)
            event = f"run_{type(outcome).__name__.lower()}"
            log.info(event, attempts=run.attempts, sentence=outcome.sentence)
    except FencedError:
        log.info("run_fenced", run=run.id)
        return False
    finally:
        current_run.reset(reset_token)
    return True


def _attempt(database: Database, run: Run, perform: Perform, wait_s: float) -> Outcome:
    try:
        return perform(run)
    except FencedError:
        raise
    except ZoomOpsError as error:
        return decide(error, run.failures, _now(database), wait_s, random.random)
    except Exception as error:
        log.exception("run_broke")
        return decide(error, run.failures, _now(database), wait_s, random.random)


def _now(database: Database) -> datetime:
    with database.read() as connection:
        return database.now(connection)
