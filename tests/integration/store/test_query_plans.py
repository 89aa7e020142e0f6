"""With years of events in the database no query of the hot path scans a big table."""

from datetime import timedelta

import pytest

from tests.builders import EVENT_ID, NOW, an_event
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.integration.service import MakeService, Service, make_movable
from tests.plans.plans import listening, read_whole
from tests.plans.years import BIG, fill
from tests.receiver import Receiver
from zoom_ops.engine.heartbeat import write_heartbeat
from zoom_ops.engine.runs import first_due
from zoom_ops.store.db.connect import Database
from zoom_ops.store.lists.pages import count_listed

pytestmark = pytest.mark.both_databases

SMALL, LARGE = 5_000, 1_000_000
START = NOW + timedelta(hours=2)
PAGES = (
    "/", "/?q=tides+4711", "/?when=past", "/?series=series-42", "/series/series-42", "/series/series-42.ics",
    "/series/series-42.atom", "/recordings.atom", f"/events/{EVENT_ID}", f"/events/{EVENT_ID}.json",
    f"/events/{EVENT_ID}.ics", f"/events/{EVENT_ID}/recording", "/events/event-17",
)  # fmt: skip
CONSOLE = (
    "/-/", "/-/events", "/-/events?when=over", f"/-/events/{EVENT_ID}", "/-/review", "/-/runs", "/-/runs?state=failed",
    "/-/runs?state=parked", "/-/runs?job=create_webinars", "/-/runs/17", "/-/jobs", "/-/hosts", "/-/alerts",
    "/-/hosts/calendar", "/-/figures", "/-/figures?span=week", "/-/notifications", "/-/audit",
)  # fmt: skip
API = tuple(
    f"/api/v1/{path}"
    for path in (
        "events", "events?q=tides", f"events/{EVENT_ID}", f"events/{EVENT_ID}/timeline", f"plan?event={EVENT_ID}",
        "runs", "runs?failed=true", "runs?job=create_webinars", "runs/17", "jobs", "accounts", "alerts", "approvals",
        "audit", "deliveries",
    )
)  # fmt: skip
"""All GET paths except the webhooks: that one counts every stored message, and a person reads it now and then."""
ORDER = (  # what `load_order` reads whole, and what is kept of it
    "SELECT group_concat(anon_1.number",
    "SELECT string_agg(anon_1.number",
    *(f"SELECT (SELECT max({table}.id)" for table in ("run", "zoom_call")),  # SQLite counts pages: 0.2 ms of a million
)


@pytest.fixture
def service_database_url(migrated_database_url: str) -> str:
    """A database of this test's own, because the test fills it."""
    if not migrated_database_url.startswith("sqlite"):
        make_movable(migrated_database_url)
    return migrated_database_url


@pytest.fixture(
    params=[
        pytest.param(SMALL, marks=pytest.mark.timeout(300)),  # 20 seconds, and many times that on a busy machine
        pytest.param(LARGE, marks=[pytest.mark.long, pytest.mark.timeout(1_800)]),
    ]
)
def service(request: pytest.FixtureRequest, make_service: MakeService, receiver: Receiver) -> Service:
    """A service with years of events in its database."""
    service = make_service(settings=WITHOUT_TLS | receiver.settings())
    fill(service.app.database, request.param)
    keep_statistics(service.app.database)
    service.patience_s *= request.param / SMALL  # the number of due runs grows with the events
    return service


def keep_statistics(database: Database) -> None:
    """Keep the statistics as they are: on a busy machine autovacuum would see tables that a job has just emptied."""
    if not database.is_sqlite:
        with database.begin() as connection:
            for table in BIG:
                connection.exec_driver_sql(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")


def test_no_query_of_the_hot_path_reads_a_big_table_whole(service: Service) -> None:
    database = service.app.database
    with listening(database) as heard:
        live_through(service)
        look_at_pages(service)

    with database.begin() as connection:
        if not database.is_sqlite and size(service) < LARGE:  # a scan is fastest here: is there another way?
            for way in ("seqscan", "hashjoin", "mergejoin"):
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        elif not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL random_page_cost = 1.1")  # as docs/operating.md recommends
        scans = [
            f"{scan}: {sql}"
            for sql, parameters in heard.items()
            if not sql.startswith(ORDER) and (scan := read_whole(connection, parameters, BIG))
        ]

    assert not scans, "\n\n".join(scans)


def size(service: Service) -> int:
    """Return the number of events."""
    with service.app.database.read() as connection:
        totals = count_listed(connection, NOW, (), found=False)
    return totals.coming + totals.past


def live_through(service: Service) -> None:
    """Play an event from its announcement to its published recording, and fire every job's schedule."""
    service.add(an_event(start=START, end=START + timedelta(hours=1), display_times=()))
    service.settle()
    service.clock.advance(START - service.clock.now())
    service.zoom.hold()
    service.clock.advance(timedelta(hours=2))
    service.settle()
    for name in service.app.jobs:
        service.tick(name)
    service.settle()
    write_heartbeat(service.app.database)
    with service.app.database.read() as connection:
        first_due(connection)  # each process of a cluster runs this query


def look_at_pages(service: Service) -> None:
    """Read the programme as a visitor, and the console and the API as an operator."""
    with visit_pages(service) as served:
        for page in PAGES:
            assert served.visitor.get(page).status_code in (200, 303), page
        operator = sign_in(service, served.visitor, "operator")
        for page in (*CONSOLE, *API):
            assert operator.get(page).status_code == 200, page
