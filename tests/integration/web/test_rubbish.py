"""Every request to every route gets an answer in time, without a 5xx and without an echo of its input.

The routes come from the application itself, so a new route is covered at once.
"""

import json
import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from sqlalchemy import select
from starlette.routing import Mount

from tests.builders import EVENT_ID, an_event
from tests.in_process import bare_caller
from tests.integration.operations.notifications.broken import broken_notifications
from tests.integration.served import quick_services_of
from tests.integration.service import Service, sign
from tests.late import whole
from tests.web_site import Site, Visitor
from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import notification
from zoom_ops.web import zoom_webhook
from zoom_ops.web.app import create_app
from zoom_ops.web.security_headers import SECURITY_HEADERS
from zoom_ops.zoom import KNOWN_KINDS

QUICK = {"max_examples": 2, "deadline": None, "suppress_health_check": list(HealthCheck)}
LONG = {**QUICK, "max_examples": 500}
MARK = "k9echo"
ANYTHING = st.binary(max_size=300) | st.recursive(
    st.none() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=9),
    lambda inner: st.dictionaries(st.sampled_from(("event", "payload", "object", "id", "uuid")), inner, max_size=4),
    max_leaves=9,
).map(lambda value: json.dumps(value).encode())
PATHS = (
    "/%00", "/events/%00", "/events/%ff%fe", "/events/..%2f..%2fetc%2fpasswd", "/events/%E2%80%AE", "/static/x",
    "/events/%ED%A0%80", "//example.org/", "/events//", "/events/%0d%0aX-Injected:1", "/static/%00.css", "/;x",
    "/static/..%2fsite.css", "/events/{{7*7}}", "/events/%7B%25x%25%7D", "/?past=%00", "/?past=99999999999999999999",
    "/?past=1&past=2", "/?past=-1", "/?past=%F0%9F%8C%8A", f"/events/{EVENT_ID}/recording?part=%D9%A1",
    f"/events/{EVENT_ID}?" + "a=b&" * 5_000, "/" + "a/" * 5_000, "/" + "%25" * 10_000, "/webhooks/zoom/%00",
    "/webhooks/zoom/%ED%A0%80", "/metrics?x[]=%00", "/api/v1/%00", "/api/v1/events/%ED%A0%80", "/api/v1//events",
    "/api/v1/events?page=" + "9" * 5_000, "/api/v1/events/" + "a" * 10_000, "/api/v1/../../-/", "/api/v1/events%2f..",
)  # fmt: skip
RAW = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: \xff\xfe\r\nAccept: \xff\r\n"
    b"If-None-Match: \xff,\"\r\nCookie: \xff=;;=\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: " + b"gzip;q=9, " * 900 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: b\r\nRange: bytes=0-0,1-1,--5\r\n\r\n",
    b"GET http://[/ HTTP/1.1\r\nHost: [\r\n\r\n",
    b"GET \x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"POST /webhooks/zoom/main HTTP/1.1\r\nContent-Length: 2\r\nx-zm-signature: \xff\r\nx-zm-signature: \xfe\r\n\r\n{}",
    b"POST /webhooks/zoom/main HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /webhooks/zoom/main HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999999999999999999\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
)  # fmt: skip


