"""Many accounts at once, in virtual time: the real service on a simulated clock, against a simulated Zoom."""

import gc
import json
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select

from tests.bench.simulation.growth import Size, grown, measure_sizes
from tests.bench.simulation.load import BEGIN, Load, Planned, hosts_of, programme_of
from tests.bench.simulation.planting import EARLIER, plant
from tests.bench.simulation.time import World
from tests.bench.simulation.work import Installation, Spent
from tests.bench.simulation.writes import Writes
from tests.bench.simulation.zoom import DOMAIN, SECRET, Counted, Recorded, SimulatedZoom, address_of
from tests.root import ROOT
from zoom_ops.app import App, connect
from zoom_ops.settings import load_settings
from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import publication

SWEEP = timedelta(minutes=30)
# a recording that became available in the last 40 minutes does not count: the end may come before its link
GRACE = timedelta(minutes=40)
_CONFIG = ROOT / "config"


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """The results of a simulation."""

    load: Load
    planted: int
    imported: tuple[str, ...]
    unheld: int  # events without a webinar at their start
    webinars: Mapping[str, tuple[int, ...]]  # by event
    recorded: Mapping[str, Recorded]  # by uuid
    published: Mapping[str, tuple[datetime, ...]]  # by uuid
    counted: Counted
    days: Counter[str]  # creates and updates of each host on its busiest day
    spent: Mapping[str, Spent]
    due_after: Mapping[str, int]
    growth: Mapping[str, Size]
    writes: Writes
    cpu_s: float  # of the service in the window
    took_s: float  # of the whole simulation

    def delays(self, *, told: bool) -> tuple[float, ...]:
        """List the seconds from available to published, sorted; inf for a recording that was not published."""
        latest = self.load.end - GRACE
        return tuple(
            sorted(
                (min(self.published[uuid]) - recorded.at).total_seconds() if uuid in self.published else float("inf")
                for uuid, recorded in self.recorded.items()
                if recorded.told == told and recorded.at <= latest
            )
        )

    @property
    def events(self) -> float:
        """The number of events whose share of the work was done in the window."""
        return self.load.daily * self.load.hours / 24


def simulate(load: Load, folder: Path) -> Simulated:
    """Simulate the service under a load, on a SQLite database in the folder."""
    began = time.perf_counter()
    world = World(BEGIN - EARLIER)
    zoom, planned = SimulatedZoom(world, load), programme_of(load)
    writes = Writes()
    with _installed(world, zoom, load, folder, writes) as (installation, database):
        planted = plant(world, zoom, installation, database, planned) if load.at_work else 0
        world.run(BEGIN)
        gc.collect()
        gc.freeze()  # the collector skips the planted objects, which would count as the service's work
        unheld: Counter[str] = Counter()
        _put_on_agenda(world, zoom, installation, planned, unheld)
        before, cpu_s = measure_sizes(database), time.process_time()
        zoom.reset_counts()
        installation.spent.clear()
        writes.reset()
        installation.start_turns()
        world.run(load.end)
        cpu_s = time.process_time() - cpu_s - zoom.counted.cpu_s
        gc.unfreeze()
        return Simulated(
            load=load,
            planted=planted,
            imported=tuple(event.id for event in planned if BEGIN < event.imported <= load.end),
            unheld=unheld.total(),
            webinars={event: tuple(ids) for event, ids in zoom.webinars.items()},
            recorded=dict(zoom.recorded),
            published=_published(database),
            counted=zoom.counted,
            days=_busiest_days(zoom),
            spent=dict(installation.spent),
            due_after=dict(installation.due_after),
            growth=grown(before, measure_sizes(database)),
            writes=writes,
            cpu_s=cpu_s,
            took_s=time.perf_counter() - began,
        )


def _put_on_agenda(
    world: World, zoom: SimulatedZoom, installation: Installation, planned: tuple[Planned, ...], unheld: Counter[str]
) -> None:
    """Schedule the imports of the events, and their webinars' starts."""

    def hold(event: Planned) -> None:
        unheld[event.id] += not zoom.hold(event)

    for event in planned:
        if event.imported > BEGIN:
            world.at(event.imported, lambda event=event: installation.add(event.event))
        if event.available > BEGIN:
            world.at(event.start, partial(hold, event))


@contextmanager
def _installed(
    world: World, zoom: SimulatedZoom, load: Load, folder: Path, writes: Writes
) -> Iterator[tuple[Installation, Database]]:
    (folder / "config" / "profiles").mkdir(parents=True)
    shutil.copy(_CONFIG / "profiles" / "default.toml", folder / "config" / "profiles")
    settings = load_settings(_environment(load, folder), folder)
    apps: list[App] = []
    try:
        apps += [connect(settings, world) for _ in range(load.processes)]
        installation = Installation(world, apps, load, zoom.spent_here)
        zoom.ear = installation.hear
        for app in apps:
            writes.watch(app.database)
        with zoom.connected():
            yield installation, apps[0].database
        installation.stop()
    finally:
        for app in apps:
            app.close()


def _environment(load: Load, folder: Path) -> dict[str, str]:
    environment = {
        "ZOOM_OPS_DATABASE_URL": f"sqlite:///{folder}/zoom_ops.db",
        "ZOOM_OPS_DATA_DIR": str(folder),
        "ZOOM_OPS_CONFIG_DIR": str(folder / "config"),
        "ZOOM_OPS_BASE_URL": "https://events.example.org",
        "ZOOM_OPS_DEFAULT_ACCOUNT": load.names[0],
        "ZOOM_OPS_RECORDING_HOSTS": json.dumps([DOMAIN]),
    }
    for name in load.names:
        account = {
            "ACCOUNT_ID": name, "CLIENT_ID": "client", "CLIENT_SECRET": "secret", "WEBHOOK_SECRET": SECRET,
            "PLAN": load.plan, "HOSTS": json.dumps(hosts_of(name, load.hosts)),
            "API_URL": f"{address_of(name)}/v2", "OAUTH_URL": f"{address_of(name)}/oauth/token",
        }  # fmt: skip
        environment |= {f"ZOOM_OPS_ACCOUNTS__{name.upper()}__{key}": value for key, value in account.items()}
    return environment


def _published(database: Database) -> dict[str, tuple[datetime, ...]]:
    published: dict[str, tuple[datetime, ...]] = {}
    with database.read() as connection:
        for uuid, at in connection.execute(select(publication.c.recording_uuid, publication.c.published_at)):
            published[uuid] = (*published.get(uuid, ()), at)
    return published


def _busiest_days(zoom: SimulatedZoom) -> Counter[str]:
    """Count for each host the creates and updates of its busiest day."""
    days: Counter[str] = Counter()
    for account in zoom.accounts.values():
        for (kind, host, _day), count in account.counters.of_day.items():
            if kind == "host":
                days[host] = max(days[host], count)
    return days
