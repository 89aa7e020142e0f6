"""A network that comes back must not deliver what was given up: somebody else has done it meanwhile."""

import socket
import struct

from tests.waiting import wait_until
from zoom_ops.clock import SystemClock
from zoom_ops.transport import Deadline


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
