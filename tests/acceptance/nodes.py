"""A cluster: many processes of one installation on one PostgreSQL, each with its own address."""

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
    """Set this installation's engine to `cluster` for later processes."""
    installation.set(ENGINE="cluster", SECRET_KEY=SECRET_KEY, BASE_URL=installation.url)


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """One web process and several workers."""

    web: Daemon
    workers: list[Daemon]
    installation: Installation
    faults: Faults
    stack: ExitStack

    def kill(self, worker: Daemon, *, replaced: bool = True) -> None:
        """Kill a worker, like a machine that loses its power; start another one in its place if `replaced`."""
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
        """The logs of all processes."""
        return "\n".join(daemon.log for daemon in (self.web, *self.workers))

    def stop(self) -> None:
        """Stop all processes."""
        for daemon in (*self.workers, self.web):
            daemon.stop()


@contextmanager
def nodes(installation: Installation, workers: int = 3, faults: Faults | None = None) -> Iterator[Nodes]:
    """Run a cluster during the block; processes that still run at its end are killed."""
    make_cluster(installation)
    common = faults or Faults(met=installation.folder / "met")
    with ExitStack() as stack:
        web = stack.enter_context(node(installation, replace(common, only="web"), installation.port))
        running = Nodes(web=web, workers=[], installation=installation, faults=common, stack=stack)
        for _ in range(workers):
            running.add()
        wait_until(
            lambda: all(daemon.lines("daemon_started") for daemon in (web, *running.workers)), lambda: running.log
        )
        yield running


@contextmanager
def node(installation: Installation, faults: Faults, port: int) -> Iterator[Daemon]:
    """Run one process of a cluster during the block."""
    before = installation.environ["ZOOM_OPS_LISTEN"]
    installation.set(LISTEN=f"127.0.0.1:{port}")
    with installation.daemon(ready=False, faults=faults) as daemon:
        installation.environ["ZOOM_OPS_LISTEN"] = before
        yield daemon


def freeze(daemon: Daemon) -> None:
    """Stop a process at any point, like a machine that is starved or suspended."""
    assert daemon.process.pid
    os.kill(daemon.process.pid, signal.SIGSTOP)


def thaw(daemon: Daemon) -> None:
    """Let a frozen process go on."""
    assert daemon.process.pid
    os.kill(daemon.process.pid, signal.SIGCONT)
