"""The dates of a recurring webinar."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Literal

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule
from dateutil.rrule import weekday as on_weekday

from ..calls import Json, invalid
from ..zones import write_instant, zone

MOST_OCCURRENCES = 50
_LARGEST_INTERVAL = {1: 90, 2: 12, 3: 3}
_FREQUENCY: dict[int, Literal[1, 2, 3]] = {1: DAILY, 2: WEEKLY, 3: MONTHLY}


def occurrences(recurrence: Json, start: datetime, zone_name: str, duration: int) -> list[Json]:
    """Compute the occurrences of a series. They keep their wall time when daylight saving time begins or ends."""
    local = start.astimezone(zone(zone_name)).replace(tzinfo=None)
    last = None
    if recurrence.get("end_date_time"):
        end = datetime.fromisoformat(recurrence["end_date_time"])
        aware = end if end.tzinfo else end.replace(tzinfo=UTC)
        last = aware.astimezone(zone(zone_name)).replace(tzinfo=None) + timedelta(seconds=1)
    rule = rrule(_FREQUENCY[recurrence["type"]], dtstart=local, until=last, **_rule_options(recurrence))
    count = min(int(recurrence.get("end_times") or MOST_OCCURRENCES), MOST_OCCURRENCES)
    dates = [wall.replace(tzinfo=zone(zone_name)).astimezone(UTC) for wall in islice(rule, count)]
    return [
        {
            "occurrence_id": str(int(date.timestamp() * 1000)),
            "start_time": write_instant(date),
            "duration": duration,
            "status": "available",
        }
        for date in dates
    ]


def check_recurrence(recurrence: Json) -> None:
    """Check a recurrence pattern. Raise `Refusal` if Zoom does not accept it."""
    interval = recurrence.get("repeat_interval", 1)
    if not 1 <= interval <= _LARGEST_INTERVAL[recurrence["type"]]:
        raise invalid("recurrence.repeat_interval")
    days = str(recurrence.get("weekly_days", "1"))
    if not all(day.strip() in set("1234567") for day in days.split(",")):
        raise invalid("recurrence.weekly_days")
    if recurrence.get("end_times", 0) < 0:
        raise invalid("recurrence.end_times")
    if not 1 <= recurrence.get("monthly_day", 1) <= 31:
        raise invalid("recurrence.monthly_day")


def _rule_options(recurrence: Json) -> Json:
    options: Json = {"interval": recurrence.get("repeat_interval", 1)}
    if recurrence["type"] == 2 and recurrence.get("weekly_days"):
        options["byweekday"] = [_weekday(int(day)) for day in str(recurrence["weekly_days"]).split(",")]
    if recurrence["type"] == 3 and recurrence.get("monthly_week"):
        day = _weekday(int(recurrence.get("monthly_week_day", 1)))
        options["byweekday"] = [on_weekday(day, recurrence["monthly_week"])]
    elif recurrence["type"] == 3 and recurrence.get("monthly_day"):
        options["bymonthday"] = recurrence["monthly_day"]
    return options


def _weekday(day: int) -> int:
    """Convert Zoom's weekday, where 1 is Sunday, to one where 0 is Monday."""
    return (day + 5) % 7
