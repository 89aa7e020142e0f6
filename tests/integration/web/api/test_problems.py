"""Whatever goes wrong is a problem document (RFC 9457), and the description says so."""

import re
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest

from tests.builders import EVENT_ID, NOW, an_event
from tests.integration.service import Service
from tests.integration.web.api.described import iter_operations
from tests.integration.web.api.program import Api, Program, serve
from zoom_ops.clock import HeldClock
from zoom_ops.errors import TemporaryError
from zoom_ops.rate import Rate
from zoom_ops.web.api import accounts, status
from zoom_ops.web.api.callers import CallerRates

ALWAYS, OF_A_BODY = ("400", "401", "403", "429", "500", "503"), ("408", "413", "415", "422")
EVENT = an_event().to_json()
JSON = {"Content-Type": "application/json"}
ELSEWHERE = {"Origin": "https://elsewhere.example"}
REQUESTS: list[tuple[int, str, str, dict[str, Any]]] = [
    (400, "GET", "/events?per_page=x", {}),
    (401, "GET", "/events", {"headers": {"Authorization": "Bearer nobody"}}),
    (403, "GET", "/audit", {}),
    (403, "POST", "/events", {"headers": {"Authorization": None, **ELSEWHERE}, "json": {}}),  # of another site's page
    (404, "GET", "/events/nowhere", {}),
    (404, "GET", "/nowhere", {}),
    (405, "BREW", "/events", {}),
    (405, "OPTIONS", "/events", {}),
    (412, "PUT", f"/events/{EVENT_ID}", {"json": EVENT, "headers": {"If-Match": '"7-0123456789abcdef"'}}),
    (413, "POST", "/events", {"data": b" " * 1_048_577, "headers": JSON}),
    (415, "POST", "/events", {"data": "name: A", "headers": {"Content-Type": "text/yaml"}}),
    (422, "POST", "/events", {"json": {"name": "A"}}),
    (428, "PUT", f"/events/{EVENT_ID}", {"json": {}}),
    (500, "GET", "/status", {}),
    (503, "GET", "/accounts", {}),
]


def fail(*_: Any) -> None:
    """Fail as no operation should."""
    raise ZeroDivisionError


def wait(*_: Any) -> None:
    """Fail for a while."""
    raise TemporaryError("the database does not answer")


