"""The cluster engine: many processes on one PostgreSQL. Procrastinate delivers "run N is due" to one of them."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from procrastinate.exceptions import ProcrastinateException
from sqlalchemy import Connection

from ..errors import ZoomOpsError, first_line
from .attempts import deliver
from .heartbeat import write_heartbeat
from .port import Engine
from .queue import count_workers
from .runs import DueRun, SubjectKind, ask_for, due, fence_off, first_due
from .schedule import Ticker
from .timetable import Schedule
from .wakeups import AWAY, QueueLock, WakeUps, lock_of

log = structlog.get_logger()
SHARED, APART = "runs", "apart"
_WINDOW = 200  # the most wake-ups that wait in a queue; a run due later may be more urgent
_APART_THREADS = 50
_SILENT_BEATS = 18  # heartbeats without a sign of life, not even a failure, after which the engine counts as hung
_SILENT_AT_LEAST_S = 30.0  # lower bound: a wait for a frozen peer, or a busy machine, must not trip the watchdog
_PASSING = (ProcrastinateException, *AWAY)


class ClusterEngine(Engine):
    """Performs due runs beside other processes of the cluster."""

    def _set_up(self) -> None:
        self._wakeups = WakeUps(self._database.engine.url, self._deliver, self._waits, self.wake, self._hooks)
        apart: Mapping[str, Collection[SubjectKind]] = {APART: self._hooks.apart} if self._hooks.apart else {}
        self._queues = {SHARED: self._shared, **apart}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._rung, self._working = asyncio.Event(), list[asyncio.Task[None]]()
        self._stopping = threading.Event()
        self._busy, self._idle = set[int](), threading.Condition()
        self._beat_at = self._alive_at = 0.0
        self._performs = False  # a scheduler, which performs no runs, writes no heartbeat

    def start(self, schedules: Iterable[Schedule] = (), *, performs: bool = True) -> None:
        """Start the ticks of these schedules and, if it `performs`, the workers. The caller holds the shared lock."""
        self._alive_at, self._performs = self._database.clock.elapsed(), performs
        ticker = Ticker(self._database, schedules, self.wake)
        ticker.start()
        self._ticker = ticker
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="engine", daemon=True)
        self._thread.start()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def wake(self) -> None:
        """Look at the run table now, not at the next poll."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop may just have ended
                self._loop.call_soon_threadsafe(self._rung.set)

    def take_no_more(self) -> None:
        """Stop claiming runs. Idempotent: a second call does not disturb the shutdown."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        if self._ticker:
            self._ticker.stop()
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._end)

    def stop(self) -> bool:
        """Stop claiming runs and wait for those under way. False if some are left to other processes."""
        latest = self._database.clock.elapsed() + self._waits.stop_s
        self.take_no_more()
        with self._idle:
            finished = self._idle.wait_for(lambda: not self._busy, timeout=self._waits.stop_s)
        if self._thread:  # it unregisters the workers, so that the others need not wait until they count as dead
            self._thread.join(timeout=max(1.0, latest - self._database.clock.elapsed()))
        if self._performs and self._thread and not self._thread.is_alive():
            self._performs = False
            self._say_good_bye()
        return finished

    def _is_last(self, connection: Connection) -> bool:
        return not count_workers(connection)

    async def _serve(self) -> None:
        """Work until asked to stop; after any failure of the database, start again."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(_tell_of_lost_task)
        parts: list[Callable[[], Awaitable[None]]] = [self._wake_all]
        if self._performs:
            parts += [partial(self._wakeups.work, SHARED, self._threads)]
        if self._performs and self._hooks.apart:
            parts += [partial(self._wakeups.work, APART, _APART_THREADS)]

        async def work_connected() -> None:
            async with self._wakeups.opened():
                self._working = [asyncio.ensure_future(self._persist(part)) for part in parts]
                if self._stopping.is_set():
                    self._end()
                await asyncio.gather(*self._working, return_exceptions=True)

        await self._persist(work_connected)

    async def _persist(self, part: Callable[[], Awaitable[None]]) -> None:
        """Restart a part whenever it ends. Each part restarts alone: a worker waits for its runs before it ends.

        The connection that they share restarts with all of them.
        """
        while not self._stopping.is_set():
            try:
                await part()
                continue
            except ZoomOpsError as error:
                self._say(str(error))
            except _PASSING as error:
                self._say(f"The database did not answer: {first_line(error.__cause__ or error)}")
            except Exception:
                log.exception("engine_broke")
            await asyncio.sleep(1)

    def _end(self) -> None:
        for task in self._working:
            task.cancel()

    async def _wake_all(self) -> None:
        """Put due runs that are not in the queue into it, over and over."""
        while True:
            await self._beat()
            rest_s = await asyncio.to_thread(self._look)
            if not rest_s:
                async with self._wakeups.lock() as lock:
                    for run in await lock.take_from_dead(partial(fence_off, self._database)):
                        log.warning("run_taken_over", run=run)
                    for queue, kinds in self._queues.items():
                        await self._fill(lock, queue, kinds)
            if self._trouble:
                log.info("engine_goes_on", after=self._trouble)
                self._trouble = None
            with suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), min(rest_s or self._waits.poll_s, self._until_beat_s()))
            self._rung.clear()

    async def _fill(self, lock: QueueLock, queue: str, kinds: Collection[SubjectKind]) -> None:
        """Put the most urgent due runs into a queue, as far as there is room."""
        queued = await lock.look(queue)
        runs = await asyncio.to_thread(self._find_due, kinds, _WINDOW + len(queued.subjects))
        await lock.put(queue, choose(runs, queued.subjects, _WINDOW - queued.waiting))

    def _look(self) -> float:
        """Submit what the hook `asks_for`; return for how many seconds nothing is due.

        During these seconds no process needs the queue lock.
        """
        with self._database.read() as connection:
            now = self._database.now(connection)
            requests = self._hooks.asks_for(connection, now)
            first = first_due(connection)
        if requests:
            ask_for(self._database, requests)
            return 0.0
        rest_s = self._waits.rest_s  # notifications announce due runs, so looks can be rare
        return min(rest_s, max(0.0, (first - now).total_seconds())) if first else rest_s

    def _find_due(self, kinds: Collection[SubjectKind], limit: int) -> tuple[DueRun, ...]:
        with self._database.read() as connection:
            return due(connection, self._database.now(connection), limit, kinds)

    def _deliver(self, run_id: int) -> None:
        """Deliver a run. The run table holds the result, so the wake-up is used up in any case."""
        with self._idle:
            self._busy.add(run_id)
        try:
            if self._lock.acquire():
                deliver(self._database, run_id, self._perform, self._waits.waiting_s, self._hooks)
        except Exception as error:  # the run stays active and gets another wake-up
            log.warning("delivery_broke", run=run_id, reason=str(error), kind=type(error).__name__)
        finally:
            with self._idle:
                self._busy.discard(run_id)
                self._idle.notify_all()
            self._hooks.on_finished()

    async def _beat(self) -> None:
        self._alive_at = elapsed = self._database.clock.elapsed()
        if not await asyncio.to_thread(self._lock.acquire):
            await asyncio.to_thread(self._database.ask_clock)  # raises if it is the database that does not answer
            raise ZoomOpsError("A process that works alone has taken this database; this one waits for its end.")
        if self._beat_at and not self._trouble and elapsed - self._beat_at < self._waits.heartbeat_s:
            return
        if self._performs and (behind := await asyncio.to_thread(write_heartbeat, self._database)):
            log.warning("clock_put_back", seconds=int(behind.total_seconds()))
        if self._ticker:
            await asyncio.to_thread(self._ticker.keep_time)
        self._beat_at = elapsed

    def _until_beat_s(self) -> float:
        return max(0.0, self._beat_at + self._waits.heartbeat_s - self._database.clock.elapsed())

    def _say(self, reason: str) -> None:
        """Note why no work is done; log it once."""
        self._alive_at = self._database.clock.elapsed()
        if reason != self._trouble:
            log.warning("engine_waits", reason=reason)
        self._trouble = reason

    def _watch(self) -> None:
        """End the process with code 70 when its engine gives no sign of life. Its supervisor restarts it.

        Other processes take over its runs. The watchdog counts its own looks, not the clock: a process that was frozen
        has not hung.
        """
        beat = self._waits.heartbeat_s
        last_alive_at, silent = self._alive_at, 0.0
        while not self._stopping.wait(beat):
            silent = silent + beat if self._alive_at == last_alive_at else 0.0
            last_alive_at = self._alive_at
            if silent > max(_SILENT_BEATS * beat, _SILENT_AT_LEAST_S):
                log.critical("engine_hangs", seconds=round(silent))
                os._exit(70)


def _tell_of_lost_task(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log the error of a Procrastinate task that nothing awaits, such as a wake-up that was taken from us."""
    error = context.get("exception")
    if isinstance(error, _PASSING):
        log.info("wakeup_not_ended", reason=first_line(error.__cause__ or error))
    else:
        log.error("engine_broke", reason=context["message"], exc_info=error)


def choose(runs: Iterable[DueRun], taken: Collection[str], room: int) -> list[DueRun]:
    """Choose at most `room` runs in their order: one per subject, and none of a subject in `taken`."""
    chosen: dict[str, DueRun] = {}
    for run in runs:
        if len(chosen) < room and lock_of(run) not in taken:
            chosen.setdefault(lock_of(run), run)
    return list(chosen.values())
