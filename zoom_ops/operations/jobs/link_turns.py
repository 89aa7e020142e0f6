"""Records in homes that are due for a look at our links when the scheduled time comes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_

from ...store.db.partial_indexes import IS_OPEN
from ...store.home_entries import list_unlooked
from ...store.tables import publication, run
from ..due import Turn
from ..subjects import record_subject

_RECENT = timedelta(days=30)
_LOOKS_AGAIN = timedelta(days=1)
_AFTER_FAILURE = timedelta(hours=1)
_AT_ONCE = 2_000


def unlinked_events(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the events in homes whose links were not looked at since their publication, or within a day.

    So is seen what people changed in a home of late publications. Left out: a run is open, or one failed within the
    hour.
    """

    def looked(subject: ColumnElement[str]) -> Any:
        mine = and_(run.c.job == job, run.c.subject_kind == "record", run.c.subject == subject)
        done = and_(
            run.c.state == "done", run.c.finished > now - _LOOKS_AGAIN, run.c.finished > publication.c.published_at
        )
        failed = and_(run.c.state == "failed", run.c.finished > now - _AFTER_FAILURE)
        return exists().where(mine, or_(IS_OPEN, done, failed)).correlate_except(run)

    rows = list_unlooked(connection, now - _RECENT, looked)
    return tuple((record_subject(row.home, row.event_id), "") for row in rows[:_AT_ONCE])
