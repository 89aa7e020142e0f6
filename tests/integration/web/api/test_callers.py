"""Callers of the API: scopes, rate limit, and refusals."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.builders import AN_OPERATOR, EVENT_ID, NOW, an_event
from tests.in_process import bare_caller
from tests.integration.service import Service
from tests.integration.web.api.program import Api, Program, serve
from zoom_ops.clock import HeldClock
from zoom_ops.identity import Scope
from zoom_ops.identity.tokens import revoke_token
from zoom_ops.rate import Rate
from zoom_ops.web.api.callers import CallerRates

QUICK = {"max_examples": 1, "deadline": None, "suppress_health_check": list(HealthCheck), "phases": [Phase.generate]}
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
)


@pytest.fixture
def api(service: Service) -> Iterator[Api]:
    """The API of a service with one event."""
    service.write(an_event())
    with serve(service) as api:
        yield api


def described(api: Api) -> dict[str, Any]:
    """Fetch the OpenAPI description."""
    document: dict[str, Any] = api.stranger().ask("GET", "/openapi.json")
    return document


def operations(api: Api) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each operation: method, path, and the scopes of which it needs one."""
    for path, methods in described(api)["paths"].items():
        for method, operation in methods.items():
            (needed,) = operation["security"]
            yield method.upper(), path, needed["token"]


def filled(path: str) -> str:
    """Fill in the parameters of a path."""
    numbers = path.replace("{run}", "1").replace("{alert}", "1")
    return numbers.replace("{event_id}", EVENT_ID).replace("{name}", "main").replace("{message}", "msg_1")


def test_wrong_tokens_are_slowed_down_and_a_right_one_beside_them_is_not(api: Api) -> None:
    guesser, neighbour, elsewhere = (Program(api.address, "zops_wrong") for _ in range(3))
    neighbour.peer, elsewhere.peer = "127.0.0.9", "192.0.2.7"
    program = api.program()

    replies = [guesser.request("GET", "/events") for _ in range(12)]

    assert [reply.status_code for reply in replies] == [401] * 10 + [429] * 2
    assert (replies[-1].headers["Retry-After"], replies[-1].json()["detail"]) == (
        "5",
        "There were too many wrong tokens.",
    )
    assert (neighbour.fail("GET", "/events")[0], elsewhere.fail("GET", "/events")[0]) == (429, 401)
    assert program.request("GET", "/events").status_code == 200
    assert api.site.services.refusals.take() == {
        ("token_wrong", "127.0.0.1"): 10,
        ("token_throttled", "127.0.0.1"): 2,
        ("token_throttled", "127.0.0.9"): 1,
        ("token_wrong", "192.0.2.7"): 1,
    }


def test_every_operation_needs_its_scope(api: Api) -> None:
    everything = list(operations(api))
    lacking = {
        scopes: api.program(*(set(map(str, Scope)) - set(scopes)), name="-".join(scopes).replace(":", "."))
        for scopes in {tuple(scopes) for _, _, scopes in everything}
    }

    refusals = {(m, p): lacking[tuple(s)].fail(m, filled(p), json={}) for m, p, s in everything}

    assert len(everything) >= 25
    assert {key: status for key, (status, _) in refusals.items() if status != 403} == {}
    assert refusals["GET", "/events"][1] == (
        "This token lacks the scope events:read or events:read-all or events:write or events:draft."
    )


def test_no_operation_is_for_strangers(api: Api) -> None:
    everything = list(operations(api))

    refusals = {(m, p): api.stranger().fail(m, filled(p), json={}) for m, p, _ in everything}

    assert set(refusals.values()) == {(401, "Say who asks: Authorization: Bearer zops_…")}


def test_no_operation_is_for_an_admin_without_the_second_factor_that_is_required(api: Api) -> None:
    admin = signed_in(api, "admin")
    api.site.services.identity.second_factor_required = True

    refusals = {(m, p): admin.fail(m, filled(p), json={}) for m, p, _ in operations(api)}

    assert set(refusals.values()) == {
        (403, "This takes a second factor, and you have none yet. Add it at /account/second-factor.")
    }


def test_refusal_names_the_scope_as_the_standard_has_it(api: Api) -> None:
    reply = api.program("plan:read").post("/plan/apply", json={})
    stranger = api.stranger().get("/plan", headers={"Authorization": "Bearer zops_wrong"})

    assert reply.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="plan:apply"'
    assert (stranger.status_code, stranger.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')


def test_token_that_was_taken_back_opens_nothing(api: Api) -> None:
    program = api.program(name="old")
    before = program.get("/jobs").status_code

    revoke_token(api.service.app.database, AN_OPERATOR, "old")

    assert (before, program.get("/jobs").status_code) == (200, 401)


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("operator", 200), ("member", 403)])
def test_operator_who_is_signed_in_may_ask(api: Api, role: str, status: int) -> None:
    program = signed_in(api, role)

    assert program.get("/jobs").status_code == status
    assert program.post(f"/events/{EVENT_ID}/cancel").status_code == status


