"""Homes that are due to be read when the scheduled time comes."""

from datetime import datetime

from sqlalchemy import Connection, select

from ...engine.runs import Subject
from ...store.db.partial_indexes import IS_OPEN
from ...store.homes.records import load_pulls
from ...store.tables import run
from ..due import Turn


def due_homes(connection: Connection, job: str, _now: datetime) -> tuple[Turn, ...]:
    """List the homes, but for those with an open run: it may wait for a home that cannot be read."""
    busy = set(connection.scalars(select(run.c.subject).where(run.c.job == job, run.c.subject_kind == "home", IS_OPEN)))
    return tuple((Subject(kind="home", id=name), "") for name in load_pulls(connection) if name not in busy)
