"""What the rest of the program knows of an engine, whichever runs."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from .runs import Request, SubjectKind
from .schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class EngineWaits:
    """Seconds: how often the run table is read, the heartbeat, the rest of a waiting run, the longest stop."""

    poll_s: float = 0.5
    heartbeat_s: float = 5.0
    waiting_s: float = 900.0
    stop_s: float = 8.0


@dataclass(frozen=True, kw_only=True)
class EngineHooks:
    """What the rest of the process wants of the engine.

    While `gives_way` says so it performs one run at a time: something else is in a hurry. What `asks_for` lists is
    asked for at each look. A subject of a kind in `apart` has a thread of its own, and keeps nobody waiting.
    `on_finished` is called after each attempt. While it `steps_aside` it takes nothing, and while it `goes_last` only
    what nobody else takes, for others can do it as well; who works alone does not ask.
    """

    gives_way: Callable[[], bool] = lambda: False
    asks_for: Callable[[Connection, datetime], Sequence[Request]] = lambda _connection, _now: ()
    apart: Collection[SubjectKind] = ()
    on_finished: Callable[[], None] = lambda: None
    steps_aside: Callable[[], bool] = lambda: False
    goes_last: Callable[[], bool] = lambda: False


class Engine(Protocol):
    """Performs due runs, never two of one subject at once, and takes the turns of the schedules."""

    @property
    def trouble(self) -> str | None:
        """Why no work is done at the moment, in a sentence; None while all is well."""
        ...

    def start(self, schedules: Iterable[Schedule] = (), *, performs: bool = True) -> None:
        """Begin: take the turns of these schedules and, if it `performs`, perform what is due."""
        ...

    def wake(self) -> None:
        """Look at the run table now rather than at the next poll."""
        ...

    def take_no_more(self) -> None:
        """Begin no more runs."""
        ...

    def stop(self) -> bool:
        """Take no more runs and wait for those under way; False where some had to be left to another or later."""
        ...
