"""The log of a run: all that is known of it in order of time, on each surface, without secrets and addresses."""

import json
from datetime import timedelta

import pytest

from tests.builders import AMARA, AN_OPERATOR, EVENT_ID, HOST, an_event
from tests.integration.command_line import CommandLine
from tests.integration.served import WITHOUT_TLS
from tests.integration.service import CREATE, SEAT, MakeService, Service
from tests.integration.web.api.program import Program
from tests.web_site import Visitor
from zoom_ops.engine.history import load_attempts
from zoom_ops.operations.jobs.requests import cancel_run, request_job, retry_run

MINUTE = timedelta(minutes=1)


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service without TLS, so that its cookies are sent here."""
    return make_service(settings=WITHOUT_TLS)


def log_of(command_line: CommandLine, run: int, *options: str) -> list[tuple[str, str]]:
    """Return kind and sentence of each entry."""
    lines = command_line.run("logs", str(run), "--json", *options).out.splitlines()
    entries = [json.loads(line) for line in lines]
    assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)
    return [(entry["kind"], entry["sentence"]) for entry in entries]


def test_log_tells_a_run_from_request_to_follow_up(service: Service, command_line: CommandLine) -> None:
    service.write(an_event(performers=(AMARA,)))
    (run,) = request_job(service.context, service.app.jobs["create_webinars"], EVENT_ID, AN_OPERATOR)
    service.settle()

    log = log_of(command_line, run)

    assert log[0] == ("asked for", "create_webinars was asked for, for “Tides of Tomorrow”.")
    assert ("asked for", f"{AN_OPERATOR} (command line) asked for it.") in log
    assert ("change", "Create the webinar: begun.") in log
    assert any(kind == "call" and sentence.startswith("POST /users/(e-mail)/webinars: 201 (") for kind, sentence in log)
    assert ("change", "Create the webinar: done.") in log
    assert ("end", "The run is done. Created the webinar.") in log
    assert log[-1] == ("follow-up", f"It asked for register_panelists: run {service.run('register_panelists')['id']}.")
    assert log.index(("change", "Create the webinar: begun.")) < log.index(("change", "Create the webinar: done."))


def test_log_keeps_the_errors_of_earlier_attempts(service: Service, command_line: CommandLine) -> None:
    service.zoom.fault(SEAT, "http", status=503, after_commit=False)
    service.add()
    service.settle()
    service.later(MINUTE)
    seating = service.run("register_panelists")

    log = log_of(command_line, seating["id"])

    assert (seating["state"], seating["error"]) == ("done", None)
    (failed,) = [sentence for kind, sentence in log if kind == "attempt"]
    assert failed.startswith("Attempt 1 failed, and is tried again: Zoom ")


def test_attempts_that_say_the_same_are_one_line(service: Service, command_line: CommandLine) -> None:
    service.add_in_doubt()
    service.settle()
    run = service.run("create_webinars")["id"]
    for _ in range(3):
        service.later(16 * MINUTE)

    with service.app.database.read() as connection:
        rows = load_attempts(connection, run)

    assert [row.times for row in rows] == [service.run("create_webinars")["attempts"]]
    assert [kind for kind, _ in log_of(command_line, run)].count("attempt") == 1


def test_log_of_a_failed_run_tells_who_retried_and_what_took_its_place(
    service: Service, command_line: CommandLine
) -> None:
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Invalid field.")
    service.add()
    service.settle()
    failed = service.run("create_webinars")["id"]
    again = retry_run(service.context, failed, AN_OPERATOR)
    before = log_of(command_line, again)
    service.settle()

    assert ("follow-up", f"A later run has taken its place: run {again}, done.") in log_of(command_line, failed)
    assert ("asked for", f"{AN_OPERATOR} (command line) retried it.") in before
    assert before[-1][0] == "now"


def test_log_of_a_batch_names_who_retried(service: Service, command_line: CommandLine) -> None:
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Invalid field.")
    service.add()
    service.settle()

    (again, *_) = command_line.run("runs", "retry", "--failed", "--yes", "--as", "Mei", "--json").json["runs"]

    assert ("asked for", "Mei (command line) retried it with others.") in log_of(command_line, again["id"])


def test_cancelled_run_tells_by_whom(service: Service, command_line: CommandLine) -> None:
    service.add_in_doubt()
    service.settle()
    run = service.run("create_webinars")["id"]
    cancel_run(service.context, run, AN_OPERATOR)

    log = log_of(command_line, run)

    assert ("asked for", f"{AN_OPERATOR} (command line) cancelled it.") in log
    assert ("end", "The run is cancelled.") in log


def test_followed_log_goes_on_until_the_run_ends(
    service: Service, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.write(an_event())
    (run,) = request_job(service.context, service.app.jobs["create_webinars"], EVENT_ID, AN_OPERATOR)
    monkeypatch.setattr("zoom_ops.cli.runs.log.sleep", lambda _seconds: service.settle())

    log = log_of(command_line, run, "--follow")

    assert [kind for kind, _ in log].count("end") == 1
    assert len(log) == len(set(log))


def test_log_is_the_same_everywhere_and_tells_no_address(
    service: Service, command_line: CommandLine, program: Program, operator: Visitor
) -> None:
    service.add(an_event(performers=(AMARA,)))
    service.settle()
    run = service.run("register_panelists")["id"]

    printed = command_line.run("logs", str(run)).out
    answered = program.ask("GET", f"/runs/{run}/log")["log"]
    page = operator.get(f"/-/runs/{run}").text

    assert [(entry["kind"], entry["sentence"]) for entry in answered] == log_of(command_line, run)
    assert "Everything in order of time" in page
    told = printed + json.dumps(answered)
    secrets = [*service.zoom.state()["secrets"], HOST, str(AMARA.email)]
    assert [secret for secret in secrets if secret in told] == []
    assert program.fail("GET", "/runs/999/log")[0] == 404
    assert command_line.run("logs", "999", code=2).err.startswith("There is no run '999'.")
