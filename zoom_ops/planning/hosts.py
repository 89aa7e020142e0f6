"""Which host holds a webinar: never two that overlap, the licence fits, and the host's day is not used up."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from ..events import Event
from ..profiles import Profile
from .observed import Booking, HostOnOffer, Observed

_ALIKE = 10  # changes: hosts that have so nearly the same left of their day are as good as each other


def window_of(event: Event, profile: Profile) -> tuple[datetime, datetime]:
    """Tell from when to when a host is taken by an event: half the buffer on either side."""
    margin = margin_of(profile)
    return event.start_utc - margin, event.end_utc + margin


def margin_of(profile: Profile) -> timedelta:
    """Tell for how long a host is taken before a webinar and after it: half the buffer each."""
    return timedelta(minutes=profile.buffer_minutes) / 2


def clashes(bookings: Iterable[Booking], host: str, start: datetime, end: datetime) -> tuple[Booking, ...]:
    """List the bookings of a host that overlap with a window."""
    return tuple(b for b in bookings if b.host == host and b.start < end and start < b.end)


def choose_host(event: Event, profile: Profile, observed: Observed) -> HostOnOffer | str:
    """Choose the host that has most left of its day, in tens; or say in a sentence why none is free.

    Among equals each event has an order of its own, always the same: of many that are planned at once all would choose
    the first one, one would get it, and the others would plan anew.
    """
    start, end = window_of(event, profile)
    reasons: dict[str, int] = {}
    free: list[HostOnOffer] = []
    for host in observed.hosts:
        if reason := _unfit(host, profile, observed.bookings, start, end):
            reasons[reason] = reasons.get(reason, 0) + 1
        else:
            free.append(host)
    if free:
        return max(free, key=lambda host: (host.left_today // _ALIKE, _order(event.id, host.email)))
    if not observed.hosts:
        return f"Account {observed.account} has no hosts: its HOSTS setting is empty."
    told = "; ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    begin, finish = (moment.astimezone(ZoneInfo(event.timezone)) for moment in (event.start, event.end))
    return (
        f"No host is free from {begin:%Y-%m-%d %H:%M} to {finish:%H:%M} ({event.timezone}), "
        f"{profile.buffer_minutes} minutes between webinars: of {len(observed.hosts)}, {told}."
    )


def _order(event: str, host: str) -> bytes:
    return sha256(f"{event} {host}".encode()).digest()


def _unfit(
    host: HostOnOffer, profile: Profile, bookings: tuple[Booking, ...], start: datetime, end: datetime
) -> str | None:
    if not host.licensed:
        return "without a webinar licence"
    if host.capacity < profile.capacity:
        return f"for fewer than {profile.capacity} attendees"
    if taken := clashes(bookings, host.email, start, end):
        return f"taken by {taken[0].event}"
    if host.left_today <= 0:
        return "out of changes for today (Zoom allows 100 a day until 00:00 UTC)"
    return None
