"""The possible instants of a wall-clock time, and the choice of its zone."""

from collections.abc import Set
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from ..doubts import Doubts, spoken
from .rows import NOON, Row, in_zone
from .zones import find_zones, in_force


def readings(row: Row, day: date, zone: str) -> set[datetime]:
    """List the instants that a row may mean in a zone.

    Without a.m. or p.m. the time may be in the afternoon. A day that comes from another row or zone may be off by one.
    """
    local = row.local_start(day)
    halves = (0, NOON) if row.span.half_unclear else (0,)
    days = (0,) if row.day and len(row.when.times) < 2 else (-1, 0, 1)  # a line may have one date and several zones
    try:
        return {
            in_zone(local + timedelta(days=days_off, minutes=minutes), zone).astimezone(UTC)
            for days_off in days
            for minutes in halves
        }
    except OverflowError:
        return set()


def choose_zone(row: Row, day: date, others_say: Set[datetime], venue: str, doubts: Doubts) -> tuple[str, str]:
    """Choose the zone and label of the first row, and add the doubts about them.

    Of the zones of an abbreviation, it is the only one that agrees with the other rows, else the likeliest.
    """
    mention = row.place(day)
    if mention is None:
        return _default_zone(row, venue, doubts)
    local = row.local_start(day)
    if len(mention.zones) > 1:
        agree = [zone for zone in mention.zones if readings(row, day, zone) & others_say]
        if len(agree) == 1:
            return agree[0], mention.label
        means = "; ".join(f"{zone}: {spoken(in_zone(local, zone))}" for zone in mention.zones)
        doubts.add("timezone", row.when.line, f"{mention.label} may mean several zones, the first is taken: {means}")
        return mention.zone, mention.label
    here = in_zone(local, mention.zone)
    for other in row.zones if mention.is_place else ():
        there = in_zone(local, other.zone)
        if other.is_place and there.utcoffset() != here.utcoffset():
            reason = (
                f"two zones are named for one time: {local:%H:%M} {mention.label} is {spoken(here)} (taken), "
                f"{local:%H:%M} {other.label} is {spoken(there)}"
            )
            doubts.add("timezone", row.when.line, reason)
    return mention.zone, mention.label


def _default_zone(row: Row, venue: str, doubts: Doubts) -> tuple[str, str]:
    places = {mention.zone: mention for mention in find_zones(venue[:400]) if mention.is_place}
    if len(places) == 1:
        place = next(iter(places.values()))
        if "local" not in row.when.text.casefold():
            doubts.add("timezone", row.when.line, f"no time zone is written; {place.label}, of the venue, is taken")
        return place.zone, place.label
    doubts.add("timezone", row.when.line, "no time zone is written; UTC is taken")
    return "UTC", "UTC"


def doubt_abbreviations(row: Row, zone: str, local: datetime, doubts: Doubts) -> None:
    """Add a doubt, with both readings, if the abbreviation is not in force in the row's zone on that day."""
    claims = [mention for mention in row.zones if mention.offset is not None]
    if not claims or any(zone in mention.zones[1:] or in_force(mention, zone, local) for mention in claims):
        return
    claim = claims[0]
    by_claim = local.replace(tzinfo=timezone(timedelta(minutes=claim.offset or 0)))
    reason = (
        f"{claim.label} is not in force in {zone} on {local:%Y-%m-%d}: {local:%H:%M} by the clock there is "
        f"{spoken(in_zone(local, zone))} (taken), by {claim.label} it is {spoken(by_claim)}"
    )
    doubts.add("timezone", row.when.line, reason)


def doubt_clock_change(name: str, row: Row, local: datetime, zone: str, doubts: Doubts) -> None:
    """Add a doubt if the clock change of the zone skips or repeats a wall-clock time."""
    tz = ZoneInfo(zone)
    first, second = local.replace(tzinfo=tz).utcoffset(), local.replace(tzinfo=tz, fold=1).utcoffset()
    if first == second or first is None or second is None:
        return
    what = "does not exist" if second > first else "comes twice"
    read_as = spoken(in_zone(local, zone))
    reason = f"{local:%H:%M} {what} in {zone} on {local:%Y-%m-%d}, when the clocks change; read as {read_as}"
    doubts.add(name, row.when.line, reason)
