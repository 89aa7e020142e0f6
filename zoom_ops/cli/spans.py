"""Times on the command line: a duration (`90d`), or a start (`7d`, `2027-01-31`)."""

import re
from datetime import UTC, datetime, timedelta


def read_span(text: str) -> timedelta:
    """Parse a duration such as 90d: m for minutes, h for hours, d for days, w for weeks. Raise BadInputError."""
    from ..alerting.hours import parse_span
    from ..errors import BadInputError

    try:
        return parse_span(text)
    except ValueError as error:
        raise BadInputError(str(error)) from None


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
