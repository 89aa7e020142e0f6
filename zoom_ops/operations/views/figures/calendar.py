"""The week of the hosts: who has what, webinars of others too, the time kept free, the changes left today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from ....store.hosts.facts import HostsOfSpan, load_span
from ....webinars import Host
from ...context import Context

DAY = timedelta(days=1)
DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A time that a host holds: a booking of ours, or a webinar of others (no `event`, and no time kept free)."""

    start: datetime
    end: datetime
    taken_from: datetime
    taken_until: datetime
    name: str
    event: str | None = None

    def days_from(self, first: date) -> range:
        """Return the days (UTC) of which it takes a part, counted from a day, the time kept free included."""
        last = (self.taken_until - timedelta.resolution).astimezone(UTC).date()
        return range((self.taken_from.astimezone(UTC).date() - first).days, (last - first).days + 1)


@dataclass(frozen=True, kw_only=True)
class HostWeek:
    """A host with what it holds on each of 7 days."""

    account: str
    email: str
    used_today: int  # creates and updates since 00:00 UTC
    note: str  # why no webinar may get it; empty where nothing speaks against it
    days: tuple[tuple[Slot, ...], ...]  # each day's, the earliest first


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """7 days of hosts."""

    days: tuple[date, ...]
    hosts: tuple[HostWeek, ...]
    is_cut: bool = False  # an account has more bookings than were loaded


def load_calendar(context: Context, first: date, now: datetime, account: str = "") -> Calendar:
    """Load the 7 days from a day on (UTC), of all hosts or of those of an account; `now` is of today."""
    days = tuple(first + number * DAY for number in range(DAYS))
    start = datetime.combine(first, time(), UTC)
    hosts: list[HostWeek] = []
    is_cut = False
    with context.database.read() as connection:
        for name, gateway in sorted(context.gateways.items()):
            if account in ("", name):
                held = load_span(connection, name, start, start + DAYS * DAY, now.date().isoformat())
                is_cut = is_cut or held.is_cut
                hosts.extend(_weeks(name, gateway.account.hosts, held, days))
    return Calendar(days=days, hosts=tuple(hosts), is_cut=is_cut)


def _weeks(account: str, pool: tuple[str, ...], held: HostsOfSpan, days: tuple[date, ...]) -> Iterator[HostWeek]:
    slots: dict[str, list[Slot]] = {email: [] for email in pool}
    for email, slot in _iter_slots(held):
        slots.setdefault(email, []).append(slot)
    for email, mine in slots.items():
        by_day: list[list[Slot]] = [[] for _ in days]
        for slot in sorted(mine, key=lambda slot: (slot.start, slot.end, slot.name)):
            for number in slot.days_from(days[0]):
                if 0 <= number < len(days):
                    by_day[number].append(slot)
        yield HostWeek(
            account=account,
            email=email,
            used_today=held.used_today.get(email, 0),
            note=_note_of(held.reported.get(email), in_pool=email in pool),
            days=tuple(tuple(slots) for slots in by_day),
        )


def _iter_slots(held: HostsOfSpan) -> Iterator[tuple[str, Slot]]:
    for row in held.bookings:
        times = {"start": row.start_at, "end": row.end_at, "taken_from": row.taken_from, "taken_until": row.taken_until}
        yield row.host, Slot(**times, name=row.name, event=row.event_id)
    for webinar in held.foreign:
        for start, end in webinar.times:
            name = webinar.topic or f"webinar {webinar.webinar_id}"
            yield webinar.host, Slot(start=start, end=end, taken_from=start, taken_until=end, name=name)


def _note_of(host: Host | None, *, in_pool: bool) -> str:
    if not in_pool:
        return "not in the settings any more"
    if host is not None and not host.active:
        return "deactivated at Zoom"
    return "no webinar licence" if host is not None and host.licensed is False else ""
