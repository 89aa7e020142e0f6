"""Runs: each shows its calls and its outcome, only due work is scheduled, and a person may intervene."""

import re
from datetime import timedelta

import pytest

from tests.builders import AMARA, AN_OPERATOR, END, EVENT_ID, HOST, JONAS, MEI, NOW, START, YUSUF, a_note, an_event
from tests.integration.service import CREATE, SEAT, MakeService, Service
from zoom_ops.engine.listing import get_run
from zoom_ops.errors import BadInputError, NotFoundError
from zoom_ops.operations.admin.doctor import Check, check_installation
from zoom_ops.operations.events.serialize import describe_event
from zoom_ops.operations.jobs.requests import Watch, cancel_run, exit_code, retry_run
from zoom_ops.operations.views.events import list_events, timeline
from zoom_ops.operations.views.figures.outcomes import load_strips
from zoom_ops.operations.views.jobs import list_jobs
from zoom_ops.operations.views.run_lists.filters import EVERY, of_trouble
from zoom_ops.operations.views.runs import show_run, show_runs

IN_TROUBLE = of_trouble(EVERY)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_run_tells_the_calls_that_it_made(service: Service) -> None:
    service.add()
    service.settle()
    number = service.zoom.webinar()["id"]

    seating = service.run("register_panelists")

    calls = [(call["method"], call["path"], call["status"]) for call in seating["calls"]]
    assert calls == [("POST", f"/webinars/{number}/panelists", 201), ("GET", f"/webinars/{number}/panelists", 200)]
    assert all(call["tracking_id"] for call in seating["calls"])
    assert (seating["state"], seating["attempts"], seating["error"]) == ("done", 1, None)
    assert seating["outcome"] == "Added panelists."


def test_run_tells_the_calls_of_all_its_attempts(service: Service) -> None:
    service.zoom.fault(SEAT, "http", status=503, after_commit=False)
    service.add()
    service.settle()
    service.later(MINUTE)

    seating = service.run("register_panelists")

    assert seating["attempts"] == 2
    assert [call["status"] for call in seating["calls"] if call["method"] == "POST"] == [503, 201]


def test_call_that_got_no_answer_is_told_too(service: Service) -> None:
    service.zoom.fault(CREATE, "drop_response")
    service.add()
    service.settle()

    creating = service.run("create_webinars")

    assert [call["status"] for call in creating["calls"] if call["path"].endswith("/webinars")] == [200, None]


def test_runs_that_need_a_person_are_listed(service: Service) -> None:
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Invalid field.")
    service.add()
    service.settle()

    (failed,) = show_runs(service.context.database, IN_TROUBLE)

    assert (failed["job"], failed["subject"], failed["state"]) == ("create_webinars", EVENT_ID, "failed")
    assert failed["error"] == "Zoom refused to create webinar: Invalid field. (code 300)"
    assert failed["finished"] is not None


def test_failed_run_is_tried_again_by_hand(service: Service) -> None:
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Invalid field.")
    service.add()
    service.settle()

    again = retry_run(service.context, service.runs()[0].id, AN_OPERATOR)
    service.settle()

    assert get_run(service.context.database, again).state == "done"
    assert len(service.zoom.webinars()) == 1


def test_failed_run_is_not_tried_again_by_itself_within_the_hour(service: Service) -> None:
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Invalid field.", times=None)
    service.add()
    service.settle()

    soon = service.tick("create_webinars")
    service.clock.advance(61 * MINUTE)
    later = service.tick("create_webinars")

    assert (soon, later) == (0, 1)


def test_failed_run_is_tried_again_when_the_event_is_changed(service: Service) -> None:
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Invalid field.")
    service.add()
    service.settle()

    service.change(name="Tides of Today")
    service.settle()

    assert service.run("create_webinars")["state"] == "done"


def test_waiting_run_is_cancelled_by_hand(service: Service) -> None:
    service.add_in_doubt()
    service.settle()

    cancelled = cancel_run(service.context, service.runs()[0].id, AN_OPERATOR)

    assert cancelled.state == "cancelled"
    with pytest.raises(BadInputError, match="has ended"):
        cancel_run(service.context, cancelled.id, AN_OPERATOR)


