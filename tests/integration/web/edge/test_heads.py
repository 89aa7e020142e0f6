"""No head of a request, and nothing around a body, holds the interpreter or the event loop of the real server."""

import socket

from tests.integration.web.holds.watch import ALLOWED_S, watching
from tests.web_site import Site
from zoom_ops.store.db.connect import Database
from zoom_ops.web.edge.server import make_server

MOST = 15_000  # bytes that fit into a head; half as many again are read before they are counted
GET, POST = b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
HEADS = {
    "blanks before a zero": GET + b"A:" + b" " * 2 * MOST + b"\0\r\n\r\n",
    "blanks of a host": b"GET / HTTP/1.1\r\nHost:" + b"\t" * 2 * MOST + b"\v\r\n\r\n",
    "blanks of a trailer": CHUNKED + b"0\r\nA:" + b" " * 2 * MOST + b"\0\r\n\r\n",
    "letters and blanks": GET + b"A: " + b"a \t" * (MOST // 2) + b"\0\r\n\r\n",
    "folded lines": GET + b"A: b\r\n" + b" c\r\n" * (MOST // 4) + b"\r\n",
    "short fields": GET + b"A:b\r\n" * (MOST // 5) + b"\r\n",
    "a hundred fields": GET + b"".join(b"A%d:%s\r\n" % (each, b"," * 140) for each in range(99)) + b"\r\n",
    "empty lines": b"\r\n" * (MOST // 2) + GET + b"\r\n",
    "lengths": GET.replace(b"GET", b"POST") + b"Content-Length: " + b"1," * (MOST // 2) + b"1\r\n\r\na",
    "connections": GET + b"Connection: " + b"a," * (MOST // 2) + b"\r\n\r\n",
    "upgrades": GET + b"Connection: upgrade\r\nUpgrade: " + b"a," * (MOST // 2) + b"\r\n\r\n",
    "escapes of a cookie": GET + b'Cookie: a="' + b"\\" * MOST + b'"\r\n\r\n',
    "slashes": b"GET " + b"/" * MOST + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "percents": b"GET /" + b"%c3%a9" * (MOST // 6) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "parameters": b"GET /?" + b"a&" * (MOST // 2) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "blanks of a chunk": CHUNKED + b"1" + b" " * MOST + b"\0\r\n",
    "blanks of an extension": CHUNKED + b"1;" + b" " * MOST + b"\nx\r\n",
    "a long chunk": CHUNKED + b"0" * MOST + b"\r\n",
}


def test_no_head_holds_the_server(database: Database) -> None:
    server = make_server(Site(database).app, "127.0.0.1", 0)
    server.start()
    try:
        _ask(server.port, GET + b"\r\n")  # it has started
        with watching(server._acceptor._loop) as watch:
            spent = {name: watch.measure(lambda head=head: _ask(server.port, head)) for name, head in HEADS.items()}
    finally:
        server.stop()

    assert {name: each for name, each in spent.items() if each.longest > ALLOWED_S} == {}


def _ask(port: int, head: bytes) -> None:
    """Send a request, and wait until it is answered or refused."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        try:
            line.sendall(head)
            line.shutdown(socket.SHUT_WR)
            while line.recv(65_536):
                pass
        except ConnectionError:
            pass  # refused before all of it was read
