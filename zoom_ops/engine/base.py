"""The parts that both engines share."""

from ..store.db.connect import Database
from .delivery import Perform
from .lock import WorkLock
from .port import EngineHooks, EngineWaits
from .schedule import Ticker


class EngineBase:
    """The constructor of both engines. The caller holds the lock before it calls `start`."""

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
        self._ticker: Ticker | None = None
        self._trouble: str | None = None
        self._set_up()

    def _set_up(self) -> None:
        """Make what only this engine needs."""
        raise NotImplementedError
