"""A network that comes back must not deliver what was given up: somebody else has done it meanwhile."""

import socket
import struct
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
import requests

from tests.waiting import wait_until
from tests.zoom_stub import RawZoom, says
from zoom_ops.clock import SystemClock
from zoom_ops.transport import Deadline, Transport, make_session, read_whole


def test_kernel_gives_bytes_up_that_nobody_acknowledges_within_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as sock:
        with Deadline(20, SystemClock()) as deadline:
            deadline.watch(sock)

        assert 0 < sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) <= 20_000


def test_connection_is_cut_off_at_the_deadline_and_what_it_holds_is_thrown_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as sock:
        with Deadline(0.01, SystemClock()) as deadline:
            deadline.watch(sock)
            wait_until(lambda: deadline.expired)
        linger = struct.unpack("ii", sock.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))

        assert linger == (1, 0)
        assert sock.recv(1) == b""


@pytest.mark.parametrize(
    ("addresses", "asks"),
    [
        (["169.254.169.254"], False),
        (["::ffff:169.254.169.254"], False),
        (["fe80::1%lo"], False),
        (["169.254.169.254", "127.0.0.1"], True),
        (["127.0.0.1"] * 1_000, True),
    ],
)
def test_name_leads_to_no_address_of_the_local_link(
    addresses: list[str], asks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to(addresses))

    with RawZoom() as server, Deadline(20, SystemClock()):
        server.answer(says(200, {}))
        address = server.url.replace("127.0.0.1", "harbour.example.org")
        with nullcontext() if asks else pytest.raises(requests.ConnectionError, match="an address of the local link"):
            make_session(Transport(read_whole)).get(address, timeout=10)

    assert len(server.requests) == asks


def test_name_with_very_many_addresses_is_tried_at_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Any] = []
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to([f"127.0.0.{number}" for number in range(1, 250)], tried))

    with Deadline(20, SystemClock()), pytest.raises(requests.ConnectionError):
        make_session(Transport(read_whole)).get("http://harbour.example.org:1/", timeout=10)

    assert len([host for host in tried if host != "harbour.example.org"]) == 10


def resolving_to(addresses: list[str], asked: list[Any] | None = None) -> Callable[..., Any]:
    """Build a look-up that gives a name these addresses, and leaves addresses as they are. It notes what is asked."""
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *further: Any, **options: Any) -> Any:
        if asked is not None:
            asked.append(host)
        if host != "harbour.example.org":
            return real(host, port, *further, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return look_up
