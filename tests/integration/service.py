"""The whole service without its web: a practice Zoom, an App on a real database, and one clock for both.

The clock shows NOW (of the builders) when a test begins. Time runs on and can be moved on. No run is performed until
the test asks for it: `work()` performs due runs; `settle()` also waits for the notifications of the practice Zoom.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import requests
from sqlalchemy import insert, select

from tests import zoom_signature
from tests.builders import ACCOUNT, AN_OPERATOR, BASE_URL, EVENT_ID, HOST, NOW, a_note, an_event
from tests.endings import run_sandbox
from tests.loopback import Asked, Loopback
from tests.root import ROOT
from tests.waiting import wait_until
from zoom_ops.announcements.address_book import Contact
from zoom_ops.app import App, connect
from zoom_ops.app import take as take_all
from zoom_ops.engine.listing import list_runs
from zoom_ops.engine.runs import Run, Subject
from zoom_ops.engine.schedule import fire
from zoom_ops.events import Event
from zoom_ops.operations.events.address_book import ImportedPeople, import_people
from zoom_ops.operations.events.decisions import adopt_webinar, approve_event
from zoom_ops.operations.events.importing import Imported, import_events
from zoom_ops.operations.events.orders.cancelling import cancel_event
from zoom_ops.operations.events.serialize import describe_event
from zoom_ops.operations.jobs.registry import schedule_of
from zoom_ops.operations.jobs.requests import preview_job, request_job
from zoom_ops.operations.notifications.intake import Intake, RawNotification
from zoom_ops.operations.views.events import timeline
from zoom_ops.operations.views.plans.choices.applying import request_plan
from zoom_ops.operations.views.plans.overview import Overview
from zoom_ops.operations.views.plans.plan import plan_events
from zoom_ops.operations.views.programme import Programme
from zoom_ops.operations.views.runs import show_run
from zoom_ops.planning import Plan
from zoom_ops.readers import Announced, read_events
from zoom_ops.sandbox import Sandbox, SandboxUser
from zoom_ops.settings import Place, load_settings
from zoom_ops.store.db.disks import Disk
from zoom_ops.store.events import load_event, save_event
from zoom_ops.store.tables import host_day
from zoom_ops.store.tables import run as runs

WEBHOOK_SECRET = "tidewater-webhook-secret"
CONFIG = ROOT / "config"
PATIENCE_S = 20.0
# The deadline is longer than any answer takes on a busy machine. A test that loses an answer orders a fault.
WAITS = {"SELF_FENCE_S": "5", "DEADLINE_S": "10", "LISTING_LAG_S": "3", "POLL_S": "0.1", "TRIAL_S": "1"}
PATIENT = {f"ZOOM_OPS_{name}_S": "60" for name in ("SELF_FENCE", "READ", "DEADLINE")} | {"ZOOM_OPS_IDLE_S": "90"}
"""For a test that makes many calls at once and counts how they ended: on a busy machine they wait for one another."""
SETTLED = timedelta(seconds=15)  # self-fence and deadline: then an effect without an answer is looked up
LISTED = timedelta(seconds=18)  # and the listing lag, where the look-up reads a list

CREATE, READ, UPDATE = "POST /users/*/webinars", "GET /webinars/*", "PATCH /webinars/*"
DELETE, LIST = "DELETE /webinars/*", "GET /users/*/webinars"
SEAT, SEATED = "POST /webinars/*/panelists", "GET /webinars/*/panelists"
UNSEAT = "DELETE /webinars/*/panelists/*"
SHARING = "GET /meetings/*/recordings/settings"
_ACTIVE = select(runs.c.job, runs.c.subject, runs.c.error, runs.c.started, runs.c.next_at).where(
    runs.c.state == "active"
)  # built once: it is asked after each run of each test

Document = dict[str, Any]
MakeService = Callable[..., "Service"]


class TestClock:
    """A clock that starts at NOW and can be moved on. On PostgreSQL the clock of the database moves with it."""

    __test__ = False

    def __init__(self) -> None:
        self._ahead = timedelta()
        self.on_move: list[Callable[[timedelta], None]] = []
        self.restart()

    def restart(self) -> None:
        """Set the clock to NOW."""
        self.on_move.clear()
        self._ahead = NOW - datetime.now(NOW.tzinfo)

    @property
    def ahead(self) -> timedelta:
        """Return how far the clock is ahead of the machine's clock."""
        return self._ahead

    def now(self) -> datetime:
        """Return the time of this clock."""
        return datetime.now(NOW.tzinfo) + self._ahead

    def elapsed(self) -> float:
        """Return seconds. Only differences of them have a meaning."""
        return time.monotonic() + self._ahead.total_seconds()

    def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        time.sleep(seconds)

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        self._ahead += by
        for moved in self.on_move:
            moved(self._ahead)


