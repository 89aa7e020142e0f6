"""Runs for links in a home that wait for something there, or for its file: they go on once it may be granted."""

from sqlalchemy import Connection, select

from ...engine.runs import Request, Subject, submit_all
from ...store.db.partial_indexes import IS_ACTIVE
from ...store.tables import run
from ..context import Context


def wake_links(context: Context, connection: Connection, home: str) -> int:
    """Make the runs for links in a home due that wait or are parked; return how many.

    One that cannot go on waits again. What people changed stays as it is: its run looks, and is parked again.
    """
    mine = run.c.subject_kind == "record", run.c.subject.startswith(f"{home}/", autoescape=True)
    rests = (IS_ACTIVE & run.c.waiting) | (run.c.state == "parked")
    found = connection.execute(select(run.c.job, run.c.subject).where(*mine, rests).order_by(run.c.id))
    requests = [Request(job=row.job, subject=Subject(kind="record", id=row.subject)) for row in found]
    return submit_all(connection, requests, context.database.now(connection)) if requests else 0