@pytest.fixture
def program(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """A program with few scopes, and an API of which two operations fail."""
    service.write(an_event())
    monkeypatch.setattr(status, "load_status", fail)
    monkeypatch.setattr(accounts, "show_accounts", wait)
    with serve(service) as api:
        yield api.program("events:write", "runs:read")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_every_refusal_is_a_problem(program: Program) -> None:
    for expected, method, path, options in REQUESTS:
        reply = program.request(method, path, **options)
        where = f"{method} {path}: {reply.text}"

        assert reply.status_code == expected, where
        assert reply.headers["Content-Type"] == "application/problem+json", where
        assert reply.headers["Cache-Control"] == "no-store", where
        problem = reply.json()
        assert (problem["type"], problem["title"]) == ("about:blank", HTTPStatus(expected).phrase), where
        assert problem["status"] == expected, where
        assert problem["detail"], where


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_refusals_say_what_their_status_asks_for(service: Service, program: Program) -> None:
    assert program.request("DELETE", "/events").headers["Allow"]
    busy = program.get("/accounts")
    assert busy.headers["Retry-After"] == "5", busy.text
    with serve(service, CallerRates(HeldClock(NOW), Rate(at_once=1, every=timedelta(seconds=2)))) as api:
        hasty = api.program("events:read", name="hasty")
        replies = [hasty.get("/events"), hasty.get("/events")]
    assert (replies[1].status_code, replies[1].headers["Retry-After"]) == (429, "2")
    assert replies[1].headers["Content-Type"] == "application/problem+json"


def test_every_operation_documents_its_problems() -> None:
    lacking = [
        (operation["operationId"], code)
        for _, _, operation in iter_operations()
        for code in (*ALWAYS, *(OF_A_BODY if "requestBody" in operation else ()))
        if code not in operation["responses"]
    ]

    assert lacking == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_wrong_parameters_are_told_in_our_words(api: Api) -> None:
    wrong = {"boolean": "perhaps", "integer": "many", "string": "?" * 5_000}
    asked = [
        (method, filled(path), parameter["name"], wrong[kind], kinds_sent(operation))
        for method, path, operation in iter_operations()
        for parameter in operation.get("parameters", ())
        for kind in kinds_of(parameter["schema"])
        if parameter["in"] == "query"
    ]

    program = api.program(name="clumsy")
    answers = {
        (path, name): program.request(method, path, params={name: value}, headers=headers).json()
        for method, path, name, value, headers in asked
    }

    assert {"dry_run", "per_page", "when", "cursor", "recording_visibility"} <= {name for _, name in answers}
    assert {key: answer for key, answer in answers.items() if answer["status"] != 400} == {}
    assert [answer for (_, name), answer in answers.items() if answer["errors"][0]["parameter"] != name] == []
    details = {name: answer["detail"] for (_, name), answer in answers.items()}
    assert details["per_page"] == "per_page: expected a whole number."
    assert details["dry_run"] == "dry_run: expected true or false."
    assert details["when"] == "when: expected 'upcoming' or 'past'."
    assert {detail for detail in details.values() if "another value" in detail or "should" in detail} == set()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_parameters_that_an_operation_does_not_have_are_refused(api: Api) -> None:
    """A misspelt filter would show everything, and a misspelt dry_run would store."""
    program = api.program(name="misspelling")
    reached = [
        (method, path, program.fail(method, f"{filled(path)}?quite_unknown=1")) for method, path, _ in iter_operations()
    ]

    wrong = [answer for answer in reached if not answer[2][1].startswith("There is no parameter 'quite_unknown' here.")]

    assert wrong == []
    answer = program.get("/runs?fialed=true").json()
    assert answer["errors"] == [
        {"detail": "There is no parameter 'fialed' here. Did you mean 'failed'?", "parameter": "fialed"}
    ]
    assert api.stranger().fail("GET", "/runs?fialed=true")[0] == 401


@pytest.mark.parametrize(
    ("path", "headers", "names"),
    [
        ("/events?year=99&has=slides", {}, ["year", "has"]),
        ("/people?page=2", {}, ["page"]),
        ("/events?id=x", {"Idempotency-Key": "a b"}, ["Idempotency-Key"]),
    ],
)
def test_every_wrong_parameter_is_named(api: Api, path: str, headers: dict[str, str], names: list[str]) -> None:
    method = "POST" if headers else "GET"

    answer = api.program(name="clumsy").request(method, path, headers=headers, json={} if headers else None)

    assert (answer.status_code, [each["parameter"] for each in answer.json()["errors"]]) == (400, names)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_head_is_the_head_of_the_answer_to_get(program: Program) -> None:
    for path in (f"/events/{EVENT_ID}", "/events", "/events/nowhere", "/audit", "/nowhere"):
        read, head = program.get(path), program.head(path)

        told = [(reply.status_code, reply.headers["Content-Type"], reply.headers.get("ETag")) for reply in (read, head)]
        assert told[0] == told[1], path
        assert (head.content, head.headers["Content-Length"]) == (b"", read.headers["Content-Length"]), path
    assert program.head("/imports").status_code == 405


def kinds_sent(operation: dict[str, Any]) -> dict[str, str]:
    """Return the header with a media type that an operation takes."""
    kinds = list(operation.get("requestBody", {}).get("content", ()))
    return {"Content-Type": kinds[0]} if kinds else {}


def kinds_of(schema: dict[str, Any]) -> set[str]:
    """Return the types that a parameter may have."""
    return {part["type"] for part in schema.get("anyOf", [schema]) if part["type"] in ("boolean", "integer", "string")}


def filled(path: str) -> str:
    """Fill in the parameters of a path."""
    return re.sub(r"\{(\w+)\}", lambda name: {"event_id": EVENT_ID, "message": "msg_1"}.get(name[1], "1"), path)