def test_unknown_run_names_the_nearest(service: Service) -> None:
    service.add()
    service.settle()
    latest = service.runs()[0].id

    with pytest.raises(NotFoundError, match=f"There is no run '{latest}9'"):
        show_run(service.context.database, int(f"{latest}9"))


def test_unknown_job_names_the_nearest(service: Service) -> None:
    with pytest.raises(NotFoundError, match=r"There is no job 'create_webinar'. Did you mean create_webinars"):
        service.app.get_job("create_webinar")


def test_unknown_event_names_the_nearest(service: Service) -> None:
    service.add()

    for look, where in ((describe_event, service.context), (timeline, service.context.database)):
        with pytest.raises(NotFoundError, match=f"Did you mean {EVENT_ID}"):
            look(where, "harbour-talks-tides-of-tomorow")
    with pytest.raises(NotFoundError, match=f"Did you mean {EVENT_ID}"):
        service.ask("create_webinars", "harbour-talks-tides-of-tomorow")


def test_jobs_are_listed_with_their_turns(service: Service) -> None:
    service.add()
    service.settle()

    latest = load_strips(service.context.database, service.app.jobs)
    jobs = {job["name"]: job for job in list_jobs(service.context.database, service.app.jobs.values(), latest)}

    assert sorted(jobs) == [
        "check_recordings", "create_webinars", "fetch_recordings", "make_backups", "prune_records",
        "publish_links", "publish_recordings", "pull_homes", "register_panelists", "report_expiring_recordings",
        "report_missing_recordings", "report_stray_webinars", "tell_operators", "tell_others", "watch_events",
        "watch_service",
    ]  # fmt: skip
    assert jobs["create_webinars"]["schedule"] == "every 5 minutes"
    assert jobs["create_webinars"]["last_run"].startswith("2040-01-24T12:00:0")
    assert jobs["create_webinars"]["next_run"] == "2040-01-24T12:05:00+00:00"
    assert jobs["publish_recordings"]["last_run"] is None
    assert jobs["create_webinars"]["summary"].startswith("Create a Zoom webinar for each event")


def test_events_are_listed_with_what_they_lack(service: Service) -> None:
    service.add(an_event(performers=(AMARA, YUSUF), needs_review=(a_note(),)))
    service.settle()

    (row,) = list_events(service.context.database)

    assert row["webinar"] == service.zoom.webinar()["id"]
    assert (row["status"], row["without_address"], row["needs_review"], row["recordings"]) == ("scheduled", 1, 1, 0)


def test_job_without_an_event_is_done_for_all_whose_turn_it_is(service: Service) -> None:
    later = an_event(id="later", start=START + DAY, end=END + DAY)
    service.write(an_event())
    service.write(later)
    service.write(an_event(id="over", start=NOW - 2 * HOUR, end=NOW - HOUR))

    run_ids = service.ask("create_webinars")

    assert len(run_ids) == 2
    assert len(service.zoom.webinars()) == 2


def test_job_by_hand_is_done_also_for_an_event_that_waits(service: Service) -> None:
    service.add_in_doubt()
    service.settle()
    (waiting,) = service.runs()
    service.write(an_event())

    run_ids = service.ask("create_webinars")

    assert run_ids == (waiting.id,)
    assert len(service.zoom.webinars()) == 1


@pytest.mark.parametrize("state", ["done", "waiting"])
def test_watch_comes_to_rest_and_names_the_outcome(service: Service, state: str) -> None:
    notes = (a_note(field="start"),) if state == "waiting" else ()
    service.write(an_event(needs_review=notes))
    run_ids = service.ask("create_webinars", EVENT_ID)

    progress = Watch(service.context, run_ids, lambda job: service.app.jobs[job].then).look()

    assert progress.settled
    assert [run.job for run in progress.runs] == ["create_webinars", "register_panelists"][: len(progress.runs)]
    assert exit_code(progress.runs) == (5 if state == "waiting" else 0)


