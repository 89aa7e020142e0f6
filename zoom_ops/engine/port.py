"""The engine as a port, with what both kinds of it share, and the choice of the kind."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, get_args

from sqlalchemy import Connection

from ..errors import ConfigurationError, ZoomOpsError
from ..store.db.connect import Database
from .attempts import AttemptHooks, Perform
from .heartbeat import end_heartbeat
from .lock import WorkLock
from .runs import Request, SubjectKind
from .timetable import Schedule

if TYPE_CHECKING:
    from .schedule import Ticker

EngineKind = Literal["embedded", "cluster"]


def choose_engine(setting: Literal["auto", "embedded", "cluster"], *, fit: bool) -> EngineKind:
    """Return which engine runs. `auto` means a cluster if the settings are `fit` for one and Procrastinate is there."""
    if setting == "auto":
        return "cluster" if fit and find_spec("procrastinate") else "embedded"
    return setting


def check_engine(kind: EngineKind, *, is_sqlite: bool) -> None:
    """Raise ConfigurationError if a cluster is configured and cannot run."""
    if kind == "embedded":
        return
    if is_sqlite:
        raise ConfigurationError(
            "ENGINE=cluster needs PostgreSQL, and DATABASE_URL names SQLite: one file, one process."
        )
    if not find_spec("procrastinate"):
        raise ConfigurationError("ENGINE=cluster needs the extra `cluster`: pip install 'zoom_ops[cluster]'.")


@dataclass(frozen=True, kw_only=True)
class EngineWaits:
    """Waits of an engine, in seconds."""

    poll_s: float = 0.5  # between two looks at the run table
    heartbeat_s: float = 5.0
    waiting_s: float = 900.0  # after which a waiting run looks again
    stop_s: float = 8.0  # for the runs under way at a stop

    @property
    def rest_s(self) -> float:
        """Between two looks in a cluster while nothing is due, at most: what becomes due meanwhile is told."""
        return 10 * self.poll_s


@dataclass(frozen=True, kw_only=True)
class EngineHooks(AttemptHooks):
    """Callbacks that steer an engine, beside those of its attempts.

    - While `pause_s` is above 0, something else is urgent: the embedded engine performs one run at a time, and pauses
      for so many seconds between two.
    - The engine submits the requests of `asks_for` at each look at the run table.
    - Runs for subjects of a kind in `apart` do not use the threads of the others, so they delay no other run.
    - In an embedded engine, the runs of one account leave so many threads to others as `spared` returns. A Zoom that
      answers slowly then holds up its own account only.
    - The engine calls `on_finished` after each attempt.
    - While `steps_aside` returns true, a cluster worker takes no run. While `goes_last` returns true, it takes only
      runs that no other worker takes. The embedded engine ignores both: it works alone.
    """

    pause_s: Callable[[], float] = lambda: 0.0
    asks_for: Callable[[Connection, datetime], Sequence[Request]] = lambda _connection, _now: ()
    apart: Collection[SubjectKind] = ()
    spared: Callable[[], int] = lambda: 0
    on_finished: Callable[[], None] = lambda: None
    steps_aside: Callable[[], bool] = lambda: False
    goes_last: Callable[[], bool] = lambda: False


class Engine(ABC):
    """Performs due runs and takes the turns of the schedules.

    Must: never perform two runs of one subject at once; perform each due run at least once.
    """

    def __init__(
        self,
        database: Database,
        lock: WorkLock,
        perform: Perform,
        waits: EngineWaits,
        *,
        threads: int = 8,
        hooks: EngineHooks | None = None,
    ) -> None:
        self._database, self._lock, self._perform, self._waits = database, lock, perform, waits
        self._threads, self._hooks = threads, hooks or EngineHooks()
        self._shared = tuple(kind for kind in get_args(SubjectKind) if kind not in self._hooks.apart)
        self._ticker: Ticker | None = None
        self._trouble: str | None = None
        self._set_up()

    @abstractmethod
    def _set_up(self) -> None:
        """Make what only this engine needs."""

    @property
    def trouble(self) -> str | None:
        """Why no work is done at the moment, as a sentence; None while all is well."""
        return self._trouble

    @abstractmethod
    def start(self, schedules: Iterable[Schedule] = (), *, performs: bool = True) -> None:
        """Start the ticks of these schedules and, if it `performs`, perform due runs. The caller holds the lock."""

    def reschedule(self, schedules: Iterable[Schedule]) -> None:
        """Take these schedules in place of the old ones, at the next heartbeat."""
        if self._ticker:
            self._ticker.replace(schedules)

    @abstractmethod
    def wake(self) -> None:
        """Look at the run table now, not at the next poll."""

    @abstractmethod
    def take_no_more(self) -> None:
        """Stop claiming runs. Idempotent."""

    @abstractmethod
    def stop(self) -> bool:
        """Stop claiming runs and wait up to `stop_s` for those under way. False if some are left for later."""

    def _is_last(self, _connection: Connection) -> bool:
        """Return whether no other process performs runs."""
        return True

    def _say_good_bye(self) -> None:
        """Note that no process performs runs any more, unless another one does; a database in trouble is left alone."""
        if self.trouble:
            return
        with suppress(ZoomOpsError), self._database.begin() as connection:
            if self._is_last(connection):
                end_heartbeat(connection, self._database.now(connection))