def take(app: App, account: str, headers: Mapping[str, str], body: bytes) -> Intake:
    """Take one notification as a batch of its own. Raise what the batch returns for it as an exception."""
    (answer,) = take_all(app, [RawNotification(account=account, headers=headers, body=body)])
    if isinstance(answer, Exception):
        raise answer
    return answer


class Ear(Loopback):
    """The webhook address: passes each notification to the listener."""

    def __init__(self) -> None:
        super().__init__()
        self.listener: Callable[[Mapping[str, str], bytes], Intake] | None = None

    def hear(self, asked: Asked) -> tuple[int, bytes]:
        """Answer Zoom's validation of the address, else return the listener's status."""
        plain = json.loads(asked.body)["payload"].get("plainToken")
        if plain is not None:
            encrypted = hmac.new(WEBHOOK_SECRET.encode(), plain.encode(), hashlib.sha256).hexdigest()
            return 200, json.dumps({"plainToken": plain, "encryptedToken": encrypted}).encode()
        if self.listener is None:
            return 204, b""
        return self.listener(asked.headers, asked.body).status, b""


class PracticeZoom:
    """A running sandbox, as a test reads and controls it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = requests.Session()

    def control(self, method: str, path: str = "", body: Any = None) -> Any:
        """Use a control of the sandbox."""
        reply = self._http.request(method, f"{self.url}/_sandbox{path}", json=body, timeout=60)
        assert reply.ok, reply.text
        return reply.json() if reply.content else None

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the API as somebody else: a person in Zoom's portal, or another program."""
        return self.call_often(method, path, [body])[0]

    def call_often(self, method: str, path: str, bodies: Iterable[Any]) -> list[Any]:
        """Call the API as somebody else, once with each body."""
        token = self._http.post(
            f"{self.url}/oauth/token",
            data={"grant_type": "account_credentials", "account_id": "account"},
            auth=("somebody", "else"),
            timeout=60,
        ).json()["access_token"]
        headers = {"authorization": f"Bearer {token}"}
        replies = []
        for body in bodies:
            reply = self._http.request(method, f"{self.url}/v2{path}", json=body, headers=headers, timeout=60)
            assert reply.ok, reply.text
            replies.append(reply.json() if reply.content else None)
        return replies

    def state(self) -> Any:
        """Return the whole state of the sandbox."""
        return self.control("GET", "/state")

    def webinars(self) -> list[Any]:
        """List the webinars in the order of their creation."""
        return list(self.state()["webinars"])

    def webinar(self) -> Any:
        """Return the only webinar."""
        (webinar,) = self.webinars()
        return webinar

    def panelists(self) -> list[str]:
        """List the addresses of the only webinar's panelists, sorted."""
        return sorted(panelist["email"] for panelist in self.webinar()["panelists"])

    def invitations(self) -> list[str]:
        """List the recipients of invitations to the only webinar, sorted: one address per mail."""
        return sorted(invitation["email"] for invitation in self.webinar()["invitations"])

    def calls(self) -> list[str]:
        """List the calls so far as "METHOD path", numbers and uuids as *, without token and host look-ups."""
        logged = self.control("GET", "/requests")
        paths = [(request["method"], request["path"]) for request in logged]
        return [f"{method} {_shape(path)}" for method, path in paths if not _is_apart(path)]

    def carried_out(self) -> list[str]:
        """List the writes that Zoom carried out, in the form of `calls`."""
        logged = self.control("GET", "/requests")
        done = [
            request
            for request in logged
            if request["method"] != "GET" and request["status"] < 300 and not _is_apart(request["path"])
        ]
        return [f"{request['method']} {_shape(request['path'])}" for request in done]

    def hold(self, webinar_id: int | None = None, **how: Any) -> list[Any]:
        """Hold a webinar, by default the only one. Its recording is processed at once unless `how` says otherwise."""
        number = webinar_id or self.webinar()["id"]
        held = self.control("POST", f"/webinars/{number}/hold", {"processing_s": 0, "transcript": False, **how})
        return list(held["instances"])

    def fault(self, match: str, do: str, **further: Any) -> None:
        """Order a fault. It happens once unless `further` says otherwise."""
        self.control("POST", "/faults", {"match": match, "do": do, "times": 1, **further})

    def mend(self) -> None:
        """Remove all faults."""
        self.control("DELETE", "/faults")


