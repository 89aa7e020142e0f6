"""Faults of the connection: dropped, reset, or sent byte by byte."""

import asyncio
import socket
import struct
from typing import Any, cast

from starlette.types import Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

_TRANSPORT = "sandbox_transport"


class OpenProtocol(H11Protocol):
    """uvicorn's HTTP protocol that also hands the transport to the application, in the state of each request."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Put the transport into the state of every request on this connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, _TRANSPORT: transport}


async def drop(scope: Scope, receive: Receive) -> None:
    """Close the connection without sending a byte."""
    _transport(scope).close()
    await _wait_for_disconnect(receive)


async def reset(scope: Scope, receive: Receive) -> None:
    """Reset the connection. The caller sees `ECONNRESET`."""
    transport = _transport(scope)
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await _wait_for_disconnect(receive)


async def drip(scope: Scope, receive: Receive, answer: bytes, bytes_per_s: float) -> None:
    """Send an answer byte by byte, including its head, then close the connection."""
    transport = _transport(scope)
    for position in range(len(answer)):
        if transport.is_closing():
            break
        transport.write(answer[position : position + 1])
        await asyncio.sleep(1 / bytes_per_s)
    transport.close()
    await _wait_for_disconnect(receive)


def http_answer(status: int, headers: list[tuple[str, str]], body: bytes) -> bytes:
    """Serialize an HTTP response: status line, headers and body."""
    head = [
        f"HTTP/1.1 {status} Answer",
        *(f"{name}: {value}" for name, value in headers),
        f"content-length: {len(body)}",
    ]
    return "\r\n".join([*head, "connection: close", "", ""]).encode("latin-1") + body


def _transport(scope: Scope) -> asyncio.Transport:
    return cast(asyncio.Transport, scope["state"][_TRANSPORT])


async def _wait_for_disconnect(receive: Receive) -> None:
    """Wait until uvicorn notices the disconnect. Otherwise it would still try to answer."""
    message: dict[str, Any] = {}
    while message.get("type") != "http.disconnect":
        message = dict(await receive())
