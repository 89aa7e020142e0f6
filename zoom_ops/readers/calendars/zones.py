"""The zones of a calendar: what a TZID means, by its name and by the calendar's own rules (VTIMEZONE)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Timezone

from ...phrases.zones import WINDOWS_ZONES, named_zone, read_offset, zone_of_offset
from ...zones import known_zone
from .scan import Component, Property

MOST_RULES = 500  # of one VTIMEZONE
MOST_CHOICES = 5
_COMMON = (  # offered before others
    *("UTC", "Europe/London", "Europe/Zurich", "Europe/Berlin", "Asia/Shanghai", "Asia/Kolkata", "Asia/Tokyo"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
)
_ABBREVIATIONS = (
    "EST",
    "MST",
    "HST",
)  # in the IANA database fixed offsets; whoever writes one may mean summer time too


@dataclass(frozen=True, kw_only=True)
class Zone:
    """What the local times of one TZID mean.

    `name` is the IANA zone that the event gets, and `rules` turn its local times into instants. `own` are the rules
    that the calendar defines for it. A doubt says why the name is not certain.
    """

    name: str
    rules: tzinfo
    own: tzinfo | None = None
    doubt: str = ""
    choices: tuple[str, ...] = ()


class Zones:
    """The zones of one VCALENDAR."""

    def __init__(self, calendar: Component) -> None:
        self.stated = calendar.first("X-WR-TIMEZONE")
        stated = named_zone(self.stated.value) if self.stated else None
        self._calendars = stated.key if stated else None
        self._defined = {_tzid(part): part for part in calendar.parts if part.name == "VTIMEZONE"}
        self._rules: dict[str, tzinfo | None] = {}
        self._fits: dict[tuple[str, int], list[str]] = {}

    def find(self, moment: Property, local: datetime, *, utc: bool) -> Zone:
        """Find the zone of a property with a time."""
        tzid = moment.parameter("TZID")
        if utc:
            doubt = f"the time ends in Z (UTC) and names the zone {tzid[:60]!r}; one of them is wrong" if tzid else ""
            return Zone(name=self._calendars or "UTC", rules=UTC, doubt=doubt)
        if not tzid:
            return self._floating()
        own, named = self._own_rules(tzid), named_zone(tzid)
        if named and not (own and tzid.upper() in _ABBREVIATIONS):
            return Zone(name=named.key, rules=named, own=own, doubt=_abbreviated(tzid))
        return self._defined_zone(tzid, own, local) if own else self._unknown(tzid, local)

    def _floating(self) -> Zone:
        name = self._calendars or "UTC"
        names = [name, *(zone.key for zone in map(named_zone, self._defined) if zone)]
        meant = f"the calendar's own zone {name}" if self._calendars else "UTC"
        doubt = f"the time names no zone, so it means the clock of whoever reads it; {meant} is assumed"
        return Zone(name=name, rules=ZoneInfo(name), doubt=doubt, choices=_choices(names))

    def _unknown(self, tzid: str, local: datetime) -> Zone:
        offset = read_offset(tzid)
        if offset is not None:
            rules = timezone(offset)
            instant = f"{local:%H:%M} is {local.replace(tzinfo=rules).astimezone(UTC):%H:%M} UTC"
            doubt = f"{tzid[:20]!r} is an offset and no zone: {instant}"
            return Zone(name=zone_of_offset(offset // timedelta(minutes=1)), rules=rules, doubt=doubt)
        name = self._calendars or "UTC"
        doubt = f"the zone {tzid[:60]!r} is not known, and the calendar does not define it; {name} is assumed"
        return Zone(name=name, rules=ZoneInfo(name), doubt=doubt)

    def _defined_zone(self, tzid: str, own: tzinfo, local: datetime) -> Zone:
        """Find the IANA zones that agree with the calendar's own rules."""
        offset = local.replace(tzinfo=own).utcoffset()
        fitting = [name for name in self._fitting(tzid, own, local.year) if _offset(name, local) == offset]
        located = self._located(tzid)
        if located and located.key in fitting:
            return Zone(name=located.key, rules=own)
        instant = f"{local:%H:%M} there is {local.replace(tzinfo=own).astimezone(UTC):%H:%M} UTC"
        doubt = f"{tzid[:60]!r} is no IANA zone; by the calendar's own rules {instant}. Choose the zone"
        return Zone(name=fitting[0] if fitting else "UTC", rules=own, doubt=doubt, choices=_choices(fitting))

    def _fitting(self, tzid: str, own: tzinfo, year: int) -> list[str]:
        """List the zones that have the offsets of a TZID in the middle of each season of a year."""
        if (tzid, year) not in self._fits:
            probes = [datetime(year, month, 15, 12) for month in (1, 4, 7, 10)]  # noqa: DTZ001 - local times
            offsets = [probe.replace(tzinfo=own).utcoffset() for probe in probes]
            located = self._located(tzid)
            names = [self._calendars, located.key if located else None, *_COMMON, *WINDOWS_ZONES.values()]
            fitting = (name for name in dict.fromkeys(filter(None, names)) if known_zone(name))
            self._fits[tzid, year] = [n for n in fitting if [_offset(n, probe) for probe in probes] == offsets]
        return self._fits[tzid, year]

    def _located(self, tzid: str) -> ZoneInfo | None:
        """Find the zone of the place that the calendar gives for a TZID."""
        location = self._defined[tzid].first("X-LIC-LOCATION")
        return named_zone(location.value) if location else None

    def _own_rules(self, tzid: str) -> tzinfo | None:
        if tzid not in self._rules:
            self._rules[tzid] = _build_rules(self._defined[tzid]) if tzid in self._defined else None
        return self._rules[tzid]


def _choices(names: list[str]) -> tuple[str, ...]:
    different = tuple(dict.fromkeys(names))[:MOST_CHOICES]
    return different if len(different) > 1 else ()


def _abbreviated(tzid: str) -> str:
    if tzid.upper() not in _ABBREVIATIONS:
        return ""
    return f"{tzid} is an offset without summer time; write a zone such as America/New_York if that is meant"


def _tzid(component: Component) -> str:
    stated = component.first("TZID")
    return stated.text.partition(":")[2].strip().strip('"') if stated else ""


def _offset(name: str, local: datetime) -> timedelta | None:
    return local.replace(tzinfo=ZoneInfo(name)).utcoffset()


def _build_rules(component: Component) -> tzinfo | None:
    """Build the rules of a VTIMEZONE; None where they are damaged, or would take long to compute."""
    rules = [rule for part in component.parts for rule in part.all("RRULE")]
    if len(component.parts) > MOST_RULES or any("FREQ=YEARLY" not in rule.text.upper() for rule in rules):
        return None
    return _build_written_rules(component.write())


@lru_cache(maxsize=64)  # the entries of a calendar on a server define the same few zones again and again
def _build_written_rules(written: str) -> tzinfo | None:
    """Build rules from their text. They read no other zone of that name: the library keeps those of earlier files."""
    try:
        read: Any = Timezone.from_ical(written)
        own: tzinfo = read.to_tz(lookup_tzid=False)
        datetime(2024, 7, 1, tzinfo=own).utcoffset()
    except Exception:  # the library raises whatever a damaged rule leads to
        return None
    return own
