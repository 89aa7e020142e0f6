"""What the system keeps of an answer after its connection was closed."""

import socket
import struct
from contextlib import suppress
from typing import Any

_AT_ONCE = struct.pack("ii", 1, 0)
_LATEST_MS = 5_000  # without a byte being taken
_TIMEOUT = getattr(socket, "TCP_USER_TIMEOUT", 0)  # of Linux


def forget_unsent(line: Any) -> None:
    """Let the system drop what a client has not taken yet, once its connection is closed. `line`: a socket, or None."""
    if line is not None:
        with suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)


def part_soon(line: Any) -> None:
    """Let the system drop it if the client takes nothing for some seconds: in a crowd it has thousands of them."""
    if line is not None and _TIMEOUT:
        with suppress(OSError):
            line.setsockopt(socket.IPPROTO_TCP, _TIMEOUT, _LATEST_MS)
