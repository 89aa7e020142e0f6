"""Jobs as values, one for each file in `jobs/`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ...engine.runs import Request, SubjectKind
from ...engine.timetable import Schedule
from ..due import Selection


@dataclass(frozen=True, kw_only=True)
class Job:
    """A file in `jobs/`: what it does, and when."""

    name: str
    summary: str
    every: timedelta
    turn: Selection  # selects the subjects for which it is due
    on: tuple[str, ...] = ()  # rings it: "event.changed", or a notification's kind
    then: tuple[str, ...] = ()  # jobs that follow it, for the same event
    about: SubjectKind = "event"  # the kind of subject that a person may request it for
    function: Callable[[Any], str | None]


def rings_of(jobs: Iterable[Job]) -> dict[str, tuple[str, ...]]:
    """Map each happening to the jobs that it rings."""
    rings: dict[str, tuple[str, ...]] = {}
    for job in jobs:
        for kind in job.on:
            rings[kind] = (*rings.get(kind, ()), job.name)
    return rings


def schedule_of(job: Job) -> Schedule:
    """Build the schedule by which the engine runs a job."""

    def requests(connection: Connection, now: datetime) -> Iterable[Request]:
        for subject, account in job.turn(connection, job.name, now):
            yield Request(job=job.name, subject=subject, account=account, unpark=False)

    return Schedule(name=job.name, every=job.every, requests=requests)
