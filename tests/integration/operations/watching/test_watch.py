"""The watch over the service: alerts that come and go, pings of a monitor, an outage that is told."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, select

from tests.builders import ACCOUNT, AN_OPERATOR, NOW, a_recording, an_event
from tests.integration.service import MakeService, Service
from tests.mail import MailServer
from tests.monitor import MonitorServer
from tests.receiver import Receiver
from zoom_ops.engine import rounds
from zoom_ops.engine.heartbeat import write_heartbeat
from zoom_ops.engine.listing import list_runs
from zoom_ops.engine.runs import ask_for
from zoom_ops.engine.schedule import Ticker, fire
from zoom_ops.errors import TemporaryError
from zoom_ops.identity import add_token, revoke_token
from zoom_ops.operations.admin.accounts import pause_account, resume_account
from zoom_ops.operations.admin.doctor import Check, check_installation
from zoom_ops.operations.alerting.round import ask_to_tell
from zoom_ops.operations.jobs.schedules import pause_job, resume_job
from zoom_ops.operations.views.alerts import dismiss_alert, show_alerts
from zoom_ops.operations.views.dashboard import load_dashboard
from zoom_ops.operations.views.figures.outcomes import load_outcomes, load_strips
from zoom_ops.operations.views.figures.spans import SPANS
from zoom_ops.operations.watching.outage import report_outage
from zoom_ops.store.db.disks import Disk
from zoom_ops.store.recordings import save_recording
from zoom_ops.store.tables import meta, recording, tick

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
UNWRITABLE = "The service cannot use its database: the log says why."
FULL = Disk(holds="the database", folder="/srv/var", free=100 * 10**6, total=100 * 10**9)


@pytest.fixture
def monitor() -> Iterator[MonitorServer]:
    """A monitor without pings."""
    with MonitorServer() as server:
        yield server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """The operators' mail server."""
    with MailServer() as server:
        yield server


@pytest.fixture(params=["healthchecks", "cronitor"])
def watched(request: pytest.FixtureRequest, make_service: MakeService, monitor: MonitorServer) -> Service:
    """A service that pings a monitor in one of both forms."""
    url = monitor.healthchecks_url if request.param == "healthchecks" else monitor.cronitor_url
    return make_service(settings={"ZOOM_OPS_HEARTBEAT_URL": url})


def pass_round(service: Service, count: int = 1) -> None:
    """Let minutes pass, with the turn of the watch in each."""
    for _ in range(count):
        service.clock.advance(MINUTE)
        service.tick("watch_service")
        service.work()


def told(service: Service, **how: Any) -> list[tuple[str, str | None, str | None]]:
    """List kind, account and subject of the alerts."""
    return [(row["kind"], row["account"], row["subject"]) for row in show_alerts(service.context.database, **how)]


def test_monitor_hears_the_begin_and_the_end_of_each_round(watched: Service, monitor: MonitorServer) -> None:
    pass_round(watched, 2)

    assert monitor.signals == ["start", "success", "start", "success"]
    assert [ping.text for ping in monitor.pinged] == [""] * 4
    assert len({ping.round_id for ping in monitor.pinged}) == 2
    assert told(watched) == []


def test_dismissed_alert_comes_back_once_its_cause_was_over(make_service: MakeService) -> None:
    disks, counts = [FULL], list[int]()
    service = make_service(disks=disks)
    for disk in (FULL, FULL, replace(FULL, free=FULL.total), FULL):
        disks[:] = [disk]
        pass_round(service)
        alerts = show_alerts(service.context.database)
        counts.append(len(alerts))
        if len(counts) == 1:
            dismiss_alert(service.context.database, alerts[0]["id"], AN_OPERATOR)

    assert counts == [1, 0, 0, 1]


def test_monitor_hears_at_once_that_an_account_is_stopped(make_service: MakeService, monitor: MonitorServer) -> None:
    service = make_service(
        zoom={"credentials": ("client", "another-secret", "account")},
        settings={"ZOOM_OPS_HEARTBEAT_URL": monitor.healthchecks_url},
    )
    service.add()
    service.settle()

    pass_round(service)

    assert [(ping.signal, ping.text) for ping in monitor.pinged] == [
        ("start", ""), ("fail", f"Zoom account {ACCOUNT} is stopped: zoom-ops accounts says why."),
    ]  # fmt: skip


def test_pause_is_no_failure_for_the_monitor(watched: Service, monitor: MonitorServer) -> None:
    pause_account(watched.context, ACCOUNT, "Zoom moves us", AN_OPERATOR)

    pass_round(watched)

    assert monitor.signals == ["start", "success"]