pytestmark = pytest.mark.filterwarnings("ignore:Duplicate Operation ID")  # GET and HEAD are one function


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """SQLite unless a test says otherwise."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def site(database: Database) -> Site:
    """A site with one event."""
    site = Site(database)
    site.save(an_event())
    return site


def operations(app: FastAPI) -> list[Any]:
    """List the operations of the application, as schemathesis sees them."""
    schema = app.openapi()
    account = {"name": "account", "in": "path", "required": True, "schema": {"type": "string"}}
    post = {"parameters": [account], "responses": {"204": {"description": "taken"}}}
    schema["paths"][zoom_webhook.PATH] = {"post": post}  # no endpoint of FastAPI's
    return [result.ok() for result in schemathesis.openapi.from_dict(schema).get_all_operations()]


def test_schema_knows_every_route(site: Site) -> None:
    paths = set(site.app.openapi()["paths"])

    events = {f"/events/{{slug}}{ending}" for ending in ("", ".json", ".ics", "/picture.png", "/recording", "/stream")}
    assert events | {"/", "/ready", "/metrics", "/static/{name}"} <= paths
    assert "/hooks/homes/{name}" in paths


def test_what_is_mounted_is_tried_elsewhere(site: Site) -> None:
    mounted = [route.path for route in site.app.routes if isinstance(route, Mount)]

    assert mounted == ["/api/v1"]  # web/api/test_callers.py covers its routes, with a token


def try_all(site: Site, visitor: Visitor, how: dict[str, Any]) -> None:
    """Send every operation many requests."""
    for operation in operations(site.app):

        def ask(case: Any) -> None:
            with suppress(requests.exceptions.InvalidHeader, requests.exceptions.InvalidURL):
                reply = case.call(base_url=visitor.address, session=bare_caller(), allow_redirects=False)
                assert reply.status_code < 500, (case.method, case.path)
                carried = {name.lower() for name in reply.headers}
                assert {name.lower() for name in SECURITY_HEADERS} <= carried, (case.method, case.path)

        given(operation.as_strategy())(settings(**how)(ask))()


def test_whatever_is_asked_of_a_route_is_answered(site: Site, visitor: Visitor) -> None:
    try_all(site, visitor, QUICK)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_whatever_is_asked_of_a_route_is_answered_however_long_one_tries(site: Site, visitor: Visitor) -> None:
    try_all(site, visitor, LONG)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_strange_address_is_refused(visitor: Visitor, method: str) -> None:
    statuses = {path: visitor.request(method, path).status_code for path in PATHS}

    assert {path[:40]: status for path, status in statuses.items() if status >= 500} == {}


def test_bytes_that_are_no_request_stop_nothing(http_visitor: Visitor) -> None:
    replies = [talk(http_visitor, request) for request in RAW]

    assert [reply[:40] for reply in replies if reply.startswith((b"HTTP/1.1 5", b"HTTP/1.0 5"))] == []
    assert http_visitor.get("/health").status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_refusal_echoes_nothing_and_has_the_headers(visitor: Visitor, accept: str) -> None:
    paths = [f"/{MARK}", f"/events/{MARK}", f"/events/%3Cscript%3E{MARK}", f"/?past={MARK}", f"/static/{MARK}.css",
             f"/events/{EVENT_ID}/recording?part={MARK}", f"/webhooks/zoom/{MARK}"]  # fmt: skip
    headers = {"Accept": accept, "X-Marked": MARK, "Cookie": f"a={MARK}", "Referer": f"http://{MARK}/"}

    replies = [visitor.get(path, headers=headers) for path in paths]

    assert [reply.status_code for reply in replies] == [404] * 6 + [405]
    assert [reply.url for reply in replies if MARK in reply.text + str(reply.headers)] == []
    assert [reply.url for reply in replies if not is_guarded(reply)] == []


def post_all(site: Site, bodies: Iterable[SearchStrategy[bytes]], how: dict[str, Any]) -> None:
    """Post many bodies of each kind as notifications, most of them signed."""

    def post(body: bytes, signed: bool) -> None:
        forged = {"x-zm-signature": "v0=\xe9", "x-zm-request-timestamp": "²"}
        headers = sign(body, "2211019200")[0] if signed else forged
        encoded = {name: value.encode("latin-1") for name, value in headers.items()}
        reply = visitor.post("/webhooks/zoom/main", data=body, headers=encoded)
        assert reply.status_code in ((200, 204) if signed else (401,)), body

    with site.visited() as visitor:
        for drawn in bodies:
            settings(**how)(given(drawn, st.sampled_from((True, True, True, False)))(post))()


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("examples", [4, pytest.param(300, marks=[pytest.mark.long, pytest.mark.timeout(1200)])])
def test_whatever_is_posted_as_a_notification_is_answered(service: Service, database_kind: str, examples: int) -> None:
    service.add()
    service.settle()
    site = Site(service.app.database)
    site.services = quick_services_of(service.app)
    site.app = whole(create_app(site.services))
    webinar_id = service.zoom.webinar()["id"]
    known = [broken_notifications(webinar_id, kind) for kind in KNOWN_KINDS]

    post_all(site, (ANYTHING, *known), {**QUICK, "max_examples": examples})
    service.work()

    with service.app.database.read() as connection:
        of_ours = select(notification.c.kind).where(notification.c.event_id.is_not(None))
        stored = connection.execute(of_ours).scalars().all()
    known = {kind.replace(".batch_", ".") for kind in KNOWN_KINDS}  # a batch is stored item by item
    assert set(stored) == known - {"webinar.created"}  # it says only that a host's list has changed
    assert [run.state for run in service.runs() if run.state == "failed"] == []


def is_guarded(reply: requests.Response) -> bool:
    """Return whether an answer carries the security headers, or stricter ones."""
    own = {name: value for name, value in SECURITY_HEADERS.items() if name != "Referrer-Policy"}
    return all(reply.headers.get(name) == value for name, value in own.items()) and "Referrer-Policy" in reply.headers


def talk(visitor: Visitor, request: bytes) -> bytes:
    """Send bytes and return what comes back."""
    host, port = visitor.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            return b"".join(iter(lambda: line.recv(65536), b""))
    return b""
