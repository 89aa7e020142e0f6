"""Choice of a webinar's host: it holds no other that overlaps, its licence fits, it has changes left for the day."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from ..events import Event
from ..messages import Message
from ..messages import plans as say
from ..profiles import Profile
from ..webinars import overlap
from .observed import Booking, Bound, ForeignBooking, HostOnOffer, Observed
from .recorded import is_recorded

_ALIKE = 10  # changes: hosts are equally good if what is left of their day lies in the same ten


def window_of(event: Event, profile: Profile) -> tuple[datetime, datetime]:
    """Return the start and end of the time that an event takes of its host: half the buffer on either side."""
    margin = margin_of(profile)
    return event.start_utc - margin, event.end_utc + margin


def margin_of(profile: Profile) -> timedelta:
    """Return how long a webinar takes its host before the start, and again after the end: half the buffer."""
    return timedelta(minutes=profile.buffer_minutes) / 2


def clashes(bookings: Iterable[Booking], host: str, start: datetime, end: datetime) -> tuple[Booking, ...]:
    """List the bookings of a host that overlap with a window."""
    return tuple(b for b in bookings if b.host == host and overlap(b.start, b.end, start, end))


def foreign_clashes(
    foreign: Collection[ForeignBooking], host: str, event: Event, profile: Profile
) -> tuple[ForeignBooking, ...]:
    """List the webinars of others on a host that overlap with an event, the buffer included."""
    if not foreign:
        return ()
    start, end = window_of(event, profile)
    margin = margin_of(profile)
    return tuple(b for b in foreign if b.host == host and overlap(b.start - margin, b.end + margin, start, end))


def name_foreign(booking: ForeignBooking) -> Message:
    """Name a webinar of others in a sentence."""
    return say.FOREIGN(topic=booking.topic or str(booking.webinar_id))


def is_moving(bound: Bound) -> bool:
    """Return whether an operator moves the event of a webinar to another host."""
    return bound.state == "bound" and bound.move_to not in (None, bound.host)


def choose_host(event: Event, profile: Profile, observed: Observed) -> HostOnOffer | Message:
    """Choose the free host with the most changes left for the day, in tens; or say why none is free.

    If an operator moves the event to a host, no other one is chosen.

    A host whose licence is not known for sure comes after all others. For an event that is to be recorded, a host
    without the right to record to the cloud comes last among its like.

    Each event orders equal hosts in its own way, always the same. Otherwise many events that are planned at once would
    all choose the first host: one event would get it, and the others would be planned again.
    """
    if observed.bound and is_moving(observed.bound):
        return _wanted(event, profile, observed, observed.bound.move_to or "")
    unfit = {host.email: _unfit(event, host, profile, observed) for host in observed.hosts}
    free = [host for host in observed.hosts if unfit[host.email] is None]
    if free:
        return max(free, key=lambda host: _rank(event, profile, host))
    if not observed.hosts:
        return say.NO_HOSTS(account=observed.account)
    reasons = Counter(reason for reason in unfit.values() if reason)
    counted = (say.COUNTED(count=count, why=reason) for reason, count in reasons.items())
    return say.NO_HOST_FREE(
        begin=event.start_utc,
        end=event.end_utc,
        timezone=event.timezone,
        buffer=profile.buffer_minutes,
        hosts=len(observed.hosts),
        counted=tuple(sorted(counted, key=str)),
    )


def _wanted(event: Event, profile: Profile, observed: Observed, email: str) -> HostOnOffer | Message:
    host = next((host for host in observed.hosts if host.email == email), None)
    if host is None:
        return say.NOT_IN_POOL(host=email, account=observed.account)
    if reason := _unfit(event, host, profile, observed):
        return say.CANNOT_TAKE(host=email, why=reason)
    return host


def _rank(event: Event, profile: Profile, host: HostOnOffer) -> tuple[bool, bool, int, bytes]:
    digest = sha256(f"{event.id} {host.email}".encode()).digest()
    records = host.records is not False or not is_recorded(event, profile)
    return host.licensed is True, records, host.left_today // _ALIKE, digest


def _unfit(event: Event, host: HostOnOffer, profile: Profile, observed: Observed) -> Message | None:
    if not host.active:
        return say.DEACTIVATED()
    if host.licensed is False:
        return say.NO_LICENCE()
    if 0 < host.capacity < profile.capacity:
        return say.TOO_SMALL(capacity=profile.capacity)
    if taken := clashes(observed.bookings, host.email, *window_of(event, profile)):
        return say.TAKEN_BY(name=taken[0].name) if taken[0].name else say.TAKEN(by=taken[0].event)
    if foreign := foreign_clashes(observed.foreign, host.email, event, profile):
        return say.TAKEN(by=name_foreign(foreign[0]))
    if host.left_today <= 0:
        return say.OUT_OF_CHANGES()
    return None
