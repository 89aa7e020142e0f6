"""Targets that answer without measure: the message is given up, and this process reads nothing of it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from zoom_ops.alerting.notifier import Notifier
from zoom_ops.alerting.targets import Target, Wish

MAIL = "mailto://127.0.0.1:{port}?from=zoom_ops@example.org&to=operators@example.org"
JSON = "json://127.0.0.1:{port}/told"
LINE = b" " + b"tides" * 1_600 + b"\r\n"  # nearly as long as one may be: its memory is full after few of them
WITHOUT_END = {
    "a banner": (MAIL, False, b"", b"220-" + LINE),
    "an answer to EHLO": (MAIL, True, b"220 tidewater\r\n", b"250-" + LINE),
    "a body": (JSON, True, b"HTTP/1.1 200 OK\r\n\r\n", b" " * 100_000),
}


@contextmanager
def a_target(*, is_asked: bool, begins: bytes, goes_on: bytes) -> Iterator[int]:
    """Run a server that answers each connection without end. Yield its port."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with suppress(OSError), connection:
                    connection.sendall(begins)
                    if is_asked:
                        connection.recv(4_096)
                    while True:
                        connection.sendall(goes_on)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield int(listening.getsockname()[1])


@pytest.mark.parametrize(
    "without_end",
    ["a banner", *(pytest.param(name, marks=pytest.mark.long) for name in ("an answer to EHLO", "a body"))],
)
def test_target_that_answers_without_end_is_given_up(without_end: str) -> None:
    address, is_asked, begins, goes_on = WITHOUT_END[without_end]

    with a_target(is_asked=is_asked, begins=begins, goes_on=goes_on) as port:
        target = Target(id="a", label="target #1", url=address.format(port=port), wishes=(Wish(),))
        answer = Notifier(read_s=100, deadline_s=100).send(target, "Tides of tomorrow", "It is late.", "critical")

    assert not answer.taken
    assert "in time" not in answer.sentence  # its memory ended it
