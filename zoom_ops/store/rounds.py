"""The rounds of a job that has its turn every minute: of what they leave only the latest is kept."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from .tables import run, tick

_TICKS_KEPT = timedelta(hours=1)


def forget_earlier(connection: Connection, run_id: int, job: str, kind: str, subject: str, now: datetime) -> None:
    """Delete the earlier runs of a job for a subject that are done, and the job's earlier turns."""
    mine = (run.c.job == job, run.c.subject_kind == kind, run.c.subject == subject)
    connection.execute(delete(run).where(*mine, run.c.state == "done", run.c.id < run_id))
    connection.execute(delete(tick).where(tick.c.schedule == job, tick.c.fire_time < now - _TICKS_KEPT))
