"""Whether this process reaches Zoom: one that does not, while others do, steps aside and leaves the work to them.

Without it a worker whose network is gone fails whatever it takes, may by chance take the same event again and again,
and brings the account's circuit breaker to stop everybody.
"""

import threading
from contextlib import suppress
from datetime import datetime

import structlog

from ..clock import Clock
from ..errors import ZoomOpsError
from ..store.db.connect import Database
from ..store.zoom_calls import was_answered
from .accounts import Call
from .circuit_breaker import LONGEST_PAUSE_S

log = structlog.get_logger()
LOST = 3  # calls in a row that Zoom did not answer: not one hiccup


class NetworkHealth:
    """What became of the latest calls of this process, whichever account they were for.

    The first time it steps aside for `pause_s`, and for twice as long each time that it finds Zoom still out of reach;
    who works `alone` never does.
    """

    def __init__(self, database: Database, clock: Clock, pause_s: float, *, alone: bool) -> None:
        self._database, self._clock, self._pause_s, self._alone = database, clock, pause_s, alone
        self._noting = threading.Lock()
        self._lost, self._pauses, self._until = 0, 0, 0.0
        self._answered_at: datetime | None = None
        self._lost_since: datetime | None = None  # since then no call of ours was answered

    @property
    def is_lost(self) -> bool:
        """Whether it has stepped aside and no call has been answered since."""
        return self._pauses > 0

    def steps_aside(self) -> bool:
        """Tell whether this process had better take no work at the moment."""
        return self._clock.elapsed() < self._until

    def goes_last(self) -> bool:
        """Tell whether others had better be first to take what comes: its latest call was lost, and it may be alone.

        Where there is little to do nobody else need have been answered meanwhile, and it would never step aside.
        """
        return self._lost > 0 and not self._alone

    def note(self, call: Call) -> None:
        """Learn from a call that was made and written down."""
        with self._noting:
            if _is_answered(call):
                self._lost, self._pauses, self._until = 0, 0, 0.0
                self._answered_at, self._lost_since = self._clock.now(), None
                return
            self._lost += 1
            self._lost_since = self._lost_since or max(call.at, self._answered_at or call.at)
            if self._alone or self._lost < LOST or self.steps_aside():
                return
            if self._others_are_answered(call.account, self._lost_since):
                self._step_aside()

    def _others_are_answered(self, account: str, since: datetime) -> bool:
        with suppress(ZoomOpsError), self._database.read() as connection:
            return was_answered(connection, account, since=since)
        return False

    def _step_aside(self) -> None:
        """Leave the work to others; the next time that needs new evidence, for by then they may be as badly off."""
        pause_s = min(LONGEST_PAUSE_S, self._pause_s * 2 ** min(self._pauses, 20))
        self._pauses, self._until = self._pauses + 1, self._clock.elapsed() + pause_s
        self._lost, self._lost_since = LOST - 1, None
        log.warning("zoom_out_of_reach", seconds=pause_s)


def _is_answered(call: Call) -> bool:
    return call.status is not None and call.status < 500 and not call.strange
