"""Network health: a process that does not reach Zoom, while others do, steps aside and leaves the work to them.

Otherwise a worker without network fails each run that it takes, may take the same event again and again, and makes the
account's circuit breaker stop all processes.
"""

import threading
from contextlib import suppress
from datetime import datetime

import structlog

from ..clock import Clock
from ..errors import ZoomOpsError
from ..store.db.connect import Database
from ..store.zoom_calls import was_answered
from .circuit_breaker import LONGEST_PAUSE_S
from .session import Call

log = structlog.get_logger()
LOST = 3  # calls in a row without an answer of Zoom; fewer may be one hiccup


class NetworkHealth:
    """The results of the latest calls of this process, for all accounts.

    The process first steps aside for `pause_s` seconds, and for twice as long each time that Zoom is still out of
    reach, up to 900 s. A process that works `alone` never steps aside.
    """

    def __init__(self, database: Database, clock: Clock, pause_s: float, *, alone: bool) -> None:
        self._database, self._clock, self._pause_s, self._alone = database, clock, pause_s, alone
        self._noting = threading.Lock()
        self._lost, self._pauses, self._until = 0, 0, 0.0
        self._answered_at: datetime | None = None
        self._lost_since: datetime | None = None  # no call of ours was answered since then

    @property
    def is_lost(self) -> bool:
        """Whether this process has stepped aside and no call was answered since."""
        return self._pauses > 0

    def steps_aside(self) -> bool:
        """Return whether this process should take no work at the moment."""
        return self._clock.elapsed() < self._until

    def goes_last(self) -> bool:
        """Return whether other processes should be first to take work: the latest call of this one was lost.

        This also helps where there is little work: then no other process may have had an answer lately, so this one
        has no evidence for stepping aside.
        """
        return self._lost > 0 and not self._alone

    def note(self, call: Call) -> None:
        """Note a call that was sent and recorded."""
        with self._noting:
            if call.status is not None and call.status < 500 and not call.strange:
                self._lost, self._pauses, self._until = 0, 0, 0.0
                self._answered_at, self._lost_since = self._clock.now(), None
                return
            self._lost += 1
            self._lost_since = self._lost_since or max(call.at, self._answered_at or call.at)
            if self._alone or self._lost < LOST or self.steps_aside():
                return
            others_are_answered = False
            with suppress(ZoomOpsError), self._database.read() as connection:
                others_are_answered = was_answered(connection, call.account, since=self._lost_since)
            if others_are_answered:
                pause_s = min(LONGEST_PAUSE_S, self._pause_s * 2 ** min(self._pauses, 20))
                self._pauses, self._until = self._pauses + 1, self._clock.elapsed() + pause_s
                # The next pause needs new evidence: by then the others may have lost Zoom as well.
                self._lost, self._lost_since = LOST - 1, None
                log.warning("zoom_out_of_reach", seconds=pause_s)
