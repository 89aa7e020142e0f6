"""The results of a simulation as lines of the table."""

import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import structlog

from tests.bench.figure import Figure
from tests.bench.simulation.growth import Size
from tests.bench.simulation.load import Load
from tests.bench.simulation.run import GRACE, SWEEP, Simulated, simulate
from zoom_ops.sandbox.limits import HOST_PER_DAY, PER_SECOND

LATEST_S = (SWEEP + timedelta(minutes=5)).total_seconds()  # for a recording that only a sweep finds
_DAILY = (  # the simulation includes a midnight, so these run once, however many hours it has
    "make_backups (service)", "prune_records (service)", "report_stray_webinars (host)", "turn of make_backups",
    "turn of prune_records", "turn of report_stray_webinars",
)  # fmt: skip
_GOES_AFTER = {  # days, as delivered; the rest stays
    "run": 90, "effect": 90, "tick": 90, "event_change": 90, "notification": 90, "zoom_call": 31, "host_day": 31,
}  # fmt: skip
_OF_ACCOUNTS = ("token", "budget", "host", "account_stop")  # one for each account, whatever its number of events
_NEWEST = 5  # of an event's runs the newest of each job stays
_YEAR = 365
_MEMORY, _ROOM = Path("/dev/shm"), 5_000_000_000


