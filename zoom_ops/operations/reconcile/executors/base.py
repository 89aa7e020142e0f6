"""The executor of an action."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ....engine.effects import Absent, Found, Look
from ....errors import AmbiguousError, ZoomOpsError
from ....zoom import ConvertedError, Gateway, WebinarGoneError


@dataclass(frozen=True, kw_only=True)
class Executor:
    """How one action is carried out.

    Must: `send` changes at most what the action says, and raises AmbiguousError if no answer tells whether it did;
    `look` changes nothing. `record` writes what the answer means, in the transaction that closes the intent. `look`
    gets the time of the intent. `slot` reserves what sending needs before the intent is written, so that the intent
    does not age; its argument is whether an operator forces the action. `listed`: `look` reads a list that may lag.
    `local`: `send` does nothing and `record` makes the change, in our own database.
    """

    send: Callable[[], Any]
    record: Callable[[Connection, Any], None]
    look: Callable[[datetime], Look]
    slot: Callable[[bool], AbstractContextManager[None]] = field(default=lambda _operator: nullcontext())
    listed: bool = False
    local: bool = False


def look_for_deletion(gateway: Gateway, webinar_id: int, record: Callable[[Connection], None]) -> Look:
    """Look whether a webinar is deleted. One that is a meeting now is not: the next attempt gets the same answer."""
    try:
        gateway.get_webinar(webinar_id)
    except ConvertedError:
        return Absent()
    except WebinarGoneError:
        return Found(record=record)
    return Absent()


@contextmanager
def done_already() -> Iterator[None]:
    """Turn an error after a successful write into AmbiguousError: the write did not fail."""
    try:
        yield
    except ZoomOpsError as error:
        raise AmbiguousError(f"It was done, but could not be read back: {error}") from error
