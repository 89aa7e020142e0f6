"""Alerts that a job which watches is paused: it cannot say so itself, and what it would see is told by nobody."""

from collections.abc import Mapping

from sqlalchemy import Connection

from ...messages import Kind
from ...messages import alerts as say
from ...store.alerts import Alert
from ...store.schedules import load_schedule_settings
from ..notes import describe_pause

KIND = "watch_paused"
_PAUSED: Mapping[str, Kind] = {
    "watch_events": say.WATCH_EVENTS_PAUSED,
    "watch_service": say.WATCH_SERVICE_PAUSED,
}
WATCHERS = tuple(_PAUSED)  # the round that tells operators tells of their pauses


def find_paused_watchers(connection: Connection) -> list[Alert]:
    """Build an alert for each job that watches and is paused: exactly these of KIND are to be open."""
    settings = load_schedule_settings(connection)
    return [
        Alert(
            kind=KIND,
            subject=job,
            cause=job,
            message=paused(job=job, pause=describe_pause(settings[job].by, settings[job].since, settings[job].note)),
        )
        for job, paused in _PAUSED.items()
        if job in settings and settings[job].paused
    ]
