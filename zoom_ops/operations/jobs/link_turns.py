"""Records in homes that are due for a look at our links when the scheduled time comes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_

from ...store.db.partial_indexes import IS_OPEN
from ...store.homes.entries import WATCHED, list_unlooked
from ...store.tables import publication, run
from ..due import Turn
from ..subjects import record_subject

_LOOKS_AGAIN = timedelta(days=1)
_TRIES_AGAIN = timedelta(hours=1)
_AT_ONCE = 2_000


def unlinked_events(connection: Connection, job: str, now: datetime) -> tuple[Turn, ...]:
    """List the events in homes whose links were not looked at since their publication, or within a day.

    So is seen what people changed in a home of late publications, and a link that came there after it was taken back.
    Also those of which a withdrawn recording is still linked. Left out: a run is open, or one failed within the hour,
    or took none back.
    """

    def looked(subject: ColumnElement[str], left: ColumnElement[bool]) -> Any:
        mine = and_(run.c.job == job, run.c.subject_kind == "record", run.c.subject == subject)
        lately = run.c.finished > now - _TRIES_AGAIN
        of_late = and_(run.c.finished > publication.c.published_at, run.c.finished > now - _LOOKS_AGAIN)
        done = and_(run.c.state == "done", or_(and_(~left, of_late), and_(left, lately)))
        failed = and_(run.c.state == "failed", lately)
        return exists().where(mine, or_(IS_OPEN, done, failed)).correlate_except(run)

    rows = list_unlooked(connection, now - WATCHED, looked)
    return tuple((record_subject(row.home, row.event_id), "") for row in rows[:_AT_ONCE])
