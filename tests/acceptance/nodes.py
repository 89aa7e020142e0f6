"""A cluster: many processes of one installation on one PostgreSQL, each with an address of its own."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from tests.acceptance.daemon import Faults
from tests.acceptance.installation import Daemon, Installation
from tests.loopback import free_port
from tests.waiting import wait_until
from zoom_ops.store.db.encryption import make_key

SECRET_KEY = make_key()


def make_cluster(installation: Installation) -> None:
    """Have whatever runs of this installation from now on be one of many."""
    installation.set(ENGINE="cluster", SECRET_KEY=SECRET_KEY, BASE_URL=installation.url)


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """One process that shows the pages and takes notifications, and several that work."""

    web: Daemon
    workers: list[Daemon]
    installation: Installation
    faults: Faults
    stack: ExitStack

    def kill(self, worker: Daemon, *, replaced: bool = True) -> None:
        """Kill a worker as a machine does that loses its power; another one is started in its place, or none."""
        worker.kill()
        self.workers.remove(worker)
        if replaced:
            self.add()

    def add(self, faults: Faults | None = None) -> Daemon:
        """Start another worker."""
        daemon = self.stack.enter_context(
            node(self.installation, replace(faults or self.faults, only="worker"), free_port())
        )
        self.workers.append(daemon)
        return daemon

    @property
    def log(self) -> str:
        """What all have said."""
        return "\n".join(one.log for one in (self.web, *self.workers))

    def stop(self) -> None:
        """Ask all to stop."""
        for one in (*self.workers, self.web):
            one.stop()


@contextmanager
def nodes(installation: Installation, workers: int = 3, faults: Faults | None = None) -> Iterator[Nodes]:
    """Run a cluster in the block; what still runs at its end is killed."""
    make_cluster(installation)
    common = faults or Faults(met=installation.folder / "met")
    with ExitStack() as stack:
        web = stack.enter_context(node(installation, replace(common, only="web"), installation.port))
        running = Nodes(web=web, workers=[], installation=installation, faults=common, stack=stack)
        for _ in range(workers):
            running.add()
        wait_until(lambda: all(one.lines("daemon_started") for one in (web, *running.workers)), lambda: running.log)
        yield running


@contextmanager
def node(installation: Installation, faults: Faults, port: int) -> Iterator[Daemon]:
    """Run one process of a cluster in the block."""
    before = installation.environ["ZOOM_OPS_LISTEN"]
    installation.set(LISTEN=f"127.0.0.1:{port}")
    with installation.daemon(ready=False, faults=faults) as daemon:
        installation.environ["ZOOM_OPS_LISTEN"] = before
        yield daemon


def freeze(daemon: Daemon) -> None:
    """Stop a process in whatever it does, as a machine that is starved or suspended."""
    assert daemon.process.pid
    os.kill(daemon.process.pid, signal.SIGSTOP)


def thaw(daemon: Daemon) -> None:
    """Let it go on as if nothing had been."""
    assert daemon.process.pid
    os.kill(daemon.process.pid, signal.SIGCONT)