def measure_simulation(load: Load, folder: Path) -> Iterator[Figure]:
    """Simulate without log lines and yield the figures; on SQLite, because a server's clock cannot be moved."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    memory = _MEMORY if roomy else folder.parent  # in memory, without waits for a disk
    with tempfile.TemporaryDirectory(prefix="zoom-ops-simulation-", dir=memory) as place:
        yield from figures_of(simulate(load, Path(place) / "place"))


def figures_of(simulated: Simulated) -> Iterator[Figure]:
    """Yield all figures."""
    load = simulated.load
    what = f"{load.accounts:,} accounts × {load.times * load.monthly:,} events a month, {load.hours:g} h"
    for figure in (
        *_outcome(simulated),
        *_times(simulated),
        *_limits(simulated),
        *_work(simulated),
        *_writes(simulated),
        *_growth(simulated),
    ):
        yield Figure(**figure.__dict__ | {"what": f"{what}: {figure.what}"})


def _outcome(simulated: Simulated) -> Iterator[Figure]:
    ones = sum(len(simulated.webinars.get(event, ())) == 1 for event in simulated.imported)
    yield _at_least("imported events with exactly one webinar", ones, "events", len(simulated.imported))
    latest = simulated.load.end - GRACE
    due = [uuid for uuid, recorded in simulated.recorded.items() if recorded.at <= latest]
    once = sum(len(simulated.published.get(uuid, ())) == 1 for uuid in due)
    yield _at_least("recordings published once", once, "recordings", len(due))
    yield _at_most("events without a webinar when they began", simulated.unheld, "events", 0)


def _times(simulated: Simulated) -> Iterator[Figure]:
    for notified, name in ((True, "notified"), (False, "notification lost")):
        delays = simulated.delays(told=notified)
        for share, label in ((0.5, "p50"), (0.99, "p99"), (1.0, "longest")):
            measured = delays[min(len(delays) - 1, int(share * len(delays)))] if delays else 0.0
            budget = None if notified or label == "p50" else LATEST_S
            yield _at_most(f"available → published, {name} ({len(delays)}), {label}", measured, "s", budget)


def _limits(simulated: Simulated) -> Iterator[Figure]:
    load, counted = simulated.load, simulated.counted
    for label, limit in PER_SECOND[load.plan].items():
        calls = [count for (_, other), count in counted.labels.items() if other == label]
        if calls:
            peak = max(count for (_, other), count in counted.peaks.items() if other == label)
            yield _at_most(f"{label} calls of an account, busiest second", peak, "calls", limit)
            mean = sum(calls) / load.accounts / (load.hours * 3600)
            yield _at_most(f"{label} calls of an account, mean", mean, "a second", limit)
    yield _at_most("answers with 429", counted.statuses[429], "calls", 0)
    busiest = max(simulated.days.values(), default=0)
    yield _at_most("creates and updates of the busiest host in a day", busiest, "calls", HOST_PER_DAY)
    every = counted.statuses.total() / simulated.events
    yield _told("calls for an event, with its share of sweeps and looks", every, "calls")


def _work(simulated: Simulated) -> Iterator[Figure]:
    load = simulated.load
    threads = load.processes * load.threads * load.hours * 3600
    busy = sum(spent.busy_s for spent in simulated.spent.values()) / threads
    yield _told(f"threads busy, of {load.processes} × {load.threads}", busy, "of the time")
    yield _told("processor for an event, its share of everything", simulated.cpu_s / simulated.events, "s")
    yield _told("processor on average", simulated.cpu_s / (load.hours * 3600), "cores")
    yield _told("this machine took", simulated.took_s, "s")
    for name, spent in sorted(simulated.spent.items(), key=lambda pair: -pair[1].cpu_s):
        a_day = spent.count if name in _DAILY else spent.count * 24 / load.hours
        yield _told(f"{name}, {a_day:,.0f} a day: processor", 1000 * spent.cpu_s / spent.count, "ms each")
        yield _told(f"{name}: longest", 1000 * spent.longest_cpu_s, "ms")
    for name, asked in simulated.due_after.items():
        yield _told(f"most runs asked for by one turn of {name}", asked, "runs")


def _writes(simulated: Simulated) -> Iterator[Figure]:
    writes, events = simulated.writes, simulated.events
    yield _told("transactions that write, for an event", writes.count / events, "transactions")
    yield _told("of them wait for the disk", writes.durable / events, "transactions")
    yield _told("the database is held by a writer, for an event", 1000 * writes.held_s / events, "ms")
    yield _told("the longest of them", 1000 * writes.longest_s, "ms")


def _growth(simulated: Simulated) -> Iterator[Figure]:
    events = simulated.events
    for name, size in sorted(simulated.growth.items(), key=lambda pair: -pair[1].bytes):
        if size.rows > 0:
            yield _told(f"rows of {name} for an event", size.rows / events, "rows")
            yield _told(f"bytes of {name} for an event", size.bytes / events, "bytes")
    total = sum(size.bytes for size in simulated.growth.values())
    yield _told("database grows for an event by", total / events, "bytes")
    yield _told("of them stay for good", stays(simulated.growth) / events, "bytes")
    yield _told("database after a year", projected(simulated, _YEAR) / 1e9, "GB")


def stays(growth: Mapping[str, Size]) -> float:
    """Return the part of the growth that is never deleted, in bytes."""
    run = growth.get("run", Size(rows=0, bytes=0))
    newest = min(1.0, _NEWEST * growth["event"].rows / run.rows) * run.bytes if run.rows else 0.0
    return newest + sum(size.bytes for name, size in growth.items() if name not in (*_GOES_AFTER, *_OF_ACCOUNTS))


def projected(simulated: Simulated, days: int) -> float:
    """Return the size of the database after this number of days, with the delivered settings."""
    daily = simulated.load.daily / simulated.events
    kept = stays(simulated.growth) * days
    going = sum(size.bytes * min(days, _GOES_AFTER[name]) for name, size in simulated.growth.items()
                if name in _GOES_AFTER)  # fmt: skip
    return daily * (kept + going)


def _at_least(what: str, measured: float, unit: str, budget: float) -> Figure:
    return Figure(what=what, measured=measured, unit=unit, budget=budget, at_least=True)


def _at_most(what: str, measured: float, unit: str, budget: float | None) -> Figure:
    return Figure(what=what, measured=round(measured, 4), unit=unit, budget=budget, at_least=False)


def _told(what: str, measured: float, unit: str) -> Figure:
    return _at_most(what, measured, unit, None)
