"""The gateway against the practice Zoom: every verb, and its errors."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import requests

from tests.builders import AMARA, HOST, JONAS, NOW, OTHER_HOST, START, a_draft
from tests.endings import run_sandbox
from tests.zoom_stub import a_gateway, an_account
from zoom_ops.clock import HeldClock, SystemClock
from zoom_ops.errors import AmbiguousError, TemporaryError, WaitingError
from zoom_ops.sandbox import Sandbox, SandboxUser
from zoom_ops.store.db.connect import Database
from zoom_ops.webinars import Instance, ListedWebinar, Panelist, Recording, Webinar
from zoom_ops.zoom import (
    AccountStoppedError,
    Gateway,
    NoLicenceError,
    NoRecordingError,
    RateLimitedError,
    Waits,
    WebinarGoneError,
    ZoomRefusedError,
)

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])  # what differs between databases is tested elsewhere
PEOPLE = [Panelist(email=person.email, name=person.name) for person in (AMARA, JONAS) if person.email]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A practice Zoom."""
    with run_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def gateway(sandbox: Sandbox, database: Database) -> Gateway:
    """A gateway to that Zoom."""
    return a_gateway(an_account(sandbox.url), database)


@pytest.fixture
def webinar(gateway: Gateway) -> Webinar:
    """A webinar of the cast at that Zoom."""
    return gateway.create_webinar(HOST, a_draft())


def order(sandbox: Sandbox, path: str, **what: Any) -> None:
    """Use a control of the sandbox."""
    requests.post(f"{sandbox.url}/_sandbox/{path}", json=what, timeout=60).raise_for_status()


def requests_to(sandbox: Sandbox, path: str) -> list[str]:
    """List the requests to addresses that end with `path`."""
    log = requests.get(f"{sandbox.url}/_sandbox/requests", timeout=60).json()
    return [f"{entry['method']} {entry['status']}" for entry in log if entry["path"].endswith(path)]


def wait_for(find: Callable[[], Recording]) -> Recording:
    """Wait for a complete recording."""
    for _ in range(100):
        try:
            if (recording := find()).complete:
                return recording
        except NoRecordingError:
            pass
        time.sleep(0.1)
    raise AssertionError("no recording came")


def test_webinar_comes_back_as_it_was_asked_for(gateway: Gateway) -> None:
    draft = a_draft(settings=(("auto_recording", "cloud"), ("question_and_answer.enable", True)))

    webinar = gateway.create_webinar(HOST, draft)

    assert gateway.get_webinar(webinar.id) == webinar
    assert (webinar.account, webinar.host, webinar.type) == ("main", HOST, 5)
    assert (webinar.topic, webinar.agenda, webinar.start, webinar.duration, webinar.timezone) == (
        draft.topic,
        draft.agenda,
        draft.start,
        draft.duration,
        draft.timezone,
    )
    assert set(draft.settings) <= set(webinar.settings)
    assert webinar.join_url is not None


def test_update_changes_only_what_it_names(gateway: Gateway, webinar: Webinar) -> None:
    gateway.update_webinar(
        webinar.id, HOST, {"start": START + timedelta(hours=1), "settings.question_and_answer.enable": True}
    )

    changed = gateway.get_webinar(webinar.id)
    assert (changed.start, changed.topic) == (START + timedelta(hours=1), webinar.topic)
    assert set(changed.settings) - set(webinar.settings) <= {("question_and_answer.enable", True)}


def test_list_tells_of_every_webinar(gateway: Gateway, webinar: Webinar) -> None:
    gateway.create_webinar(OTHER_HOST, a_draft())

    assert list(gateway.iter_webinars(HOST)) == [
        ListedWebinar(
            id=webinar.id,
            uuid=webinar.uuid,
            topic=webinar.topic,
            agenda=webinar.agenda,
            start=webinar.start,
            duration=webinar.duration,
            created_at=webinar.created_at,
            cut=False,
        )
    ]


def test_panelists_are_seated_and_removed(gateway: Gateway, webinar: Webinar) -> None:
    gateway.add_panelists(webinar.id, PEOPLE)

    seated = {panelist.email: panelist for panelist in gateway.get_panelists(webinar.id)}
    assert {panelist.email: panelist.name for panelist in PEOPLE} == {p.email: p.name for p in seated.values()}
    assert all(panelist.join_url and panelist.id for panelist in seated.values())

    gateway.remove_panelist(webinar.id, PEOPLE[0].email)
    gateway.remove_panelist(webinar.id, str(seated[PEOPLE[1].email].id))
    gateway.remove_panelist(webinar.id, "nobody@example.org")
    assert gateway.get_panelists(webinar.id) == ()


