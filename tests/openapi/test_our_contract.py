"""Our own contract refuses wrong requests and agrees with Zoom's own description, if that is present."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from openapi_core.exceptions import OpenAPIError

from tests.openapi.checking import RequestChecker
from tests.openapi.comparing import expects_more, iter_parts, says_less, says_more
from tests.openapi.descriptions import Description, load_description
from zoom_ops.zoom.accounts import API_URL
from zoom_ops.zoom.notifications import KNOWN_KINDS

SCOPES = ("x-zoom-scopes-granular", "x-zoom-scopes-classic")
WEBINARS = "/users/host@example.org/webinars"
A_WEBINAR = {"type": 5, "topic": "T", "start_time": "2040-01-31T13:30:00Z", "duration": 75, "timezone": "UTC"}
ADA = {"email": "ada@example.org", "name": "Ada"}


@pytest.fixture(scope="module")
def ours() -> Description:
    """Our own contract."""
    return load_description("ours")


@pytest.fixture(scope="module")
def zooms() -> Description:
    """Zoom's own description. The test is skipped without it."""
    return load_description("zooms")


@pytest.fixture(scope="module")
def checker(ours: Description) -> RequestChecker:
    """A checker for our own contract."""
    return RequestChecker(ours)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", WEBINARS, A_WEBINAR),
        ("GET", f"{WEBINARS}?type=scheduled&page_size=300", None),
        ("PATCH", "/webinars/123", {"settings": {"auto_recording": "cloud"}}),
        ("POST", "/webinars/123/panelists", {"panelists": [ADA]}),
    ],
)
def test_our_contract_takes_what_is_right(checker: RequestChecker, method: str, path: str, body: Any) -> None:
    checker.check(a_request(method, path, body))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/user/host@example.org/webinars", A_WEBINAR),
        ("PUT", WEBINARS, A_WEBINAR),
        ("POST", WEBINARS, {name: value for name, value in A_WEBINAR.items() if name != "topic"}),
        ("POST", WEBINARS, A_WEBINAR | {"start": "2040-01-31T13:30:00Z"}),
        ("POST", WEBINARS, A_WEBINAR | {"start_time": "2040-01-31T13:30:00+01:00"}),
        ("POST", WEBINARS, A_WEBINAR | {"duration": "75"}),
        ("POST", WEBINARS, A_WEBINAR | {"type": 7}),
        ("POST", WEBINARS, A_WEBINAR | {"settings": {"auto_recordings": "cloud"}}),
        ("POST", WEBINARS, A_WEBINAR | {"settings": {"question_and_answer": {"answer_questions": "some"}}}),
        ("GET", f"{WEBINARS}?page_size=301", None),
        ("GET", f"{WEBINARS}?size=300", None),
        ("GET", f"{WEBINARS}?type=all", None),
        ("GET", "/webinars/abc", None),
        ("PATCH", "/webinars/123", {"password": "eleven-long"}),
        ("PUT", "/webinars/123/status", {}),
        ("POST", "/webinars/123/panelists", {"panelists": [{"email": "ada@example.org"}]}),
        ("POST", "/webinars/123/panelists", {"panelists": [ADA] * 31}),
        ("PATCH", "/meetings/abc/recordings/settings", {"share_recording": "public"}),
    ],
)
def test_our_contract_refuses_what_is_wrong(checker: RequestChecker, method: str, path: str, body: Any) -> None:
    with pytest.raises((OpenAPIError, AssertionError)):
        checker.check(a_request(method, path, body))


def test_our_contract_knows_every_kind_that_rings_a_job(ours: Description) -> None:
    assert set(KNOWN_KINDS) <= set(ours.notifications)


def test_our_operations_are_as_zoom_describes_them(ours: Description, zooms: Description) -> None:
    assert set(ours.operations) <= set(zooms.operations)

    faults = [fault for operation in ours.operations for fault in compare_operations(ours, zooms, operation)]
    assert faults == []


def test_our_notifications_are_as_zoom_describes_them(ours: Description, zooms: Description) -> None:
    assert set(ours.notifications) <= set(zooms.notifications)

    faults = [
        fault
        for kind, schema in ours.notifications.items()
        for part in iter_parts(schema, zooms.notifications[kind], kind)
        for fault in (*says_more(*part), *expects_more(*part))
    ]
    assert faults == []


def test_our_time_zones_are_those_that_zoom_documents(ours: Description, zooms: Description) -> None:
    assert ours.zones == zooms.zones


def compare_operations(ours: Description, zooms: Description, key: tuple[str, str]) -> Iterator[str]:
    """Yield the differences between an operation of our contract and Zoom's. `key`: method and path."""
    where, own, zoom = " ".join(key), ours.operations[key], zooms.operations[key]
    if own["x-zoom-rate-limit-label"] != zoom.get("x-zoom-rate-limit-label"):
        yield f"{where}: rate-limit label"
    yield from (f"{where}: {name}" for name in SCOPES if not set(own.get(name, [])) <= set(zoom[name]))
    yield from (f"{where}: {status}" for status in own["responses"] if status not in (*zoom["responses"], "4XX"))
    yield from compare_parameters(where, own["parameters"], zoom["parameters"])
    for part in iter_parts(ours.request_body(*key), zooms.request_body(*key), f"{where} <"):
        yield from (*says_more(*part), *says_less(*part))
    for part in iter_parts(ours.answer(*key), zooms.answer(*key), f"{where} >"):
        yield from says_more(*part)


def compare_parameters(where: str, ours: list[Any], theirs: list[Any]) -> Iterator[str]:
    """Yield the differences of parameters. Path ids are compared by name only: not all of Zoom's are numbers."""
    known = {(parameter["name"], parameter["in"]): parameter["schema"] for parameter in theirs}
    for parameter in ours:
        part = f"{where} ? {parameter['name']}", parameter["schema"], known.get((parameter["name"], parameter["in"]))
        if parameter["in"] == "query" or part[2] is None:
            yield from (*says_more(*part), *says_less(*part))


def a_request(method: str, path: str, body: Any) -> requests.PreparedRequest:
    """Build a request as the gateway sends it."""
    headers = {"Authorization": "Bearer token"}
    return requests.Request(method, f"{API_URL}{path}", headers=headers, json=body).prepare()
