"""Start, end and zone of an event from the keys that say them: start, or date and time; end, or duration; timezone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from ...events import Event
from ...phrases.times import may_be_a_day
from ...phrases.zones import require_zone
from ...zones import as_choice, doubt_of, instants_of
from .moments import Part, read_length, read_part, shown
from .record import Record, take_one
from .trees import Path

_BEGIN = ("start", "date", "time")
_END = ("end", "end_date", "end_time")
_FIXED = {  # names that IANA keeps for one offset or one rule, and what people mean by them while clocks are forward
    "EST": "America/New_York",
    "MST": "America/Denver",
    "GMT": "Europe/London",
    "CET": "Etc/GMT-1",
    "MET": "Etc/GMT-1",
    "EET": "Etc/GMT-2",
    "WET": "Etc/GMT",
}


@dataclass(kw_only=True)
class _Slot:
    """What the keys of a start or an end say together, each thing with the key that says it."""

    name: str
    said: dict[str, tuple[Any, Path]] = field(default_factory=dict)

    def get(self, what: str) -> Any:
        return self.said[what][0] if what in self.said else None

    @property
    def place(self) -> Path:
        """The key with the time, else that with the day."""
        return (self.said.get("clock") or self.said.get("day") or (None, (self.name,)))[1]

    def put(self, record: Record, what: str, value: Any, written: Path) -> None:
        if value is None:
            return
        before = self.said.setdefault(what, (value, written))
        if before[0] != value:
            record.refuse(written, f"{before[1][-1]!r} says the same differently: keep one of them")


@dataclass(frozen=True, kw_only=True)
class _Read:
    """An instant, as the file says it, and as it may also be meant."""

    at: datetime
    local: datetime  # as written, without its offset
    place: Path


def take_times(record: Record, given: Mapping[str, Any], keys: Mapping[str, list[str]]) -> None:
    """Take start, end, previous_start and timezone of an event. What is wrong is refused, what is unsure noted."""
    zone = _take_zone(record, given, keys)
    start, end = _Slot(name="start"), _Slot(name="end")
    slots = {key: start for name in _BEGIN for key in keys.get(name, ())}
    slots |= {key: end for name in _END for key in keys.get(name, ())}
    for key in (key for key in given if key in slots):
        _take_part(record, slots[key], end, given[key], (key,))
    length = _take_length(record, given, keys)
    if keys.get("previous_start") and given[keys["previous_start"][0]] is not None:
        previous, place = _Slot(name="previous_start"), (keys["previous_start"][0],)
        _take_part(record, previous, previous, given[place[0]], place)
        _settle(record, previous, zone, None)
    begins = _settle(record, start, zone, None)
    if not end.said and length is None:
        if not start.get("wrong"):  # it may have said the end, too
            record.refuse(("end",), "this is required: write end, or duration")
    elif length is None:
        if start.get("wrong") and not end.get("day"):
            return
        ends = _settle(record, end, zone, start.get("day"))
        if begins and ends and ends.at.astimezone(UTC) <= begins.at.astimezone(UTC):
            del record.values["end"]  # the model would say it again
            sentence = f"{_shown(ends.at, zone)} does not lie after the start, {_shown(begins.at, zone)}"
            record.refuse(ends.place, f"{sentence}; write its date with it if it ends on a later day")
        elif begins and ends and start.get("offset") is None and (reason := may_be_a_day(begins.at, ends.at)):
            record.doubt("start", begins.place, "", reason)
    elif begins:
        _take_end_of(record, begins, end, length, zone)


def doubt_display_times(record: Record, event: Event) -> None:
    """Note where a row for another zone names another instant than the start."""
    for number, row in enumerate(event.display_times):
        local = datetime.strptime(row.start, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  # its zone is the row's
        instants = instants_of(local, ZoneInfo(row.timezone))
        if not instants or event.start_utc in instants:
            continue
        zone = ZoneInfo(event.timezone)
        written, second = event.start.astimezone(zone), instants[0].astimezone(zone)
        reason = (
            f"{row.label} says {row.start.replace('T', ' ')}, which is {_shown(second, zone)} in {zone.key}, and the "
            f"event starts at {_shown(written, zone)} there"
        )
        place = record.place(("display_times", number, "start"))
        record.doubt("start", place, row.start, reason, (as_choice(written), as_choice(second)))


def _take_zone(record: Record, given: Mapping[str, Any], keys: Mapping[str, list[str]]) -> ZoneInfo | None:
    names = [key for key in keys.get("timezone", ()) if given[key] is not None]
    if not names:
        record.refuse(("timezone",), "this is required: the zone of the event, such as Europe/Zurich")
        return None
    value, place = take_one(record, given, names, ())
    try:
        zone = require_zone(value) if isinstance(value, str) else None
    except ValueError as error:
        record.refuse(place, str(error))
        return None
    if zone is None:
        record.refuse(place, f"expected the name of a zone such as Europe/Zurich, found {shown(value)}")
        return None
    record.values["timezone"], record.written["timezone",] = zone.key, place
    return zone


def _take_part(record: Record, slot: _Slot, end: _Slot, value: Any, place: Path) -> None:
    """Add what a value says to a slot; the end of a range such as 14:30-15:45 to that of the end."""
    if value is None:
        return
    try:
        part = read_part(value)
    except ValueError as error:
        slot.said.setdefault("wrong", (True, place))
        record.refuse(place, str(error))
        return
    _put_part(record, slot, part, place)
    if part.until:
        for what, said in (("clock", part.until), ("offset", part.offset), ("zone_word", part.zone_word)):
            end.put(record, what, said, place)


def _put_part(record: Record, slot: _Slot, part: Part, place: Path) -> None:
    for what in ("day", "clock", "offset", "zone_word"):
        slot.put(record, what, getattr(part, what), place)
    for what in ("other_day", "other_clock"):
        if getattr(part, what) is not None:
            slot.said.setdefault(what, (getattr(part, what), place))


def _take_length(record: Record, given: Mapping[str, Any], keys: Mapping[str, list[str]]) -> timedelta | None:
    lengths: dict[str, timedelta] = {}
    for key in keys.get("duration", ()):
        if given[key] is None:
            continue
        try:
            lengths[key] = read_length(given[key], minutes="min" in key.casefold())
        except ValueError as error:
            record.refuse((key,), str(error))
            lengths.setdefault(key, timedelta())
    for key, length in lengths.items():
        if length != next(iter(lengths.values())):
            record.refuse((key,), f"{next(iter(lengths))!r} says the same differently: keep one of them")
    if lengths:
        record.written["duration",] = (next(iter(lengths)),)
    return next(iter(lengths.values()), None)


def _settle(record: Record, slot: _Slot, zone: ZoneInfo | None, day: date | None) -> _Read | None:
    """Take the instant of a slot into the event. `day` is the day where the slot gives none."""
    name, clock = slot.name, slot.get("clock")
    day = slot.get("day") or day
    if slot.get("wrong"):
        return None
    if clock is None:
        found = f"{shown(str(day))} has no time: write it as {day}T14:30" if slot.get("day") else _required(name)
        record.refuse(slot.place, found)
        return None
    if day is None:
        example = f"2027-01-31T{clock:%H:%M}"
        record.refuse(slot.place, f"{clock:%H:%M} has no date: write it as {example}, or a date beside it")
        return None
    for what, (_, place) in slot.said.items():
        record.written.setdefault((name,), slot.place)
        if what in ("day", "clock"):
            record.also.append((name, place))
    return _resolve(record, slot, datetime.combine(day, clock), zone) if zone else None


def _required(name: str) -> str:
    return "this is required: date and time, such as 2027-01-31T14:30" if name == "start" else "this has no time"


def _resolve(record: Record, slot: _Slot, local: datetime, zone: ZoneInfo) -> _Read | None:
    offset: timedelta | None = slot.get("offset")
    if offset is not None:
        at = local.replace(tzinfo=timezone(offset)).astimezone(zone)
        if offset and at.utcoffset() != offset:
            _doubt_offset(record, slot, local, at, offset, zone)
    else:
        instants = instants_of(local, zone)
        if not instants:
            record.refuse(slot.place, f"{local:%Y-%m-%d %H:%M} does not exist in {zone.key}: the clocks go forward")
            return None
        at = instants[0].astimezone(zone)
        word, place = slot.said.get("zone_word", (None, slot.place))
        if word and word not in {instant.astimezone(zone).tzname() for instant in instants}:
            record.refuse(
                place, f"{word} is not the time of {zone.key} on that day, {at.tzname()}: correct one of them"
            )
            return None
        _doubt_local(record, slot, local, instants, zone)
    record.values[slot.name] = at.astimezone(UTC)  # a local time that comes twice equals no other
    return _Read(at=at, local=local, place=slot.place)


def _doubt_offset(
    record: Record, slot: _Slot, local: datetime, at: datetime, offset: timedelta, zone: ZoneInfo
) -> None:
    """Note that an offset is not the one that the zone has then: by the offset, or by the clock of the zone."""
    written = f"{as_choice(local)}{at.astimezone(timezone(offset)):%:z}"
    reason = (
        f"the offset is not that of {zone.key}: {written} is {at:%Y-%m-%d %H:%M} there; or {local:%H:%M} there is "
        "meant, or another zone"
    )
    record.doubt(slot.name, slot.place, written, reason, (as_choice(at), as_choice(local)))


def _doubt_local(record: Record, slot: _Slot, local: datetime, instants: tuple[datetime, ...], zone: ZoneInfo) -> None:
    if reason := doubt_of(local, zone)[0]:
        record.doubt(slot.name, slot.place, "", f"{reason}; write it with its offset")
    for what in ("other_day", "other_clock"):
        if what not in slot.said:
            continue
        other, place = slot.said[what]
        if what == "other_day":
            second = datetime.combine(other, local.time())
            reason = f"this may be {local.day} {local:%B %Y} or {other.day} {other:%B %Y}"
        else:
            second = datetime.combine(local.date(), other)
            reason = f"this may be {local:%H:%M} or {second:%H:%M}: write the hour with two digits, or a.m. or p.m."
        record.doubt(slot.name, place, "", reason, (as_choice(local), as_choice(second)))
    fixed = _FIXED.get(zone.key)
    if fixed and slot.name == "start" and len(instants) == 1:
        other_instant = local.replace(tzinfo=ZoneInfo(fixed)).astimezone(UTC)
        if other_instant != instants[0]:
            reason = (
                f"{zone.key} at this time of the year is {instants[0]:%H:%M} UTC by the list of zones, and "
                f"{other_instant:%H:%M} UTC if {fixed} is meant; write the zone of the place"
            )
            record.doubt("timezone", record.place(("timezone",)), zone.key, reason, (zone.key, fixed))


def _take_end_of(record: Record, begins: _Read, end: _Slot, length: timedelta, zone: ZoneInfo | None) -> None:
    """Take the end from the duration. An end beside it must say the same."""
    at = begins.at.astimezone(UTC) + length
    place = record.written["duration",]
    if end.said and not end.get("wrong"):
        ends = _settle(record, end, zone, begins.local.date())
        if ends and ends.at.astimezone(UTC) != at:
            record.refuse(
                place, f"the event ends at {_shown(ends.at, zone)}, and by its duration at {_shown(at, zone)}"
            )
        return
    record.values["end"], record.written["end",] = at, place


def _shown(moment: datetime, zone: ZoneInfo | None) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
