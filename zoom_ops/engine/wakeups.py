"""Wake-ups in Procrastinate's queue: "run N is due". One worker at a time holds a wake-up.

The run table is the truth. A lost wake-up is put into the queue again, and a superfluous one finds nothing to do. So a
job of the queue is never retried and never dated ahead: both would block the lock of a subject (docs/architecture.md).
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import procrastinate
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager, NotificationCallback
from procrastinate.tasks import Task
from psycopg import AsyncConnection
from psycopg import Error as PsycopgError
from psycopg_pool import PoolTimeout
from sqlalchemy import URL

from ..store.db.postgresql import manner_of
from .port import EngineHooks, EngineWaits
from .queue import QUEUE_SCHEMA
from .runs import DueRun

QueueName = str
_WAKER = 7_266_003  # PostgreSQL advisory lock: one process at a time puts wake-ups into the queue
_PATIENCE_MS = 10_000  # time-out of the queue's statements, so that a process frozen in one blocks others no longer
_DEAD_AT_LEAST_S = 3.0  # lower bound, so that a worker on a busy machine does not count as dead
COURTESY_S = 1.0  # a worker that goes last waits so long before it takes a wake-up
AWAY = (ConnectorException, PsycopgError, PoolTimeout, OSError)  # the database does not answer
_STEP = 1_000_000  # one step of priority counts as so many ranks


@dataclass(frozen=True, kw_only=True)
class Queued:
    """Content of a queue: how many wake-ups wait, and which subjects have a wake-up that waits or is under way."""

    waiting: int
    subjects: Collection[str]


class WakeUps:
    """The queue of a cluster, used within one event loop."""

    def __init__(
        self,
        address: URL,
        deliver: Callable[[int], None],
        waits: EngineWaits,
        on_free: Callable[[], None],
        hooks: EngineHooks,
    ) -> None:
        self._deliver, self._waits, self._on_free = deliver, waits, on_free
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connector = procrastinate.PsycopgConnector(
            conninfo=plain, kwargs={**manner_of(address), "options": _OPTIONS}, min_size=1, max_size=8, timeout=10
        )
        self._app = procrastinate.App(connector=self._connector)
        # The age of a worker's latest heartbeat at which it counts as dead, and its runs are taken over.
        self._dead_s = max(4 * waits.heartbeat_s, _DEAD_AT_LEAST_S)
        self._app.job_manager = _Manager(self._connector, self._dead_s / 4, hooks)
        self._task = self._app.task(name="deliver")(self._perform)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Hold the connections open during the block."""
        async with self._app.open_async():
            yield

    async def work(self, queue: QueueName, threads: int) -> None:
        """Deliver the wake-ups of a queue until cancelled, up to `threads` at once.

        Raises one of `AWAY` when the database is gone.
        """
        await self._app.run_worker_async(
            queues=[queue],
            concurrency=threads,
            fetch_job_polling_interval=self._waits.rest_s,
            update_heartbeat_interval=self._waits.heartbeat_s,
            stalled_worker_timeout=self._dead_s,
            shutdown_graceful_timeout=self._waits.stop_s,
            delete_jobs="always",
            install_signal_handlers=False,
        )
        raise ConnectorException("The worker stopped by itself.")  # it stops when its connection to the server fails

    @asynccontextmanager
    async def lock(self) -> AsyncIterator["QueueLock"]:
        """Wait for the right to put wake-ups into the queue, and hold it during the block."""
        async with self._connector.pool.connection() as connection:
            await connection.execute(f"SELECT pg_advisory_xact_lock({_WAKER})")
            yield QueueLock(self._app, self._task, connection, self._dead_s)

    async def _perform(self, run_id: int) -> None:
        """Deliver a run in a daemon thread, which does not keep the process from ending; then call `on_free`."""
        if job := asyncio.current_task():  # it ends when the queue no longer holds this wake-up
            job.add_done_callback(lambda _job: self._on_free())
        ended: Future[None] = Future()

        def deliver() -> None:
            ended.set_running_or_notify_cancel()  # from here on it cannot be cancelled; at a stop nothing waits for it
            try:
                self._deliver(run_id)
            except BaseException as error:
                ended.set_exception(error)
            else:
                ended.set_result(None)

        threading.Thread(target=deliver, name=f"run-{run_id}", daemon=True).start()
        await asyncio.wrap_future(ended)


