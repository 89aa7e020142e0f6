"""What a newcomer sent first."""

import socket
import struct
import sys

import pytest

from zoom_ops.web.edge.door.first_bytes import FirstBytes, look_at, read_first

HALF, SILENT = FirstBytes(is_whole=False), FirstBytes(is_whole=False, is_silent=True)
HOOK = b"POST /webhooks/zoom/main HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("came", "first"),
    [
        (b"", HALF),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n", HALF),
        (b"GET / HTTP/1.1\r\nA: " + b"b" * 16_000, HALF),
        (b"\x16\x03\x01\r\n\r\n", HALF),
        (b"GET /" + b"a" * 400 + b" HTTP/1.1\r\n\r\n", FirstBytes(method="GET", path="/" + "a" * 299)),
        (b"GET /?q=tides HTTP/1.1\r\nHost: x\r\n\r\n", FirstBytes(method="GET", path="/", query=b"q=tides")),
        (b"POST /sign-in HTTP/1.1\nHost: x\n\nlogin=a", FirstBytes(method="POST", path="/sign-in")),
        (
            b"GET /webhooks/zoom/main HTTP/1.1\r\nX-Zm-Signature: v0=\r\n\r\n",
            FirstBytes(method="GET", path="/webhooks/zoom/main"),
        ),
        (HOOK + b"\r\nx-zm-signature: v0=", FirstBytes(method="POST", path="/webhooks/zoom/main")),
        (
            HOOK + b"X-Zm-Signature: v0=\r\n\r\n{}",
            FirstBytes(method="POST", path="/webhooks/zoom/main", is_signed=True),
        ),
    ],
)
def test_first_line_and_end_of_the_head_are_seen(came: bytes, first: FirstBytes) -> None:
    assert read_first(came) == first


def test_what_is_looked_at_stays() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        before = look_at(ours)
        theirs.sendall(b"GET / HTTP/1.1\r\n\r\n")

        assert (before, look_at(ours), ours.recv(3)) == (SILENT, FirstBytes(method="GET", path="/"), b"GET")


def test_client_that_has_gone_is_seen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname()) as guest:
            guest.sendall(b"GET / HTTP/1.1\r\n\r\n")
            guest.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # it says no good-bye
        with listener.accept()[0] as accepted:
            accepted.setblocking(False)

            assert look_at(accepted).has_gone is (sys.platform == "linux")
