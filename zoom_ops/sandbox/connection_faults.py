"""What happens on the wire: connections that are dropped, reset, or drip."""

import asyncio
import socket
import struct
from typing import Any, cast

from starlette.types import Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

_TRANSPORT = "sandbox_transport"


class OpenProtocol(H11Protocol):
    """HTTP as uvicorn speaks it, with the connection itself within reach of the application."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Keep the connection where each request finds it."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, _TRANSPORT: transport}


async def drop(scope: Scope, receive: Receive) -> None:
    """Close the connection without a byte of an answer."""
    _transport(scope).close()
    await _gone(receive)


async def reset(scope: Scope, receive: Receive) -> None:
    """Reset the connection: the caller sees `ECONNRESET`."""
    transport = _transport(scope)
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await _gone(receive)


async def drip(scope: Scope, receive: Receive, answer: bytes, bytes_per_s: float) -> None:
    """Send an answer byte by byte, its head too, then close."""
    transport = _transport(scope)
    for place in range(len(answer)):
        if transport.is_closing():
            break
        transport.write(answer[place : place + 1])
        await asyncio.sleep(1 / bytes_per_s)
    transport.close()
    await _gone(receive)


def http_answer(status: int, headers: list[tuple[str, str]], body: bytes) -> bytes:
    """Write a whole HTTP answer out."""
    head = [
        f"HTTP/1.1 {status} Answer",
        *(f"{name}: {value}" for name, value in headers),
        f"content-length: {len(body)}",
    ]
    return "\r\n".join([*head, "connection: close", "", ""]).encode("latin-1") + body


def _transport(scope: Scope) -> asyncio.Transport:
    return cast(asyncio.Transport, scope["state"][_TRANSPORT])


async def _gone(receive: Receive) -> None:
    """Wait until the server has seen the connection go, or it would still try to answer."""
    message: dict[str, Any] = {}
    while message.get("type") != "http.disconnect":
        message = dict(await receive())