class Service:
    """The service, its practice Zoom, and the steps of a test."""

    def __init__(self, app: App, zoom: PracticeZoom, sandbox: Sandbox, clock: TestClock, ear: Ear) -> None:
        self.app, self.zoom, self.sandbox, self.clock, self.ear = app, zoom, sandbox, clock, ear
        self.context = app.context
        self.patience_s = PATIENCE_S
        self.hear()

    @property
    def programme(self) -> Programme:
        """The programme, as the pages read it."""
        context = self.context
        return Programme(context.database, context.box, self.clock, playing_hosts=lambda: context.playing_hosts)

    def hear(self) -> None:
        """Accept Zoom's notifications, as at the start of a test."""
        self.ear.listener = lambda headers, body: take(self.app, ACCOUNT, headers, body)

    def stop_hearing(self) -> None:
        """Lose every notification from now on."""
        self.ear.listener = None

    def add(self, *events: Event, **how: Any) -> tuple[Imported, ...]:
        """Import events as from a file that gives their ids."""
        announced = [
            Announced(event=event, id_given=True, file="events.yaml", line=1) for event in events or (an_event(),)
        ]
        return import_events(self.context, announced, AN_OPERATOR, **how)

    def add_in_doubt(self) -> None:
        """Import an event that is published, with a note on its start: so its webinar waits. A new one were a draft."""
        self.write(an_event())
        self.add(an_event(needs_review=(a_note(field="start"),)))

    def write(self, event: Event) -> None:
        """Save an event's record without ringing any job."""
        with self.app.database.begin() as connection:
            save_event(connection, event, self.app.database.now(connection))

    def read(self, content: str, file: str = "events.yaml", *, how: Any = None, **wishes: Any) -> tuple[Imported, ...]:
        """Import a file's content. `how` holds the options of --id and --new."""
        return import_events(self.context, read_events(content.encode(), file, **wishes), AN_OPERATOR, **(how or {}))

    def change(self, event_id: str = EVENT_ID, **changes: Any) -> Imported:
        """Import the event again with these fields changed."""
        event = Event.model_validate(self.event(event_id).model_dump() | changes)
        (imported,) = self.add(event)
        return imported

    def introduce(self, *people: tuple[str, str]) -> ImportedPeople:
        """Import an address book of names and addresses."""
        contacts = [Contact(name=name, organization=None, email=mail) for name, mail in people]
        return import_people(self.context, contacts, AN_OPERATOR)

    def approve(self, *fields: str, event_id: str = EVENT_ID) -> tuple[str, ...]:
        """Approve fields of an event, by default all doubtful ones."""
        return approve_event(self.context, event_id, AN_OPERATOR, fields).fields

    def cancel(self, event_id: str = EVENT_ID) -> None:
        """Cancel an event."""
        cancel_event(self.context, event_id, AN_OPERATOR)

    def adopt(self, webinar_id: int, event_id: str = EVENT_ID) -> None:
        """Adopt a webinar for an event."""
        adopt_webinar(self.context, event_id, webinar_id, AN_OPERATOR)

    def use_up(self, host: str, count: int) -> None:
        """Record that a host has used `count` of today's creates and updates."""
        with self.app.database.begin() as connection:
            day = self.clock.now().date().isoformat()
            connection.execute(insert(host_day).values(account=ACCOUNT, host=host, day=day, used=count))

    def event(self, event_id: str = EVENT_ID) -> Event:
        """Load an event."""
        with self.app.database.read() as connection:
            return load_event(connection, event_id)

    def work(self) -> None:
        """Perform the due runs in this process, and the runs that follow, until none is due.

        Patience is processor time: a busy machine spends no more of it. The time-out of the test ends an endless wait.
        """
        patience = time.process_time() + self.patience_s

        def rested() -> bool:
            due = self._due()
            assert time.process_time() < patience, f"no rest: {due}"
            return not due

        engine = self.app.engines.alone
        engine.drain(rested)
        with engine._idle:  # a thread whose run is written has to log it, and to give its connection back
            engine._idle.wait_for(lambda: not engine._busy, timeout=2)

    def settle(self) -> None:
        """Perform due runs and wait for Zoom's notifications, until neither is left."""
        while True:
            self.work()
            self.await_notifications()
            if not self._due():
                return

    def later(self, by: timedelta) -> None:
        """Move time on, then settle."""
        self.clock.advance(by)
        self.settle()

    def tick(self, *jobs: str) -> int:
        """Fire the schedule of jobs, by default those that run several times a day. Return the number of runs made."""
        self.clock.advance(timedelta(milliseconds=1))
        often = [
            name
            for name, job in self.app.jobs.items()
            if isinstance(job.when, timedelta) and job.when < timedelta(days=1)
        ]
        chosen = [self.app.get_job(name) for name in jobs or often]
        return sum(fire(self.app.database, schedule_of(job), self.clock.now()) for job in chosen)

    def ask(self, job: str, event_id: str | None = None, **how: Any) -> tuple[int, ...]:
        """Request a job by hand, as `zoom-ops run` does, and settle. Return the ids of the runs."""
        run_ids = request_job(self.context, self.app.get_job(job), event_id, AN_OPERATOR, **how)
        self.settle()
        return run_ids

    def plan(self, *event_ids: str, force: bool = False) -> Overview:
        """Plan as `zoom-ops plan` does."""
        return plan_events(self.context, event_ids, force=force)

    def apply(self, *event_ids: str, force: bool = False) -> Overview:
        """Plan and carry out as `zoom-ops apply` does. Return the plan."""
        overview = self.plan(*event_ids, force=force)
        request_plan(self.context, self.app.jobs.values(), overview, AN_OPERATOR, force=force)
        self.settle()
        return overview

    def preview(self, job: str, event_id: str = EVENT_ID) -> tuple[Plan, ...]:
        """Return a job's plans for an event, as `run --dry-run` does."""
        return preview_job(self.context, self.app.get_job(job), event_id)

    def run(self, job: str, event_id: str = EVENT_ID, *, kind: Any = "event") -> Document:
        """Return the latest run of a job for an event."""
        with self.app.database.read() as connection:
            candidates = list_runs(connection, subject=Subject(kind=kind, id=event_id), limit=100)
        return show_run(self.context.database, next(listed.id for listed in candidates if listed.job == job))

    def runs(self, **filters: Any) -> tuple[Run, ...]:
        """List the runs, newest first."""
        with self.app.database.read() as connection:
            return list_runs(connection, limit=1000, **filters)

    def shown(self, event_id: str = EVENT_ID) -> Document:
        """Describe an event as `events show` does."""
        return describe_event(self.context, event_id)

    def shown_as_json(self, event_id: str = EVENT_ID) -> str:
        """Describe an event as `events show --json` does."""
        return json.dumps(self.shown(event_id))

    def published(self, event_id: str = EVENT_ID) -> list[str]:
        """List the addresses of the event's published recordings."""
        return [entry["url"] for entry in self.shown(event_id)["recordings"] if entry["state"] == "published"]

    def happened(self, event_id: str = EVENT_ID) -> list[str]:
        """List what happened to an event in order, each kind once."""
        return list(dict.fromkeys(line["what"] for line in timeline(self.context.database, event_id)))

    @contextmanager
    def calls(self) -> Iterator[list[str]]:
        """Collect the calls to Zoom of the block. The list is filled when the block ends."""
        collected: list[str] = []
        before = len(self.zoom.calls())
        yield collected
        collected.extend(self.zoom.calls()[before:])

    def tell(self, kind: str, thing: Document, *, account: str = ACCOUNT, **how: Any) -> Intake:
        """Send the service a signed notification of this kind about this object, as Zoom does."""
        stamp = str(int(self.clock.now().timestamp()))
        envelope = {"event": kind, "event_ts": int(self.clock.now().timestamp() * 1000), "payload": {"object": thing}}
        return take(self.app, account, *sign(json.dumps(envelope).encode(), stamp, **how))

    def await_notifications(self) -> None:
        """Wait until the practice Zoom has tried to deliver every notification so far."""
        wait_until(self._has_delivered, "the notifications of the practice Zoom", every_s=0.01)

    def _has_delivered(self) -> bool:
        """Look into the practice Zoom of this process: to ask for its whole state takes many times as long."""
        with self.sandbox.account.settled():
            return all(notification.attempts for notification in self.sandbox.account.notifications)

    def _due(self) -> list[Any]:
        """List due and running runs. Read the clock last, else a run requested meanwhile would not seem due."""
        with self.app.database.read() as connection:
            active = connection.execute(_ACTIVE).all()
            now = self.app.database.now(connection)
        return [(row.job, row.subject, row.error) for row in active if row.started or row.next_at <= now]


