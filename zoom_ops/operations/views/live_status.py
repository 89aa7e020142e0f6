"""The live status of webinars, as far as readers may know it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row

from ...access import Entrance, LiveStatus
from ...events import Event
from ...planning import is_rehearsal
from ...profiles import Profile
from ...stages import late_from
from ...store.webinars import load_shown

_STALE = timedelta(days=1)  # an instance that began earlier before its event belongs to another date


def load_live_statuses(
    connection: Connection, events: Iterable[Event], profiles: Mapping[str, Profile], margin: timedelta
) -> dict[str, LiveStatus]:
    """Load the live status of the webinars of several events, by event id. `margin` is that of `late_from`."""
    by_id = {event.id: event for event in events}
    shown = load_shown(connection, by_id)
    return {
        event_id: make_live_status(
            event,
            [row for row in shown.get(event_id, ()) if row.uuid is not None],
            _entrance(next(iter(shown.get(event_id, ())), None)),
            profiles.get(event.profile),
            margin,
        )
        for event_id, event in by_id.items()
    }


def make_live_status(
    event: Event, instances: Sequence[Row[Any]], entrance: Entrance, profile: Profile | None, margin: timedelta
) -> LiveStatus:
    """Compute the live status of an event's webinar. Without a known profile, the page shows no link into it."""
    start, end = event.start_utc, event.end_utc
    instances = [row for row in instances if not is_rehearsal(row.practice, row.ended_at, start, end)]
    begun = [instance for instance in instances if instance.started_at and instance.started_at >= event.start - _STALE]
    live = any(not instance.ended_at and not instance.recorded for instance in begun)
    held_back = timedelta(minutes=profile.publish_after_minutes if profile else 0)
    join = profile.join if profile else "invitation"
    return LiveStatus(
        live=live,
        over=not live and any(instance.ended_at and instance.ended_at >= event.start for instance in instances),
        entrance="invitation" if join == "invitation" and entrance != "none" else entrance,
        visibility="members" if join == "members" else "public",
        recording_due=None if event.consent == "do_not_record" else late_from(event, profile, margin) + held_back,
    )


def _entrance(links: Row[Any] | None) -> Entrance:
    if links is None:
        return "none"
    if links.registers:
        return "registration"
    return "join" if links.joins else "none"
