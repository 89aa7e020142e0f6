"""How the webinars of events stand, as far as readers may know it: live or over, open to whom, recorded by when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from ...access import Entrance, LiveStatus
from ...events import Event
from ...profiles import Profile
from ...store.recordings import load_held
from ...store.webinars import load_entrances
from ..recordings.overdue import late_from

_STALE = timedelta(days=1)  # a run that began so long before its event was of another date


def load_live_statuses(
    connection: Connection, events: Iterable[Event], profiles: Mapping[str, Profile], margin: timedelta
) -> dict[str, LiveStatus]:
    """Load how the webinars of several events stand, by event; `margin` as in `late_from`."""
    asked = {event.id: event for event in events}
    runs, entrances = load_held(connection, asked), load_entrances(connection, asked)
    return {
        event_id: make_live_status(
            event,
            [run for run in runs if run.event_id == event_id],
            _entrance(entrances.get(event_id)),
            profiles.get(event.profile),
            margin,
        )
        for event_id, event in asked.items()
    }


def make_live_status(
    event: Event, runs: Sequence[Row[Any]], entrance: Entrance, profile: Profile | None, margin: timedelta
) -> LiveStatus:
    """Work out how an event's webinar stands; where its profile is not known, it leads nobody in."""
    live, join = any(_is_open(run, event) for run in runs), profile.join if profile else "invitation"
    return LiveStatus(
        live=live,
        over=not live and any(run.ended_at and run.ended_at >= event.start for run in runs),
        entrance="invitation" if join == "invitation" and entrance != "none" else entrance,
        visibility="members" if join == "members" else "public",
        recording_due=_due(event, profile, margin),
    )


def _is_open(run: Row[Any], event: Event) -> bool:
    return not run.ended_at and not run.recorded and bool(run.started_at) and run.started_at >= event.start - _STALE


def _entrance(entrance: Row[Any] | None) -> Entrance:
    if entrance is None:
        return "none"
    if entrance.registers:
        return "registration"
    return "join" if entrance.joins else "none"


def _due(event: Event, profile: Profile | None, margin: timedelta) -> datetime | None:
    if event.consent == "do_not_record":
        return None
    held_back = timedelta(minutes=profile.publish_after_minutes if profile else 0)
    return late_from(event, margin) + held_back
