"""The service at work in virtual time: its runs, turns and notifications, and the threads of its processes."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select

from tests.bench.simulation.load import Load
from tests.bench.simulation.time import Latch, Worker, World
from tests.builders import AN_OPERATOR
from tests.integration.service import take
from zoom_ops.app import App
from zoom_ops.engine.attempts import deliver
from zoom_ops.engine.runs import DueRun, Run, Subject, due
from zoom_ops.engine.schedule import fire
from zoom_ops.engine.timetable import next_fire
from zoom_ops.events import Event
from zoom_ops.operations.events.importing import import_events
from zoom_ops.operations.jobs.registry import Job, schedule_of
from zoom_ops.operations.jobs.work import performer
from zoom_ops.readers import Announced
from zoom_ops.store.db.partial_indexes import IS_ACTIVE
from zoom_ops.store.tables import run as runs

POLL_S, BREATH_S = 0.5, 0.005  # the engine's values

_ROUNDS = timedelta(minutes=30)  # rounds of each minute would take most of the time, and change no figure


@dataclass(kw_only=True)
class Spent:
    """The cost of one kind of work."""

    count: int = 0
    cpu_s: float = 0.0  # real time, without the simulation of Zoom
    busy_s: float = 0.0  # virtual time in a thread
    longest_cpu_s: float = 0.0

    def add(self, cpu_s: float, busy_s: float = 0.0) -> None:
        """Add one piece of work."""
        self.count, self.cpu_s, self.busy_s = self.count + 1, self.cpu_s + cpu_s, self.busy_s + busy_s
        self.longest_cpu_s = max(self.longest_cpu_s, cpu_s)


@dataclass(kw_only=True)
class Process:
    """One process of the service, with its free threads."""

    app: App
    perform: Callable[[Run], object]
    free: deque[Worker] = field(default_factory=deque)
    busy: int = 0
    computes_until: float = 0.0

    def compute(self, now: float, seconds: float) -> float:
        """Reserve seconds of the process's Python, after earlier reservations; return the wait until they are over."""
        self.computes_until = max(now, self.computes_until) + seconds
        return self.computes_until - now

    @property
    def has_room(self) -> bool:
        """Whether it takes one more run. While many notifications come, it performs one at a time."""
        return bool(self.free) and not (self.busy and self.app.context.group_commit.pause_s())


