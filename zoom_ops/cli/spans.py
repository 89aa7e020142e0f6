"""Times on the command line: how long (`90d`), and since when (`7d`, `2027-01-31`)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def read_span(text: str) -> timedelta:
    """Read how long something lasts, as in 90d; also h for hours, m for minutes, w for weeks."""
    from ..errors import BadInputError

    found = re.fullmatch(r"([1-9][0-9]{0,4})([mhdw])", text.strip())
    if not found:
        raise BadInputError(f"{text!r} is no span of time: a number and d, h, m or w, such as 90d.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def read_since(text: str, now: datetime) -> datetime:
    """Read since when: a span before now, or a date or an instant, in UTC where it does not say."""
    from ..errors import BadInputError

    if re.fullmatch(r"[0-9]+[mhdw]", text.strip()):
        return now - read_span(text)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInputError(f"{text!r} is no time: a span such as 7d, or a date such as 2027-01-31.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
