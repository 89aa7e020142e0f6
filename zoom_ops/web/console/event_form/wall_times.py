"""Wall times as they are typed → moments. A time that a zone skips or has twice is a choice."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ....events import YEARS
from ....zones import end_of_gap, find_zone_or_city, instants_of
from .fields import Values

_LONGEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Times:
    """The times of a form, as far as they can be read."""

    start: datetime | None = None
    end: datetime | None = None
    timezone: str | None = None
    errors: dict[str, str]
    choices: dict[str, tuple[str, ...]]  # for `start` or `end`: the moments it can mean, in ISO 8601 with offset


def read_times(values: Values) -> Times:
    """Read start, end and zone. Every mistake has a sentence, by the name of its field."""
    errors: dict[str, str] = {}
    choices: dict[str, tuple[str, ...]] = {}
    zone = _read_zone(values.get("timezone", "").strip(), errors)
    start = _read_moment("start", values, values.get("start-date", ""), zone, errors, choices)
    end = _read_end(values, start, zone, errors, choices)
    if start and end and end <= start:
        errors.setdefault(
            "end-time", f"It ends before it starts, at {start:%Y-%m-%d %H:%M}: correct it, or give the day."
        )
    return Times(start=start, end=end, timezone=zone.key if zone else None, errors=errors, choices=choices)


def parse_minutes(text: str) -> timedelta | None:
    """Parse a duration such as 90, 90m, 2h, 1:30 or 1h30m; None for any other text."""
    match = re.fullmatch(
        r"(?:(?P<h>\d{1,4})\s*(?:h[a-z]*|:))?\s*(?:(?P<m>\d{1,6})\s*(?:m[a-z]*\.?)?)?", text.strip().lower(), re.ASCII
    )
    if not match or not match[0]:
        return None
    length = timedelta(hours=int(match["h"] or 0), minutes=int(match["m"] or 0))
    return length if timedelta() < length <= _LONGEST else None


def parse_local(day: str, hour: str) -> datetime | None:
    """Parse a day and a time on the wall as they stand in the form; None if they are none."""
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour.zfill(5)).replace(tzinfo=None))
    except ValueError:
        return None


def _read_zone(name: str, errors: dict[str, str]) -> ZoneInfo | None:
    if not name:
        errors["timezone"] = "Give the time zone, such as Europe/Zurich or America/New_York."
        return None
    try:
        return find_zone_or_city(name)
    except ValueError as error:
        errors["timezone"] = f"T{str(error)[1:]}"
        return None


def _read_end(
    values: Values,
    start: datetime | None,
    zone: ZoneInfo | None,
    errors: dict[str, str],
    choices: dict[str, tuple[str, ...]],
) -> datetime | None:
    typed, duration = values.get("end-time", "").strip(), values.get("duration", "").strip()
    length = parse_minutes(duration) if duration else None
    if duration and length is None:
        errors["duration"] = f"“{duration[:40]}” is no duration: expected one such as 90m, 2h or 1h30m."
    if not typed:
        if not duration:
            errors["end-time"] = "Give the time it ends, or how long it lasts."
        return _after(start, length, zone)
    end = _read_moment("end", values, values.get("end-date", "") or values.get("start-date", ""), zone, errors, choices)
    if start and end and length and end - start != length:
        errors["duration"] = (
            f"It lasts {_write(end - start)} by its end, and {_write(length)} by this: leave one of them empty."
        )
    return end


def _write(length: timedelta) -> str:
    """Write a length as it is typed, such as 1h15m."""
    hours, minutes = divmod(round(length.total_seconds() / 60), 60)
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes or not hours else "")


def _after(start: datetime | None, length: timedelta | None, zone: ZoneInfo | None) -> datetime | None:
    if start is None or length is None or zone is None:
        return None
    return _fixed(start + length, zone)


def _read_moment(
    name: str,
    values: Values,
    day_text: str,
    zone: ZoneInfo | None,
    errors: dict[str, str],
    choices: dict[str, tuple[str, ...]],
) -> datetime | None:
    day, hour = _read_day(name, day_text.strip(), errors), _read_time(name, values, errors)
    if day is None or hour is None or zone is None:
        return None
    local = datetime.combine(day, hour)
    instants = instants_of(local, zone)
    if len(instants) == 1:
        return _fixed(instants[0], zone)
    meant, sentence = _explain(local, zone, instants)
    choices[name] = tuple(moment.isoformat(timespec="seconds") for moment in meant)
    chosen = values.get(f"{name}-meant", "")
    if chosen in choices[name]:
        return datetime.fromisoformat(chosen)
    errors[f"{name}-meant"] = sentence
    return None


def _explain(local: datetime, zone: ZoneInfo, instants: tuple[datetime, ...]) -> tuple[list[datetime], str]:
    """Return the moments that a skipped or repeated time can mean, and what is to be decided."""
    if instants:
        return (
            [_fixed(instant, zone) for instant in instants],
            f"{local:%H:%M} comes twice on {local:%Y-%m-%d} in {zone.key}, as clocks go back then. Choose which.",
        )
    following = _fixed(end_of_gap(local, zone), zone)
    counted = {_fixed(local.replace(tzinfo=zone, fold=fold), zone) for fold in (0, 1)} | {following}
    return (
        sorted(counted),
        f"{local:%H:%M} does not exist on {local:%Y-%m-%d} in {zone.key}: clocks go forward then, to "
        f"{following:%H:%M}. Choose what is meant.",
    )


def _fixed(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment in a zone with a fixed offset, which can be compared whatever the clocks do."""
    local = moment.astimezone(ZoneInfo("UTC")).astimezone(zone)
    return datetime.fromisoformat(local.isoformat(timespec="seconds"))


def _read_day(name: str, text: str, errors: dict[str, str]) -> date | None:
    if not text:
        errors[f"{name}-date"] = "Give the day, such as 2027-04-03."
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors[f"{name}-date"] = f"“{text[:40]}” is no day: expected one such as 2027-04-03."
        return None
    if not YEARS[0] <= day.year <= YEARS[1]:
        errors[f"{name}-date"] = f"Expected a year from {YEARS[0]} to {YEARS[1]}, not {day.year}."
        return None
    return day


def _read_time(name: str, values: Values, errors: dict[str, str]) -> time | None:
    text = values.get(f"{name}-time", "").strip()
    if not text:
        errors[f"{name}-time"] = "Give the time, such as 14:30."
        return None
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?", text, re.ASCII):
        errors[f"{name}-time"] = f"“{text[:40]}” is no time: expected one such as 14:30."
        return None
    return time.fromisoformat(text.zfill(5) if text.count(":") == 1 else text.zfill(8))
