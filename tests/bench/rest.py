"""The processor time and memory of idle processes, and the response time of a command."""

import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.acceptance.installation import PROGRAM, install
from tests.acceptance.programme import import_programme
from tests.bench.figure import Figure
from tests.bench.programs import Programs, programs, set_as_delivered
from tests.waiting import wait_until

CORE, MEMORY_MB, HELP_S = 0.005, 120.0, 0.4
_EVENTS = 200  # future events, each with its webinar and its panelists
_SETTLES_S, _WATCHED_S = 20.0, 60.0
_HELPS = 11


def measure_rest(folder: Path, database_url: str, *, workers: int) -> Iterator[Figure]:
    """Wait until all webinars exist, then measure the idle processes for a minute."""
    with install(folder, database_url, webhook_url=None) as installation:
        set_as_delivered(installation, many=bool(workers))
        import_programme(installation, _EVENTS)
        with programs(installation, workers=workers) as running:
            wait_until(lambda: len(installation.zoom.webinars()) == _EVENTS, "the webinars", patience_s=300)
            time.sleep(_SETTLES_S)
            yield from _watch(f"at rest, {_EVENTS} events to come, {installation.kind}", running)
            running.stop()
    yield _figure("zoom-ops --help: median", _help_s(), "s", HELP_S)


def _watch(what: str, running: Programs) -> Iterator[Figure]:
    before, began = running.cpu_s(), time.monotonic()
    time.sleep(_WATCHED_S)
    after, seconds = running.cpu_s(), time.monotonic() - began
    memory = running.memory_mb()
    for name in memory:
        yield _figure(f"{what}, {name}: of a core", (after[name] - before[name]) / seconds, "cores", CORE)
        yield _figure(f"{what}, {name}: memory", memory[name], "MB", MEMORY_MB)


def _help_s() -> float:
    took = []
    for _ in range(_HELPS):
        began = time.perf_counter()
        subprocess.run([PROGRAM, "--help"], capture_output=True, check=True)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def _figure(what: str, measured: float, unit: str, budget: float) -> Figure:
    return Figure(what=what, measured=round(measured, 4), unit=unit, budget=budget, at_least=False)
