"""The status: one screen that says what works, what is on today, and what needs a person."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import ACCOUNT, EVENT_ID, HOST, an_event
from tests.integration.command_line import CommandLine
from tests.integration.operations.views.plans.test_one_plan import fail_create, on_day, stop
from tests.integration.service import Service
from tests.integration.web.api.program import Program
from zoom_ops.engine.heartbeat import end_heartbeat, write_heartbeat
from zoom_ops.messages import as_said
from zoom_ops.store.alerts import Alert, raise_alert
from zoom_ops.store.schedules import ScheduleSetting, save_schedule_setting

HOUR = timedelta(hours=1)
MISSING = [
    "Missing   Nobody can sign in to the console. To add somebody: zoom-ops users add NAME --role admin",
    "          Nobody is told of problems, for ZOOM_OPS_ALERT_TO is not set. Set it to an Apprise URL and restart, "
    "then: zoom-ops alerts test",
]


def test_all_is_well_fits_one_screen(service: Service, command_line: CommandLine) -> None:
    soon = service.clock.now() + 2 * HOUR
    service.add(an_event(start=soon, end=soon + HOUR, display_times=()), *(on_day(number) for number in range(3)))
    service.settle()
    write_heartbeat(service.app.database)

    lines = command_line.run("status").out.splitlines()

    assert lines[0].startswith("Service   performs runs; last sign of life at 12:00:0")
    assert lines[0].endswith(" UTC; engine embedded")
    assert lines[1].startswith("Accounts  main: working; ")
    assert lines[2:] == [
        f"Hosts     {HOST}: 96 of 100 changes left until 00:00 UTC",
        f"Next      {soon:%Y-%m-%d %H:%M} UTC harbour-talks-tides-of-tomorrow: Tides of Tomorrow",
        *MISSING,
        "All is well.",
    ]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_sentences_are_wrapped_at_the_width_of_the_terminal(
    service: Service, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_heartbeat(service.app.database)
    monkeypatch.setattr("zoom_ops.cli.status._width", lambda: 100)

    lines = command_line.run("status").out.splitlines()

    assert 80 < max(map(len, lines)) <= 100
    assert "… " not in " ".join(lines)
    assert "restart, then: zoom-ops alerts test" in " ".join(" ".join(lines).split())


def test_what_needs_a_person_is_on_the_screen_and_in_the_exit_code(
    service: Service, command_line: CommandLine, program: Program
) -> None:
    run = fail_create(service)
    stop(service)
    now = service.clock.now()
    with service.app.database.begin() as connection:
        for number in range(3):
            sentence = f"Zoom made no recording of event {number}."
            raise_alert(
                connection, Alert(kind="recording_missing", message=as_said(sentence), subject=f"event-{number}"), now
            )
        raise_alert(connection, Alert(kind="disk_full", message=as_said("The disk is full."), severity="critical"), now)
        save_schedule_setting(connection, "create_webinars", ScheduleSetting(paused=True), now)

    lines, document = command_line.run("status", code=1).out.splitlines(), program.ask("GET", "/status")

    assert lines == [
        "Service   No process performs runs. Start the daemon: zoom-ops serve 1 event waits for that: "
        "Tides of Tomorrow (2040-01-31 13:30 UTC).",
        "Accounts  Zoom account main is stopped: Zoom refuses the client secret. Correct it; a variable needs a "
        "restart. Or: zoom-ops accounts resume main",
        f"Hosts     {HOST}: 99 of 100 changes left until 00:00 UTC",
        "Next      2040-01-31 13:30 UTC harbour-talks-tides-of-tomorrow: Tides of Tomorrow",
        "Problems  disk_full: The disk is full.",
        "          3 × recording_missing: Zoom made no recording of event 0.",
        f"Runs      1 failed (run {run}): Zoom refused to create webinar: Not so. (code 300)",
        "          All of them: zoom-ops runs --failed",
        "Jobs      The job create_webinars is paused. To resume it: zoom-ops jobs resume create_webinars",
        *MISSING,
        "5 things need a person.",
    ]
    assert (document["ok"], document["needs"]) == (False, 5)
    assert [holdup["kind"] for holdup in document["holdups"]] == ["no_process", "account_stopped", "job_paused"]
    assert [(problem["kind"], problem["count"]) for problem in document["problems"]] == [
        ("disk_full", 1), ("recording_missing", 3),
    ]  # fmt: skip
    assert document["problems"][1]["subjects"] == ["event-0", "event-1", "event-2"]
    assert document["runs"][0]["subject"] == EVENT_ID
    again = command_line.run("status", "--json", code=1).json
    assert _without_times(document) == _without_times(again)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_problems_name_their_events_and_next_marks_the_late_one(service: Service, command_line: CommandLine) -> None:
    write_heartbeat(service.app.database)
    now, soon = service.clock.now(), service.clock.now() + HOUR
    events = [on_day(number, start=soon, end=soon + HOUR) for number in range(5)]
    for event in events:
        service.write(event)
    with service.app.database.begin() as connection:
        for event in events[:4]:
            raise_alert(
                connection, Alert(kind="webinar_late", message=as_said("Run 1 has failed."), subject=event.id), now
            )
        seats = Alert(kind="speakers_late", message=as_said("Speaker 0 has no e-mail address."), subject=events[4].id)
        raise_alert(connection, seats, now)
        said = Alert(kind="not_recorded", message=as_said(f"{events[0].name} is not recorded."), subject=events[0].id)
        raise_alert(connection, said, now)

    status = " ".join(command_line.run("status", code=1).out.split())
    alerts = command_line.run("alerts").out
    document = command_line.run("status", "--json", code=1).json

    when = f"{soon:%Y-%m-%d %H:%M} UTC"
    three = f"{', '.join(f'{event.name} ({when})' for event in events[:3])} and 1 more"
    assert f"4 × webinar_late: {three}: Run 1 has failed." in status
    assert f"speakers_late: {events[4].name} ({when}): Speaker 0 has no e-mail address." in status
    assert f"not_recorded: {events[0].name} is not recorded." in status
    assert f"4 events: webinar late ({three}). First: Run 1 has failed." in alerts
    assert f"  {events[4].name} ({when}): Speaker 0 has no e-mail address." in alerts
    assert f"{when} late (no webinar yet): {events[0].id}: {events[0].name}" in status
    assert [entry["late"] for entry in document["coming"]] == [["webinar"]] * 4 + [["speakers"]]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_clean_stop_is_seen_at_once(service: Service, command_line: CommandLine) -> None:
    database = service.app.database
    service.write(an_event())
    write_heartbeat(database)
    with database.begin() as connection:
        end_heartbeat(connection, database.now(connection))

    stopped = command_line.run("status", code=1).out.splitlines()[0]
    planned = command_line.run("plan").out
    write_heartbeat(database)
    started = command_line.run("status").out.splitlines()[0]

    assert stopped.startswith("Service   No process performs runs; the last sign of life was on ")
    assert "No process performs runs" in planned
    assert started.startswith("Service   performs runs; ")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_long_lists_are_cut_and_name_the_command_that_shows_all(service: Service, command_line: CommandLine) -> None:
    soon = service.clock.now() + HOUR
    for number in range(9):
        service.write(on_day(number, start=soon, end=soon + HOUR))

    lines = command_line.run("status", code=1).out.splitlines()

    assert len(lines) <= 24
    assert "          … 5 more: zoom-ops events list" in lines
    assert any(line.startswith(f"Accounts  {ACCOUNT}") for line in lines)


def test_maintenance_window_is_on_the_screen(service: Service, command_line: CommandLine) -> None:
    command_line.run("alerts", "windows", "add", "--for", "1h", "--note", "The database moves.")

    ended = command_line.run("status", code=1)

    (line,) = [line for line in ended.out.splitlines() if line.startswith("Quiet")]
    assert "The database moves." in line
    assert command_line.run("status", "--json", code=1).json["windows"][0]["note"] == "The database moves."


def _without_times(document: dict[str, Any]) -> dict[str, Any]:
    """Return a status without what two calls, one after the other, say differently."""
    accounts = [account | {"token_expires_in_s": None} for account in document["accounts"]]
    return document | {"at": None, "accounts": accounts}
