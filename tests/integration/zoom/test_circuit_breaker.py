"""The circuit breaker: an account that Zoom refuses, or that keeps failing, makes single trial calls only.

The practice Zoom's log counts the requests.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
import requests

from tests.builders import ACCOUNT, HOST, WEBINAR_ID, a_draft
from tests.endings import end_behind
from tests.integration.service import TestClock
from tests.zoom_stub import KEY, RawZoom, Reply, an_account, says
from zoom_ops.clock import SystemClock
from zoom_ops.errors import AmbiguousError, TemporaryError, ZoomOpsError
from zoom_ops.sandbox import Sandbox, SandboxOptions
from zoom_ops.store.accounts.stops import grant_trials, load_stops
from zoom_ops.store.alerts import list_alerts
from zoom_ops.store.db.connect import Database, open_database
from zoom_ops.store.db.encryption import SecretBox
from zoom_ops.store.zoom_calls import record_call
from zoom_ops.zoom import (
    AccountStoppedError,
    Call,
    Callbacks,
    Gateway,
    NoLicenceError,
    NoRecordingError,
    RateLimitedError,
    Waits,
    WebinarGoneError,
    ZoomRefusedError,
    open_gateway,
)

RIGHT = ("harbour-client", "harbour-client-secret", "harbour-account")  # the credentials of `an_account`
PAGE = "<html>The network wants you to sign in.</html>"
TOKEN, USER, WEBINAR = "/oauth/token", f"/users/{HOST}", f"/webinars/{WEBINAR_ID}"

Open = Callable[..., Gateway]


class Zoom:
    """A practice Zoom that can be restarted with other options at the same address."""

    def __init__(self) -> None:
        self.sandbox: Sandbox | None = None
        self.port = 0

    def start(self, **options: Any) -> None:
        """Start it, or restart it if it runs."""
        self.stop()
        listen = f"127.0.0.1:{self.port}"
        self.sandbox = Sandbox(SandboxOptions(**{"listen": listen, "limits": False, "credentials": RIGHT, **options}))
        self.port = int(self.sandbox.url.rpartition(":")[2])
        self.sandbox._server.config.timeout_graceful_shutdown = 0  # its clients keep connections open
        self.sandbox.__enter__()

    def stop(self) -> None:
        """Stop it."""
        if self.sandbox:
            self.sandbox.stop()
        self.sandbox = None

    @property
    def url(self) -> str:
        """The address of the practice Zoom."""
        return f"http://127.0.0.1:{self.port}"

    def asked(self) -> list[str]:
        """List the requested paths in order."""
        logged = requests.get(f"{self.url}/_sandbox/requests", timeout=60).json()
        return [request["path"].removeprefix("/v2") for request in logged]

    def order(self, **fault: Any) -> None:
        """Order a fault."""
        requests.post(f"{self.url}/_sandbox/faults", json=fault, timeout=60).raise_for_status()

    def mend(self) -> None:
        """Remove all faults."""
        requests.delete(f"{self.url}/_sandbox/faults", timeout=60).raise_for_status()


@pytest.fixture
def zoom() -> Iterator[Zoom]:
    """A practice Zoom that accepts one set of credentials."""
    zoom = Zoom()
    zoom.start()
    yield zoom
    end_behind(zoom.stop)


@pytest.fixture
def clock() -> TestClock:
    """A clock of the service that can be moved. On SQLite the database uses it too."""
    return TestClock()


@pytest.fixture
def open_(zoom: Zoom, migrated_database_url: str, clock: TestClock) -> Iterator[Open]:
    """A function that opens gateways like separate processes: each with a connection of its own to one database."""
    opened: list[Database] = []

    def open_one(*, cut_off: bool = False, resumed: Callable[..., None] = lambda *_: None, **changes: Any) -> Gateway:
        database = open_database(migrated_database_url, clock if "sqlite" in migrated_database_url else SystemClock())
        opened.append(database)

        def record(call: Call) -> None:
            with database.begin() as connection:
                record_call(connection, None, asdict(call))

        account = an_account(zoom.url, **changes)
        box = SecretBox([KEY])
        callbacks = Callbacks(on_call=record, on_resumed=resumed, is_cut_off=lambda: cut_off)
        return open_gateway(
            account, database=database, box=box, clock=database.clock, waits=Waits(), callbacks=callbacks
        )

    yield open_one
    for database in opened:
        database.close()


@pytest.fixture
def alerts(database: Database) -> Callable[[], list[tuple[str, bool]]]:
    """List the alerts so far: the verb if it is about one, and whether it is cleared."""

    def tell() -> list[tuple[str, bool]]:
        with database.read() as connection:
            return [(row.subject, row.cleared_at is not None) for row in list_alerts(connection, cleared=True)]

    return tell


def grant(database: Database) -> None:
    """Grant one trial call, as `accounts resume` does."""
    with database.begin() as connection:
        grant_trials(connection, ACCOUNT, database.now(connection))


def fails(gateway: Gateway, times: int) -> None:
    """Make this many calls that fail."""
    for _ in range(times):
        with pytest.raises(TemporaryError):
            gateway.fetch_host(HOST)


def test_wrong_secret_is_asked_with_once_by_all_threads_and_processes(
    zoom: Zoom, open_: Open, alerts: Callable[[], Any]
) -> None:
    gateways = [open_(client_secret="wrong") for _ in range(3)]

    def ask(number: int) -> str:
        with pytest.raises(AccountStoppedError) as caught:
            gateways[number % 3].fetch_host(HOST)
        return str(caught.value)

    with ThreadPoolExecutor(8) as pool:
        sentences = set(pool.map(ask, range(60)))

    assert zoom.asked() == [TOKEN]
    assert alerts() == [(None, False)]
    (sentence,) = sentences
    assert sentence.startswith("Zoom account main is stopped: ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET or")
    assert sentence.endswith("Correct it; a variable needs a restart. Or: zoom-ops accounts resume main")


@pytest.mark.parametrize(
    "wrong",
    [{"client_secret": "wrong"}, {"client_id": "wrong"}, {"account_id": "wrong"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_wrong_credential_stays_stopped_beyond_a_restart_until_it_is_another(
    zoom: Zoom, open_: Open, alerts: Callable[[], Any], wrong: dict[str, str], clock: TestClock
) -> None:
    with pytest.raises(AccountStoppedError):
        open_(**wrong).create_webinar(HOST, a_draft())
    clock.advance(timedelta(days=1))
    with pytest.raises(AccountStoppedError):
        open_(**wrong).create_webinar(HOST, a_draft())
    before = zoom.asked()

    open_().fetch_host(HOST)

    assert before == [TOKEN]
    assert zoom.asked() == [TOKEN, TOKEN, USER, f"{USER}/settings"]
    assert alerts() == [(None, True)]


def test_what_zoom_did_counts_though_the_end_of_the_stop_cannot_be_written_down(
    open_: Open, database: Database, alerts: Callable[[], Any]
) -> None:
    """Otherwise a webinar that was made would count as not made, and would be made again."""

    def fail(*_: object) -> None:
        raise TemporaryError("The database does not answer.")

    with pytest.raises(AccountStoppedError):
        open_(client_secret="wrong").fetch_host(HOST)

    webinar = open_(resumed=fail).create_webinar(HOST, a_draft())
    before = alerts()
    grant(database)
    open_().fetch_host(HOST)

    assert webinar.topic == a_draft().topic
    assert before == [(None, False)]
    assert alerts() == [(None, True)]


def test_other_credentials_that_are_wrong_too_are_tried_once(
    zoom: Zoom, open_: Open, alerts: Callable[[], Any]
) -> None:
    for secret in ("wrong", "wrong", "as wrong", "as wrong"):
        with pytest.raises(AccountStoppedError):
            open_(client_secret=secret).fetch_host(HOST)

    assert zoom.asked() == [TOKEN, TOKEN]
    assert alerts() == [(None, False)]


def test_secret_is_not_kept_with_the_stop(open_: Open, database: Database) -> None:
    with pytest.raises(AccountStoppedError):
        open_(client_secret="wrong-secret").fetch_host(HOST)

    with database.read() as connection:
        (stop,) = load_stops(connection)
    assert "wrong-secret" not in repr(stop)
    assert len(stop.fingerprint) == 64


def test_operator_grants_one_trial(zoom: Zoom, open_: Open, database: Database, alerts: Callable[[], Any]) -> None:
    gateway = open_()
    zoom.start(credentials=("another", "another", "another"))
    with pytest.raises(AccountStoppedError):
        gateway.fetch_host(HOST)
    grant(database)
    for _ in range(5):
        with pytest.raises(AccountStoppedError):
            gateway.fetch_host(HOST)
    refused = zoom.asked()

    zoom.start()
    grant(database)
    gateway.fetch_host(HOST)

    assert refused == [TOKEN, TOKEN]
    assert alerts() == [(None, True)]


def test_trial_is_made_by_one_thread(zoom: Zoom, open_: Open, database: Database) -> None:
    gateway = open_()
    zoom.start(credentials=("another", "another", "another"))
    with pytest.raises(AccountStoppedError):
        gateway.fetch_host(HOST)
    zoom.start()
    zoom.order(match="GET /users/*", do="delay", seconds=0.5)
    grant(database)

    def ask(_: int) -> bool:
        try:
            return bool(gateway.fetch_host(HOST))
        except AccountStoppedError:
            return False

    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(ask, range(8)))

    assert sum(answered) == 1
    assert zoom.asked() == [TOKEN, USER, f"{USER}/settings"]


def test_check_by_hand_ends_the_stop(zoom: Zoom, open_: Open, alerts: Callable[[], Any]) -> None:
    gateway = open_()
    zoom.start(credentials=("another", "another", "another"))
    with pytest.raises(AccountStoppedError):
        gateway.fetch_host(HOST)
    still_wrong = gateway.check()
    zoom.start()

    mended = gateway.check()

    assert (still_wrong.ok, mended.ok) == (False, True)
    assert alerts() == [(None, True)]


def test_check_with_wrong_settings_does_not_stop_the_others(zoom: Zoom, open_: Open, alerts: Callable[[], Any]) -> None:
    report = open_(client_secret="wrong").check()

    open_().fetch_host(HOST)
    assert "CLIENT_SECRET" in report.findings[0].sentence
    assert alerts() == []


def test_new_token_that_is_refused_too_stops_the_account(zoom: Zoom, open_: Open, alerts: Callable[[], Any]) -> None:
    gateway = open_()
    zoom.order(match="* /users/**", do="http", status=401, code=124, message="Invalid access token.")

    for _ in range(20):
        with pytest.raises(AccountStoppedError, match="Zoom refuses even a new access token"):
            gateway.fetch_host(HOST)

    assert zoom.asked() == [TOKEN, USER, TOKEN, USER]
    assert alerts() == [(None, False)]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_failures_in_a_row_stop_the_account_and_trials_grow_rarer(
    zoom: Zoom, open_: Open, clock: TestClock, alerts: Callable[[], Any]
) -> None:
    gateway = open_()
    zoom.order(match="* /users/**", do="http", status=503)
    fails(gateway, 10)
    before = len(zoom.asked())

    trials = []
    for _ in range(60):  # minutes
        with pytest.raises((TemporaryError, AccountStoppedError)):
            gateway.fetch_host(HOST)
        trials.append(len(zoom.asked()) - before)
        clock.advance(timedelta(minutes=1))

    assert before == 1 + 10
    assert trials[0] == 0
    assert [minute for minute in range(1, 60) if trials[minute] > trials[minute - 1]] == [1, 3, 7, 15, 30, 45]
    assert alerts() == [(None, False)]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_first_answer_ends_a_stop_for_failures(
    zoom: Zoom, open_: Open, clock: TestClock, alerts: Callable[[], Any]
) -> None:
    gateway = open_()
    zoom.order(match="* /users/**", do="http", status=503)
    fails(gateway, 10)
    with pytest.raises(
        AccountStoppedError, match=r"10 of its latest calls to Zoom failed. It is tried again by itself."
    ):
        gateway.fetch_host(HOST)
    zoom.mend()
    clock.advance(timedelta(seconds=61))

    open_().fetch_host(HOST)
    zoom.order(match="* /users/**", do="http", status=503)
    fails(gateway, 9)

    assert alerts() == [(None, True)]  # failures before the stop no longer count


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_failures_of_a_process_that_is_cut_off_stop_nothing_and_take_no_trial(
    zoom: Zoom, open_: Open, clock: TestClock, alerts: Callable[[], Any]
) -> None:
    cut_off, other = open_(cut_off=True), open_()
    zoom.order(match="* /users/**", do="http", status=503)
    fails(cut_off, 15)
    assert alerts() == []

    fails(other, 1)  # sixteen of the latest twenty calls have failed
    clock.advance(timedelta(seconds=61))
    fails(cut_off, 1)
    zoom.mend()

    other.fetch_host(HOST)

    assert alerts() == [(None, True)]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_failures_among_answers_stop_nothing(zoom: Zoom, open_: Open, alerts: Callable[[], Any]) -> None:
    gateway = open_()
    for _ in range(12):
        zoom.order(match=f"GET {USER}", do="http", status=500, times=1)
        fails(gateway, 1)
        gateway.fetch_host(HOST)

    assert alerts() == []


@pytest.mark.parametrize(
    ("match", "answer", "meaning", "ask"),
    [
        (f"GET {WEBINAR}", {"status": 404, "code": 3001}, WebinarGoneError, lambda gate: gate.get_webinar(WEBINAR_ID)),
        ("GET /meetings/*/**", {"status": 404, "code": 3301}, NoRecordingError, lambda gate: gate.get_recording("a")),
        (f"GET {WEBINAR}", {"status": 400, "code": 300}, ZoomRefusedError, lambda gate: gate.get_webinar(WEBINAR_ID)),
        (
            "POST /users/**",
            {"status": 400, "code": 200, "message": "Webinar plan is missing."},
            NoLicenceError,
            lambda gate: gate.create_webinar(HOST, a_draft()),
        ),
    ],
    ids=["404", "no recording yet", "validation", "no licence"],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_ordinary_refusals_stop_nothing(
    zoom: Zoom, open_: Open, alerts: Callable[[], Any], match: str, answer: Any, meaning: type[ZoomOpsError], ask: Any
) -> None:
    gateway = open_()
    zoom.order(match=match, do="http", **answer)

    for _ in range(25):
        with pytest.raises(meaning):
            ask(gateway)

    assert len(zoom.asked()) == 1 + 25
    assert alerts() == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_rate_limits_stop_nothing(zoom: Zoom, open_: Open, clock: TestClock, alerts: Callable[[], Any]) -> None:
    gateway = open_()
    zoom.order(match=f"GET {USER}", do="429")

    for _ in range(25):
        with pytest.raises(RateLimitedError):
            gateway.fetch_host(HOST)
        clock.advance(timedelta(seconds=5))

    assert alerts() == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_address_that_redirects_is_tried_again_by_itself(open_: Open, clock: TestClock) -> None:
    with RawZoom() as raw:
        gateway = open_(api_url=f"{raw.url}/v2")
        raw.answer(says(302, None, Location="/elsewhere"))
        for _ in range(3):
            with pytest.raises(AccountStoppedError, match="API_URL redirects elsewhere"):
                gateway.get_webinar(WEBINAR_ID)
        calls = len(raw.requests)
        raw.answer(says(200, {"id": WEBINAR_ID}))
        clock.advance(timedelta(seconds=61))

        assert gateway.get_webinar(WEBINAR_ID).id == WEBINAR_ID
        assert calls == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    "answer",
    [says(200, PAGE), says(404, PAGE), says(404, {"message": "no Route matched with those values"}), says(200, [1])],
    ids=["200 page", "404 page", "404 of a gateway", "200 that is no object"],
)
def test_answers_in_words_that_are_not_zooms_stop_the_account(
    open_: Open, alerts: Callable[[], Any], answer: Reply
) -> None:
    with RawZoom() as raw:
        gateway = open_(api_url=f"{raw.url}/v2")
        raw.answer(*[answer] * 20)
        for _ in range(10):
            with pytest.raises(TemporaryError):
                gateway.get_webinar(WEBINAR_ID)
        with pytest.raises(AccountStoppedError, match="10 of its latest calls to Zoom failed"):
            gateway.get_webinar(WEBINAR_ID)

        assert len(raw.requests) == 10
        assert alerts() == [(None, False)]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("answer", [says(200, PAGE), says(404, PAGE)], ids=["200", "404"])
def test_pages_in_place_of_a_token_stop_the_account(open_: Open, alerts: Callable[[], Any], answer: Reply) -> None:
    with RawZoom() as raw:
        gateway = open_(oauth_url=f"{raw.url}/oauth/token")
        raw.token_replies.extend([answer] * 20)
        for _ in range(10):
            with pytest.raises(TemporaryError):
                gateway.get_webinar(WEBINAR_ID)
        with pytest.raises(AccountStoppedError):
            gateway.get_webinar(WEBINAR_ID)

        assert len(raw.token_requests) == 10
        assert alerts() == [(None, False)]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_missing_scope_stops_one_verb_until_the_app_has_it(zoom: Zoom, open_: Open, alerts: Callable[[], Any]) -> None:
    reading = ("user:read:admin",)
    gateway = open_()
    zoom.start(scopes=reading)
    for _ in range(5):
        with pytest.raises(
            AccountStoppedError, match=r"stopped for one thing: .* add the scopes webinar:write:webinar:admin"
        ):
            gateway.create_webinar(HOST, a_draft())
    gateway.fetch_host(HOST)
    calls = zoom.asked()
    zoom.start(scopes=(*reading, "webinar:write:admin"))  # the restarted Zoom refuses the token in use

    with pytest.raises(AccountStoppedError):
        gateway.create_webinar(HOST, a_draft())
    gateway.fetch_host(HOST)
    webinar = gateway.create_webinar(HOST, a_draft())

    assert calls == [TOKEN, f"{USER}/webinars", USER, f"{USER}/settings"]
    assert webinar.id
    assert alerts() == [("create_webinar", True)]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_page_in_place_of_an_answer_does_not_allow_a_verb_that_was_stopped(
    zoom: Zoom, open_: Open, alerts: Callable[[], Any], database: Database
) -> None:
    gateway = open_()
    zoom.start(scopes=("user:read:admin",))
    with pytest.raises(AccountStoppedError):
        gateway.create_webinar(HOST, a_draft())
    zoom.order(match="POST /users/**", do="html")
    grant(database)

    with pytest.raises(AmbiguousError):
        gateway.create_webinar(HOST, a_draft())

    assert alerts() == [("create_webinar", False)]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_check_that_finds_the_scope_lets_the_verb_go_on(zoom: Zoom, open_: Open, alerts: Callable[[], Any]) -> None:
    gateway, another = open_(), open_()
    zoom.start(scopes=("user:read:admin",))
    with pytest.raises(AccountStoppedError):
        gateway.create_webinar(HOST, a_draft())
    still_missing = another.check()
    with pytest.raises(AccountStoppedError):
        gateway.create_webinar(HOST, a_draft())
    zoom.start()

    complete = another.check()
    gateway.create_webinar(HOST, a_draft())

    assert (still_missing.ok, complete.ok) == (False, True)
    assert alerts() == [("create_webinar", True)]


def test_stop_of_one_account_leaves_the_other_alone(zoom: Zoom, open_: Open) -> None:
    with pytest.raises(AccountStoppedError):
        open_(client_secret="wrong").fetch_host(HOST)

    open_(name="second").fetch_host(HOST)

    assert zoom.asked() == [TOKEN, TOKEN, USER, f"{USER}/settings"]
