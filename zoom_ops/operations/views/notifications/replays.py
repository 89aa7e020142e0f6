"""A notification in detail, and what it does to ring its jobs once more."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from ....errors import BadInputError, NotFoundError
from ....stages import name_job
from ....store.notifications import find_notification
from ...context import Context
from ...jobs.registry import Job
from ...notifications.admin import find_event_of_notification, show_notification
from ..impact import Impact, impact_of_rings
from .lists import notification_json


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What it does to ring the jobs of some notifications once more."""

    rings: tuple[tuple[str, tuple[str, ...]], ...]  # event, jobs
    impact: Impact

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say which jobs are rung, and what that does outside."""
        return self.tell({})

    def tell(self, names: Mapping[str, str]) -> tuple[str, ...]:
        """Say the sentences with the names of the events, by their ids."""
        rung = [
            f"Rings {', '.join(map(name_job, jobs))} for {names.get(event, event)} once more."
            for event, jobs in self.rings
            if jobs
        ]
        nothing = "By what is known now, nothing is changed at Zoom, and nobody is mailed."
        return (*(rung or ["No job listens to that, so nothing is done."]), *(self.impact.tell(names) or (nothing,)))


def describe_notification(context: Context, number: int) -> dict[str, Any]:
    """Return a notification as JSON, with the jobs that it rings, and its body without what may be secret."""
    row, body = show_notification(context, number)
    return notification_json(row) | {"rings": list(context.rings.get(row.kind, ())), "body": json.loads(body)}


def find_replayable(context: Context, rows: Iterable[Row[Any]]) -> tuple[int, ...]:
    """Return the numbers of those of some notifications that belong to an event; of the others nothing can be rung."""
    with context.database.read() as connection:
        return tuple(row.id for row in rows if find_event_of_notification(connection, row) is not None)


def plan_replay(context: Context, numbers: Iterable[int], jobs: Mapping[str, Job]) -> Replay:
    """Return what it does to ring the jobs of some notifications once more.

    Raise NotFoundError for an unknown one, BadInputError for one that belongs to no event.
    """
    rings: dict[str, dict[str, None]] = {}
    with context.database.read() as connection:
        for number in numbers:
            row = find_notification(connection, number)
            if row is None:
                raise NotFoundError("notification", str(number))
            event_id = find_event_of_notification(connection, row)
            if event_id is None:
                raise BadInputError(
                    f"Notification {number} is of a webinar that belongs to no event here: there is nothing to ring."
                )
            rings.setdefault(event_id, {}).update(dict.fromkeys(context.rings.get(row.kind, ())))
    rung = tuple((event_id, tuple(names)) for event_id, names in rings.items())
    return Replay(rings=rung, impact=impact_of_rings(context, rung, jobs))
