"""When the turns of a job come, in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ...engine.cron import Cron
from ...engine.timetable import When

_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_TIMES = 6  # that are named one by one


def write_when(when: When) -> str:
    """Render when turns come, such as "every 5 minutes" or "at 06:00 on Mon-Fri, Europe/Paris"."""
    if not isinstance(when, Cron):
        return f"every {_write_interval(when)}"
    parts = (_write_times(when), _write_days(when), _write_months(when))
    return f"{' '.join(part for part in parts if part)}, {when.zone}"


def when_json(when: When) -> dict[str, Any]:
    """Build the JSON of when turns come: an interval in seconds, or a cron line in a zone."""
    if isinstance(when, Cron):
        return {"every_s": None, "at": when.line, "zone": when.zone}
    return {"every_s": when.total_seconds(), "at": None, "zone": None}


def local_turn(when: When, turn: datetime) -> datetime | None:
    """Return a turn in the time zone of its cron line; None for an interval, and for UTC."""
    return turn.astimezone(ZoneInfo(when.zone)) if isinstance(when, Cron) and when.zone != "UTC" else None


def _write_interval(every: timedelta) -> str:
    days, rest = divmod(every, timedelta(days=1))
    if not rest:
        return "day" if days == 1 else f"{days} days"
    seconds = int(every.total_seconds())
    if seconds == 60:
        return "minute"
    return f"{seconds // 60} minutes" if seconds % 60 == 0 else f"{seconds} seconds"


def _write_times(cron: Cron) -> str:
    minutes, hours = cron.minutes, cron.hours
    if len(hours) * len(minutes) <= _MOST_TIMES:
        return f"at {_join([f'{hour:02}:{minute:02}' for hour in hours for minute in minutes])}"
    if len(hours) == 24 and minutes == tuple(range(0, 60, 60 // len(minutes))):
        return "every minute" if len(minutes) == 60 else f"every {60 // len(minutes)} minutes"
    at = f"at {'minute' if len(minutes) == 1 else 'minutes'} {_join(_spans(minutes))}"
    return f"{at} of {'every hour' if len(hours) == 24 else f'the hours {_join(_spans(hours))}'}"


def _write_days(cron: Cron) -> str:
    weekdays = tuple(sorted(weekday or 7 for weekday in cron.weekdays))
    days = f"on {'day' if len(cron.days) == 1 else 'days'} {_join(_spans(cron.days))}" if len(cron.days) < 31 else ""
    named = f"on {_join(_spans(weekdays, _WEEKDAYS))}" if len(weekdays) < 7 else ""
    return (" or " if cron.either_day else " if ").join(part for part in (days, named) if part)


def _write_months(cron: Cron) -> str:
    return f"in {_join(_spans(cron.months, _MONTHS))}" if len(cron.months) < 12 else ""


def _spans(values: Sequence[int], names: Sequence[str] = ()) -> list[str]:
    """List values as spans of three or more, and alone."""
    spans: list[list[int]] = []
    for value in values:
        if spans and value == spans[-1][-1] + 1:
            spans[-1].append(value)
        else:
            spans.append([value])
    written = [[names[value] if names else str(value) for value in span] for span in spans]
    return [part for span in written for part in ([f"{span[0]}-{span[-1]}"] if len(span) > 2 else span)]


def _join(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
