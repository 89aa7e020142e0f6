"""Alerts that a job which watches is paused: it cannot say so itself, and what it would see is told by nobody."""

from collections.abc import Mapping

from sqlalchemy import Connection

from ...store.alerts import Alert
from ...store.schedules import load_schedule_settings
from ..notes import describe_pause

KIND = "watch_paused"
_UNSEEN: Mapping[str, str] = {
    "watch_events": "Meanwhile nobody is told of what becomes late, fails or waits for an operator.",
    "watch_service": (
        "Meanwhile nobody is told of full disks, ending tokens and long pauses, and the monitor at HEARTBEAT_URL hears "
        "nothing."
    ),
}
WATCHERS = tuple(_UNSEEN)  # the round that tells operators tells of their pauses


def find_paused_watchers(connection: Connection) -> list[Alert]:
    """Build an alert for each job that watches and is paused: exactly these of KIND are to be open."""
    settings = load_schedule_settings(connection)
    return [
        Alert(
            kind=KIND,
            subject=job,
            cause=job,
            sentence=(
                f"Job {job}: {describe_pause(settings[job].by, settings[job].since, settings[job].note)} {unseen} "
                f"To go on: zoom-ops jobs resume {job}"
            ),
        )
        for job, unseen in _UNSEEN.items()
        if job in settings and settings[job].paused
    ]
