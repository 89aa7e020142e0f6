"""When the turns of a job come, in words."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ...engine.cron import Cron, simulate
from ...engine.timetable import When

_ORDINALS = {"1th": "1st", "2th": "2nd", "3th": "3rd"}  # of 21 to 53; cronsim says 21th


def write_when(when: When) -> str:
    """Render when turns come, such as "every 5 minutes" or "at 06:00 on Monday through Friday, Europe/Paris"."""
    if not isinstance(when, Cron):
        return f"every {_write_interval(when)}"
    words = re.sub(r"(?<=[2-5])[123]th", lambda found: _ORDINALS[found[0]], simulate(when.line).explain())
    return f"{words[:1].lower()}{words[1:]}, {when.zone}"


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
