"""Retry of all that failed: shown first, done in batches, and never twice."""

from datetime import timedelta
from html import escape

import pytest
from sqlalchemy import update

from tests.builders import ACCOUNT, AMARA, AN_OPERATOR, END, HOST, START, an_event
from tests.integration.command_line import CommandLine
from tests.integration.served import WITHOUT_TLS
from tests.integration.service import CREATE, MakeService, Service
from tests.integration.web.api.program import Program
from tests.web_site import Visitor, confirm
from zoom_ops.engine.listing import get_run
from zoom_ops.operations.jobs.requests import cancel_run, retry_run
from zoom_ops.operations.views.run_lists import retries
from zoom_ops.operations.views.run_lists.filters import EVERY
from zoom_ops.operations.views.run_lists.retries import plan_retry, retry_in_batches
from zoom_ops.store.audit import AuditFilter, iter_audit
from zoom_ops.store.tables import run as runs

DAY = timedelta(days=1)
REFUSED = {"status": 400, "code": 300, "message": "Invalid field."}
ALL_FAILED = ("runs", "retry", "--failed")


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service without TLS, so that its cookies are sent here."""
    return make_service(settings=WITHOUT_TLS)


def fail(service: Service, count: int = 3) -> list[int]:
    """Let the first runs of some events fail; return their numbers."""
    service.zoom.fault(CREATE, "http", times=count, **REFUSED)
    for day in range(count):
        service.add(an_event(id=f"talk-{day}", performers=(AMARA,), start=START + day * DAY, end=END + day * DAY))
    service.settle()
    for _ in range(5):
        if len(failed := [run.id for run in service.runs(states=("failed",))]) == count:
            break
        service.later(timedelta(minutes=1))  # a machine that is too busy to send a change in time sends it later
    return failed[::-1]


def audited(service: Service) -> list[list[int]]:
    """Return the runs of each line of the audit about a retry of many."""
    with service.app.database.read() as connection:
        return [line.detail["runs"] for line in iter_audit(connection, AuditFilter(what="runs_retried"))]


def test_retry_of_all_only_shows_what_it_does_where_nobody_can_be_asked(
    service: Service, command_line: CommandLine
) -> None:
    fail(service)

    shown = command_line.run(*ALL_FAILED, code=2)

    assert shown.out.splitlines() == [
        "Retries 3 runs that failed or wait for an operator.",
        "  3 runs: create_webinars: Zoom refused to create webinar: Invalid field. (code 300). First on "
        f"{service.runs()[-1].created:%Y-%m-%d %H:%M} UTC; talk-0, talk-1, talk-2.",
        "Mails 3 people.",
        *(
            f"talk-{day}: Creates a webinar on {HOST}, then seats 1 person in it, whom Zoom mails an invitation."
            for day in range(3)
        ),
    ]
    assert shown.err == "Nothing was changed: there is no terminal to ask at. Add --yes to do it.\n"
    assert audited(service) == []


def test_retry_of_all_is_done_in_batches_and_once(
    service: Service, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "_BATCH", 2)
    failed = fail(service)

    done = command_line.run(*ALL_FAILED, "--yes").out
    again = command_line.run(*ALL_FAILED, "--yes").out

    assert done.splitlines()[-1] == "6 done."  # each with its follow-up run
    assert again == "No such run failed or waits for an operator.\n"
    assert len(service.zoom.webinars()) == 3
    assert audited(service) == [failed[:2], failed[2:]]


def test_retry_of_all_is_narrowed(service: Service, command_line: CommandLine) -> None:
    failed = fail(service)

    command_line.run(*ALL_FAILED, "--event", "talk-1", "--cause", "invalid", "--since", "1h", "--yes")

    assert audited(service) == [[failed[1]]]
    assert command_line.run(*ALL_FAILED, "--job", "register_panelists").out.startswith("No such run")
    assert command_line.run(*ALL_FAILED, "--json", code=2).json["matched"] == 2


def test_person_at_a_terminal_is_asked(service: Service, command_line: CommandLine) -> None:
    fail(service, 1)

    refused = command_line.run(*ALL_FAILED, answer="n", code=1).err

    assert "Retry them?" in refused
    assert refused.endswith("Nothing was changed.\n")
    assert len(service.runs()) == 1


def test_run_that_changed_meanwhile_is_skipped(service: Service) -> None:
    failed = fail(service)
    plan = plan_retry(service.context, service.app.jobs, EVERY)
    retry_run(service.context, failed[0], AN_OPERATOR)
    cancel_run(service.context, retry_run(service.context, failed[1], AN_OPERATOR), AN_OPERATOR)

    first = list(retry_in_batches(service.context, plan, AN_OPERATOR, {}))
    second = list(retry_in_batches(service.context, plan, AN_OPERATOR, {}))

    assert [(len(batch.runs), batch.skipped) for batch in (*first, *second)] == [(1, 2), (0, 3)]
    assert audited(service) == [[failed[2]]]


def test_stopped_account_is_said_first(service: Service, command_line: CommandLine) -> None:
    fail(service, 1)
    command_line.run("accounts", "pause", ACCOUNT, "--note", "Zoom moves us.")

    shown = command_line.run(*ALL_FAILED, code=2)

    assert "Zoom moves us" in shown.err
    assert "Retries 1 run that failed or waits for an operator." in shown.out


def test_several_runs_are_retried_by_their_numbers(service: Service, command_line: CommandLine) -> None:
    failed = fail(service)

    command_line.run("runs", "retry", str(failed[0]), str(failed[1]))

    assert [get_run(service.app.database, run).state for run in failed] == ["failed"] * 3
    assert len(service.zoom.webinars()) == 2


def test_unclear_retry_gets_a_sentence(service: Service, command_line: CommandLine) -> None:
    (failed,) = fail(service, 1)

    def refusal(*options: str) -> str:
        return command_line.run("runs", "retry", *options, code=2).err

    assert refusal().startswith("Name runs by their numbers, or say --failed")
    assert refusal("--job", "create_webinars").startswith("Name runs by their numbers, or say --failed")
    assert refusal(str(failed), "--failed").startswith("Name runs by their numbers, or choose them with --failed")
    assert refusal("--failed", "--not-done").startswith("--not-done is about one run")
    assert refusal(str(failed), "999").startswith("There is no run '999'")
    assert len(service.runs()) == 1


def test_causes_are_listed(service: Service, command_line: CommandLine, program: Program) -> None:
    fail(service)

    (cause,) = command_line.run("runs", "--causes", "--json").json
    listed = command_line.run("runs", "--failed")

    assert cause["cause"] == "create_webinars: Zoom refused to create webinar: Invalid field. (code 300)"
    assert (cause["count"], sorted(cause["subjects"])) == (3, ["talk-0", "talk-1", "talk-2"])
    assert program.ask("GET", "/runs/causes")["causes"] == [cause]
    assert "3 of them have 1 cause: zoom-ops runs --causes" in listed.err


def test_retry_of_all_over_the_api(service: Service, program: Program) -> None:
    fail(service)
    narrowed = {"failed": True, "event": "talk-1"}

    preview = program.ask("POST", "/runs/retry", json={**narrowed, "dry_run": True})
    before = len(service.runs())
    done = program.post("/runs/retry", json=narrowed)
    service.settle()

    assert (preview["matched"], preview["mails"], before) == (1, "1 person", 3)
    assert (done.status_code, len(done.json()["runs"]), done.json()["skipped"]) == (202, 1, 0)
    assert len(service.zoom.webinars()) == 1
    assert program.fail("POST", "/runs/retry", json={})[0] == 422
    assert program.fail("POST", "/runs/retry", json={"failed": True, "event": "nowhere"})[0] == 422
    assert program.fail("POST", "/runs/retry", json={"failed": True, "since": "soon"})[0] == 422
    assert program.fail("POST", "/runs/retry", json={"failed": True, "event": "x\0"})[0] == 422


def test_retry_of_all_in_the_console(service: Service, operator: Visitor) -> None:
    fail(service)

    page = operator.get("/-/runs?state=trouble&event=talk-1").text
    question = operator.post("/-/runs/retry", data={"event": "talk-1"}).text
    answer = confirm(operator, "/-/runs/retry", question)
    service.settle()

    assert operator.post("/-/runs/retry", data={"event": "x\0"}).status_code == 404
    assert operator.post("/-/runs/retry", data={"since": "soon"}).status_code == 400
    assert "Try all of them again…" in page
    assert "Retries 1 run that failed or waits for an operator." in question
    assert "whom Zoom mails an invitation." in question
    assert answer.headers["Location"] == "/-/runs?event=talk-1&state=trouble"
    assert len(service.zoom.webinars()) == 1


def test_retry_of_all_in_one_state_leaves_the_other_alone(service: Service, operator: Visitor) -> None:
    failed = fail(service)
    with service.app.database.begin() as connection:
        connection.execute(update(runs).where(runs.c.id == failed[0]).values(state="parked"))

    pages = [operator.get(f"/-/runs?state={state}").text for state in ("failed", "parked", "active")]
    question = operator.post("/-/runs/retry", data={"state": "failed"}).text
    answer = confirm(operator, "/-/runs/retry", question)

    assert [">2 runs</a>: “create webinars”" in page for page in pages] == [True, False, False]
    assert [">1 run</a>: “create webinars”" in page for page in pages] == [False, True, False]
    assert ['name="state" value="parked"' in page for page in pages] == [False, True, False]
    assert answer.headers["Location"] == "/-/runs?state=failed"
    assert audited(service) == [failed[1:]]
    assert operator.post("/-/runs/retry", data={"state": "active"}).status_code == 400


def test_run_is_tried_again_from_its_row(service: Service, operator: Visitor) -> None:
    run = fail(service, 1)[0]
    operator.post("/-/jobs/watch_events/run")
    service.settle()
    back = "/-/runs?job=create_webinars&state=trouble"

    pages = [operator.get(page).text for page in (back, "/-/events/talk-0", "/-/")]
    question = operator.post(f"/-/runs/{run}/retry", data={"back": back}).text
    answer = confirm(operator, f"/-/runs/{run}/retry", question)
    after = operator.get(answer.headers["Location"]).text
    service.settle()

    buttons = [page.count(f'action="/-/runs/{run}/retry"') for page in pages]
    assert buttons == [1, 2, 1]
    assert f'name="back" value="{escape(back)}"' in pages[0]
    assert "Try again: create webinars for “Tides of Tomorrow”?" in question
    assert "whom Zoom mails an invitation." in question
    assert answer.headers["Location"] == back
    assert "Tried again: create webinars for “Tides of Tomorrow”." in after
    assert f'action="/-/runs/{run}/retry"' not in operator.get("/-/events/talk-0").text
    assert len(service.zoom.webinars()) == 1


@pytest.mark.parametrize(
    "back", ["https://example.org/-/", "//example.org/-/", "/sign-in", "/-/\\example.org", "-/runs"]
)
def test_retry_leads_back_to_pages_of_the_console_only(service: Service, operator: Visitor, back: str) -> None:
    run = fail(service, 1)[0]

    question = operator.post(f"/-/runs/{run}/retry", data={"back": back}).text
    answer = confirm(operator, f"/-/runs/{run}/retry", question)

    assert f'<a href="/-/runs/{run}">Back, and do nothing</a>' in question
    assert answer.headers["Location"].startswith("/-/runs/")


def test_retry_of_all_names_events_by_their_names(service: Service, operator: Visitor) -> None:
    fail(service, 2)

    question = operator.post("/-/runs/retry", data={"state": "failed"}).text
    answer = confirm(operator, "/-/runs/retry", question)

    assert "talk-0" not in question
    assert "Tides of Tomorrow: Creates a webinar on" in question
    after = operator.get(answer.headers["Location"]).text
    assert (
        "2 runs are tried again: create webinars for “Tides of Tomorrow”, create webinars for “Tides of Tomorrow”."
        in after
    )
