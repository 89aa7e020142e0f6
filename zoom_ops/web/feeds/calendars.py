"""Events as iCalendar files (RFC 5545, with the additions of RFC 7986)."""

from collections.abc import Collection
from datetime import UTC, timedelta, tzinfo
from zoneinfo import ZoneInfo

from icalendar import STATUS, Calendar, vCalAddress, vDuration, vText, vUri
from icalendar import Event as Entry

from ...events import Publication
from ...operations.views.feeds import Dated, Series
from ...readers import CALENDAR_PRODUCT
from ..sanitize import write_plainly
from .calendar_links import place_of
from .publisher import Publisher
from .zones import build_zone

_LOOK_AGAIN = timedelta(hours=1)
_LONGEST_TEXT = 2000
_STATUS = {"postponed": STATUS.TENTATIVE, "cancelled": STATUS.CANCELLED}  # of any other event: confirmed


def write_event(dated: Dated, publisher: Publisher) -> bytes:
    """Render the calendar of one event."""
    event = dated.shown.event
    return _write(event.name, (dated,), publisher, publisher.event(event.id))


def write_series(series: Series, publisher: Publisher) -> bytes:
    """Render the calendar of a series, cancelled events included."""
    return _write(series.name, series.events, publisher, publisher.series(series.slug))


def _write(name: str, events: Collection[Dated], publisher: Publisher, address: str) -> bytes:
    calendar = Calendar.new(
        prodid=CALENDAR_PRODUCT,
        method="PUBLISH",
        uid=publisher.make_urn("calendar", address.removeprefix(publisher.base_url)),
        url=address,
    )
    for title in ("NAME", "X-WR-CALNAME"):
        calendar.add(title, vText(name))  # `name` of `Calendar.new` is not escaped
    calendar.add("SOURCE", vUri(f"{address}.ics", params={"VALUE": "URI"}))
    calendar.add("REFRESH-INTERVAL", vDuration(_LOOK_AGAIN, params={"VALUE": "DURATION"}))
    calendar.add("X-PUBLISHED-TTL", vDuration(_LOOK_AGAIN))
    zones = {dated.shown.event.timezone for dated in events}
    if len(zones) == 1:
        calendar.add("X-WR-TIMEZONE", vText(zones.pop()))  # of entries in UTC, too
    entries = [_build_entry(dated, publisher) for dated in events]
    for entry in entries:
        calendar.add_component(entry)
    first, last = min(entry.start.year for entry in entries), max(entry.end.year for entry in entries)
    calendar.subcomponents[:0] = [build_zone(name, first, last) for name in sorted(calendar.get_missing_tzids())]
    return bytes(calendar.to_ical())


def _write_recording(recording: Publication, event_id: str, publisher: Publisher) -> str:
    line = f"{recording.title}: {publisher.recording(event_id, recording.part)}"
    requirement = publisher.say_requirement(recording)
    return f"{line} ({requirement})" if requirement else line


def _build_entry(dated: Dated, publisher: Publisher) -> Entry:
    event = dated.shown.event
    zone: tzinfo = ZoneInfo(event.timezone)
    if event.start.astimezone(zone).fold or event.end.astimezone(zone).fold:
        zone = UTC  # RFC 5545 reads a local time that occurs twice as the first
    names = ", ".join(organizer.name for organizer in event.organizers) or publisher.name
    text = write_plainly(event.description, _LONGEST_TEXT)
    recordings = "\n".join(_write_recording(row, event.id, publisher) for row in dated.shown.recordings)
    image = {"VALUE": "URI", "DISPLAY": "BADGE", "FMTTYPE": "image/png"}
    entry = Entry.new(
        uid=f"{event.id}@{publisher.installation}",  # it does not depend on name, time and address
        stamp=dated.changed_at,
        last_modified=dated.changed_at,
        sequence=dated.sequence,
        status=_STATUS.get(event.status, STATUS.CONFIRMED),
        start=event.start.astimezone(zone),
        end=event.end.astimezone(zone),
        description="\n\n".join(filter(None, (text, recordings, publisher.event(event.id)))),
        location=place_of(event, publisher.base_url),
        organizer=vCalAddress(publisher.address("/"), params={"CN": names}),  # e-mail addresses are not public
        url=publisher.event(event.id),
    )
    entry.add("SUMMARY", vText(event.name, params={"LANGUAGE": event.language}))
    entry.add("IMAGE", vUri(publisher.event(event.id, "/picture.png"), params=image))
    if event.series:
        entry.add("CATEGORIES", [event.series])
    if event.status in ("scheduled", "rescheduled"):
        # our own page for joining: it leads to Zoom only readers who may join
        join = vUri(publisher.event(event.id, "/join"), params={"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]})
        entry.add("CONFERENCE", join)
    return entry