@pytest.mark.parametrize("refusal", [(404, b"not found"), (200, b"OK (not found)"), (500, b""), (429, b"")])
def test_monitor_that_refuses_fails_no_run_and_is_an_alert_after_three_rounds(
    watched: Service, monitor: MonitorServer, refusal: tuple[int, bytes]
) -> None:
    monitor.refusal = refusal
    pass_round(watched, 3)
    early = told(watched)
    pass_round(watched)
    late, (alert,) = told(watched), show_alerts(watched.context.database)

    monitor.refusal = None
    pass_round(watched, 2)

    assert (early, late) == ([], [("heartbeat_unheard", None, None)])
    assert "key" not in alert["sentence"]
    assert monitor.url not in alert["sentence"]
    assert told(watched) == []
    assert {run.state for run in watched.runs(job="watch_service")} == {"done"}
    assert all(asked.path.startswith(("/ping/", "/p/")) for asked in monitor.asked)


def test_monitor_that_is_not_there_fails_no_run(
    make_service: MakeService, monitor: MonitorServer, capsys: pytest.CaptureFixture[str]
) -> None:
    with MonitorServer() as gone:
        url = gone.healthchecks_url
    service = make_service(settings={"ZOOM_OPS_HEARTBEAT_URL": url})

    pass_round(service, 4)
    (alert,) = show_alerts(service.context.database)
    logged = capsys.readouterr().out

    assert alert["kind"] == "heartbeat_unheard"
    assert "It did not answer: there is no connection" in alert["sentence"]
    assert "monitor_unheard" in logged
    for text in (logged, json.dumps(alert)):
        assert url not in text
        assert url.rpartition("/")[2] not in text


def test_monitor_leads_a_ping_nowhere_else(make_service: MakeService, receiver: Receiver) -> None:
    receiver.say(302, times=2, location=f"{receiver.url}/elsewhere")
    service = make_service(settings={"ZOOM_OPS_HEARTBEAT_URL": receiver.url})

    pass_round(service)

    assert [heard.path.partition("?")[0] for heard in receiver.heard] == ["/told/start", "/told"]