def test_delete_of_what_is_gone_is_done(gateway: Gateway, webinar: Webinar) -> None:
    gateway.delete_webinar(webinar.id, tell_people=True)
    gateway.delete_webinar(webinar.id, tell_people=True)

    for gone in (gateway.get_webinar, gateway.get_panelists):
        with pytest.raises(WebinarGoneError):
            gone(webinar.id)


def test_recording_is_found_by_its_instance(sandbox: Sandbox, gateway: Gateway, webinar: Webinar) -> None:
    assert gateway.get_instances(webinar.id) == ()
    order(sandbox, f"webinars/{webinar.id}/hold", minutes=75, processing_s=0.2)

    instance = _wait_for_instance(gateway, webinar.id)
    recording = wait_for(lambda: gateway.get_recording(instance.uuid))

    assert (recording.uuid, recording.webinar_id, recording.type) == (instance.uuid, webinar.id, 5)
    assert recording.share_url is not None
    assert "MP4" in [file.file_type for file in recording.files]
    listed = list(gateway.iter_recordings(HOST, START.date(), START.date()))
    assert [recording.uuid for recording in listed] == [instance.uuid]
    assert list(gateway.iter_recordings(HOST, date(2039, 1, 1), date(2039, 12, 31))) == []


def test_recording_of_an_unknown_instance_is_unknown(gateway: Gateway) -> None:
    with pytest.raises(NoRecordingError):
        gateway.get_recording("/no//such/instance==")


def test_host_is_asked_for_once_a_day(sandbox: Sandbox, gateway: Gateway) -> None:
    host = gateway.get_host(HOST.upper())

    assert gateway.get_host(HOST) == host
    assert (host.email, host.licensed, host.capacity) == (HOST, True, 1000)
    assert requests_to(sandbox, "/settings") == ["GET 200"]


def test_host_without_a_licence_is_told_so(database: Database) -> None:
    users = (SandboxUser(email=HOST, webinar=False),)
    with run_sandbox(users=users) as sandbox:
        gateway = a_gateway(an_account(sandbox.url), database)

        assert not gateway.get_host(HOST).licensed
        with pytest.raises(NoLicenceError, match="no webinar licence"):
            gateway.create_webinar(HOST, a_draft())
        with pytest.raises(ZoomRefusedError, match="1001"):
            gateway.get_host(OTHER_HOST)


def test_missing_scope_is_named(database: Database) -> None:
    with run_sandbox(scopes=("user:read:user:admin",)) as sandbox:
        gateway = a_gateway(an_account(sandbox.url), database)

        with pytest.raises(AccountStoppedError, match="webinar:write:webinar:admin"):
            gateway.create_webinar(HOST, a_draft())


def test_check_tells_what_is_wrong(database: Database) -> None:
    users = (SandboxUser(email=HOST, capacity=500), SandboxUser(email=OTHER_HOST, webinar=False))
    with run_sandbox(users=users) as sandbox:
        hosts = (HOST, OTHER_HOST, "nobody@example.org")

        report = a_gateway(an_account(sandbox.url, hosts=hosts), database).check()

    findings = {finding.subject: (finding.ok, finding.sentence) for finding in report.findings}
    assert not report.ok
    assert findings["credentials"][0]
    assert findings["scopes"] == (True, "The Zoom app has every scope that is needed.")
    assert findings[HOST] == (True, f"{HOST} can hold webinars with up to 500 attendees.")
    open_to_all = f"Recordings of {HOST} will be open without signing in to Zoom, unless sharing is changed there."
    assert findings[f"recordings of {HOST}"] == (True, open_to_all)
    assert f"recordings of {OTHER_HOST}" not in findings
    assert findings[OTHER_HOST] == (False, f"{OTHER_HOST} has no webinar licence.")
    assert not findings["nobody@example.org"][0]
    assert "1001" in findings["nobody@example.org"][1]


def test_check_tells_of_missing_scopes(database: Database) -> None:
    with run_sandbox(scopes=("webinar:read:admin", "user:read:admin")) as sandbox:
        report = a_gateway(an_account(sandbox.url), database).check()

    scopes = report.findings[1]
    assert not scopes.ok
    assert "webinar:write:webinar:admin" in scopes.sentence
    assert "webinar:read" not in scopes.sentence


