"""Wake-ups in Procrastinate's queue: "run N is due", each held by one worker at a time.

The run table is the truth; a wake-up that is lost is put into the queue again, and one too many finds nothing to do.
Its jobs are therefore never retried and never dated ahead: both block the lock of a subject (docs/architecture.md).
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

from ..store.db.connect import manner_of
from .due import DueRun
from .port import EngineHooks
from .queue import QUEUE_SCHEMA

QueueName = str
_WAKER = 7_266_003  # PostgreSQL advisory lock: one process at a time puts wake-ups into the queue
_PATIENCE_MS = 10_000  # of the queue's own statements; a process that is frozen in one keeps nobody longer
_DEAD_AT_LEAST_S = 3.0  # a busy machine is not a dead one
COURTESY_S = 1.0  # so long who goes last lets the others take what comes
LOOKS = 4  # polls between two looks where nothing is told: whoever makes something due says so (LISTEN, NOTIFY)
AWAY = (ConnectorException, PsycopgError, PoolTimeout, OSError)  # the database does not answer
_STEP = 1_000_000  # a priority is worth so many ranks


@dataclass(frozen=True, kw_only=True)
class QueueWaits:
    """Seconds: between looks into the queue, between a worker's signs of life, and after which it counts as dead."""

    poll_s: float
    heartbeat_s: float
    stop_s: float

    @property
    def dead_s(self) -> float:
        """How old a sign of life may be: what a worker held is taken over after this."""
        return max(4 * self.heartbeat_s, _DEAD_AT_LEAST_S)


@dataclass(frozen=True, kw_only=True)
class Queued:
    """What is in the queue: how many wake-ups wait, and which subjects have one or are being worked on."""

    waiting: int
    subjects: Collection[str]


