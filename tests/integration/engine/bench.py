"""Engines for tests: threads on a real database, and a real queue for the cluster."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from zoom_ops.engine.cluster import ClusterEngine
from zoom_ops.engine.embedded import EmbeddedEngine
from zoom_ops.engine.listing import list_runs
from zoom_ops.engine.lock import AdvisoryLock, WorkLock, open_lock
from zoom_ops.engine.port import Engine, EngineWaits
from zoom_ops.engine.queue import prepare_queue
from zoom_ops.engine.runs import Done, Request, Run, Subject, SubjectKind, submit
from zoom_ops.engine.timetable import Schedule
from zoom_ops.messages import as_said
from zoom_ops.store.db.connect import Database

BRISK = EngineWaits(poll_s=0.02, heartbeat_s=0.05, waiting_s=900, stop_s=5)
PATIENCE_S = 30.0  # less than the default of others: two such waits fit into the time-out of a test


class Starts(Protocol):
    """A function that builds an engine and starts it."""

    def __call__(
        self,
        perform: Callable[[Run], Done],
        *,
        waits: EngineWaits = BRISK,
        schedules: Iterable[Schedule] = (),
        performs: bool = True,
        **options: Any,
    ) -> Engine:
        """Build the engine and start it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A database and a function that starts engines on it. All engines stop at the end."""

    database: Database
    start: Starts
    lock: WorkLock


@contextmanager
def engines(database: Database, engine_kind: str) -> Iterator[Bench]:
    """Yield a bench for engines of this kind."""
    started: list[Engine] = []
    lock = open_lock(database) if engine_kind == "embedded" else AdvisoryLock(database, shared=True)
    kind = EmbeddedEngine if engine_kind == "embedded" else ClusterEngine
    if engine_kind == "cluster":
        prepare_queue(database)

    def start(
        perform: Callable[[Run], Done],
        *,
        waits: EngineWaits = BRISK,
        schedules: Iterable[Schedule] = (),
        performs: bool = True,
        **options: Any,
    ) -> Engine:
        engine = kind(database, lock, perform, waits, **options)
        started.append(engine)
        engine.start(schedules, performs=performs)
        return engine

    yield Bench(database=database, start=start, lock=lock)  # the process holds the lock, not the engine
    for engine in started:
        engine.stop()
    lock.release()


class Watching:
    """Performs runs, and records the most runs at once, in all and of one subject."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._under_way: Counter[str] = Counter()
        self.most, self.most_of_a_subject = 0, 0
        self.performed: list[str] = []

    def __call__(self, run: Run) -> Done:
        with self._lock:
            self._under_way[run.subject.id] += 1
            self.most = max(self.most, self._under_way.total())
            self.most_of_a_subject = max(self.most_of_a_subject, *self._under_way.values())
        time.sleep(self._seconds)
        with self._lock:
            self._under_way[run.subject.id] -= 1
            self.performed.append(f"{run.job} {run.subject.id}")
        return Done(message=as_said("ok"))


class Stuck:
    """Performs a run that ends only when it is released."""

    def __init__(self) -> None:
        self.begun, self.release = threading.Event(), threading.Event()

    def __call__(self, run: Run) -> Done:
        self.begun.set()
        self.release.wait(PATIENCE_S)
        return Done(message=as_said("too late"))


def ask(
    database: Database,
    subject: str = "tides",
    job: str = "create_webinars",
    kind: SubjectKind = "event",
    account: str = "",
    **by: float,
) -> int:
    with database.begin() as connection:
        now = database.now(connection)
        about = Subject(kind=kind, id=subject)
        return submit(connection, Request(job=job, subject=about, account=account, at=now + timedelta(**by)), now)


def runs(database: Database) -> dict[int, Run]:
    with database.read() as connection:
        return {run.id: run for run in list_runs(connection, limit=500)}


def all_in(state: str, database: Database) -> bool:
    return {run.state for run in runs(database).values()} == {state}