def test_page_of_another_site_can_ask_nothing(api: Api) -> None:
    program = signed_in(api, "admin")

    refusals = [
        program.fail("POST", f"/events/{EVENT_ID}/cancel", headers={"Origin": "https://evil.example"}),
        program.fail("POST", f"/events/{EVENT_ID}/cancel", headers={"Sec-Fetch-Site": "cross-site"}),
    ]
    with_a_token = program.fail("POST", f"/events/{EVENT_ID}/cancel", headers={"Authorization": "Bearer x"})

    assert [status for status, _ in refusals] == [403, 403]
    assert with_a_token[0] == 401  # a request with a token ignores the session
    assert api.service.event().status == "scheduled"


def test_whoever_asks_too_fast_is_put_off(service: Service) -> None:
    with serve(service, CallerRates(HeldClock(NOW), Rate(at_once=3, every=timedelta(seconds=2)))) as api:
        program, other = api.program(name="fast"), api.program(name="slow")

        replies = [program.get("/jobs") for _ in range(4)]

        assert [reply.status_code for reply in replies] == [200, 200, 200, 429]
        assert replies[-1].headers["Retry-After"] == "2"
        assert other.get("/jobs").status_code == 200


def test_rate_lets_in_a_burst_and_then_so_many_a_second() -> None:
    clock = HeldClock(NOW)
    rates = CallerRates(clock, Rate(at_once=3, every=timedelta(seconds=0.5)))

    first = [rates.wait_of("a") for _ in range(4)]
    clock.advance(0.5)
    then = [rates.wait_of("a") for _ in range(2)]

    assert first == [0, 0, 0, 0.5]
    assert then == [0, 0.5]
    assert rates.wait_of("b") == 0


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404), ("GET", "/", 404), ("GET", "/events/", 404), ("DELETE", "/events", 405),
        ("BREW", "/events", 405), ("GET", "/events/%00", 400), ("GET", "/runs/x", 400), ("GET", "/runs/1/calls", 404),
    ],
)  # fmt: skip
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_address_that_leads_nowhere_is_a_problem(api: Api, method: str, path: str, status: int) -> None:
    assert api.program().fail(method, path)[0] == status


def test_description_is_for_everybody_and_complete(api: Api) -> None:
    document = described(api)

    assert document["info"]["title"].endswith(": API")
    assert {server["url"] for server in document["servers"]} == {"/api/v1"}
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    undocumented = [
        (path, method)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if not operation["description"] or not {"200", "201", "202"} & operation["responses"].keys()
    ]
    assert undocumented == []


def signed_in(api: Api, role: str) -> Program:
    """Sign a user in as with a browser. The program's requests use that session."""
    api.site.add_user("jonas", role=role)
    program = api.stranger()
    super(Program, program).request(
        "POST", f"{api.address}/sign-in", data={"login": "jonas", "password": "a long way to the harbour"},
        allow_redirects=False,
    )  # fmt: skip
    for cookie in program.cookies:  # the site's address is https, but this request is not
        cookie.secure = False
    return program


def try_all(api: Api, how: dict[str, Any]) -> None:
    """Send every operation many requests, valid and invalid, often about existing things. Check its description."""
    token = api.program().headers["Authorization"]
    there_is = {"event_id": EVENT_ID, "name": "create_webinars", "run": api.service.runs()[-1].id}
    schema = schemathesis.openapi.from_dict(described(api))
    turns = count()

    def with_token(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = token
        return request

    for operation in (result.ok() for result in schema.get_all_operations()):

        def ask(case: Any) -> None:
            if next(turns) % 2:
                known = {name: value for name, value in there_is.items() if name in (case.path_parameters or {})}
                case.path_parameters = {**(case.path_parameters or {}), **known}
            try:
                reply = case.call(
                    f"{api.address}/api/v1", session=bare_caller(), auth=with_token, allow_redirects=False
                )
            except (requests.exceptions.InvalidHeader, requests.exceptions.InvalidURL):
                return
            case.validate_response(reply, checks=CHECKS)

        for mode in GenerationMode:
            settings(**how)(given(operation.as_strategy(generation_mode=mode))(ask))()


@pytest.fixture
def patient(service: Service) -> Iterator[Api]:
    """The API of a service with one event and a run, in effect without a rate limit."""
    service.add()
    with serve(service, CallerRates(service.clock, Rate(at_once=10**9, every=timedelta(milliseconds=1)))) as api:
        yield api


@pytest.mark.timeout(600)
def test_whatever_is_asked_is_answered_as_described(patient: Api) -> None:
    try_all(patient, QUICK)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_whatever_is_asked_is_answered_as_described_however_long_one_tries(patient: Api) -> None:
    try_all(patient, {**QUICK, "max_examples": 300})
