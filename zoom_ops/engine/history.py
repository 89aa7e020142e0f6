"""What the attempts of a run said. The one that did its work is in the run itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from ..store.tables import attempt as attempts
from .runs import GiveUp, Park, RetryLater, Run, name_of

_AT_MOST = 500
Setback = RetryLater | Park | GiveUp


def note_attempt(connection: Connection, run: Run, outcome: Setback, now: datetime) -> None:
    """Note what an attempt said that did not do its work. The same sentence again only counts up."""
    name = name_of(outcome)
    latest = select(func.max(attempts.c.id)).where(attempts.c.run_id == run.id).scalar_subquery()
    again = update(attempts).where(
        attempts.c.id == latest, attempts.c.outcome == name, attempts.c.sentence == outcome.message
    )
    if connection.execute(again.values(at=now, number=run.attempts, times=attempts.c.times + 1)).rowcount == 0:
        row = {"run_id": run.id, "number": run.attempts, "outcome": name, "sentence": outcome.message}
        connection.execute(insert(attempts).values(**row, first_at=now, at=now))


def load_attempts(connection: Connection, run_id: int) -> tuple[Row[Any], ...]:
    """Load what the attempts of a run said, the latest 500 in order."""
    query = select(attempts).where(attempts.c.run_id == run_id).order_by(attempts.c.id.desc()).limit(_AT_MOST)
    return tuple(connection.execute(query))[::-1]