@contextmanager
def run_service(
    sandbox: Sandbox,
    clock: TestClock,
    ear: Ear,
    folder: Path,
    database_url: str,
    *,
    hosts: Iterable[str] = (HOST,),
    accounts: Mapping[str, Iterable[str]] | None = None,
    profiles: dict[str, str] | None = None,
    settings: dict[str, str] | None = None,
    disks: Sequence[Disk] = (),
) -> Iterator[Service]:
    """Connect a service to a sandbox.

    `accounts`: further accounts at the sandbox and their hosts. `profiles`: profile files besides the default, by name.
    `disks`: what is measured, in place of this machine's; a test may change the list.
    """
    zoom = PracticeZoom(sandbox.url)
    zoom.control("DELETE")
    _write_profiles(folder / "config" / "profiles", profiles or {})
    with _moved(database_url, clock):
        environment = _environment(folder, database_url)
        for name, its_hosts in {ACCOUNT: hosts, **(accounts or {})}.items():
            environment |= _account(name, sandbox.url, its_hosts)
        place = Place(environ=environment | (settings or {}), folder=folder)
        loaded = load_settings(place.environ, folder)
        app = connect(loaded, clock, measure=lambda *_: tuple(disks), place=place)
        try:
            yield Service(app, zoom, sandbox, clock, ear)
        finally:
            ear.listener = None
            app.engines.daemon.stop()
            app.close()


