"""What is answered at once is what the long way answers, byte for byte; what is strange takes the long way."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.builders import EVENT_ID, an_event
from tests.edge.exchange import PEER, Sent, answer_at_once, exchange
from tests.web_site import Site
from zoom_ops.store.db.connect import Database
from zoom_ops.web.edge.server import WebServer, make_server

PAGE = f"/events/{EVENT_ID}"
KEPT = (PAGE, f"{PAGE}.json", "/", "/?past=1", "/recordings.atom")
FIELDS = (
    "Host: elsewhere.example.org", "Host:localhost:80", "host: LOCALHOST.", "Host: ", "Accept-Encoding: gzip",
    "If-None-Match: *", 'If-None-Match: "a"', "Accept-Language: fr", "Connection: close", "Connection: Close",
    "Connection: keep-alive", "Connection: Keep-Alive", "Connection: upgrade", "Connection: close, x", "Connection: ",
    "Upgrade: h2c", "Expect: 100-continue", "Cookie: lang=fr", "Cookie: __Host-zoom_ops=a", "Cookie: zoom_ops_key_1=a",
    'Cookie: a="\\\\"', "Authorization: Bearer a", "Content-Length: 0", "Content-Length: 1", "Content-Length: x",
    "Transfer-Encoding: chunked", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: http",
    "X-Forwarded-For: 203.0.113.7", "X-Forwarded-For: 203.0.113.7, 192.0.2.1", "X-Forwarded-For: nobody",
    "X-Real-IP: b", "Range: bytes=0-3",
    "Origin: https://elsewhere.example.org", "Accept: application/json", "A: b  ", "A:\tb", "A:  b", "A : b", "A: \xe9",
    " A: b", "A", "A: b\rc", "A: b\nc", "User-Agent: Mozilla/5.0 (X11; rv:1)", "If-None-Match: TAG",
    'If-None-Match: "a", W/TAG ,', "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT", "Accept-Encoding: gzip;q=0",
    "Accept-Encoding: GZIP", "Accept-Language: zz, fr;q=0.1, de;q=0", "Cookie: a=b; lang=fr", "Connection: Host",
    "CONNECTION: close ", "Content-Length : 1", "Content_Length: 1", "Transfer-Encoding: identity", "TE: trailers",
    "Proxy-Connection: close", "Origin: https://app.example.org", "X-Forwarded-Host: elsewhere.example.org",
)  # fmt: skip
TARGETS = (
    *KEPT, f"{PAGE}?lang=fr", f"{PAGE}?x=1", f"{PAGE}?", f"{PAGE}#a", f"{PAGE}/embed", f"{PAGE}/", "/?q=a", "//",
    f"/.{PAGE}", f"/%65vents/{EVENT_ID}", f"http://localhost{PAGE}", "*", "/health", PAGE.replace("/", "\\"),
    f"{PAGE} ", f"{PAGE}?a=\\",
)  # fmt: skip
PLAIN = (
    "GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "HEAD {} HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET {} HTTP/1.0\r\nConnection: Keep-Alive\r\nHost: localhost\r\nUser-Agent: ApacheBench/2.3\r\n\r\n",
    "GET {} HTTP/1.1\r\nHost: localhost:8000\r\nAccept-Encoding: gzip, br\r\nConnection: keep-alive\r\n\r\n",
    "GET {} HTTP/1.1\r\nhost:127.0.0.1\r\nIf-None-Match: *\r\nConnection: close\r\nCookie: a=b\r\n\r\n",
)
GET = "GET / HTTP/1.1\r\nHost: localhost\r\n"
STRANGE = (
    "GET / HTTP/1.1\r\nHost: elsewhere.example.org\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", GET, f"{GET}\r\n" * 2,
    f"\r\n{GET}\r\n", "GET / HTTP/1.1\nHost: localhost\n\n", GET + "A: b\r\n" * 70 + "\r\n",
    f"{GET}A: {'b' * 5_000}\r\n\r\n", f"{GET}Content-Length: 0\r\n\r\n", f"{GET}Transfer-Encoding: chunked\r\n\r\n",
    f"{GET}Expect: 100-continue\r\n\r\n", f"{GET}Connection: upgrade\r\n\r\n", f"{GET}Connection: Close\r\n\r\n",
    f"{GET}Authorization: a\r\n\r\n", f"{GET}Cookie: zoom_ops=a\r\n\r\n", f"{GET}X-Forwarded-For: 192.0.2.1\r\n\r\n",
    f"{GET}X-Forwarded-Proto: https\r\n\r\n", f"{GET}X-Forwarded-For: \r\n\r\n",
    f"{GET}X-Forwarded-For: 203.0.113.7\r\nX-Real-IP: 203.0.113.7\r\n\r\n",
    f"{GET}Forwarded: for=_a\r\n\r\n", f"{GET}Host: localhost\r\n\r\n",
    f"{GET}A: \\\r\n\r\n", f"{GET}A: \xe9\r\n\r\n", f"{GET}A:\tb\r\n\r\n", f"{GET} A: b\r\n\r\n", f"{GET}A : b\r\n\r\n",
)  # fmt: skip
PASSED_ON = (
    f"{GET}X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n\r\n",
    f"{GET}x-forwarded-for:2001:db8::7\r\nConnection: close\r\n\r\n",
    f"{GET}X-Forwarded-For: 198.51.100.9, 203.0.113.7:1234, 192.0.2.1\r\nAccept-Encoding: gzip\r\n\r\n",
)


@dataclass
class Ways:
    """A site whose pages are kept, and its two ways to an answer: what is sent, and whether the connection ends."""

    server: WebServer
    is_behind_proxy: bool
    tag: str = ""  # of the event's page

    def at_once(self, head: bytes) -> tuple[bytes, bool] | None:
        """Return what is answered at once."""
        ready = answer_at_once(self.server._doors[1], head)
        return (ready.sent, not ready.keeps) if ready else None

    def at_length(self, head: bytes) -> tuple[bytes, bool]:
        """Return what h11 and the application answer."""
        return _all(asyncio.run(exchange(head, app=self.server.config.app)))  # type: ignore[arg-type]

    def on_one_line(self, *heads: bytes) -> tuple[bytes, bool]:
        """Return what one connection answers."""
        app, at_once = self.server.config.app, self.server._doors[1]
        return _all(asyncio.run(exchange(*heads, app=app, at_once=at_once)))  # type: ignore[arg-type]


def _all(sent: Sent) -> tuple[bytes, bool]:
    return b"".join(sent.pieces), sent.closed


@pytest.fixture(params=[(), (PEER,)], ids=["alone", "behind a proxy"])
def ways(database: Database, request: pytest.FixtureRequest) -> Iterator[Ways]:
    site = Site(database, cors_origins=("https://app.example.org",))
    site.save(an_event())
    ways = Ways(make_server(site.app, "127.0.0.1", 0, proxies=request.param), is_behind_proxy=bool(request.param))
    ways.at_length(PASSED_ON[0].encode())  # that somebody forwards it is noted once
    for target in KEPT:
        answered, _ = ways.at_length(PLAIN[0].format(target).encode())
        ways.tag = ways.tag or re.findall(r"\r\netag: ([^\r]+)", answered.decode(), re.IGNORECASE)[0]
    yield ways
    site.app.state.kept.close()
    ways.server._listener.close()


def test_plain_request_is_answered_at_once_and_no_other(ways: Ways) -> None:
    for target in (*KEPT, "/health"):
        for plain in PLAIN:
            head = plain.format(target).encode()
            assert ways.at_once(head) == ways.at_length(head), head

    for plain in PASSED_ON:
        head = plain.encode()
        assert ways.at_once(head) == (ways.at_length(head) if ways.is_behind_proxy else None), head
    assert [head for head in STRANGE if ways.at_once(head.encode("latin-1"))] == []


@pytest.mark.both_databases
def test_server_that_saw_a_commit_is_asked_for_the_rows_again_without_the_long_way(
    ways: Ways, database: Database
) -> None:
    """In a flood the long way takes twenty turns of the loop, and each notification is a commit."""
    head = PLAIN[0].format("/").encode()
    with database.begin() as connection:
        connection.execute(text("INSERT INTO meta (name, value) VALUES ('seen', 'x')"))

    answered = ways.at_once(head)

    assert answered == (None if database.is_sqlite else ways.at_length(head))


def test_reader_behind_a_proxy_who_is_answered_at_once_was_here(ways: Ways) -> None:
    guard, reader = ways.server._doors[0].__self__, "198.51.100.20"  # type: ignore[attr-defined]
    head = f"{GET}X-Forwarded-For: {reader}\r\n\r\n".encode()
    was_here = guard.returning.knows(reader)

    answered = ways.at_once(head)

    assert (was_here, guard.returning.knows(reader), bool(answered)) == (False, *[ways.is_behind_proxy] * 2)


@pytest.mark.both_databases
def test_newcomer_whom_the_database_sends_the_long_way_is_still_one(ways: Ways, site: Site) -> None:
    """Else all newcomers of a flood go before a reader who asked for more, once the page is another one."""
    guard, reader, newcomer = ways.server._doors[0].__self__, "198.51.100.21", "198.51.100.22"  # type: ignore[attr-defined]
    heads = {sender: f"{GET}X-Forwarded-For: {sender}\r\n\r\n".encode() for sender in (reader, newcomer)}
    ways.at_length(heads[reader])
    site.save(an_event())

    answered = [ways.at_once(head) for head in heads.values()]

    assert answered == [None, None]
    assert [guard.returning.knows(sender) for sender in heads] == [ways.is_behind_proxy, False]


@settings(max_examples=200, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
@given(
    start=st.tuples(
        st.sampled_from(("GET", "GET", "HEAD", "POST", "get")),
        st.sampled_from(TARGETS),
        st.sampled_from(("1.1", "1.1", "1.0", "0.9", "2.0", "1.1 ")),
    ),
    fields=st.lists(st.sampled_from(FIELDS), max_size=3),
    ends=st.sampled_from(("\r\n", "\r\n", "\r\n", "\n", "\r\r\n")),
    more=st.sampled_from((b"", b"", b"", b"\r\n", b"a", b"GET / HTTP/1.1\r\n\r\n")),
    change=st.tuples(st.integers(0, 120), st.integers(0, 2), st.binary(max_size=2)),
)
def test_what_is_answered_at_once_is_what_the_long_way_answers(
    ways: Ways,
    start: tuple[str, str, str],
    fields: list[str],
    ends: str,
    more: bytes,
    change: tuple[int, int, bytes],
) -> None:
    method, target, version = start
    lines = ends.join([f"{method} {target} HTTP/{version}", "Host: localhost", *fields, "", ""])
    head = lines.replace("TAG", ways.tag).encode("latin-1") + more
    place, left_out, put_in = change
    head = head[:place] + put_in + head[place + left_out :]

    answered = ways.at_once(head)

    assert answered is None or answered == ways.at_length(head)


def test_one_connection_takes_both_ways_in_turn(ways: Ways) -> None:
    plain, strange = f"{GET}\r\n".encode(), f"{GET}A:  b\r\n\r\n".encode()
    heads = (plain, strange, strange, plain, plain, f"{GET}Connection: close\r\n\r\n".encode())

    assert ways.on_one_line(*heads) == (b"".join(ways.at_length(head)[0] for head in heads), True)
