"""Classification of transport errors, with half a sentence for each."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests
import urllib3

from .deadline import Deadline
from .head import TooLongError

NO_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    urllib3.exceptions.LocationValueError,
)
_TIMED_OUT = (requests.Timeout, urllib3.exceptions.TimeoutError)
_BROKEN = (requests.ConnectionError, urllib3.exceptions.ProtocolError)
_RUBBISH = (ValueError, LookupError)  # errors that the libraries raise for an answer that is not HTTP
LOST = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, *_RUBBISH)
_DAY_S = 24 * 60 * 60


def is_break(error: BaseException | None) -> bool:
    """Return whether the connection broke; a time-out is no break."""
    return isinstance(error, _BROKEN) and not isinstance(error, _TIMED_OUT)


def reason_of(error: Exception, deadline: Deadline, read_s: float) -> str:
    """Return half a sentence on why no answer came. It names no URL, because a URL may hold personal data."""
    if deadline.expired:
        return f"no whole answer came within {deadline.seconds:g} s"
    if isinstance(error, _TIMED_OUT) and deadline.sent:
        return f"nothing came for {read_s:g} s"
    if isinstance(error, _RUBBISH) and not isinstance(error, OSError):
        return "its answer cannot be read"
    if isinstance(error, TooLongError):
        return "its answer is longer than is read"
    root = ""  # the system's message at the root of the error: " (connection refused)"
    cause: BaseException | None = error
    walked: list[BaseException] = []
    while cause is not None and cause not in walked:  # the context of an error within an error may lead back to it
        walked.append(cause)
        if isinstance(cause, OSError) and cause.strerror:
            root = f" ({cause.strerror.lower()})"
        cause = cause.__cause__ or cause.__context__
    return ("the connection broke" if deadline.sent else "there is no connection") + root


def retry_after(header: str, now: datetime) -> datetime | None:
    """Parse Retry-After: seconds or an HTTP date, at most a day ahead. None if it is in the past or unreadable."""
    seconds = header.strip()
    if seconds.isascii() and seconds.isdecimal():
        return within_a_day(now + timedelta(seconds=min(int(seconds[:20]), _DAY_S)), now)
    try:
        return within_a_day(parsedate_to_datetime(header).astimezone(UTC), now)
    except (ValueError, OverflowError):
        return None


def within_a_day(moment: datetime, now: datetime) -> datetime | None:
    """Limit a moment to a day from now; None if it is in the past."""
    return min(moment, now + timedelta(seconds=_DAY_S)) if moment > now else None