def sign(
    body: bytes, stamp: str, *, secret: str = WEBHOOK_SECRET, request_id: str = ""
) -> tuple[dict[str, str], bytes]:
    """Sign a body as Zoom does. Return its headers and the body."""
    return zoom_signature.sign(body, secret, stamp, request_id), body


def run_sandbox_with(ear: Ear, clock: TestClock, **options: Any) -> AbstractContextManager[Sandbox]:
    """Run a sandbox that notifies the ear."""
    if "users" in options:
        options["users"] = tuple(SandboxUser(**user) for user in options["users"])
    defaults = {"plan": "business", "webhook_url": ear.url, "webhook_secret": WEBHOOK_SECRET}
    return run_sandbox(clock, **{**defaults, **options})


def _environment(folder: Path, database_url: str) -> dict[str, str]:
    general = {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(folder),
        "CONFIG_DIR": str(folder / "config"),
        "BASE_URL": BASE_URL,
        "TRUSTED_PROXIES": '["10.9.0.1"]',
        "RECORDING_HOSTS": '["zoom.example.org"]',
        "DEFAULT_ACCOUNT": ACCOUNT,
        **WAITS,
    }
    return {f"ZOOM_OPS_{name}": value for name, value in general.items()}


def _account(name: str, url: str, hosts: Iterable[str]) -> dict[str, str]:
    account = {
        "ACCOUNT_ID": "account",
        "CLIENT_ID": "client",
        "CLIENT_SECRET": "secret",
        "WEBHOOK_SECRET": WEBHOOK_SECRET,
        "HOSTS": json.dumps(list(hosts)),
        "PLAN": "business",
        "API_URL": f"{url}/v2",
        "OAUTH_URL": f"{url}/oauth/token",
    }
    return {f"ZOOM_OPS_ACCOUNTS__{name.upper()}__{key}": value for key, value in account.items()}


