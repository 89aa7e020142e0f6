"""Times on the command line: a duration (`90d`), or a start (`7d`, `2027-01-31`)."""

import re
from datetime import UTC, datetime, timedelta

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def read_span(text: str) -> timedelta:
    """Parse a duration such as 90d: m for minutes, h for hours, d for days, w for weeks. Raise BadInputError."""
    from ..errors import BadInputError

    match = re.fullmatch(r"([1-9][0-9]{0,4})([mhdw])", text.strip())
    if not match:
        raise BadInputError(f"{text!r} is no span of time: a number and d, h, m or w, such as 90d.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def read_since(text: str, now: datetime) -> datetime:
    """Parse a start: a duration before now, or an ISO date or instant, in UTC by default. Raise BadInputError."""
    from ..errors import BadInputError

    if re.fullmatch(r"[0-9]+[mhdw]", text.strip()):
        return now - read_span(text)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInputError(f"{text!r} is no time: a span such as 7d, or a date such as 2027-01-31.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
