"""The real daemon in a memory control group, attacked, while guests and operators use it."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.acceptance.attacks.attacker import Attack
from tests.acceptance.attacks.crowd import Crowd
from tests.acceptance.attacks.memory_group import MemoryGroup, memory_group
from tests.acceptance.installation import WEBHOOK_SECRET, Daemon, Installation
from tests.acceptance.programme import an_entry
from tests.builders import ACCOUNT
from tests.root import ROOT
from tests.waiting import wait_until

MEMORY = 256 * 1024 * 1024  # of the control group
HOOK = f"/webhooks/zoom/{ACCOUNT}"
ZOOM, STRANGER = "127.9.9.9", "127.10.9.9"  # nobody attacks from there
PAGES = ("/", "/health", "/?q=tides")
ZOOMS_PATIENCE_S = 3.0
READERS_PATIENCE_S = 6.0  # with room for a busy machine: a page is late, too, when those before it were slow
RSS_LIMIT = 220_000_000
LOG_LIMIT = 1_000_000  # bytes of an attack
_SIZE, _RATE = 5_000, 20  # of a notification in bytes; notifications a second


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an attack did."""

    guest: dict[str, dict[str, Any]]  # by notification and page: the sorted delays in seconds, and the statuses
    attackers: list[dict[str, int]]  # how often each got what
    rss: int  # the most memory that the daemon had at once, in bytes
    group: int  # the most memory of its group, with what the system keeps for it
    kills: int  # for want of memory
    log: int  # bytes that it logged
    webinar_s: float | None  # until the imported event had its webinar

    def p99(self, kind: str) -> float:
        """Return the time that 99 of 100 requests of a guest were answered in."""
        delays: list[float] = self.guest[kind]["delays"]
        return delays[min(len(delays) - 1, int(0.99 * len(delays)))]

    def __str__(self) -> str:
        told = [f"{kind} p99 {self.p99(kind):.2f} s {met['statuses']}" for kind, met in self.guest.items()]
        return (
            f"{'; '.join(told)}; rss {self.rss / 1e6:.0f} MB, group {self.group / 1e6:.0f} MB, log {self.log} B,"
            f" webinar after {self.webinar_s} s; attackers {self.attackers}"
        )

    def check(self) -> None:
        """Assert what holds under every attack."""
        assert self.kills == 0, self
        assert set(self.guest["notification"]["statuses"]) == {"204"}, self
        assert self.p99("notification") < ZOOMS_PATIENCE_S, self
        assert all(set(self.guest[page]["statuses"]) == {"200"} for page in PAGES), self
        assert all(self.p99(page) < READERS_PATIENCE_S for page in PAGES), self
        assert self.webinar_s is not None, self
        assert self.webinar_s < 10, self
        assert self.rss < RSS_LIMIT, self
        assert self.log < LOG_LIMIT, self


class Siege:
    """A daemon that can be attacked."""

    def __init__(self, installation: Installation, daemon: Daemon, group: MemoryGroup) -> None:
        self.installation, self.daemon, self.group = installation, daemon, group
        self.port, self.forwarded = installation.port, False  # where all ask; whether they say that they are a proxy
        self._imported = 0

    def endure(self, *attacks: Attack | Crowd, seconds: float, reader: str = ZOOM) -> Outcome:
        """Attack for this long; meanwhile guests ask, and an event is imported. `reader`: the address of the reader."""
        logged = len(self.daemon.log)
        Path(f"/proc/{self.daemon.process.pid}/clear_refs").write_text("5", "utf-8")  # forget the peak so far
        with ExitStack() as stack:
            attackers = [stack.enter_context(_process(attack.module, attack.order(self.port))) for attack in attacks]
            time.sleep(1)  # the attack comes first
            guest = stack.enter_context(_process("tests.acceptance.attacks.guest", self._guests_order(reader)))
            ends = time.monotonic() + seconds
            webinar_s = self._import_one()
            while time.monotonic() < ends:
                time.sleep(0.1)
            met = _report(guest)
            peak = self.rss(peak=True)
            took = [_report(attacker) for attacker in attackers]
        return Outcome(
            guest=met,
            attackers=took,
            rss=peak,
            group=self.group.peak,
            kills=self.group.kills,
            log=len(self.daemon.log) - logged,
            webinar_s=webinar_s,
        )

    def rss(self, *, peak: bool = False) -> int:
        """Return the memory of the daemon in bytes, now or the most since the attack began; 0 once it is killed."""
        key = "VmHWM:" if peak else "VmRSS:"
        try:
            lines = Path(f"/proc/{self.daemon.process.pid}/status").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return 0
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(key))

    def files(self) -> int:
        """Count the files and connections that the daemon has open."""
        return len(os.listdir(f"/proc/{self.daemon.process.pid}/fd"))

    def _guests_order(self, reader: str) -> str:
        hook = {"hook": HOOK, "secret": WEBHOOK_SECRET, "rate": _RATE, "size": _SIZE}
        guests = {"zoom": ZOOM, "reader": reader, "pages": PAGES}
        return json.dumps({"port": self.port, "forwarded": self.forwarded, **guests, **hook})

    def _import_one(self) -> float | None:
        """Import an event; return the seconds until the practice Zoom has its webinar, or None without one."""
        self._imported += 1
        entry = an_entry(self._imported)
        file = self.installation.write(f"event-{self._imported}.json", json.dumps(entry))
        self.installation.run("events", "import", file)
        began = time.monotonic()
        while time.monotonic() < began + 20:
            if any(webinar["topic"].startswith(entry["name"]) for webinar in self.installation.zoom.webinars()):
                return round(time.monotonic() - began, 2)
            time.sleep(0.05)
        return None


@contextmanager
def besieged(installation: Installation, *, memory: int = MEMORY) -> Iterator[Siege]:
    """Run the daemon of this checkout in a control group for the block, as a program of its own: nothing is shared."""
    installation.environ["PYTHONPATH"] = str(ROOT)
    with memory_group(memory) as group, installation.daemon(program=True, ready=False) as daemon:
        assert daemon.process.pid
        group.add(daemon.process.pid)
        go_before_others(daemon.process.pid)  # its threads inherit it
        daemon.wait_ready()
        wait_until(lambda: daemon.fetch("/").status_code == 200, "a page")
        yield Siege(installation, daemon, group)


def go_before_others(process: int) -> None:
    """Give the processor to a process before programs that have nothing to do with the attack, if that is allowed."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, -15)
        Path(f"/proc/{process}/autogroup").write_text("-15", "utf-8")


@contextmanager
def each_second(act: Callable[[], None]) -> Iterator[None]:
    """Act once a second during the block, in a thread. At the end it waits for the last time, and raises its error."""
    ended = threading.Event()

    def repeat() -> None:
        while not ended.wait(1):
            act()

    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(repeat)
        try:
            yield
        finally:
            ended.set()
    acting.result()


@contextmanager
def _process(module: str, order: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", module], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    go_before_others(process.pid)
    process.stdin.write(order + "\n")
    process.stdin.flush()
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def _report(process: subprocess.Popen[str]) -> Any:
    """End a process by the end of its input, and return what it reports."""
    out, _ = process.communicate(timeout=120)
    return json.loads(out)
