"""The thread that reports what this process refuses: to the log at once, to the database in batches."""

import threading
from collections.abc import Callable

import structlog

from ...clock import Clock
from ...errors import ZoomOpsError
from ...store.db.connect import Database
from ...store.refusals import add_refusals
from .counting import Counts, Refusals, condense
from .lines import RefusalLines

log = structlog.get_logger()
_ROUND_S = 1.0  # an attack causes one round a second, and none is made while nothing is refused
_STORED_EVERY_S = 10.0
_NAMED = 5  # networks of each kind that are stored by name, of those in one batch


class RefusalReporter:
    """Reports refusals from a thread of its own, so that whoever refuses waits for neither log nor database.

    While the database takes nothing, the counts are kept for later.
    """

    def __init__(self, refusals: Refusals, clock: Clock, database: Database) -> None:
        self._refusals, self._clock, self._database = refusals, clock, database
        self._lines, self._unstored = RefusalLines(clock), Counts()
        self._stored_at: float | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="refusals", daemon=True)

    def start(self) -> None:
        """Begin to report."""
        self._thread.start()

    def stop(self) -> None:
        """Report what is left, and stop."""
        self._stopping.set()
        self._refusals.wake()
        self._thread.join(timeout=1)

    def report(self) -> None:
        """Log what is due, and store what was refused in the last ten seconds."""
        counts = self._refusals.take()
        self._lines.write(counts)
        self._unstored = condense(self._unstored + counts, _NAMED)
        now = self._clock.elapsed()
        if self._unstored and (self._stored_at is None or now - self._stored_at >= _STORED_EVERY_S):
            self._stored_at = now
            self._store()

    def end(self) -> None:
        """Log and store all that is left."""
        self._stored_at = None
        self.report()
        self._lines.end()

    def _run(self) -> None:
        while not self._stopping.is_set():
            waits = self._unstored or self._lines.holds_back
            self._refusals.wait(_ROUND_S if waits else None)
            self._attempt(self.report)
            self._stopping.wait(_ROUND_S)
        self._attempt(self.end)

    def _attempt(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception:
            log.exception("refusals_not_reported")

    def _store(self) -> None:
        try:
            with self._database.begin(durable=False) as connection:
                add_refusals(connection, self._unstored, self._database.now(connection))
        except ZoomOpsError as error:  # tried again in ten seconds
            log.info("refusals_not_stored", reason=str(error))
        else:
            self._unstored = Counts()
