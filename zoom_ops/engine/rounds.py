"""The rounds of a job that has its turn every minute: the latest are kept, the others are only counted."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update

from ..store.db.upsert import insert_into
from ..store.tables import forgotten_run, tick
from ..store.tables import run as runs
from .outcomes import RUN_OUTCOME
from .runs import Run

KEPT = 50  # runs
COUNTED_BY = timedelta(minutes=5)
_TICKS_KEPT = timedelta(hours=1)


def forget_earlier(connection: Connection, run: Run, now: datetime) -> None:
    """Delete the runs of a job for a subject that are done and not of the latest 50, and the job's earlier turns.

    Those that are deleted are counted by outcome. Lists of all jobs leave the earlier ones of the latest 50 out.
    """
    mine = (runs.c.job == run.job, runs.c.subject_kind == run.subject.kind, runs.c.subject == run.subject.id)
    done = (*mine, runs.c.state == "done")
    earlier = update(runs).where(*done, runs.c.id < run.id, ~runs.c.earlier_round)
    connection.execute(earlier.values(earlier_round=True))
    kept = select(runs.c.id).where(*mine).order_by(runs.c.id.desc()).limit(KEPT).subquery()
    first = select(func.min(kept.c.id)).scalar_subquery()
    forgotten = connection.execute(select(runs.c.id, runs.c.created, RUN_OUTCOME).where(*done, runs.c.id < first)).all()
    if forgotten:
        connection.execute(delete(runs).where(runs.c.id.in_([row.id for row in forgotten])))
        for (at, outcome), held in Counter((_step_of(row.created), row.outcome) for row in forgotten).items():
            _count(connection, run.job, at, outcome, held)
    connection.execute(delete(tick).where(tick.c.schedule == run.job, tick.c.fire_time < now - _TICKS_KEPT))


def _step_of(moment: datetime) -> datetime:
    step_s = int(COUNTED_BY.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // step_s * step_s, UTC)


def _count(connection: Connection, job: str, at: datetime, outcome: str, held: int) -> None:
    query = insert_into(connection, forgotten_run).values(at=at, job=job, outcome=outcome, held=held)
    key = ("at", "job", "outcome")
    more = {"held": forgotten_run.c.held + held}
    connection.execute(query.on_conflict_do_update(index_elements=key, set_=more))