def test_watch_of_a_parked_run_says_so(service: Service) -> None:
    service.add()
    service.settle()
    service.zoom.call("DELETE", f"/webinars/{service.zoom.webinar()['id']}")
    service.settle()

    run_ids = service.ask("create_webinars", EVENT_ID)

    progress = Watch(service.context, run_ids, lambda job: service.app.jobs[job].then).look()
    assert exit_code(progress.runs) == 3


@pytest.mark.parametrize(
    ("changes", "jobs"),
    [
        ({}, []),
        ({"name": "Tides of Today"}, ["create_webinars", "register_panelists"]),
        ({"start": NOW - 2 * HOUR, "end": NOW - HOUR}, ["fetch_recordings", "report_missing_recordings"]),
    ],
    ids=["unchanged", "changed", "over"],
)
def test_only_what_is_due_gets_a_turn(service: Service, changes: dict[str, object], jobs: list[str]) -> None:
    service.add()
    service.settle()
    if changes:
        service.write(an_event(**changes))

    due = [name for name in sorted(service.app.jobs) if service.tick(name)]

    also = ["make_backups", "prune_records", "report_stray_webinars", "watch_events", "watch_service"]  # in any case
    assert due == sorted([*jobs, *also])


def test_a_turn_makes_no_second_run_of_one_that_is_open(service: Service) -> None:
    service.write(an_event(needs_review=(a_note(field="start"),)))
    service.tick("create_webinars")
    service.settle()

    again = service.tick("create_webinars")

    assert again == 0
    assert len(service.runs()) == 1


def test_webinars_of_the_coming_week_are_read_once_a_day(service: Service) -> None:
    service.add(an_event(), an_event(id="in-a-month", start=START + 30 * DAY, end=END + 30 * DAY))
    service.settle()

    with service.calls() as calls:
        for _ in range(3):
            service.clock.advance(8 * HOUR + MINUTE)
            service.tick("create_webinars")
            service.settle()

    assert calls == ["GET /webinars/*", "GET /webinars/*/panelists"]


def test_lost_ring_is_made_up_for_by_the_next_turn(service: Service) -> None:
    service.add()
    service.settle()
    service.write(an_event(name="Tides of Today", performers=(AMARA, JONAS, MEI)))

    service.tick()
    service.settle()

    assert service.zoom.webinar()["topic"] == "Tides of Today"
    assert MEI.email in service.zoom.panelists()


def test_installation_is_checked(make_service: MakeService) -> None:
    service = make_service()

    checks = {check.what: check for check in check_installation(service.context)}

    assert all(check.ok for check in checks.values())
    assert checks["database"].sentence.endswith("up to date")


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_check_tells_what_the_server_should_be_told(service: Service) -> None:
    def server_check() -> Check:
        return next(check for check in check_installation(service.context) if check.what == "database server")

    def alter(change: str) -> None:
        with service.app.database.begin() as connection:
            connection.exec_driver_sql(f'ALTER DATABASE "{service.app.database.engine.url.database}" {change}')
        service.app.database.engine.dispose()  # the change applies to new connections

    as_delivered = server_check()
    alter("SET random_page_cost = 1.1")
    with_an_ssd = server_check()
    alter("RESET random_page_cost")

    assert as_delivered.sentence.endswith("random_page_cost is 4, as for a turning disk: 1.1 for an SSD")
    assert re.fullmatch(r"\d+ of \d+ connections in use", with_an_ssd.sentence)
    assert as_delivered.ok
    assert with_an_ssd.ok


def test_check_names_the_scope_and_the_host_that_are_missing(make_service: MakeService) -> None:
    users = ({"email": HOST, "webinar": False},)
    service = make_service(zoom={"scopes": ("user:read:user:admin", "user:read:settings:admin"), "users": users})

    bad = " ".join(check.what + check.sentence for check in check_installation(service.context) if not check.ok)

    assert "webinar:write:webinar" in bad
    assert HOST in bad
