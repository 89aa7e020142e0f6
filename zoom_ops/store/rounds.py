"""The rounds of a job that has its turn every minute: of those that are done only the latest is kept."""

from sqlalchemy import Connection, delete

from .tables import run


def forget_earlier(connection: Connection, run_id: int, job: str, kind: str, subject: str) -> None:
    """Delete the earlier runs of a job for a subject that are done."""
    mine = (run.c.job == job, run.c.subject_kind == kind, run.c.subject == subject)
    connection.execute(delete(run).where(*mine, run.c.state == "done", run.c.id < run_id))
