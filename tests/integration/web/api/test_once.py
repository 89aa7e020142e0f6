"""A request with an Idempotency-Key is carried out once, whatever happens, and answered the same."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import requests
from sqlalchemy import func, select, update

from tests.builders import EVENT_ID, an_event
from tests.integration.service import Service
from tests.integration.web.api.program import Api, Program, serve
from zoom_ops.operations.views.audit.lines import iter_lines
from zoom_ops.store.identity import answers
from zoom_ops.store.retention import RetentionPeriods, prune, rules_of
from zoom_ops.store.tables import kept_answer
from zoom_ops.web.api import once

EVENT = {"name": "Deep Water", "start": "2040-03-01T14:00:00Z", "end": "2040-03-01T15:00:00Z", "timezone": "UTC"}
KEY = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}

pytestmark = pytest.mark.both_databases


def done(service: Service) -> list[str]:
    """List what programs did, by the audit."""
    return [line["what"] for line in iter_lines(service.app.database) if line["how"] == "token"]


def count(service: Service) -> int:
    """Count the answers that are kept."""
    with service.app.database.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(kept_answer)) or 0)


def shape(reply: requests.Response) -> tuple[Any, ...]:
    """Return what a program sees of an answer."""
    return reply.status_code, reply.json(), *(reply.headers.get(name) for name in ("Content-Type", "ETag", "Location"))


def test_repeated_request_gets_the_answer_of_the_first(api: Api, program: Program) -> None:
    first = program.post("/events", json=EVENT, headers=KEY)
    again = program.post("/events", json=EVENT, headers={"Idempotency-Key": KEY["Idempotency-Key"].strip('"')})
    with serve(api.service) as restarted:
        other_name = restarted.program(name="other").post("/events", json=EVENT, headers=KEY)
        token = program.headers["Authorization"]
        later = restarted.stranger().post("/events", json=EVENT, headers=KEY | {"Authorization": token})

    assert (first.status_code, first.headers["Location"].rpartition("/")[2]) == (201, "deep-water")
    assert shape(again) == shape(first) == shape(later)
    assert (other_name.status_code, other_name.json()["action"]) == (200, "unchanged")  # a key is its caller's
    assert done(api.service) == ["event_imported"]


def test_key_of_another_request_is_refused(api: Api, program: Program) -> None:
    program.ask("POST", "/events", json=EVENT, headers=KEY)

    status, sentence = program.fail("POST", "/events", json=EVENT | {"venue": "Pier 4"}, headers=KEY)
    elsewhere = program.fail("POST", "/jobs/create_webinars/runs", json=EVENT, headers=KEY)[0]

    assert (status, sentence[:46]) == (422, "This Idempotency-Key was another request's: re")
    assert elsewhere == 422
    assert program.fail("POST", "/events", json=EVENT, headers={"Idempotency-Key": "a\tb"})[0] == 400
    assert program.fail("POST", "/events", json=EVENT, headers={"Idempotency-Key": "k" * 256})[0] == 400


def test_request_that_fails_keeps_nothing(api: Api, program: Program) -> None:
    wrong = program.fail("POST", "/jobs/create_webinars/runs", json={"event": EVENT_ID}, headers=KEY)
    api.service.write(an_event())

    right = program.post("/jobs/create_webinars/runs", json={"event": EVENT_ID}, headers=KEY)
    again = program.post("/jobs/create_webinars/runs", json={"event": EVENT_ID}, headers=KEY)

    assert wrong[0] == 422
    assert (right.status_code, right.json()) == (202, again.json())
    api.service.settle()  # the daemon heard of the run after its transaction
    assert api.service.run("create_webinars")["id"] == right.json()["runs"][0]
    assert done(api.service) == ["job_asked_for"]


def test_crash_before_the_answer_is_kept_leaves_nothing_done(
    api: Api, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(once, "keep_answer", crash)
        failed = program.fail("POST", "/events", json=EVENT, headers=KEY)[0]
    missing = program.fail("GET", "/events/deep-water")[0]

    assert (failed, missing) == (500, 404)
    assert program.post("/events", json=EVENT, headers=KEY).status_code == 201


def test_request_that_is_repeated_meanwhile_is_put_off(
    api: Api, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, keep = threading.Event(), threading.Event(), once.keep_answer
    first: list[requests.Response] = []

    def wait(*args: Any) -> None:
        begun.set()
        go_on.wait(20)
        keep(*args)

    monkeypatch.setattr(once, "keep_answer", wait)
    thread = threading.Thread(target=lambda: first.append(program.post("/events", json=EVENT, headers=KEY)))
    thread.start()
    begun.wait(20)
    here = program.post("/events", json=EVENT, headers=KEY)
    if not api.service.app.database.is_sqlite:
        with api.service.app.database.begin() as connection:  # as another process asks
            assert not answers.lock_key(connection, "token website", KEY["Idempotency-Key"].strip('"'))
    go_on.set()
    thread.join()

    assert (here.status_code, here.headers["Retry-After"]) == (409, "1")
    assert shape(program.post("/events", json=EVENT, headers=KEY)) == shape(first[0])


def test_answers_are_kept_for_a_day_and_so_many(api: Api, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_KEPT", 2)
    for number in range(4):
        program.ask("POST", "/events", json=EVENT, headers={"Idempotency-Key": f"k{number}"})
    few = count(api.service)
    api.service.clock.advance(timedelta(days=1, minutes=1))
    late = program.post("/events", json=EVENT | {"venue": "Pier 4"}, headers={"Idempotency-Key": "k3"})
    database, week = api.service.app.database, timedelta(days=7)
    with database.read() as connection:
        rules = rules_of(RetentionPeriods(runs=week, calls=week, notifications=week), database.now(connection))
    (rule,) = (rule for rule in rules if rule.order.table is kept_answer)
    pruned = prune(database, rule, lambda _: None)

    assert few == 2
    assert late.json()["action"] == "updated"
    assert (pruned, count(api.service)) == (1, 1)


def test_answers_that_are_kept_are_so_large(api: Api, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_BYTES", 4_000)
    sent = EVENT | {"description": " ".join(map(str, range(1_000)))}  # it is packed before it is sealed

    for key in ("a", "b", "c"):
        program.ask("POST", "/events", json=sent, headers={"Idempotency-Key": key})

    assert count(api.service) == 1


def test_what_is_kept_cannot_be_read_in_the_database(api: Api, program: Program) -> None:
    program.ask("POST", "/events", json=EVENT | {"venue": "Behind the lighthouse"}, headers=KEY)

    with api.service.app.database.read() as connection:
        (row,) = connection.execute(select(kept_answer))

    assert b"lighthouse" not in row.sealed_body
    assert "lighthouse" not in str(row.headers)


def test_long_answer_takes_little_and_one_of_an_earlier_version_is_given(api: Api, program: Program) -> None:
    sent = EVENT | {"description": "deep " * 5_000}
    first = program.post("/events", json=sent, headers=KEY)
    database, box = api.service.app.database, api.service.app.context.box
    with database.begin() as connection:
        (row,) = connection.execute(select(kept_answer))
        connection.execute(update(kept_answer).values(sealed_body=box.seal(first.text)))

    again = program.post("/events", json=sent, headers=KEY)

    assert len(row.sealed_body) < len(first.content) // 5
    assert again.content == first.content