class _Manager(JobManager):
    """Takes no wake-up while the process steps aside; keeps heartbeats and LISTEN going when the database fails.

    While the process goes last it waits before it takes a wake-up, so that every idle worker hears of the wake-up
    first. Otherwise the process that puts wake-ups into the queue would take them again and again.

    In Procrastinate (3.10) heartbeats and LISTEN may end unnoticed: the watch over its side tasks ends with the first
    task that ends, and the task for periodic jobs, of which we have none, ends at once. A worker without heartbeats
    goes on, and others take its runs from it.
    """

    def __init__(self, connector: procrastinate.BaseConnector, patience_s: float, hooks: EngineHooks) -> None:
        super().__init__(connector)
        self._patience_s, self._hooks = patience_s, hooks

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Take a wake-up if there is one, unless the process steps aside."""
        if self._hooks.goes_last():
            await asyncio.sleep(COURTESY_S)
        return None if self._hooks.steps_aside() else await super().fetch_job(queues, worker_id)

    async def update_heartbeat(self, worker_id: int) -> None:
        """Write a heartbeat. One that fails, or hangs on a half-open connection, is retried at the next beat."""
        with suppress(*AWAY):
            async with asyncio.timeout(self._patience_s):
                await super().update_heartbeat(worker_id)

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Listen for wake-ups; start again after a failure."""
        while True:
            with suppress(*AWAY):
                await super().listen_for_jobs(on_notification=on_notification, queues=queues)
            await asyncio.sleep(1)


class QueueLock:
    """The right to put wake-ups into the queue. It lasts as long as its transaction."""

    def __init__(
        self, app: procrastinate.App, task: Task[Any, Any, Any], connection: AsyncConnection[Any], dead_s: float
    ) -> None:
        self._jobs, self._task, self._connection, self._dead_s = app.job_manager, task, connection, dead_s

    async def look(self, queue: QueueName) -> Queued:
        """Return the content of a queue."""
        waiting = list(await self._jobs.list_jobs_async(queue=queue, status=Status.TODO.value))
        doing = await self._jobs.list_jobs_async(queue=queue, status=Status.DOING.value)
        return Queued(waiting=len(waiting), subjects={job.lock for job in (*waiting, *doing) if job.lock})

    async def put(self, queue: QueueName, runs: Iterable[DueRun]) -> None:
        """Put a wake-up for each of these runs into a queue."""
        jobs = [
            self._task.configure(
                queue=queue,
                lock=lock_of(run),
                queueing_lock=f"run:{run.id}",
                priority=run.priority * _STEP - min(run.rank, _STEP - 1),
            ).make_new_job(run_id=run.id)
            for run in runs
        ]
        if jobs:
            await self._jobs.batch_defer_jobs_async(jobs=jobs, connection=self._connection)

    async def take_from_dead(self, fence_off: Callable[[Collection[int]], None]) -> tuple[int, ...]:
        """Remove the wake-ups of dead workers from the queue; return the ids of their runs.

        Calls `fence_off` first, so that the dead workers can write nothing any more.
        """
        stalled = list(await self._jobs.get_stalled_jobs(seconds_since_heartbeat=self._dead_s))
        runs = tuple(int(str(job.task_kwargs["run_id"])) for job in stalled)
        if runs:
            await asyncio.to_thread(fence_off, runs)
        for job in stalled:
            await self._jobs.finish_job(job, status=Status.FAILED, delete_job=True)
        return runs


def lock_of(run: DueRun) -> str:
    """Return the name of the lock that keeps two runs of one subject apart."""
    return f"{run.subject.kind}:{run.subject.id}"


_OPTIONS = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "search_path": QUEUE_SCHEMA,
        "lock_timeout": _PATIENCE_MS,
        "statement_timeout": _PATIENCE_MS,
        "idle_in_transaction_session_timeout": _PATIENCE_MS,
        "tcp_keepalives_idle": 10,
        "tcp_keepalives_interval": 5,
        "tcp_keepalives_count": 3,
    }.items()
)