def test_full_disk_is_told_in_the_service_and_outside_and_over_when_there_is_room(
    make_service: MakeService, monitor: MonitorServer
) -> None:
    disks = [FULL]
    service = make_service(settings={"ZOOM_OPS_HEARTBEAT_URL": monitor.healthchecks_url}, disks=disks)
    pass_round(service)
    critical = [(row["kind"], row["severity"]) for row in show_alerts(service.context.database)]
    disks[:] = [replace(FULL, free=5 * 10**9)]
    pass_round(service)
    warning = [(row["kind"], row["severity"]) for row in show_alerts(service.context.database)]

    disks[:] = [replace(FULL, free=50 * 10**9)]
    pass_round(service)

    assert critical == [("disk_nearly_full", "critical")]
    assert warning == [("disk_nearly_full", "warning")]
    assert told(service) == []
    assert monitor.signals == ["start", "fail", "start", "success", "start", "success"]
    assert monitor.pinged[1].text == "The disk with the database has 100 MB left."


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_alerts_that_cannot_be_stored_are_a_failure_for_the_monitor(
    make_service: MakeService, monitor: MonitorServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """SQLite refuses to write alerts, as it does while the disk is full; the run itself had room."""
    service = make_service(settings={"ZOOM_OPS_HEARTBEAT_URL": monitor.healthchecks_url}, disks=[FULL])

    def refuse(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "INTO alert" in statement:
            raise TemporaryError("The database did not answer: database or disk is full.")

    event.listen(service.app.database.engine, "before_cursor_execute", refuse)
    pass_round(service)
    event.remove(service.app.database.engine, "before_cursor_execute", refuse)
    failed, logged = list(monitor.pinged), capsys.readouterr().out
    service.later(5 * MINUTE)

    assert [(ping.signal, ping.text) for ping in failed[:2]] == [
        ("start", ""), ("fail", f"{UNWRITABLE} The disk with the database has 100 MB left."),
    ]  # fmt: skip
    assert "service_not_watched" in logged
    assert "critical" in logged
    assert told(service) == [("disk_nearly_full", None, "/srv/var")]
    assert monitor.pinged[-1].text == "The disk with the database has 100 MB left."


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_monitor_hears_also_where_not_even_the_round_can_be_written(
    make_service: MakeService, monitor: MonitorServer, mail: MailServer
) -> None:
    """SQLite refuses every write, as it does on a full disk: no turn can be taken, and no run begun."""
    settings = {"ZOOM_OPS_HEARTBEAT_URL": monitor.healthchecks_url, "ZOOM_OPS_ALERT_TO": mail.url}
    service = make_service(settings=settings, disks=[replace(FULL, free=0)])
    schedule = next(known for known in service.app.schedules() if known.name == "watch_service")
    fire(service.app.database, schedule, NOW - DAY)

    def refuse(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            raise TemporaryError("The database did not answer: database or disk is full.")

    event.listen(service.app.database.engine, "before_cursor_execute", refuse)
    ticker = Ticker(service.app.database, [schedule], lambda: None)
    ticker.start()  # takes the missed turn at once
    ticker.stop()
    event.remove(service.app.database.engine, "before_cursor_execute", refuse)
    failed = list(monitor.pinged)
    pass_round(service)

    assert [(ping.signal, ping.text) for ping in failed] == [
        ("fail", f"{UNWRITABLE} The disk with the database has 0 MB left.")
    ]
    assert mail.mails == []
    assert told(service) == [("disk_nearly_full", None, "/srv/var")]


def test_token_that_ends_soon_is_told_until_it_is_replaced(service: Service) -> None:
    add_token(service.app.database, AN_OPERATOR, "website", ("events:read",), 10 * DAY)
    add_token(service.app.database, AN_OPERATOR, "archive", ("events:read",), None)
    pass_round(service)
    soon = [(row["subject"], row["severity"]) for row in show_alerts(service.context.database)]
    service.clock.advance(8 * DAY)
    pass_round(service)
    sooner = [(row["subject"], row["severity"]) for row in show_alerts(service.context.database)]

    revoke_token(service.app.database, AN_OPERATOR, "website")
    pass_round(service)

    assert (soon, sooner) == ([("website", "warning")], [("website", "critical")])
    assert told(service) == []


def test_pause_that_leaves_an_event_without_webinar_is_told_at_once(service: Service) -> None:
    pause_account(service.context, ACCOUNT, "Zoom moves us", AN_OPERATOR)
    service.add(an_event(start=NOW + 20 * HOUR, end=NOW + 21 * HOUR))
    service.settle()
    pass_round(service)
    (alert,) = show_alerts(service.context.database)
    today = load_dashboard(service.context, service.app.jobs)

    resume_account(service.context, ACCOUNT, AN_OPERATOR)
    pass_round(service)

    assert (alert["kind"], alert["account"], alert["severity"]) == ("paused_for_long", ACCOUNT, "critical")
    pauses = [(need.kind, need.address) for need in today.needs if need.kind in ("alert", "pause")]
    assert pauses == [("alert", f"/-/hosts#account-{ACCOUNT}")]  # the alert says it, too: it is told once
    assert today.untold == "Nobody is told of problems, for ZOOM_OPS_ALERT_TO is not set."
    assert f"Without a webinar: {an_event().name} (2040-01-25 08:00 UTC)." in alert["sentence"]
    assert told(service) == []


def test_pause_without_events_is_told_after_a_day(service: Service) -> None:
    pause_job(service.context.database, service.app.get_job("tell_others"), "The site is rebuilt", AN_OPERATOR)
    pass_round(service)
    early = told(service)
    service.clock.advance(25 * HOUR)
    pass_round(service)
    late = told(service)
    resume_job(service.context.database, service.app.get_job("tell_others"), AN_OPERATOR)
    pass_round(service)

    assert (early, late) == ([], [("paused_for_long", None, "tell_others")])
    assert told(service) == []


def test_paused_job_is_told_as_soon_as_an_event_waits_for_it(service: Service) -> None:
    """A stage that is late for it, or a recording that is there; what has its recording waits for nothing."""
    pause_job(service.context.database, service.app.get_job("fetch_recordings"), "Zoom is slow", AN_OPERATOR)
    pause_job(service.context.database, service.app.get_job("publish_recordings"), "The site moves", AN_OPERATOR)
    service.stop_hearing()
    service.add(an_event(start=NOW + HOUR, end=NOW + 2 * HOUR))
    service.settle()
    service.clock.advance(2 * HOUR)
    pass_round(service)
    early = told(service)

    service.clock.advance(20 * HOUR)  # twice the length and the margin have not passed
    with service.app.database.begin() as connection:
        save_recording(connection, service.context.box, an_event().id, a_recording(), "completed", service.clock.now())
    pass_round(service)
    (alert,) = show_alerts(service.context.database)
    with service.app.database.begin() as connection:
        connection.execute(delete(recording))
    service.clock.advance(30 * HOUR)
    service.tick("watch_events")
    service.work()
    pass_round(service)

    assert early == []
    assert (alert["kind"], alert["subject"]) == ("paused_for_long", "publish_recordings")
    assert f"1 event waits for it: {an_event().id} (2040-01-24 13:00 UTC). To go on" in alert["sentence"]
    (late,) = (row for row in show_alerts(service.context.database) if row["subject"] == "fetch_recordings")
    assert f"1 event waits for it: {an_event().id} (2040-01-24 13:00 UTC)." in late["sentence"]


@pytest.mark.parametrize("job", ["watch_service", "watch_events"])
def test_pause_of_a_job_that_watches_is_told_by_the_round_that_tells_operators(service: Service, job: str) -> None:
    pause_job(service.context.database, service.app.get_job(job), "It is too loud", AN_OPERATOR)

    tell_round_if_due(service)
    (alert,) = show_alerts(service.context.database)
    pass_round(service)
    resume_job(service.context.database, service.app.get_job(job), AN_OPERATOR)
    tell_round_if_due(service)

    assert (alert["kind"], alert["subject"]) == ("watch_paused", job)
    assert alert["sentence"].startswith(f"Job {job}: Paused by an operator on 2040-01-24 12:00 UTC: “It is too loud”.")
    assert alert["sentence"].endswith(f"To go on: zoom-ops jobs resume {job}")
    assert told(service) == []


def tell_round_if_due(service: Service) -> None:
    """Let the engine look once, and do what is due."""
    with service.app.database.read() as connection:
        requests = ask_to_tell(service.context)(connection, service.app.database.now(connection))
    ask_for(service.app.database, requests)
    service.work()


@pytest.mark.both_databases
def test_latest_rounds_and_the_turns_of_an_hour_are_kept_and_all_rounds_counted(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "KEPT", 2)
    pass_round(service, 3)
    service.clock.advance(2 * HOUR)
    pass_round(service, 2)

    database, job = service.app.database, "watch_service"
    with database.read() as connection:
        shown = list_runs(connection)
        turns = connection.execute(select(tick.c.fire_time).where(tick.c.schedule == job)).all()
    (day,) = load_outcomes(database, [job], SPANS["day"], database.clock.now()).jobs
    (hour,) = load_outcomes(database, [job], SPANS["hour"], database.clock.now()).jobs
    assert [run.outcome for run in load_strips(database, [job])[job]] == ["done", "done"]
    assert [run.job for run in shown] == [job]
    assert len(turns) == 2
    assert day.total == {"done": 5}
    assert hour.total == {"done": 2}


def test_outage_is_told_at_the_next_start_for_a_day(service: Service) -> None:
    service.write(an_event(start=NOW + HOUR, end=NOW + 2 * HOUR))
    with service.app.database.begin() as connection:
        connection.execute(delete(meta).where(meta.c.name == "heartbeat"))
    report_outage(service.context)  # the first start of the installation
    first = told(service)
    write_heartbeat(service.app.database)
    service.clock.advance(9 * MINUTE)
    report_outage(service.context)
    restarted = told(service)

    service.clock.advance(6 * HOUR)
    report_outage(service.context)
    report_outage(service.context)  # another process of a cluster starts at the same time
    (alert,) = show_alerts(service.context.database)
    pass_round(service)
    soon = len(told(service))
    service.clock.advance(DAY)
    pass_round(service)

    assert (first, restarted) == ([], [])
    assert (alert["kind"], alert["severity"]) == ("service_was_down", "warning")
    assert alert["sentence"].startswith("No process performed runs from 2040-01-24 12:00 UTC to 2040-01-24 18:09 UTC.")
    assert f"Meanwhile began: {an_event().id} (2040-01-24 13:00 UTC);" in alert["sentence"]
    assert (soon, told(service)) == (1, [])


def test_doctor_tries_the_monitor_without_a_sign_of_life(make_service: MakeService, monitor: MonitorServer) -> None:
    def check_of(service: Service) -> Check:
        return next(check for check in check_installation(service.context) if check.what.startswith("monitor"))

    unset = check_of(make_service())
    heard = check_of(make_service(settings={"ZOOM_OPS_HEARTBEAT_URL": monitor.healthchecks_url}))
    signals = list(monitor.signals)
    wrong = check_of(make_service(settings={"ZOOM_OPS_HEARTBEAT_URL": f"{monitor.url}/ping/another"}))

    assert (unset.ok, unset.checked) == (True, False)
    assert (heard.what, heard.ok, heard.sentence) == ("monitor (Healthchecks)", True, "It was heard.")
    assert signals == ["log"]
    assert (wrong.ok, wrong.sentence) == (
        False, "It answered HTTP 404. Compare HEARTBEAT_URL with the address that the monitor shows.",
    )  # fmt: skip
