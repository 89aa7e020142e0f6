"""Events as iCalendar files (RFC 5545, with the additions of RFC 7986)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import STATUS, Calendar, vCalAddress, vDuration, vText, vUri
from icalendar import Event as Entry

from ...access import Shown
from ...events import Event
from ...operations.views.feeds import Dated, Series
from ..sanitize import shorten, write_plainly
from .publisher import Publisher
from .zones import build_zone

_PRODUCT = "-//zoom_ops//event pages//EN"
_LOOK_AGAIN = timedelta(hours=1)
_LONGEST_TEXT = 2000
_STATUS = {
    "scheduled": STATUS.CONFIRMED,
    "rescheduled": STATUS.CONFIRMED,
    "postponed": STATUS.TENTATIVE,
    "cancelled": STATUS.CANCELLED,
}


def write_event(dated: Dated, publisher: Publisher) -> bytes:
    """Render the calendar of one event."""
    event = dated.shown.event
    address = publisher.event(event.id)
    return _write(event.name, (dated,), publisher, address)


def write_series(series: Series, publisher: Publisher) -> bytes:
    """Render the calendar of a series, cancelled events included."""
    return _write(series.name, series.events, publisher, publisher.series(series.slug))


def _write(name: str, events: Iterable[Dated], publisher: Publisher, address: str) -> bytes:
    calendar = Calendar.new(
        prodid=_PRODUCT,
        method="PUBLISH",
        uid=publisher.make_urn("calendar", address.removeprefix(publisher.base_url)),
        name=name,
        url=address,
    )
    calendar.add("SOURCE", vUri(f"{address}.ics", params={"VALUE": "URI"}))
    calendar.add("REFRESH-INTERVAL", vDuration(_LOOK_AGAIN, params={"VALUE": "DURATION"}))
    calendar.add("X-PUBLISHED-TTL", vDuration(_LOOK_AGAIN))
    entries = [_build_entry(dated, publisher) for dated in events]
    for entry in entries:
        calendar.add_component(entry)
    first, last = min(entry.start.year for entry in entries), max(entry.end.year for entry in entries)
    calendar.subcomponents[:0] = [build_zone(name, first, last) for name in sorted(calendar.get_missing_tzids())]
    return bytes(calendar.to_ical())


def _build_entry(dated: Dated, publisher: Publisher) -> Entry:
    shown, event = dated.shown, dated.shown.event
    start, end = _place_in_zone(event)
    entry = Entry.new(
        uid=publisher.make_uid(event.id),
        stamp=dated.changed_at,
        last_modified=dated.changed_at,
        sequence=dated.sequence,
        status=_STATUS[event.status],
        start=start,
        end=end,
        description=_describe(shown, publisher),
        location=event.venue or publisher.event(event.id, "/join"),
        organizer=_name_organizer(event, publisher),
        url=publisher.event(event.id),
    )
    entry.add("SUMMARY", vText(event.name, params={"LANGUAGE": event.language}))
    entry.add("IMAGE", _picture(event, publisher))
    if event.series:
        entry.add("CATEGORIES", [event.series])
    if event.status in ("scheduled", "rescheduled"):
        # our own page for joining: it leads to Zoom only readers who may join
        join = vUri(publisher.event(event.id, "/join"), params={"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]})
        entry.add("CONFERENCE", join)
    return entry


def _place_in_zone(event: Event) -> tuple[datetime, datetime]:
    """Return start and end in the event's zone, or in UTC if one of them is the second of two equal local times.

    RFC 5545 reads a local time that occurs twice as the first.
    """
    zone = ZoneInfo(event.timezone)
    start, end = event.start.astimezone(zone), event.end.astimezone(zone)
    if start.fold or end.fold:
        return event.start.astimezone(UTC), event.end.astimezone(UTC)
    return start, end


def _describe(shown: Shown, publisher: Publisher) -> str:
    """Render the description as plain text, the public recordings, and the address of the page."""
    event, text = shown.event, shorten(write_plainly(shown.event.description), _LONGEST_TEXT)
    recordings = "\n".join(f"{row.title}: {publisher.recording(event.id, row.part)}" for row in shown.recordings)
    return "\n\n".join(filter(None, (text, recordings, publisher.event(event.id))))


def _name_organizer(event: Event, publisher: Publisher) -> vCalAddress:
    """Build the organizer with the address of the site, as e-mail addresses are not public."""
    name = ", ".join(organizer.name for organizer in event.organizers) or publisher.name
    return vCalAddress(publisher.address("/"), params={"CN": name})


def _picture(event: Event, publisher: Publisher) -> vUri:
    params = {"VALUE": "URI", "DISPLAY": "BADGE", "FMTTYPE": "image/png"}
    return vUri(publisher.event(event.id, "/picture.png"), params=params)
