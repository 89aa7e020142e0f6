"""Times on the command line: a duration (`90d`), or a start (`7d`, `2027-01-31`)."""

from datetime import datetime, timedelta


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
    from ..alerting.hours import parse_since
    from ..errors import BadInputError

    try:
        return parse_since(text, now)
    except ValueError as error:
        raise BadInputError(str(error)) from None
