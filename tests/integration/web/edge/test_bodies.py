"""Bodies that do not end, over real connections: they are refused in time, and nobody's is waited for in vain."""

import asyncio
import select
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from fastapi import FastAPI

from tests.builders import EVENT_ID
from tests.integration.served import WITHOUT_TLS, serve_pages, sign_in
from tests.integration.service import MakeService
from tests.integration.web.test_zoom_webhook import connect, talk
from tests.pictures.provider import provide
from tests.web_site import Site, Visitor
from zoom_ops.store.db.connect import Database
from zoom_ops.web import zoom_webhook
from zoom_ops.web.api import create_api
from zoom_ops.web.edge.bodies import BODY_LIMIT, FORM_LIMIT, incoming
from zoom_ops.web.edge.bodies.budget import Budget, Reserved

HOOK = "/webhooks/zoom/main"
READ_WITHOUT_A_LOGIN = {
    ("post", "/sign-in"),  # 64 kB
    ("post", "/sign-in/provider/logout"),  # 64 kB within three seconds, and only where there is a provider
    ("post", "/webhooks/zoom/{account}"),
}


def head(path: str, length: int, verb: str = "POST") -> bytes:
    return f"{verb} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode()


@pytest.mark.parametrize("path", [HOOK, "/sign-in"])
def test_body_that_does_not_come_in_time_is_refused(
    site: Site, http_visitor: Visitor, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "DEADLINE_S", 0.05)

    answer = talk(http_visitor, head(path, 100) + b"half")

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert site.inbox.received == []
    assert site.services.refusals.take()["body", "127.0.0.1"] == 1


def test_largest_body_gives_way_to_a_small_one(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "Budget", lambda: Budget(400_000))
    site = Site(database)
    with site.served() as visitor, closing(connect(visitor)) as large, closing(connect(visitor)) as other:
        for line in (large, other):
            line.sendall(head(HOOK, BODY_LIMIT) + b"x" * 190_000)
        other.sendall(b"x" * 50_000)
        answer = visitor.post(HOOK, data=b"x" * 5_000)
        refused = first_answer(large, other)

    assert answer.status_code == 204
    assert refused.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 5\r\n" in refused.lower()
    assert [len(body) for _, _, body in site.inbox.received] == [5_000]


def first_answer(*lines: socket.socket) -> bytes:
    """Return the first answer that comes on one of these connections."""
    answered, _, _ = select.select(lines, [], [], 60)
    return answered[0].recv(65_536) if answered else b""


def test_form_over_its_limit_is_refused(visitor: Visitor) -> None:
    statuses = [
        visitor.post("/sign-in", data={"login": "a", "password": "x" * length}).status_code
        for length in (FORM_LIMIT - 17, FORM_LIMIT)
    ]

    assert statuses == [403, 413]


def test_answer_arrives_at_who_sends_all_of_a_large_body_first(visitor: Visitor, http_visitor: Visitor) -> None:
    with closing(connect(http_visitor)) as line:
        line.sendall(head("/sign-in", 4_000_000) + b"x" * 4_000_000)

        assert line.recv(65_536).startswith(b"HTTP/1.1 413 ")


def test_body_without_end_is_not_read_for_long(http_visitor: Visitor) -> None:
    with closing(connect(http_visitor)) as line:
        line.sendall(head("/sign-in", 10**9))
        with pytest.raises(OSError, match=r"reset|Broken"):
            line.sendall(b"x" * 40_000_000)


@pytest.mark.filterwarnings("ignore:Duplicate Operation ID")  # GET and HEAD are one function
def test_nobody_without_a_login_has_a_body_read(database: Database) -> None:
    """A body that is waited for takes memory, so whoever sends it is known, or it is one of three."""
    site = Site(database, provide=provide)
    ways = [
        (verb, prefix, path)
        for prefix, app in (("", site.app), ("/api/v1", create_api(site.services)))
        for path, verbs in app.openapi()["paths"].items()
        for verb in verbs
        if verb not in ("get", "head")
    ] + [("post", "", zoom_webhook.PATH)]

    read = {(verb, prefix + path) for verb, prefix, path in ways if asyncio.run(is_read(site.app, verb, prefix + path))}

    assert len(ways) > 80
    assert read == READ_WITHOUT_A_LOGIN


async def is_read(app: FastAPI, verb: str, path: str) -> bool:
    """Return whether the application reads the body of a stranger's request."""
    for name in ("slug", "event_id"):
        path = path.replace("{" + name + "}", EVENT_ID)
    path = path.replace("{", "").replace("}", "")
    is_asked = False

    async def receive() -> dict[str, Any]:
        nonlocal is_asked
        is_asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Any) -> None:
        pass

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "scheme": "http",
        "method": verb.upper(), "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"",
        "headers": [(b"host", b"x"), (b"content-length", b"1000"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    return is_asked


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have room for a body of 5 kB of strangers, and for one of 30 kB of who is known."""
    monkeypatch.setattr(incoming, "Budget", lambda: Budget(5_000))
    monkeypatch.setattr(incoming, "Reserved", lambda: Reserved(30_000))


@pytest.mark.usefixtures("little_room")
def test_large_bodies_of_who_is_known_wait_for_each_other_and_not_for_strangers(make_service: MakeService) -> None:
    service = make_service(settings=WITHOUT_TLS)
    with serve_pages(service) as served:
        operator = sign_in(service, served.visitor, "operator")
        with ThreadPoolExecutor(4) as pool:
            pages = list(pool.map(lambda number: send_long_form(operator, f"Tides {number}"), range(4)))
        strangers = operator.post("/sign-in", data={"login": "a", "password": "x" * 20_000})

    assert [f"Tides {number}" in page for number, page in enumerate(pages)] == [True] * 4
    assert strangers.status_code == 503


def send_long_form(operator: Visitor, name: str) -> str:
    """Have a new event checked, and return the page."""
    return operator.post("/-/events/new", data={"name": name, "description": "x" * 20_000, "do": "check"}).text
