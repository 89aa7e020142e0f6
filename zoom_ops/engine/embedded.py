"""The embedded engine: one process, in which a dispatcher reads due runs and threads perform them."""

import threading
from collections import Counter
from collections.abc import Callable, Hashable, Iterable

import structlog

from ..errors import ConfigurationError, ZoomOpsError
from ..store.db.mark import CommitMark
from .attempts import deliver
from .heartbeat import follow_clock, write_heartbeat
from .port import Engine
from .runs import DueRun, Subject, ask_for, due, first_due
from .schedule import Ticker
from .timetable import Schedule

log = structlog.get_logger()
_BREATH_S = 0.005
_MOST_APART = 200


class EmbeddedEngine(Engine):
    """Performs due runs in threads. Never performs two runs of one subject at once."""

    def _set_up(self) -> None:
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._busy: dict[Subject, str] = {}  # with the account of the run
        self._idle = threading.Condition()
        self._dispatcher: threading.Thread | None = None
        self._asking_since: float | None = None  # since when the dispatcher waits for the database
        self._mark = CommitMark(self._database)
        self._seen: Hashable | None = None  # the mark of the database at the latest look
        self._rests_until = 0.0  # in elapsed seconds: until then the clock alone makes nothing due

    @property
    def trouble(self) -> str | None:
        """Why no work is done at the moment, as a sentence; None while all is well."""
        since, clock = self._asking_since, self._database.clock
        if since is not None and (waited := clock.elapsed() - since) > self._waits.heartbeat_s:
            return f"The database did not answer for {waited:.0f} seconds: it may be locked by something else."
        return self._trouble

    def start(self, schedules: Iterable[Schedule] = (), *, performs: bool = True) -> None:
        """Start the ticks and the dispatcher. The caller holds the work lock."""
        if not performs:
            raise ConfigurationError("Only a cluster has schedulers of their own; this engine is one process.")
        self._dispatcher = threading.Thread(target=self._dispatch, name="dispatcher", daemon=True)
        self._dispatcher.start()
        ticker = Ticker(self._database, schedules, self.wake)
        ticker.start()
        self._ticker = ticker  # only now that it runs: the dispatcher calls its `keep_time`

    def wake(self) -> None:
        """Look at the run table now, not at the next poll."""
        self._wake.set()

    def take_no_more(self) -> None:
        """Stop starting runs."""
        self._stopping.set()
        self._wake.set()
        if self._ticker:
            self._ticker.stop()

    def stop(self) -> bool:
        """Stop starting runs and wait for those under way. False if some are left to the next start."""
        latest = self._database.clock.elapsed() + self._waits.stop_s
        self.take_no_more()
        if self._dispatcher:
            self._dispatcher.join(timeout=self._waits.stop_s)
        left = max(0.0, latest - self._database.clock.elapsed())
        with self._idle:
            finished = self._idle.wait_for(lambda: not self._busy, timeout=left)
        if self._dispatcher and not self._dispatcher.is_alive():
            self._dispatcher = None  # a second call does not take the word of a later process back
            self._say_good_bye()
        return finished

    def drain(self, is_done: Callable[[], bool]) -> None:
        """Perform due runs in this process until `is_done` returns true."""
        follow_clock(self._database)
        while not is_done():
            self._take_due()
            self._wake.wait(min(self._waits.poll_s, 0.1))
            self._wake.clear()

    def _dispatch(self) -> None:
        beat, is_rung = 0.0, True
        while not self._stopping.is_set():
            self._asking_since = self._database.clock.elapsed()
            try:
                beat = self._beat(beat)
                if is_rung or not self._is_still():
                    self._look()
            except ZoomOpsError as error:
                if str(error) != self._trouble:
                    log.warning("dispatcher_waits", reason=str(error))
                self._trouble, self._asking_since = str(error), None
                self._stopping.wait(1)
            except Exception:
                log.exception("dispatcher_broke")
                self._stopping.wait(1)
            self._asking_since = None
            is_rung = self._wake.wait(self._waits.poll_s)
            if is_rung:
                # so that calls of `wake` that come together cause one look
                self._stopping.wait(self._hooks.pause_s() or _BREATH_S)
                self._wake.clear()
        self._mark.close()

    def _is_still(self) -> bool:
        """Return whether a look would find what the latest one found: nothing is due, and nothing was committed."""
        return self._database.clock.elapsed() < self._rests_until and self._seen == self._mark.take() is not None

    def _look(self) -> None:
        """Start due runs, and find out for how long nothing is due."""
        self._rests_until, self._seen = 0.0, self._mark.take()  # taken first: what is committed meanwhile moves it
        self._take_due()
        with self._idle:
            if self._busy:
                return
        with self._database.read() as connection:
            now, first = self._database.now(connection), first_due(connection)
        rest_s = self._waits.heartbeat_s  # its commit moves the mark: then there is a look in any case
        if first:
            rest_s = min(rest_s, (first - now).total_seconds())
        self._rests_until = self._database.clock.elapsed() + rest_s

    def _take_due(self) -> None:
        """Start due runs, as far as there are free threads."""
        with self._idle:
            held = Counter(account for subject, account in self._busy.items() if subject.kind in self._shared)
        busy, most = held.total(), max(1, self._threads - self._hooks.spared())
        full = [account for account, number in held.items() if account and number >= most]
        free = (1 if self._hooks.pause_s() else self._threads) - busy
        if free <= 0 and not self._hooks.apart:
            return
        with self._database.read() as connection:
            now = self._database.now(connection)
            requests = self._hooks.asks_for(connection, now)
            apart = due(connection, now, _MOST_APART, self._hooks.apart) if self._hooks.apart else ()
            many = free + len(self._busy) + 50
            shared = due(connection, now, many, self._shared, without=full) if free > 0 else ()
        if requests:
            ask_for(self._database, requests)
            self._wake.set()
        if apart or shared:
            self._hold_lock()
        for run in apart:
            self._begin(run)
        for run in shared:
            if free > 0 and (not run.account or held[run.account] < most) and self._begin(run):
                free -= 1
                held[run.account] += 1

    def _hold_lock(self) -> None:
        """Check, before a run starts, that the work lock is still ours: it is lost with its connection or its file."""
        if not self._lock.acquire():
            raise ZoomOpsError("The work lock was lost; another process may be doing the work.")

    def _begin(self, run: DueRun) -> bool:
        """Perform a run in a daemon thread. False if another run of its subject is under way.

        Threads of a ThreadPoolExecutor would keep the process from ending.
        """
        with self._idle:
            if run.subject in self._busy or self._stopping.is_set():
                return False
            self._busy[run.subject] = run.account
        threading.Thread(target=self._deliver, args=(run.id, run.subject), name=f"run-{run.id}", daemon=True).start()
        return True

    def _deliver(self, run_id: int, subject: Subject) -> None:
        try:
            deliver(self._database, run_id, self._perform, self._waits.waiting_s, self._hooks)
        except Exception as error:  # the run stays active and is started again
            log.warning("delivery_broke", run=run_id, reason=str(error), kind=type(error).__name__)
            self._stopping.wait(1)
        finally:
            with self._idle:
                del self._busy[subject]
                self._idle.notify_all()
            self._wake.set()
            self._hooks.on_finished()

    def _beat(self, last: float) -> float:
        elapsed = self._database.clock.elapsed()
        if last and not self._trouble and elapsed - last < self._waits.heartbeat_s:
            return last
        self._hold_lock()
        if behind := write_heartbeat(self._database):
            log.warning("clock_put_back", seconds=int(behind.total_seconds()))
        if self._ticker:
            self._ticker.keep_time()
        if self._trouble:
            log.info("dispatcher_goes_on", after=self._trouble)
            self._trouble = None
        return elapsed
