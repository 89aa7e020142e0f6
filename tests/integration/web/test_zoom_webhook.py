"""The webhook endpoint passes the raw body of a notification on, whole or not at all."""

import json
import socket
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from tests.web_site import Site, Visitor
from zoom_ops.errors import TemporaryError, ZoomOpsError
from zoom_ops.operations.notifications.intake import Intake
from zoom_ops.web.edge.door.limits import Limits
from zoom_ops.web.edge.server import make_server

HOOK = "/webhooks/zoom/main"
LIMIT = 1_048_576
AS_JSON = {"Content-Type": "application/json"}


def test_notification_is_handed_over_as_it_came(site: Site, visitor: Visitor) -> None:
    body = b'{"event" :  "webinar.ended", "n": 1.0}\n'

    answer = visitor.post(HOOK, data=body, headers={**AS_JSON, "x-zm-signature": "v0=abc"})

    ((account, headers, taken),) = site.inbox.received
    assert (answer.status_code, answer.content) == (204, b"")
    assert (account, headers["x-zm-signature"], taken) == ("main", "v0=abc", body)


@pytest.mark.parametrize("body", [b"", b"not json", b"\xff\x00", b"[" * 10_000, b"x" * LIMIT])
def test_notification_is_handed_over_whatever_it_is(site: Site, visitor: Visitor, body: bytes) -> None:
    answer = visitor.post(HOOK, data=body, headers=AS_JSON)

    assert answer.status_code == 204
    assert [received for _, _, received in site.inbox.received] == [body]


def test_url_validation_is_answered(site: Site, visitor: Visitor) -> None:
    site.inbox.answer = Intake(status=200, reply={"plainToken": "p", "encryptedToken": "e"})

    answer = visitor.post(HOOK, data=b"{}", headers=AS_JSON)

    assert (answer.status_code, answer.json()) == (200, {"plainToken": "p", "encryptedToken": "e"})


@pytest.mark.parametrize("status", [401, 404])
def test_refused_notification_has_the_status_and_nothing_else(site: Site, visitor: Visitor, status: int) -> None:
    site.inbox.answer = Intake(status=status)

    answer = visitor.post(HOOK, data=b"{}", headers=AS_JSON)

    assert (answer.status_code, answer.content) == (status, b"")
    assert sum(site.services.refusals.take().values()) == (status == 401)


@pytest.mark.parametrize(
    ("error", "status", "after"),
    [(TemporaryError("secret-host"), 503, "5"), (ZoomOpsError("secret-host"), 500, None), (OSError(), 500, None)],
)
def test_notification_that_cannot_be_stored_is_sent_again(
    site: Site, visitor: Visitor, error: Exception, status: int, after: str | None
) -> None:
    site.inbox.answer = error

    answer = visitor.post(HOOK, data=b"{}", headers=AS_JSON)

    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, after)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "secret" not in answer.text


def test_body_over_the_limit_is_refused(site: Site, visitor: Visitor) -> None:
    announced = visitor.post(HOOK, data=b"x" * (LIMIT + 1), headers=AS_JSON)
    unannounced = visitor.post(HOOK, data=iter([b"x" * 65_536] * 17), headers=AS_JSON)

    assert [answer.status_code for answer in (announced, unannounced)] == [413, 413]
    assert json.loads(unannounced.content)["detail"].startswith("That is too large.")
    assert site.inbox.received == []


def test_body_announced_over_the_limit_is_refused_before_it_comes(site: Site, http_visitor: Visitor) -> None:
    reply = talk(
        http_visitor, b"POST /webhooks/zoom/main HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n"
    )

    assert reply.startswith(b"HTTP/1.1 413 ")


def test_endless_body_is_cut(site: Site) -> None:
    server = make_server(site.app, "127.0.0.1", 0, limits=Limits(linger_s=0.1))
    server.start()
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=60)) as line:
        line.sendall(b"POST /webhooks/zoom/main HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        with pytest.raises(OSError, match=r"reset|[Bb]roken pipe"):
            send_without_end(line)
    server.stop()

    assert site.inbox.received == []


@pytest.mark.parametrize("length", [b"10", b"0"])
def test_body_beyond_its_announced_length_is_not_read(site: Site, http_visitor: Visitor, length: bytes) -> None:
    lie = (
        b"POST /webhooks/zoom/main HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + b"\r\n\r\n" + b"x" * 5000
    )

    talk(http_visitor, lie)

    assert [len(body) for _, _, body in site.inbox.received] == [int(length)]


def test_body_that_breaks_off_is_not_handed_over(site: Site, http_visitor: Visitor) -> None:
    with closing(connect(http_visitor)) as line:
        line.sendall(b"POST /webhooks/zoom/main HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf of it")

    assert http_visitor.get("/health").status_code == 200
    assert site.inbox.received == []


def test_notifications_that_come_together_are_all_answered(site: Site, http_visitor: Visitor) -> None:
    head = b"POST /webhooks/zoom/main HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
    with closing(connect(http_visitor)) as line:
        line.sendall(head + b"\r\none" + head + b"Connection: close\r\n\r\ntwo")
        answers = line.makefile("rb").read()

    assert answers.count(b"HTTP/1.1 204 ") == 2
    assert [body for _, _, body in site.inbox.received] == [b"one", b"two"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_hook_takes_nothing_but_post(visitor: Visitor, method: str) -> None:
    answer = visitor.request(method, HOOK)

    assert (answer.status_code, answer.headers["Content-Type"]) == (405, "application/problem+json")


@pytest.mark.parametrize("path", ["/webhooks/zoom/", "/webhooks/zoom", "/webhooks/zoom/main/more", f"{HOOK}%2Fmore"])
def test_other_addresses_beside_the_hook_are_none(site: Site, visitor: Visitor, path: str) -> None:
    answer = visitor.post(path, data=b"{}", headers=AS_JSON)

    assert (answer.status_code, site.inbox.received) == (404, [])


def connect(visitor: Visitor) -> socket.socket:
    where = urlsplit(visitor.address)
    return socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=60)


def send_without_end(line: socket.socket) -> None:
    while True:
        line.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def talk(visitor: Visitor, request: bytes) -> bytes:
    """Send bytes and return the first bytes of the answer."""
    with closing(connect(visitor)) as line:
        line.sendall(request)
        return line.recv(65_536)
