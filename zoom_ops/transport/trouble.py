"""What can befall a request on its way, and what is said of it."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import urllib3

from .deadline import Deadline

NO_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    urllib3.exceptions.LocationValueError,
)
_TIMED_OUT = (requests.Timeout, urllib3.exceptions.TimeoutError)
_BROKEN = (requests.ConnectionError, urllib3.exceptions.ProtocolError)
_RUBBISH = (ValueError, LookupError)  # what the libraries let through of an answer that is not HTTP
LOST = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, *_RUBBISH)
_DAY_S = 24 * 60 * 60


def is_break(error: BaseException | None) -> bool:
    """Tell whether a connection broke, rather than nothing coming over it."""
    return isinstance(error, _BROKEN) and not isinstance(error, _TIMED_OUT)


def reason_of(error: Exception, deadline: Deadline, read_s: float) -> str:
    """Say why no answer came: half a sentence, which names no address, for that may hold people."""
    if deadline.expired:
        return f"no whole answer came within {deadline.seconds:g} s"
    if isinstance(error, _TIMED_OUT) and deadline.sent:
        return f"nothing came for {read_s:g} s"
    if isinstance(error, _RUBBISH) and not isinstance(error, OSError):
        return "its answer cannot be read"
    return ("the connection broke" if deadline.sent else "there is no connection") + _root_of(error)


def retry_after(told: str, now: datetime) -> datetime | None:
    """Read Retry-After: seconds, or an HTTP date; one in the past does not count, and a day is the most."""
    seconds = told.strip()
    if seconds.isascii() and seconds.isdecimal():
        return within_a_day(now + timedelta(seconds=min(int(seconds[:20]), _DAY_S)), now)
    try:
        return within_a_day(parsedate_to_datetime(told).astimezone(UTC), now)
    except (ValueError, OverflowError):
        return None


def within_a_day(moment: datetime, now: datetime) -> datetime | None:
    """Cut a moment that lies ahead to a day from now; None for one that is over."""
    return min(moment, now + timedelta(seconds=_DAY_S)) if moment > now else None


def _root_of(error: BaseException) -> str:
    """Tell what the system said, if it did: "connection refused"."""
    found: Any = None
    step: BaseException | None = error
    while step is not None:
        found = step.strerror if isinstance(step, OSError) and step.strerror else found
        step = step.__cause__ or step.__context__
    return f" ({found.lower()})" if found else ""