class Installation:
    """Several processes on one database."""

    def __init__(self, world: World, apps: Sequence[App], load: Load, cost_of_zoom: Callable[[], float]) -> None:
        self._world, self._costs, self._cost_of_zoom = world, load.costs, cost_of_zoom
        self._database = apps[0].database
        self._waiting_s = apps[0].settings.waiting_s
        self.processes = [_process(world, app, load.threads) for app in apps]
        self.spent: dict[str, Spent] = defaultdict(Spent)
        self.due_after: dict[str, int] = defaultdict(int)  # the longest queue, by what had just happened
        self._turn = 0
        self._busy: set[Subject] = set()
        self._next_look: float | None = None

    def start_turns(self) -> None:
        """Start the turns of the jobs."""
        for job in self.processes[0].app.jobs.values():
            fires = next_fire(job.when, self._world.now())
            self._world.at(fires, partial(self._take_turn, job, fires))

    def hear(self, account: str, headers: Mapping[str, str], body: bytes) -> int:
        """Take a notification; the processes take turns."""
        self._turn += 1
        process = self.processes[self._turn % len(self.processes)]
        began = self._own_cpu_s()
        status = take(process.app, account, headers, body).status
        self.spent["notification"].add(self._own_cpu_s() - began)
        process.compute(self._world.elapsed(), self._costs.notification)
        self._look_in(BREATH_S)
        return status

    def add(self, event: Event) -> None:
        """Import an event."""
        began = self._own_cpu_s()
        announced = Announced(event=event, id_given=True, file="programme.json", line=1)
        import_events(self.processes[0].app.context, [announced], AN_OPERATOR)
        self.spent["import"].add(self._own_cpu_s() - began)
        self._look_in(POLL_S)

    def stop(self) -> None:
        """End the idle threads."""
        for process in self.processes:
            while process.free:
                process.free.popleft().stop()

    def _take_turn(self, job: Job, fires: datetime) -> None:
        began = self._own_cpu_s()
        requests = fire(self._database, schedule_of(job), fires)
        spent = self._own_cpu_s() - began
        self.spent[f"turn of {job.name}"].add(spent)
        self.due_after[job.name] = max(self.due_after[job.name], requests)
        if requests:
            self._look_in(self.processes[0].compute(self._world.elapsed(), requests * self._costs.asking) + BREATH_S)
        after = fires + _ROUNDS - timedelta(seconds=1) if job.about == "service" else fires
        following = next_fire(job.when, after)
        self._world.at(following, partial(self._take_turn, job, following))

    def _look_in(self, seconds: float) -> None:
        at = self._world.elapsed() + seconds
        if self._next_look is None or at < self._next_look:
            self._next_look = at
            self._world.after(seconds, partial(self._look, at))

    def _look(self, meant: float) -> None:
        """Begin the due runs, most urgent first, as the dispatcher does."""
        if self._next_look != meant:
            return  # an earlier look came in between
        self._next_look = None
        began = self._own_cpu_s()
        room = sum(len(process.free) for process in self.processes)
        due_runs: tuple[DueRun, ...] = ()
        if room:
            with self._database.read() as connection:
                due_runs = due(connection, self._world.now(), room + len(self._busy) + 50)
        self.spent["look"].add(self._own_cpu_s() - began)
        left = [run for run in due_runs if not self._begin(run)]
        self._look_later(anything_left=any(run.subject not in self._busy for run in left))

    def _look_later(self, *, anything_left: bool) -> None:
        if anything_left and any(process.free for process in self.processes):
            self._look_in(POLL_S)  # held back while many notifications come
            return
        with self._database.read() as connection:
            now = self._world.now()
            query = select(func.min(runs.c.next_at)).where(IS_ACTIVE, runs.c.next_at > now)
            following: datetime | None = connection.execute(query).scalar_one()
        if following is not None:
            waits = (following - now).total_seconds()
            self._look_in((int(waits / POLL_S) + 1) * POLL_S)

    def _begin(self, run: DueRun) -> bool:
        process = max(self.processes, key=lambda candidate: len(candidate.free) if candidate.has_room else -1)
        if run.subject in self._busy or not process.has_room:
            return False
        self._busy.add(run.subject)
        process.busy += 1
        worker = process.free.popleft()
        worker.begin(partial(self._deliver, process, worker, run))
        return True

    def _deliver(self, process: Process, worker: Worker, run: DueRun) -> None:
        """Perform a run, in a worker's thread."""
        began, since = self._own_cpu_s(), self._world.elapsed()
        job = "nothing"

        def perform(claimed: Run) -> object:
            nonlocal job
            job = f"{claimed.job} ({claimed.subject.kind})"
            return process.perform(claimed)

        self._world.sleep(process.compute(self._world.elapsed(), self._costs.run))
        try:
            deliver(process.app.database, run.id, perform, self._waiting_s)  # type: ignore[arg-type]
        finally:
            self.spent[job].add(self._own_cpu_s() - began, self._world.elapsed() - since)
            process.busy -= 1
            process.free.append(worker)
            self._busy.discard(run.subject)
            self._look_in(BREATH_S)

    def _own_cpu_s(self) -> float:
        """Return the processor time of this thread without the simulation of Zoom."""
        return time.thread_time() - self._cost_of_zoom()


def _process(world: World, app: App, threads: int) -> Process:
    for gateway in app.context.gateways.values():
        gateway._asking_for_hosts = Latch(world)  # it is held during calls, which are waits of this world
    perform = performer(app.context, app.jobs)
    return Process(app=app, perform=perform, free=deque(Worker(world) for _ in range(threads)))
