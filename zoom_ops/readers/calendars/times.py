"""When an entry of a calendar begins and ends."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar.prop import vDuration

from ...events import YEARS
from ...phrases.times import ASSUMED, LONGEST, lasts_too_long, may_be_a_day
from ...zones import as_choice, doubt_of
from .findings import Findings
from .scan import Component, Property
from .zones import Zone, Zones

_NEVER = timedelta(days=400)  # no event lasts so long
_EXPECTED = "expected a time such as 20270403T140000, found"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A time as a calendar writes it: local in a zone, or a day."""

    source: Property
    local: datetime
    zone: Zone
    all_day: bool = False

    def instant(self, local: datetime | None = None) -> datetime:
        """Return the instant; of another local time in the same zone if one is given.

        A local time that comes twice is the first; a skipped one is by the clock of before (RFC 5545, 3.3.5).
        """
        return (local or self.local).replace(tzinfo=self.zone.rules).astimezone(UTC)


def read_moment(source: Property, zones: Zones, value: str | None = None) -> Moment:
    """Read a property with a date, or with a date and a time. Raise ValueError with what was expected."""
    written = (source.value if value is None else value).strip()
    form = "%Y%m%dT%H%M%S" if len(written.rstrip("Z")) == 15 else "%Y%m%d"
    try:
        local = datetime.strptime(written.removesuffix("Z"), form)  # noqa: DTZ007 - a local time
    except ValueError:
        raise ValueError(f"{source.name}: {_EXPECTED} {written[:40]!r}") from None
    if form == "%Y%m%d" and (written.endswith("Z") or len(written) != 8):
        raise ValueError(f"{source.name}: {_EXPECTED} {written[:40]!r}")
    if not YEARS[0] <= local.year <= YEARS[1]:
        raise ValueError(f"{source.name}: expected a year from {YEARS[0]} to {YEARS[1]}, found {local.year}")
    zone = zones.find(source, local, utc=written.endswith("Z"))
    return Moment(source=source, local=local, zone=zone, all_day=form == "%Y%m%d")


def read_start(entry: Component, zones: Zones, findings: Findings) -> Moment | None:
    """Read when an entry begins."""
    source = findings.only(entry, "DTSTART")
    if source is None:
        findings.refuse(entry.line, f"this {entry.name} has no DTSTART; expected one such as DTSTART:20270403T140000Z")
        return None
    return _read(source, zones, findings)


def read_length(entry: Component, start: Moment, zones: Zones, findings: Findings) -> timedelta | None:
    """Read how long an entry lasts, with a note where it does not say so."""
    ending, duration = findings.only(entry, "DTEND"), findings.only(entry, "DURATION")
    if ending is None and duration is None:
        return _assume(start, None, "no end is written", findings)
    if ending is not None:
        end = _in_zone_of(start, _read(ending, zones, findings), findings)
        length = _whole(end.instant() - start.instant()) if end else None
    else:
        ending, length = duration, _read_duration(duration, findings)
    if length is None or ending is None:
        return None
    findings.source("end", ending)
    if length < timedelta():
        findings.refuse(ending.line, f"{ending.name}: the event ends before it begins ({start.source.text[:60]})")
        return None
    if length > _NEVER:
        findings.refuse(ending.line, f"{ending.name}: the event lasts more than a year ({ending.text[:60]})")
        return None
    if not length:
        return _assume(start, ending, "the event ends when it begins", findings)
    if length >= LONGEST and not start.all_day:
        findings.note("end", ending, lasts_too_long(length))
    return length


def note_times(start: Moment, local: datetime, length: timedelta, all_day: Property | None, findings: Findings) -> None:
    """Add the doubts about a start: of its zone, of a day without a time, of a time that the clocks skip or repeat."""
    zone, source = start.zone, start.source
    if zone.doubt:
        findings.note("timezone", source, zone.doubt, zone.choices)
    if start.all_day:
        findings.note("start", source, f"this is an entry for a day, without a time; {local:%H:%M} is assumed")
    if all_day and not start.all_day:
        findings.note("start", all_day, f"the entry is for whole days; {local:%H:%M} is assumed")
    elif not start.all_day:
        _note_whole_day(start, local, length, findings)
    reason, choices = doubt_of(local, zone.rules) if isinstance(zone.rules, ZoneInfo) else ("", ())
    if reason:  # not every program knows which of two RFC 5545 means
        findings.note("start", source, reason, choices)
    if zone.own and isinstance(zone.rules, ZoneInfo):
        own, named = local.replace(tzinfo=zone.own), start.instant(local)
        if own.astimezone(UTC) != named:
            readings = (
                f"by its own rules it is {own.astimezone(UTC):%H:%M} UTC, by those of {zone.name} {named:%H:%M} UTC"
            )
            shown = [as_choice(each, zone.rules) for each in (named, own)]
            findings.note("start", source, f"the calendar defines its zone in another way: {readings}", tuple(shown))


def _note_whole_day(start: Moment, local: datetime, length: timedelta, findings: Findings) -> None:
    """Hold a day from 00:00 to 23:59 or 24:00, which programs write for an event without a time."""
    begins, zone = start.instant(local), ZoneInfo(start.zone.name)
    if reason := may_be_a_day(begins.astimezone(zone), (begins + length).astimezone(zone)):
        findings.note("start", start.source, reason)


def _read(source: Property, zones: Zones, findings: Findings) -> Moment | None:
    try:
        return read_moment(source, zones)
    except ValueError as error:
        findings.refuse(source.line, str(error))
        return None


def _in_zone_of(start: Moment, end: Moment | None, findings: Findings) -> Moment | None:
    """Return an end without a zone in that of its start, with a note; and note any other doubt about its zone."""
    if end is None or not end.zone.doubt or end.zone.doubt == start.zone.doubt:
        return end
    if end.source.parameter("TZID") or end.all_day:
        findings.note("end", end.source, end.zone.doubt)
        return end
    findings.note("end", end.source, "the end names no zone, and the start does; that of the start is assumed")
    return replace(end, zone=start.zone)


def _assume(start: Moment, source: Property | None, why: str, findings: Findings) -> timedelta:
    length = timedelta(days=1) if start.all_day else ASSUMED
    shown = "the whole day" if start.all_day else "one hour"
    findings.note("end", source or start.source, f"{why}; {shown} is assumed")
    return length


def _read_duration(source: Property | None, findings: Findings) -> timedelta | None:
    if source is None:
        return None
    decode: Any = vDuration.from_ical
    try:
        length = decode(source.value)
    except (ValueError, OverflowError):
        length = None
    if not isinstance(length, timedelta):
        findings.refuse(source.line, f"DURATION: expected one such as PT1H30M, found {source.value[:40]!r}")
        return None
    return length


def _whole(length: timedelta) -> timedelta:
    return timedelta(seconds=round(length.total_seconds()))
