"""An executor: how one action is carried out."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ....engine.effects import Look
from ....errors import AmbiguousError, ZoomOpsError


@dataclass(frozen=True, kw_only=True)
class Executor:
    """How an action is done outside, what its answer means, and how to see later whether it was done.

    `slot` takes what sending needs before the intent is written, so that waiting for it does not age the intent; it is
    told whether an operator insists.
    """

    send: Callable[[], Any]
    record: Callable[[Connection, Any], None]
    look: Callable[[datetime], Look]  # is given when the intent began
    slot: Callable[[bool], AbstractContextManager[None]] = field(default=lambda _operator: nullcontext())
    listed: bool = False  # whether `look` goes through a list, which may lag


@contextmanager
def done_already() -> Iterator[None]:
    """Around what follows a successful write: an error here does not mean that the write failed."""
    try:
        yield
    except ZoomOpsError as error:
        raise AmbiguousError(f"It was done, but could not be read back: {error}") from error
