"""The time zone of a record: named, told by the place and the offset together, or held."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from ...phrases.words import CITY_ZONES, fold
from ...phrases.zones import doubt_of_gmt, read_offset, require_zone, zone_of_offset
from ...zones import as_choice
from .draft import Draft
from .nodes import Node
from .written import Written

_MOST_CHOICES = 8
_UTC_NAMES = ("utc", "etc/utc", "gmt", "etc/gmt", "z", "zulu", "etc/zulu")


@dataclass(frozen=True, kw_only=True)
class Placed:
    """The zone of the event; `is_of_offset` if it only stands for a written offset."""

    zone: ZoneInfo
    is_of_offset: bool = False


def place_zone(
    draft: Draft, start: Written, end: Written | None, *, zone: Node | None, city: Node | None
) -> Placed | None:
    """Decide the zone and note what is uncertain; None, with a mistake noted, if the named zone is unknown."""
    named = zone.text if zone else ""
    if zone and (fixed := read_offset(named)) is not None:
        return _of_offset(draft, start, end, zone, fixed, f"{named[:40]!r} is an offset and names no time zone")
    if zone:
        return _named(draft, start, zone, named)
    nearby = _zone_of(city)
    offset = start.offset if start.offset is not None else end.offset if end else None
    if offset is None:
        return _assumed(draft, start, city, nearby)
    if nearby and city and _in_force(ZoneInfo(nearby), start, end):
        draft.say("timezone", city, nearby)
        return Placed(zone=ZoneInfo(nearby))
    if nearby and city and start.is_utc:
        return _utc_or_local(draft, start, city, ZoneInfo(nearby))
    return _of_offset(draft, start, end, start.node, offset, "an offset is written, and no time zone")


def _named(draft: Draft, start: Written, node: Node, name: str) -> Placed | None:
    try:
        zone = require_zone(name)
    except ValueError as error:
        draft.wrong(node, f"timezone: {error}")
        return None
    if zone.key.lower() in _UTC_NAMES:
        zone = ZoneInfo("UTC")
        reason, either = doubt_of_gmt(name, start.wall)
        if reason and start.offset is None:
            draft.doubt("timezone", node, reason, either)
    elif "/" not in zone.key:
        same = _likely(start.wall.replace(tzinfo=zone).utcoffset() or timedelta(), start, None)
        choices = [zone.key, *same][:_MOST_CHOICES]
        draft.doubt("timezone", node, f"{name[:40]!r} is an abbreviation and may mean several time zones", choices)
    draft.say("timezone", node, zone.key)
    return Placed(zone=zone)


def _assumed(draft: Draft, start: Written, city: Node | None, nearby: str | None) -> Placed:
    """Take the zone of the place, else UTC, for a time without an offset."""
    if nearby and city:
        draft.doubt("timezone", city, "no time zone is written; that of the place is taken", (nearby, "UTC"))
        draft.say("timezone", city, nearby)
        return Placed(zone=ZoneInfo(nearby))
    draft.doubt("timezone", start.node, "no time zone is written; UTC is assumed")
    draft.say("timezone", start.node, "UTC")
    return Placed(zone=ZoneInfo("UTC"))


def _utc_or_local(draft: Draft, start: Written, city: Node, nearby: ZoneInfo) -> Placed:
    """Hold a time in UTC at a place in another zone: some programs write the time of the place and call it UTC.

    The instant is taken as it is written, and shown in the zone of the place.
    """
    there = start.wall.replace(tzinfo=UTC).astimezone(nearby)
    reason = f"the time is written in UTC: {start.wall:%H:%M} UTC is {there:%H:%M} in {nearby.key}"
    choices = (as_choice(there), as_choice(start.wall))
    draft.doubt("start", start.node, f"{reason}; or is {start.wall:%H:%M} there meant?", choices)
    draft.say("timezone", city, nearby.key)
    return Placed(zone=nearby)


def _of_offset(
    draft: Draft, start: Written, end: Written | None, node: Node, offset: timedelta, reason: str
) -> Placed | None:
    """Take a zone with that offset; hold it, with the likely zones."""
    likely = _likely(offset, start, end)
    is_whole = not offset % timedelta(hours=1) and timedelta(hours=-12) <= offset <= timedelta(hours=14)
    fixed = zone_of_offset(offset // timedelta(minutes=1)) if is_whole else next(iter(likely), None)
    if fixed is None:
        draft.wrong(node, f"timezone: no time zone has the offset {offset} then; expected a zone such as Europe/Zurich")
        return None
    choices = dict.fromkeys((fixed, *likely))
    draft.doubt("timezone", node, f"{reason}; which one is the event's?", choices)
    draft.say("timezone", node, fixed)
    return Placed(zone=ZoneInfo(fixed), is_of_offset=True)


def _likely(offset: timedelta, start: Written, end: Written | None) -> list[str]:
    """List zones of well-known cities that have the written offsets then; those with most such cities first."""
    begins = start if start.offset is not None else Written(node=start.node, wall=start.wall, offset=offset)
    fitting = (name for name, zone in _zones_of_cities().items() if _in_force(zone, begins, end))
    return list(islice(fitting, _MOST_CHOICES - 1))


def _in_force(zone: ZoneInfo, start: Written, end: Written | None) -> bool:
    """Check whether a zone has the offsets that are written."""
    written = [each for each in (start, end) if each and each.offset is not None]
    return all(instant.astimezone(zone).utcoffset() == each.offset for each in written if (instant := each.instant()))


def _zone_of(city: Node | None) -> str | None:
    return CITY_ZONES.get(fold(city.text).strip()) if city else None


@cache
def _zones_of_cities() -> dict[str, ZoneInfo]:
    """Load the zones of the well-known cities, those with most such cities first; ZoneInfo itself keeps only eight."""
    counts = Counter(CITY_ZONES.values())
    return {name: ZoneInfo(name) for name in sorted(counts, key=lambda name: (-counts[name], name))}