def _write_profiles(folder: Path, profiles: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    default = (CONFIG / "profiles" / "default.toml").read_text("utf-8")
    for name, content in {"default": default, **profiles}.items():
        (folder / f"{name}.toml").write_text(content, "utf-8")


@contextmanager
def _moved(database_url: str, clock: TestClock) -> Iterator[None]:
    """Move the database's clock with the test's: PostgreSQL finds our function before its own; SQLite has none."""
    if database_url.startswith("sqlite"):
        yield
        return
    with psycopg.connect(database_url, autocommit=True) as connection:
        _move(connection, clock.ahead)
        clock.on_move.append(partial(_move, connection))
        yield


def move_clock(database_url: str, ahead: timedelta) -> None:
    """Set how far the clock of a movable PostgreSQL is ahead of the server's clock."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        _move(connection, ahead)


def _move(connection: psycopg.Connection, ahead: timedelta) -> None:
    connection.execute("UPDATE moved.clock SET ahead = %s", (ahead,))


def make_movable(database_url: str) -> None:
    """Add a movable clock to a PostgreSQL database. It applies to connections that are opened later."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        for statement in _MOVABLE_CLOCK:
            connection.execute(statement)


_MOVABLE_CLOCK = (
    "CREATE SCHEMA moved",
    "CREATE TABLE moved.clock (ahead interval NOT NULL)",
    "INSERT INTO moved.clock VALUES ('0')",
    "CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
    "'SELECT pg_catalog.clock_timestamp() + ahead FROM moved.clock'",
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, moved, pg_catalog', current_database()); "
    "END $$",
)


def _shape(path: str) -> str:
    """Replace the variable parts of a path by *."""
    parts = path.split("/")
    return "/".join("*" if place in (2, 4) and part != "settings" else part for place, part in enumerate(parts))


def _is_apart(path: str) -> bool:
    parts = path.strip("/").split("/")
    return parts[0] == "oauth" or (parts[0] == "users" and (len(parts) == 2 or parts[2] == "settings"))
