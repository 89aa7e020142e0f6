"""The errors of zoom_ops, each with a message for people and the exit code of a command that ends in it.

The docstring of an error class is its default message. The classes differ in only two things:

- What a run does next. It retries after `TemporaryError` and fails after `PermanentError`. It waits for an operator
  after `ParkedError`, and for something outside our control after `WaitingError`.
- Who has to fix the cause. After `BadInputError` it is the person who typed the input.
"""

from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from itertools import islice

from .messages import Message, as_said

MESSAGE_LIMIT = 256
_LONGEST_NAME, _MOST_COMPARED = 200, 1_000  # comparing names takes long


class ZoomOpsError(Exception):
    """Something went wrong."""

    exit_code = 1

    def __init__(self, message: Message | str | None = None) -> None:
        text = message or (self.__doc__ or "").splitlines()[0]
        self.why = text if isinstance(text, Message) else as_said(shorten(text))
        super().__init__(shorten(str(text)))


class BadInputError(ZoomOpsError):
    """The input cannot be read."""

    exit_code = 2

    field: str | None = None  # such as performers.1.email, with what stands there and what was expected
    found: str | None = None
    expected: str | None = None
    others: tuple["BadInputError", ...] = ()  # more mistakes of the same input
    untold: int = 0  # how many there are beside these

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None) -> None:
        where = ":".join(str(part) for part in (file, line) if part is not None)
        super().__init__(f"{where}: {message}" if where else message)
        self.file, self.line = file, line


class NotFoundError(BadInputError):
    """Nothing has that name."""

    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        name = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
        near = get_close_matches(name, list(islice(known, _MOST_COMPARED)), n=3, cutoff=0.4)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"There is no {kind} {name!r}.{hint}")


class ConfigurationError(ZoomOpsError):
    """A setting is missing or wrong."""


class BesideOthersError(ConfigurationError):
    """Another process works on the database, and the command needs it alone."""

    exit_code = 2


class TemporaryError(ZoomOpsError):
    """It did not work now and may later."""

    def __init__(self, message: Message | str | None = None, *, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class AmbiguousError(TemporaryError):
    """It was sent, and no answer tells whether it took effect."""


class PermanentError(ZoomOpsError):
    """It will not work however often it is tried."""


class WaitingError(ZoomOpsError):
    """The work waits for something that is not ours to do."""

    exit_code = 5

    def __init__(self, message: Message | str | None = None, *, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class SettlingError(WaitingError):
    """Nothing new was tried: what an earlier attempt began is looked up first. What is known of failures stays."""


class ParkedError(ZoomOpsError):
    """An operator has to decide before this goes on."""

    exit_code = 3


class MisconfiguredError(ParkedError):
    """The configuration lacks what the work needs; it goes on by itself once that is there."""

    def __init__(self, message: str, *, missing: str) -> None:
        super().__init__(message)
        self.missing = missing  # such as `profile lecture`, `account main`


class ForbiddenError(ZoomOpsError):
    """You may not do this."""


class UnsafePlanError(ParkedError):
    """The plan was refused as unsafe; an operator may apply it with --force."""


class FencedError(ZoomOpsError):
    """Another process has taken this run over; this one stops."""


def first_line(error: object) -> str:
    """Return the first line of the message of a foreign error, as the next lines may hold an SQL statement or a row."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def refusal_of(error: Exception) -> str:
    """Return why the system or SQLite refused, without the number and the path."""
    return error.strerror if isinstance(error, OSError) and error.strerror else first_line(error)


def shorten(text: str, limit: int = MESSAGE_LIMIT) -> str:
    """Put a text on one line and cut it to `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
