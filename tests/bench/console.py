"""The processor time of the console's pages with years of events, runs and alerts in the database."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert

from tests.acceptance.installation import a_clean_environment, settings_of
from tests.bench.search import Client, sign_in
from tests.bench.slow_home import HOME, file_of, write_homes
from tests.builders import ACCOUNT, HOST, WEBINAR_ID, a_webinar, an_event
from tests.loopback import free_port
from zoom_ops.app import App, connect
from zoom_ops.clock import SystemClock
from zoom_ops.events import Event
from zoom_ops.identity import Passwords
from zoom_ops.identity.users import UserChanges, add_user
from zoom_ops.planning.desired import desired_fields
from zoom_ops.settings import load_settings
from zoom_ops.store.audit import Actor
from zoom_ops.store.events import load_event, save_event
from zoom_ops.store.homes.records import save_pull
from zoom_ops.store.tables import (
    alert,
    booking,
    effect,
    event_change,
    home_entry,
    home_record,
    host,
    notification,
    publication,
    run,
    seat,
    zoom_call,
)
from zoom_ops.store.webinars import save_binding
from zoom_ops.web.app import create_app
from zoom_ops.web.daemon import build_services

PAGES = (
    "/-/", "/-/events", "/-/events?when=over&page=100", "/-/events?q=harbour+talks", "/-/events/event-5000",
    "/-/plan", "/-/plan?event=event-9990", "/-/review", "/-/runs", "/-/runs?state=failed", "/-/runs?state=trouble",
    "/-/runs?state=trouble&cause=refused", "/-/runs?event=event-5000", "/-/events/new", "/-/webhooks",
    "/-/runs?job=create_webinars&before=50000", "/-/runs/50000", "/-/jobs", "/-/people", "/-/hosts",
    "/-/hosts/calendar", "/-/figures", "/-/figures?span=week", "/-/alerts", "/-/notifications", "/-/audit",
    "/-/settings", "/-/users", "/-/sessions", "/-/tokens", "/-/backups", "/-/homes",
)  # fmt: skip
PASSWORD = "a long way to the harbour"
BUDGET_MS = 10
_LINKED = range(4_800, 5_300)  # events whose recording has its link in a home
_ROUNDS, _WARM_UP = 20, 3
_ALERTS = 1_000  # of them 40 open


@dataclass(frozen=True, kw_only=True)
class PageTime:
    """The processor time of a page, in milliseconds: the median."""

    path: str
    median: float


def measure_console(folder: Path, database_url: str, *, events: int, runs: int) -> tuple[PageTime, ...]:
    """Fill a database and request each page of the console in this process. All events come from a home."""
    with _filled(folder, database_url, events, runs) as app:
        site = create_app(build_services(app))
        client = Client(site, sign_in(site, "operator", PASSWORD))
        return tuple(_time(client, path) for path in PAGES)


def _time(client: Client, path: str) -> PageTime:
    address, _, query = path.partition("?")
    took = [client.spend(address, query) for _ in range(_WARM_UP + _ROUNDS)]
    return PageTime(path=path, median=statistics.median(took[_WARM_UP:]))


@contextmanager
def _filled(folder: Path, database_url: str, events: int, runs: int) -> Iterator[App]:
    write_homes(folder, {HOME: file_of("http://127.0.0.1:9")})
    environ = a_clean_environment() | settings_of(database_url, folder / "var", "http://127.0.0.1:9", free_port())
    app = connect(load_settings(environ, folder), SystemClock())
    try:
        add_user(
            app.database, Passwords(), Actor(name="bench"), "operator", UserChanges(password=PASSWORD, role="admin")
        )
        now = app.context.clock.now()
        starts = {f"event-{number}": now + timedelta(hours=number - 0.9 * events) for number in range(events)}
        _fill_events(app, starts)
        _fill_runs(app, events, runs)
        _fill_calls(app, runs)
        _fill_alerts(app, events)
        _fill_recordings(app, starts)
        _fill_home(app, starts)
        yield app
    finally:
        app.close()


def _fill_events(app: App, starts: Mapping[str, datetime]) -> None:
    """Write events, nine in ten of them over. Those to come have webinars as they should be, but for the last ten."""
    now = app.context.clock.now()
    line = {"at": now, "what": "event_imported", "sentence": "The event was imported."}
    coming = []
    with app.database.begin() as connection:
        for number, (event_id, start) in enumerate(starts.items()):
            when = {"start": start, "end": start + timedelta(hours=1), "display_times": ()}
            event = an_event(id=event_id, name=f"Harbour Talks {number}", **when)
            save_event(connection, event, now)
            coming += [event] if start > now else []
        connection.execute(insert(event_change), [line | {"event_id": event_id} for event_id in starts])
        connection.execute(insert(host), [{"account": ACCOUNT, "email": HOST, "zoom_id": "host", "licensed": True,
                                           "capacity": 1000, "fetched_at": now, "listed_at": now}])  # fmt: skip
        for number, event in enumerate(coming[:-10], WEBINAR_ID):
            _hold(connection, app, event, number, now)


def _hold(connection: Connection, app: App, event: Event, number: int, now: datetime) -> None:
    """Give an event the webinar of this number, and its panelists."""
    fields = desired_fields(event, app.context.profile_of(event), app.context.installation)
    webinar, box = a_webinar(id=number), app.context.box
    save_binding(
        connection, box, event.id, webinar, now, known=fields, asked=fields, refused=(), origin="created",
        planned_revision=1, seated_revision=1,
    )  # fmt: skip
    seats = [
        {"event_id": event.id, "email": person.email, "name": person.name, "ours": True, "at": now}
        for person in event.performers
        if person.email
    ]
    connection.execute(insert(seat), seats)


def _fill_runs(app: App, events: int, runs: int) -> None:
    """Write finished runs, one in a thousand of them failed."""
    now, jobs = app.context.clock.now(), tuple(app.jobs)
    rows = [
        {
            "job": jobs[number % len(jobs)], "subject_kind": "event", "subject": f"event-{number % events}",
            "account": ACCOUNT, "state": "failed" if number % 1000 == 0 else "done", "attempts": 1,
            "outcome": "Changed the webinar.", "error": "Zoom refused it." if number % 1000 == 0 else None,
            "created": now - timedelta(minutes=runs - number), "finished": now - timedelta(minutes=runs - number),
        }
        for number in range(runs)
    ]  # fmt: skip
    _insert(app, run, rows)


def _fill_calls(app: App, runs: int) -> None:
    """Write two calls to Zoom for each run."""
    now, paths = app.context.clock.now(), ("/webinars/70000000001", "/webinars/70000000001/panelists")
    rows = [
        {"account": ACCOUNT, "run_id": number, "at": now - timedelta(minutes=runs - number), "method": "GET",
         "path": path, "status": 200}
        for number in range(runs) for path in paths
    ]  # fmt: skip
    _insert(app, zoom_call, rows)


def _fill_alerts(app: App, events: int) -> None:
    """Write alerts about events of some causes, nearly all of them over."""
    now = app.context.clock.now()
    rows = [
        {
            "key": f"run-failed-{number}", "kind": "run_failed", "subject": f"event-{events - 1 - number}",
            "account": ACCOUNT, "sentence": "A run has failed: Zoom refused it.", "cause": f"cause {number % 4}",
            "raised_at": now - timedelta(hours=number + 1), "cleared_at": None if number < 40 else now,
        }
        for number in range(_ALERTS)
    ]  # fmt: skip
    _insert(app, alert, rows)


def _fill_recordings(app: App, starts: Mapping[str, datetime]) -> None:
    """Write a booking for each event, and for each that is over the publication of its recording."""
    now = app.context.clock.now()
    over = {event: start + timedelta(hours=2) for event, start in starts.items() if start < now - timedelta(hours=3)}
    taken = [
        {"event_id": event, "account": ACCOUNT, "host": HOST, "start_at": start, "end_at": start + timedelta(hours=1)}
        for event, start in starts.items()
    ]
    told = [
        {"account": ACCOUNT, "body_hash": event, "kind": "recording.completed", "uuid": event, "event_id": event,
         "received_at": at, "body": b"", "state": "folded"}
        for event, at in over.items()
    ]  # fmt: skip
    published = [
        {"run_id": 1, "fence": 1, "subject_kind": "event", "subject": event, "digest": event, "state": "done",
         "kind": "PublishRecording", "action": {"recording_uuid": event, "old_visibility": None}, "began": at,
         "resolved": at + timedelta(seconds=40)}
        for event, at in over.items()
    ]  # fmt: skip
    for table, rows in ((booking, taken), (notification, told), (effect, published)):
        _insert(app, table, rows)


def _fill_home(app: App, starts: Mapping[str, datetime]) -> None:
    """Write a record in a home for each event, and for some that are over their webinar and their link there."""
    now = app.context.clock.now()
    records = [
        {"home": HOME, "record": event, "event_id": event, "url": f"http://127.0.0.1:9/{event}", "state": "taken",
         "read_at": now}
        for event in starts
    ]  # fmt: skip
    over = {event: starts[event] + timedelta(hours=2) for event in map("event-{}".format, _LINKED)}
    about = {"part": 1, "title": "Recording", "visibility": "public"}
    published = [
        {"event_id": event, "recording_uuid": event, "url": f"http://127.0.0.1:8/{event}", "state": "published",
         "published_at": at, **about}
        for event, at in over.items()
    ]  # fmt: skip
    links = []
    for row in published:
        link = {"key": row["event_id"], "title": row["title"], "url": row["url"], "visibility": row["visibility"]}
        shown = {"written": link, "seen": link, "written_at": now, "seen_at": now}
        links.append({"home": HOME, "record": row["event_id"], "key": row["event_id"], "event_id": row["event_id"],
                      **about, **shown})  # fmt: skip
    for table, rows in ((home_record, records), (publication, published), (home_entry, links)):
        _insert(app, table, rows)
    with app.database.begin() as connection:
        for number, event in enumerate(over, WEBINAR_ID - len(over)):
            _hold(connection, app, load_event(connection, event), number, now)
        save_pull(connection, HOME, tried_at=now, pulled_at=now, listed=len(records), took_ms=400)


def _insert(app: App, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    with app.database.begin() as connection:
        for first in range(0, len(rows), 5000):
            connection.execute(insert(table), rows[first : first + 5000])