class WakeUps:
    """The queue of a cluster, asked within one event loop."""

    def __init__(
        self,
        address: URL,
        deliver: Callable[[int], None],
        waits: QueueWaits,
        on_free: Callable[[], None],
        hooks: EngineHooks,
    ) -> None:
        self._deliver, self._waits, self._on_free = deliver, waits, on_free
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connector = procrastinate.PsycopgConnector(
            conninfo=plain, kwargs={**manner_of(address), "options": _OPTIONS}, min_size=1, max_size=8, timeout=10
        )
        self._app = procrastinate.App(connector=self._connector)
        self._app.job_manager = _Manager(self._connector, waits.dead_s / 4, hooks)
        self._task = self._app.task(name="deliver")(self._perform)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Connect for the time of the block."""
        async with self._app.open_async():
            yield

    async def work(self, queue: QueueName, threads: int) -> None:
        """Deliver what comes into a queue, so many at once, until cancelled; raises when the database is gone."""
        await self._app.run_worker_async(
            queues=[queue],
            concurrency=threads,
            fetch_job_polling_interval=LOOKS * self._waits.poll_s,
            update_heartbeat_interval=self._waits.heartbeat_s,
            stalled_worker_timeout=self._waits.dead_s,
            shutdown_graceful_timeout=self._waits.stop_s,
            delete_jobs="always",
            install_signal_handlers=False,
        )
        raise ConnectorException("The worker stopped by itself.")  # it does when its connection to the server fails

    @asynccontextmanager
    async def lock(self) -> AsyncIterator["QueueLock"]:
        """Be the one who puts wake-ups into the queue, or wait for it."""
        async with self._connector.pool.connection() as connection:
            await connection.execute(f"SELECT pg_advisory_xact_lock({_WAKER})")
            yield QueueLock(self._app, self._task, connection, self._waits)

    async def _perform(self, run_id: int) -> None:
        """Deliver a run in a thread that does not keep the process from ending; then say that its subject is free."""
        if job := asyncio.current_task():  # it ends when the queue holds this wake-up no more
            job.add_done_callback(lambda _job: self._on_free())
        told: Future[None] = Future()
        threading.Thread(target=_into, args=(told, self._deliver, run_id), name=f"run-{run_id}", daemon=True).start()
        await asyncio.wrap_future(told)


class _Manager(JobManager):
    """Takes nothing while the process steps aside, and keeps its signs of life and its ear going without the database.

    While it goes last, whoever else is idle has heard of a wake-up long before it takes one: else the process that has
    put it there would take it again and again.

    Procrastinate (3.10) lets both end unseen: what watches its side tasks is content with the first one that ends, and
    the one for periodic tasks, of which we have none, ends at once. A worker without signs of life goes on, and what it
    takes is taken from it.
    """

    def __init__(self, connector: procrastinate.BaseConnector, patience_s: float, hooks: EngineHooks) -> None:
        super().__init__(connector)
        self._patience_s, self._hooks = patience_s, hooks

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Take a wake-up, if there is one and it may."""
        if self._hooks.goes_last():
            await asyncio.sleep(COURTESY_S)
        return None if self._hooks.steps_aside() else await super().fetch_job(queues, worker_id)

    async def update_heartbeat(self, worker_id: int) -> None:
        """Give a sign of life; one that fails, or hangs on a half-open connection, is tried anew at the next beat."""
        with suppress(*AWAY):
            async with asyncio.timeout(self._patience_s):
                await super().update_heartbeat(worker_id)

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Listen for wake-ups, again and again."""
        while True:
            with suppress(*AWAY):
                await super().listen_for_jobs(on_notification=on_notification, queues=queues)
            await asyncio.sleep(1)


class QueueLock:
    """The right to put wake-ups into the queue, for as long as the transaction lasts."""

    def __init__(
        self, app: procrastinate.App, task: Task[Any, Any, Any], connection: AsyncConnection[Any], waits: QueueWaits
    ) -> None:
        self._jobs, self._task, self._connection, self._waits = app.job_manager, task, connection, waits

    async def look(self, queue: QueueName) -> Queued:
        """Tell what is in a queue."""
        waiting = list(await self._jobs.list_jobs_async(queue=queue, status=Status.TODO.value))
        doing = await self._jobs.list_jobs_async(queue=queue, status=Status.DOING.value)
        return Queued(waiting=len(waiting), subjects={job.lock for job in (*waiting, *doing) if job.lock})

    async def put(self, queue: QueueName, runs: Iterable[DueRun]) -> None:
        """Put a wake-up for each of these runs into a queue."""
        jobs = [
            self._task.configure(
                queue=queue, lock=lock_of(run), queueing_lock=f"run:{run.id}", priority=_priority(run)
            ).make_new_job(run_id=run.id)
            for run in runs
        ]
        if jobs:
            await self._jobs.batch_defer_jobs_async(jobs=jobs, connection=self._connection)

    async def take_from_dead(self, fence_off: Callable[[Collection[int]], None]) -> tuple[int, ...]:
        """Take what dead workers held out of the queue, once `fence_off` has made sure that they write no more."""
        stalled = list(await self._jobs.get_stalled_jobs(seconds_since_heartbeat=self._waits.dead_s))
        runs = tuple(int(str(job.task_kwargs["run_id"])) for job in stalled)
        if runs:
            await asyncio.to_thread(fence_off, runs)
        for job in stalled:
            await self._jobs.finish_job(job, status=Status.FAILED, delete_job=True)
        return runs


def lock_of(run: DueRun) -> str:
    """Name the lock that keeps two runs of one subject apart."""
    return f"{run.subject.kind}:{run.subject.id}"


def _priority(run: DueRun) -> int:
    return run.priority * _STEP - min(run.rank, _STEP - 1)


def _into(told: "Future[None]", deliver: Callable[[int], None], run_id: int) -> None:
    told.set_running_or_notify_cancel()  # nobody can call it off any more; at a stop nobody waits for it either
    try:
        deliver(run_id)
    except BaseException as error:
        told.set_exception(error)
    else:
        told.set_result(None)


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
