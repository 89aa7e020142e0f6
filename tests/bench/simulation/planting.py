"""The initial state of an installation that has worked for long: events that were held, and future events."""

import heapq
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, Table, delete, func, insert, select

from tests.bench.simulation.load import BEGIN, Planned, hosts_of
from tests.bench.simulation.mould import Mould, Row, a_cast, take_mould
from tests.bench.simulation.time import World
from tests.bench.simulation.work import Installation
from tests.bench.simulation.zoom import SimulatedZoom
from zoom_ops.store import tables
from zoom_ops.store.db.connect import Database

_BUFFER = timedelta(minutes=15)
_AT_ONCE = 500
_DAY = timedelta(days=1)
_LOOKED = _DAY + timedelta(minutes=2.5)  # a webinar is read once a day, at the turn that follows
EARLIER = timedelta(days=1)  # the event in the mould goes through the service this long before the simulation begins


def plant(
    world: World, zoom: SimulatedZoom, installation: Installation, database: Database, planned: Sequence[Planned]
) -> int:
    """Write events as if the service had worked for them, held if they are over; return their number."""
    coming, over = _make_moulds(world, zoom, installation, database)
    chosen = [event for event in planned if event.imported <= BEGIN]
    hosts = _seat_at_hosts(chosen, len(next(iter(zoom.accounts.values())).users))
    with database.begin() as connection:
        _plant_hosts(connection, zoom)
        first_run = int(connection.execute(select(func.max(tables.run.c.id))).scalar_one()) + 1
    pairs = zip(chosen, hosts, strict=True)
    while some := tuple(islice(pairs, _AT_ONCE)):
        with database.begin(durable=False) as connection:
            first_run = _plant(connection, zoom, some, (coming, over), first_run)
    return len(chosen)


def _make_moulds(
    world: World, zoom: SimulatedZoom, installation: Installation, database: Database
) -> tuple[Mould, Mould]:
    """Lead one event through its life; return its state before it begins, and when it is published."""
    start = BEGIN - EARLIER + timedelta(hours=1)
    account = next(iter(zoom.accounts))
    planned = Planned(id="event-in-the-mould", account=account, imported=BEGIN - EARLIER, start=start)
    zoom.loses = False
    installation.add(planned.event)
    world.run(planned.start)
    webinar = zoom.accounts[account].webinars[zoom.webinars[planned.id][0]]
    with database.read() as connection:
        coming = take_mould(connection, planned, webinar)
    zoom.hold(planned)
    world.run(planned.available + timedelta(minutes=10))
    with database.read() as connection:
        over = take_mould(connection, planned, webinar)
    zoom.loses = True
    world.run(BEGIN)
    return coming, over


def _seat_at_hosts(planned: Iterable[Planned], count: int) -> Iterator[str]:
    """Yield a free host for each event: the one that has been free for longest."""
    free: dict[str, list[tuple[float, int]]] = defaultdict(lambda: [(0.0, number) for number in range(count)])
    for event in planned:
        _, number = heapq.heappop(free[event.account])
        heapq.heappush(free[event.account], ((event.end + _BUFFER).timestamp(), number))
        yield hosts_of(event.account, count)[number]


def _plant(
    connection: Connection,
    zoom: SimulatedZoom,
    some: Iterable[tuple[Planned, str]],
    moulds: tuple[Mould, Mould],
    first_run: int,
) -> int:
    rows: dict[Table, list[Row]] = defaultdict(list)
    for planned, host in some:
        over = planned.available <= BEGIN
        mould, cast = moulds[over], a_cast(planned, host, zoom.names, over=over)
        for table, row in mould.cast_rows(cast, first_run):
            rows[table].append(row)
        first_run += sum(table is tables.run for table, _ in mould.rows)
        if not over:
            rows[tables.binding][-1]["known_at"] = _last_look(planned)
        account = zoom.accounts[planned.account]
        account.webinars[cast.webinar_id] = mould.cast_webinar(cast, account.users[host])
        zoom.webinars[planned.id] = [cast.webinar_id]
    for table, some_rows in rows.items():
        connection.execute(insert(table), some_rows)
    return first_run


def _last_look(planned: Planned) -> datetime:
    """Return when the webinar was read last: when it was made, and then once a day, at the turn that follows."""
    times = (BEGIN - planned.imported) // _LOOKED
    return planned.imported + times * _LOOKED


def _plant_hosts(connection: Connection, zoom: SimulatedZoom) -> None:
    """Write Zoom's answer about each host at some time of the last day."""
    chance = random.Random("hosts")
    connection.execute(delete(tables.host))
    connection.execute(
        insert(tables.host),
        [
            {
                "account": name, "email": user.email, "zoom_id": user.id, "licensed": True, "capacity": 1000,
                "fetched_at": BEGIN - chance.random() * _DAY,
            }
            for name, account in zoom.accounts.items()
            for user in account.users.values()
        ],
    )  # fmt: skip
