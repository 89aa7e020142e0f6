"""What the checks of all kinds of homes share."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal, TypeVar

from ..errors import NotFoundError, ZoomOpsError
from .errors import MissingRightError, UnauthorizedError
from .http import Answer
from .port import Finding

_MOST_APART = timedelta(minutes=2)
What = Literal["address", "credentials", "reading", "writing", "members", "clock", "version", "options"]
Result = TypeVar("Result")


def try_it(what: What, act: Callable[[], Result], sentence: str) -> tuple[Result | None, Finding]:
    """Try something; return its result, or None, and what was found. `sentence` says that it works."""
    try:
        result = act()
    except UnauthorizedError as error:
        how = "make a new token or password there, and put it in the file that the home's file names"
        return None, Finding(what="credentials", state="missing", sentence=f"{_bare(error)}: {how}.")
    except MissingRightError as error:
        how = "give our account there the right to do it; docs/homes says which"
        return None, Finding(what=what, state="missing", sentence=f"{_bare(error)}: {how}.")
    except NotFoundError:
        how = "Nothing is at this address: check the url and the paths in the file of the home."
        return None, Finding(what="address", state="missing", sentence=how)
    except ZoomOpsError as error:
        return None, Finding(what=what, state="missing", sentence=f"{_bare(error)}.")
    return result, Finding(what=what, state="ok", sentence=sentence)


def check_clock(answer: Answer, now: datetime) -> Iterator[Finding]:
    """Yield whether the clock of a home agrees with ours, where its answer tells the time."""
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return
    apart = abs(theirs - now)
    if apart > _MOST_APART:
        sentence = f"The clock there and ours are {apart // timedelta(minutes=1)} minutes apart: set the wrong one."
        yield Finding(what="clock", state="warning", sentence=sentence)
    else:
        yield Finding(what="clock", state="ok", sentence="The clock there agrees with ours.")


def _bare(error: Exception) -> str:
    return str(error).rstrip(".")