def test_wrong_secret_is_named_with_what_zoom_said(database: Database) -> None:
    credentials = ("harbour-client", "the right secret", "harbour-account")
    with run_sandbox(credentials=credentials) as sandbox:
        gateway = a_gateway(an_account(sandbox.url), database)

        with pytest.raises(AccountStoppedError, match=r"ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET .*Invalid client_id"):
            gateway.get_host(HOST)
        report = gateway.check()

    assert [(finding.subject, finding.ok) for finding in report.findings if finding.seen] == [("credentials", False)]
    assert {finding.subject for finding in report.findings if not finding.seen} == {"scopes", HOST}


@pytest.mark.parametrize("kind", ["qps", "daily", "concurrent"])
def test_rate_limit_says_when_to_come_back(sandbox: Sandbox, gateway: Gateway, kind: str) -> None:
    gateway.get_host(HOST)
    order(sandbox, "faults", match="POST /users/*/webinars", do="429", kind=kind, times=1)

    with pytest.raises(RateLimitedError) as caught:
        gateway.create_webinar(HOST, a_draft())

    wait = (caught.value.retry_at or START) - SystemClock().now()
    assert timedelta(0) < wait <= (timedelta(days=1) if kind == "daily" else timedelta(seconds=2))
    assert list(gateway.iter_webinars(HOST)) == []


def test_used_up_day_waits(sandbox: Sandbox, gateway: Gateway) -> None:
    order(sandbox, "faults", match="POST /users/*/webinars", do="429", kind="host_day", times=1)

    with pytest.raises(WaitingError):
        gateway.create_webinar(HOST, a_draft())


@pytest.mark.parametrize("fault", ["drop_response", "reset", "html"])
def test_create_in_doubt_is_ambiguous_and_there_once(sandbox: Sandbox, gateway: Gateway, fault: str) -> None:
    order(sandbox, "faults", match="POST /users/*/webinars", do=fault, times=1, after_commit=True)

    with pytest.raises(AmbiguousError):
        gateway.create_webinar(HOST, a_draft())

    assert len(list(gateway.iter_webinars(HOST))) == 1


def test_server_error_on_a_read_is_temporary(sandbox: Sandbox, gateway: Gateway, webinar: Webinar) -> None:
    order(sandbox, "faults", match="GET /webinars/*", do="http", status=503, times=1)

    with pytest.raises(TemporaryError, match="503"):
        gateway.get_webinar(webinar.id)
    assert gateway.get_webinar(webinar.id) == webinar


def test_token_that_ran_out_is_renewed(sandbox: Sandbox, gateway: Gateway, webinar: Webinar) -> None:
    order(sandbox, "clock", advance_s=2 * 60 * 60)

    assert gateway.get_webinar(webinar.id) == webinar
    assert len(requests_to(sandbox, f"/webinars/{webinar.id}")) == 2


@pytest.mark.long  # client and practice Zoom share a process here: on a busy machine requests arrive in bursts
def test_pace_keeps_within_zooms_limits(sandbox: Sandbox, gateway: Gateway, webinar: Webinar) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(gateway.get_webinar, [webinar.id] * 64))

    assert set(requests_to(sandbox, f"/webinars/{webinar.id}")) == {"GET 200"}


def _wait_for_instance(gateway: Gateway, webinar_id: int) -> Instance:
    for _ in range(100):
        if instances := gateway.get_instances(webinar_id):
            return instances[0]
        time.sleep(0.1)
    raise AssertionError("no instance came")


LONG = Waits(connect_s=9, read_s=9, deadline_s=60)


def test_write_whose_slot_was_taken_too_long_ago_is_not_sent(sandbox: Sandbox, database: Database) -> None:
    clock = HeldClock(NOW)
    gateway = a_gateway(an_account(sandbox.url), database, waits=LONG, clock=clock)

    with gateway.slot("create_webinar", host=HOST):
        clock.advance(LONG.deadline_s + 1)  # as if frozen after its intent, until another process may take over
        with pytest.raises(TemporaryError, match="no whole answer came within"):
            gateway.create_webinar(HOST, a_draft())

    assert requests_to(sandbox, "/webinars") == []


def test_look_after_a_slow_write_has_a_deadline_of_its_own(sandbox: Sandbox, database: Database) -> None:
    clock = HeldClock(NOW)
    gateway = a_gateway(an_account(sandbox.url), database, waits=LONG, clock=clock)
    webinar = gateway.create_webinar(HOST, a_draft())

    with gateway.slot("add_panelists"):
        gateway.add_panelists(webinar.id, PEOPLE)
        clock.advance(LONG.deadline_s + 1)
        seated = gateway.get_panelists(webinar.id)

    assert len(seated) == len(PEOPLE)
