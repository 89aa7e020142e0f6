"""The port of an engine: what the rest of the program knows of it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from .runs import Request, SubjectKind
from .timetable import Schedule


@dataclass(frozen=True, kw_only=True)
class EngineWaits:
    """Waits of an engine, in seconds."""

    poll_s: float = 0.5  # between two looks at the run table
    heartbeat_s: float = 5.0
    waiting_s: float = 900.0  # after which a waiting run looks again
    stop_s: float = 8.0  # for the runs under way at a stop


@dataclass(frozen=True, kw_only=True)
class EngineHooks:
    """Callbacks that steer an engine.

    - While `gives_way` returns true, the embedded engine performs one run at a time: something else is urgent.
    - The engine submits the requests of `asks_for` at each look at the run table.
    - Runs for subjects of a kind in `apart` do not use the threads of the others, so they delay no other run.
    - The engine calls `on_finished` after each attempt.
    - While `steps_aside` returns true, a cluster worker takes no run. While `goes_last` returns true, it takes only
      runs that no other worker takes. The embedded engine ignores both: it works alone.
    """

    gives_way: Callable[[], bool] = lambda: False
    asks_for: Callable[[Connection, datetime], Sequence[Request]] = lambda _connection, _now: ()
    apart: Collection[SubjectKind] = ()
    on_finished: Callable[[], None] = lambda: None
    steps_aside: Callable[[], bool] = lambda: False
    goes_last: Callable[[], bool] = lambda: False


class Engine(Protocol):
    """Performs due runs and takes the turns of the schedules.

    Must: never perform two runs of one subject at once; perform each due run at least once.
    """

    @property
    def trouble(self) -> str | None:
        """Why no work is done at the moment, as a sentence; None while all is well."""
        ...

    def start(self, schedules: Iterable[Schedule] = (), *, performs: bool = True) -> None:
        """Start the ticks of these schedules and, if it `performs`, perform due runs."""
        ...

    def wake(self) -> None:
        """Look at the run table now, not at the next poll."""
        ...

    def take_no_more(self) -> None:
        """Stop claiming runs. Idempotent."""
        ...

    def stop(self) -> bool:
        """Stop claiming runs and wait up to `stop_s` for those under way. False if some are left for later."""
        ...
