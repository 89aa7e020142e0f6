"""The installed program in several processes, with the processor time and memory that they use."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.installation import QUICK, Daemon, Installation
from tests.acceptance.nodes import make_cluster
from tests.acceptance.programme import HOSTS
from tests.loopback import free_port
from tests.waiting import wait_until

_MB = 1e6


@dataclass(frozen=True, kw_only=True)
class Programs:
    """Processes of one installation; with more than one, separate web and worker processes."""

    webs: tuple[Daemon, ...]
    workers: tuple[Daemon, ...]

    @property
    def all(self) -> tuple[Daemon, ...]:
        """All processes."""
        return (*self.webs, *self.workers)

    def cpu_s(self) -> dict[str, float]:
        """Return the processor time that each has used, in seconds."""
        return {name: cpu_s(daemon.process.pid) for name, daemon in self._named()}

    def memory_mb(self) -> dict[str, float]:
        """Return the memory that each uses, in millions of bytes."""
        return {name: _resident_bytes(daemon.process.pid) / _MB for name, daemon in self._named()}

    def stop(self) -> None:
        """Stop all processes."""
        for daemon in (*self.workers, *self.webs):
            daemon.stop()

    def _named(self) -> Iterator[tuple[str, Daemon]]:
        if not self.workers and len(self.webs) == 1:
            yield "daemon", self.webs[0]
            return
        yield from ((f"web {number}", daemon) for number, daemon in enumerate(self.webs, start=1))
        yield from ((f"worker {number}", daemon) for number, daemon in enumerate(self.workers, start=1))


def cluster_of(workers: int) -> str:
    """Name a cluster in a figure."""
    return f"a cluster with {workers} workers" if workers > 1 else "a cluster with one worker"


def set_as_delivered(installation: Installation, *, many: bool) -> None:
    """Configure the delivered waits and several hosts; with `many` the engine of a cluster."""
    installation.set(**dict.fromkeys(QUICK))
    installation.set_account(HOSTS=json.dumps(HOSTS))
    if many:
        make_cluster(installation)


@contextmanager
def programs(installation: Installation, *, webs: int = 1, workers: int = 0) -> Iterator[Programs]:
    """Run the program during the block: one daemon without `workers`, else web and worker processes."""
    if not workers:
        with installation.daemon(program=True) as daemon:
            yield Programs(webs=(daemon,), workers=())
        return
    with ExitStack() as stack:
        ports = [installation.port, *(free_port() for _ in range(webs + workers - 1))]
        started = [
            stack.enter_context(_started(installation, "web" if place < webs else "worker", port))
            for place, port in enumerate(ports)
        ]
        for daemon in started:
            wait_until(lambda daemon=daemon: daemon.lines("daemon_started"), lambda daemon=daemon: daemon.log)  # type: ignore[misc]
        yield Programs(webs=tuple(started[:webs]), workers=tuple(started[webs:]))


@contextmanager
def _started(installation: Installation, part: str, port: int) -> Iterator[Daemon]:
    before = installation.environ["ZOOM_OPS_LISTEN"]
    installation.set(LISTEN=f"127.0.0.1:{port}")
    with installation.daemon("--only", part, program=True, ready=False) as daemon:
        installation.environ["ZOOM_OPS_LISTEN"] = before
        yield daemon


def cpu_s(pid: int | None) -> float:
    """Return the processor time that a process has used, in seconds, to the nanosecond.

    The ticks of `/proc` are 10 ms: a process that wakes up for less seems to use none, or three times as much.
    """
    return time.clock_gettime(~(pid or 0) << 3 | 2)  # Linux' clock of the processor time of another process


def _resident_bytes(pid: int | None) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
