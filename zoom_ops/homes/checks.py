"""What the checks of all kinds of homes share."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal, TypeVar

from ..clock import Clock
from ..errors import NotFoundError, ZoomOpsError
from .answers import Answer
from .errors import MissingRightError, UnauthorizedError
from .port import Finding
from .values import as_line

_LONGEST = 400  # characters of a sentence
_MOST_APART = timedelta(minutes=1)
What = Literal["address", "credentials", "reading", "writing", "members", "clock", "version", "options"]
Result = TypeVar("Result")


def ok(what: What, sentence: str) -> Finding:
    """Say that something works."""
    return _finding(what, "ok", sentence)


def warning(what: What, sentence: str) -> Finding:
    """Say that something works, and what to know of it."""
    return _finding(what, "warning", sentence)


def missing(what: What, sentence: str) -> Finding:
    """Say that something does not work, and how to grant it."""
    return _finding(what, "missing", sentence)


def try_it(what: What, act: Callable[[], Result], sentence: str) -> tuple[Result | None, Finding]:
    """Try something; return its result, or None, and what was found. `sentence` says that it works."""
    try:
        result = act()
    except UnauthorizedError as error:
        how = "make a new token or password there, and put it in the file that the home's file names"
        return None, missing("credentials", f"{said(error)}: {how}.")
    except MissingRightError as error:
        how = "give our account there the right to do it; docs/homes says which"
        return None, missing(what, f"{said(error)}: {how}.")
    except NotFoundError:
        how = "Nothing is at this address: check the url and the paths in the file of the home."
        return None, missing("address", how)
    except ZoomOpsError as error:
        return None, missing(what, said(error))
    return result, ok(what, sentence)


def answers(what: str, answer: Answer, version: Finding, clock: Clock) -> Iterator[Finding]:
    """Yield what the first answer of a system tells: that it is there, its version and its clock."""
    yield ok("address", f"{what} answers.")
    yield version
    yield check_clock(answer, clock)


def check_clock(answer: Answer, clock: Clock) -> Finding:
    """Return whether the clock of a home agrees with ours, as far as its answer tells the time."""
    theirs = date_of(answer)
    if theirs is None:
        return warning("clock", "The answers there do not tell what time it is.")
    apart = abs(theirs - clock.now())
    if apart > _MOST_APART:
        seconds = apart // timedelta(seconds=1)
        return warning("clock", f"The clock there and ours are {seconds:,} seconds apart: set the wrong one.")
    return ok("clock", "The clock there agrees with ours.")


def date_of(answer: Answer) -> datetime | None:
    """Return the time at which a server answered, by its header Date; None where it does not say."""
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def said(error: Exception) -> str:
    """Return the message of an error for the middle of a sentence."""
    return str(error).rstrip(".")


def _finding(what: What, state: Literal["ok", "warning", "missing"], sentence: str) -> Finding:
    """Build a finding. What a home says in it may be long, or hold what a terminal would obey."""
    line = as_line(sentence, _LONGEST)
    return Finding(what=what, state=state, sentence=line if line.endswith((".", "…")) else f"{line}.")
