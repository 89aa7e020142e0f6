"""The status: one screen that says what works, what is on today, and what needs a person."""

from datetime import timedelta

import pytest

from tests.builders import ACCOUNT, EVENT_ID, HOST, an_event
from tests.integration.command_line import CommandLine
from tests.integration.operations.views.test_one_plan import fail_create, on_day, stop
from tests.integration.service import Service
from tests.integration.web.api.program import Program
from zoom_ops.engine.heartbeat import write_heartbeat
from zoom_ops.store.alerts import Alert, raise_alert
from zoom_ops.store.schedules import ScheduleSetting, save_schedule_setting

HOUR = timedelta(hours=1)
MISSING = [
    "Missing   Nobody can sign in to the console. To add somebody: zoom-ops users add",
    "          NAME --role admin",
    "          Nobody is told of problems, for ZOOM_OPS_ALERT_TO is not set. Set it",
    "          to an Apprise URL and restart, then: zoom-ops alerts test",
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
        f"Next      {soon:%Y-%m-%d %H:%M} UTC harbour-talks-tides-of-tomorrow: Tides of Tomorr…",
        *MISSING,
        "All is well.",
    ]
    assert max(map(len, lines)) <= 80


def test_what_needs_a_person_is_on_the_screen_and_in_the_exit_code(
    service: Service, command_line: CommandLine, program: Program
) -> None:
    run = fail_create(service)
    stop(service)
    now = service.clock.now()
    with service.app.database.begin() as connection:
        for number in range(3):
            sentence = f"Zoom made no recording of event {number}."
            raise_alert(connection, Alert(kind="recording_missing", sentence=sentence, subject=f"event-{number}"), now)
        raise_alert(connection, Alert(kind="disk_full", sentence="The disk is full.", severity="critical"), now)
        save_schedule_setting(connection, "create_webinars", ScheduleSetting(paused=True), now)

    lines, document = command_line.run("status", code=1).out.splitlines(), program.ask("GET", "/status")

    assert lines == [
        "Service   No process performs runs. Start the daemon: zoom-ops serve 1 event",
        "          waits for that: Tides of Tomorrow (2040-01-31 13:30 UTC).",
        "Accounts  Zoom account main is stopped: Zoom refuses the client secret. Correct",
        "          it; a variable needs a restart. Or: zoom-ops accounts resume main",
        f"Hosts     {HOST}: 99 of 100 changes left until 00:00 UTC",
        "Next      2040-01-31 13:30 UTC harbour-talks-tides-of-tomorrow: Tides of Tomorr…",
        "Problems  disk_full: The disk is full.",
        "          3 × recording_missing: Zoom made no recording of event 0.",
        f"Runs      1 failed (run {run}): Zoom refused to create webinar: Not so. (code 300)",
        "          All of them: zoom-ops runs --failed",
        "Jobs      The job create_webinars is paused. To resume it: zoom-ops jobs resume",
        "          create_webinars",
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
    assert document == command_line.run("status", "--json", code=1).json | {"at": document["at"]}


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_long_lists_are_cut_and_name_the_command_that_shows_all(service: Service, command_line: CommandLine) -> None:
    soon = service.clock.now() + HOUR
    for number in range(9):
        service.write(on_day(number, start=soon, end=soon + HOUR))

    lines = command_line.run("status", code=1).out.splitlines()

    assert len(lines) <= 24
    assert "          … 5 more: zoom-ops events list" in lines
    assert any(line.startswith(f"Accounts  {ACCOUNT}") for line in lines)
