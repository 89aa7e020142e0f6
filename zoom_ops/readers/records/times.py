"""Start, end and time zone of a record. What does not fit together is held, with both readings."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ...events import clean_line
from ...phrases.times import ASSUMED, LONGEST, NO_END, lasts_too_long, may_be_a_day
from ...zones import as_choice, doubt_of
from .draft import Draft
from .nodes import Node
from .placing import Placed, place_zone
from .written import Written

_DURATION = re.compile(  # ISO 8601, 4.4.3.2: PT1H15M, P1DT2H; without years and months, whose length varies
    r"P(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,5})M)?(?:(?P<seconds>\d{1,6})S)?)?"
)


def parse_duration(text: str) -> timedelta | None:
    """Read a length such as PT1H15M, 01:15 or 75 (minutes); None if it is none, or zero."""
    text = clean_line(text)
    hours, colon, minutes = text.partition(":")
    if match := _DURATION.fullmatch(text):
        length = timedelta(**{name: int(number) for name, number in match.groupdict().items() if number})
    elif colon and f"{hours}{minutes[:2]}".isdecimal() and len(hours) <= 3 and minutes[2:] in ("", ":00"):
        length = timedelta(hours=int(hours), minutes=int(minutes[:2]))
    elif text.isdecimal() and len(text) <= 5:
        length = timedelta(minutes=int(text))
    else:
        return None
    return length or None


def add_times(
    draft: Draft,
    start: Written,
    end: Written | None,
    *,
    length: timedelta | None = None,
    length_at: Node | None = None,
    zone: Node | None = None,
    city: Node | None = None,
) -> None:
    """Set start, end and time zone from what is written, with the notes on what is uncertain.

    `zone` names the time zone, `city` the place of the event.
    """
    placed = place_zone(draft, start, end, zone=zone, city=city)
    if placed is None:
        return
    begins = _moment(draft, "start", start, placed)
    if not start.has_time:
        draft.doubt("start", start.node, "only a date is written, without a time of day; the whole day is taken")
    draft.say("start", start.node, begins)
    ends, node = _end(draft, start, begins, end, length, placed)
    if end is None and length and length_at:
        node = length_at
    if ends < begins:
        shown = f"{end.node.text[:40]!r}" if end else "the end"
        draft.wrong(node, f"end: {shown} lies before the start {start.node.text[:40]!r}; expected a later time")
        return
    if ends == begins:
        draft.doubt("end", node, "the end is written as the start; one hour is assumed")
        ends = begins + ASSUMED
    elif ends - begins > LONGEST:
        draft.doubt("end", node, lasts_too_long(ends - begins))
    _doubt_whole_day(draft, start, begins, ends, placed)
    draft.say("end", node, ends)


def _doubt_whole_day(draft: Draft, start: Written, begins: datetime, ends: datetime, placed: Placed) -> None:
    """Hold a day from 00:00 to 23:59, which calendars write for an event without a time."""
    reason = may_be_a_day(begins.astimezone(placed.zone), ends.astimezone(placed.zone))
    if start.has_time and reason:
        draft.doubt("start", start.node, reason)


def _end(
    draft: Draft, start: Written, begins: datetime, end: Written | None, length: timedelta | None, placed: Placed
) -> tuple[datetime, Node]:
    by_length = begins + length if length else None
    if end is None and by_length:
        return by_length, start.node
    if end is None and start.has_time:
        draft.doubt("end", start.node, NO_END)
        return begins + ASSUMED, start.node
    if end is None or not (start.has_time or end.has_time):
        return _end_of_day(end or start, placed), (end or start).node
    if not end.has_time:
        draft.doubt("end", end.node, "only a date is written, without a time of day; one hour is assumed")
        return begins + ASSUMED, end.node
    ends = _moment(draft, "end", end, placed)
    if length and by_length and by_length != ends:
        choices = [as_choice(moment, placed.zone) for moment in (ends, by_length)]
        minutes = length // timedelta(minutes=1)
        draft.doubt("end", end.node, f"the end and the length of {minutes} minutes do not fit", choices)
    return ends, end.node


def _end_of_day(written: Written, placed: Placed) -> datetime:
    return (written.wall + timedelta(days=1)).replace(tzinfo=placed.zone).astimezone(UTC)


def _moment(draft: Draft, name: str, written: Written, placed: Placed) -> datetime:
    """Return the instant of what is written; note where the zone of the event and the written offset differ."""
    instant = written.instant()
    if instant is None:
        if placed.is_of_offset:
            draft.doubt(name, written.node, f"no offset is written here; that of {placed.zone.key} is taken")
        return _instant_in(draft, name, written, placed.zone)
    if written.is_utc or written.has_time is False or placed.is_of_offset:
        return instant
    local = instant.astimezone(placed.zone).replace(tzinfo=None)
    if local != written.wall:
        choices = [as_choice(moment) for moment in (local, written.wall)]
        draft.doubt(
            name,
            written.node,
            f"the offset is not that of {placed.zone.key} then: {written.wall:%H:%M} as written is {local:%H:%M} there",
            choices,
        )
    return instant


def _instant_in(draft: Draft, name: str, written: Written, zone: ZoneInfo) -> datetime:
    reason, choices = doubt_of(written.wall, zone)
    if reason:
        draft.doubt(name, written.node, reason, choices)
    return written.wall.replace(tzinfo=zone).astimezone(UTC)
