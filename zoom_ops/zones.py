"""Time zones by name, and what a local time means in one."""

from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_SECOND = timedelta(seconds=1)
_NO_ZONES = ("localtime", "Factory")  # in the IANA database: the clock of this machine, and none


def find_zone(name: str) -> ZoneInfo:
    """Find a time zone by its IANA name, in any case; raise ValueError with the nearest names."""
    found = known_zone(name)
    if found:
        return found
    known, asked = _zones(), _key(name)
    cities = {zone.rpartition("/")[2]: zone for zone in known}
    near = [cities[city] for city in get_close_matches(asked.rpartition("/")[2], cities, n=3, cutoff=0.7)]
    near = near or get_close_matches(asked, known, n=3, cutoff=0.6)
    hint = f" Did you mean {' or '.join(known[zone] for zone in near)}?" if near else ""
    raise ValueError(f"there is no time zone {name[:50]!r}: expected one such as Europe/Zurich or UTC.{hint}")


def known_zone(name: str) -> ZoneInfo | None:
    """Find a time zone by its IANA name, in any case."""
    known = _zones().get(_key(name))
    return ZoneInfo(known) if known else None


def find_zone_or_city(name: str) -> ZoneInfo:
    """Find a time zone by its IANA name or by the city in it, if only one has it; raise ValueError like find_zone."""
    city = f"/{_key(name)}"
    named = [zone for zone in list_zones() if zone.lower().endswith(city)]
    return find_zone(named[0] if len(named) == 1 else name)


def instants_of(local: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the instants that a local time without zone means: one; none if it is skipped; two if it comes twice."""
    first, second = _readings(local, zone)
    if first > second:
        return ()
    return (first,) if first == second else (first, second)


def doubt_of(local: datetime, zone: ZoneInfo) -> tuple[str, tuple[str, ...]]:
    """Return the doubt about a local time that the clock change skips or shows twice, and the times that it may mean.

    The first instant is taken; of a skipped time that is the one by the clock of before (RFC 5545, 3.3.5).
    """
    readings = _readings(local, zone)
    if readings[0] == readings[1]:
        return "", ()
    is_skipped = readings[0] > readings[1]
    what, shown = "does not exist" if is_skipped else "comes twice", [f"{reading:%H:%M} UTC" for reading in readings]
    reason = f"{local:%H:%M} {what} in {zone.key} on {local:%Y-%m-%d}, when the clocks change"
    choices = tuple(as_choice(reading, zone) for reading in readings) if is_skipped else ()
    return f"{reason}: {shown[0]} (taken) or {shown[1]}", choices


def as_choice(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """Write a time as a choice of a note, 2027-04-03T14:30. An instant is written by the clock of a zone."""
    return f"{moment.astimezone(zone) if zone else moment:%Y-%m-%dT%H:%M}"


def end_of_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant after a local time that a zone skips."""
    later, earlier = _readings(local, zone)
    before = earlier.astimezone(zone).utcoffset()
    while later - earlier > _SECOND:
        middle = earlier + (later - earlier) // 2
        if middle.astimezone(zone).utcoffset() == before:
            earlier = middle
        else:
            later = middle
    return later.replace(microsecond=0)


def _readings(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Read a local time by the clock of before a change, and by that of after it; far from one, both are the same."""
    before, after = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return before, after


def _key(name: str) -> str:
    return name[:100].strip().lower().replace(" ", "_")


@cache
def list_zones() -> tuple[str, ...]:
    """List the names of the zones that people choose from: those of places, and UTC."""
    areas = (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    return ("UTC", *sorted(zone for zone in _zones().values() if zone.partition("/")[0] in areas))


@cache
def _zones() -> dict[str, str]:
    return {zone.lower(): zone for zone in available_timezones() if zone not in _NO_ZONES}  # it reads the disk
