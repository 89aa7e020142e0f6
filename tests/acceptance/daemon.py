"""The real `serve` with a test's replacements: kills and freezes, the lock, the homes and the clock.

The product has no such switch. A step is one of `engine.effects.STEPS` after "before" or "after": "before send", "after
intent".
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from tests.acceptance.machines import enter
from tests.acceptance.site_records import SiteRecords
from tests.integration.service import move_clock
from zoom_ops.app import connect
from zoom_ops.clock import SystemClock
from zoom_ops.engine.attempts import guard
from zoom_ops.engine.effects import Change, EffectWaits, Intent, Journal, Look
from zoom_ops.engine.lock import open_lock
from zoom_ops.engine.runs import Run, Subject
from zoom_ops.homes import HomeSettings
from zoom_ops.logs import configure_logging
from zoom_ops.settings import load_settings
from zoom_ops.store.db.connect import Database
from zoom_ops.web.process import run as process
from zoom_ops.web.process.run import Part, serve


@dataclass(frozen=True, kw_only=True)
class Faults:
    """The faults of a daemon: each kind of action meets the signal at these steps, in this order, once each."""

    met: Path  # the faults so far, over all restarts: lines of kind and step
    steps: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # empty: all
    signal: int = signal.SIGKILL
    lies_s: float = 0  # the clock is later by this much for each fault so far, so that no test waits for it
    careless: bool = False  # without effects: the negative control
    lock_free: bool = False  # as if no other process worked
    only: Part | None = None  # the part of the daemon to run
    look_s: float = process._LOOK_S  # between two checks that the database was not moved
    machine: str = ""  # the network namespace to run in; empty: this machine's
    site: str = ""  # the address of the website that is a home; empty: there is none

    def meet(self, step: str, change: Change) -> None:
        """Send the signal to this process if this step is due."""
        if self.kinds and change.kind not in self.kinds:
            return
        with _one_at_a_time:
            done = count_met(self.met).get(change.kind, 0)
            if done < len(self.steps) and self.steps[done] == step:
                with self.met.open("a", encoding="utf-8") as file:
                    file.write(f"{change.kind} {step}\n")
                os.kill(os.getpid(), self.signal)

    def lain(self) -> timedelta:
        """Return how much later the clock is."""
        return timedelta(seconds=self.lies_s * sum(count_met(self.met).values()))


_one_at_a_time = threading.Lock()


def count_met(met: Path) -> dict[str, int]:
    """Count the faults of each kind of action so far."""
    kinds = [line.split()[0] for line in met.read_text("utf-8").splitlines()] if met.exists() else []
    return {kind: kinds.count(kind) for kind in kinds}


def run(faults: Faults) -> None:
    """Run `zoom-ops serve` with these faults."""
    if faults.machine:
        enter(faults.machine)
    settings = load_settings()
    configure_logging(settings.log_format)
    make_journal: Callable[[Database, EffectWaits], Journal] = partial(Journal, on_step=faults.meet)
    if faults.careless:
        make_journal = Careless
    make_lock = (lambda _: Free()) if faults.lock_free else open_lock
    if faults.lies_s and not settings.database_url.startswith("sqlite"):
        move_clock(settings.database_url, faults.lain())
    process._LOOK_S = faults.look_s
    clock = LaterClock(faults.lain())
    homes = {}
    if faults.site:
        site = SiteRecords(faults.site, clock, deadline_s=settings.deadline_s)
        homes[site.name] = HomeSettings(kind=site.kind, url=faults.site), site
    serve(connect(settings, clock, make_journal=make_journal, make_lock=make_lock, homes=homes), only=faults.only)


class LaterClock(SystemClock):
    """The machine's clock, later by `by`. PostgreSQL has a clock of its own."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        """Return its time."""
        return super().now() + self._by


class Free:
    """A lock that everybody gets."""

    def acquire(self) -> bool:
        """Return True."""
        return True

    def release(self) -> None:
        """Do nothing."""


class Careless(Journal):
    """No journal: send, then record the answer. The duplicates after a crash show what effects are for."""

    def perform(
        self, run: Run, change: Change, send: Any, record: Any, prepare: Any = lambda _: None, **_how: Any
    ) -> Any:
        """Prepare, send, and record the answer."""
        with self._database.begin() as connection:
            prepare(connection)
        reply = send()
        with self._database.begin() as connection:
            guard(connection, run)
            record(connection, reply)
        return reply

    def settle(self, run: Run, look: Callable[..., Look]) -> None:
        """Do nothing: there are no intents."""

    def find_intent(self, subject: Subject) -> Intent | None:
        """Return None: there are no intents."""
        return None


@contextmanager
def kept_alive(start: Callable[[], Any]) -> Iterator[list[int]]:
    """Restart a daemon each time that it is killed. Yield the list of its exit codes so far."""
    ending, ends = threading.Event(), list[int]()

    def watch() -> None:
        while not ending.is_set():
            process = start()
            while (code := process.poll(0.03)) is None and not ending.is_set():
                pass
            if code is None:
                os.kill(process.pid, signal.SIGTERM)
                code = process.wait(timeout=30)
            ends.append(code)

    thread = threading.Thread(target=watch, name="keeper")
    thread.start()
    try:
        yield ends
    finally:
        ending.set()
        thread.join(timeout=40)
    assert set(ends) <= {0, -signal.SIGKILL}, f"it ended by itself: {ends}"
