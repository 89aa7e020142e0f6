"""Faults of the connection: dropped, reset, or sent byte by byte."""

import asyncio
import socket
import struct
from typing import cast

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_TRANSPORT = "sandbox_transport"


class OpenProtocol(H11Protocol):
    """uvicorn's HTTP protocol that also hands the transport to the application, in the state of each request."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Put the transport into the state of every request on this connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, _TRANSPORT: transport}


async def drop(scope: Scope, receive: Receive, _send: Send) -> None:
    """Close the connection without sending a byte."""
    _transport(scope).close()
    await _wait_for_disconnect(receive)


async def reset(scope: Scope, receive: Receive, _send: Send) -> None:
    """Reset the connection. The caller sees `ECONNRESET`."""
    transport = _transport(scope)
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await _wait_for_disconnect(receive)


def drip(response: Response, bytes_per_s: float) -> ASGIApp:
    """Return an application that sends a response byte by byte, including its head, then closes the connection."""
    headers = [f"{name}: {value}" for name, value in response.headers.items()]
    head = [f"HTTP/1.1 {response.status_code} Answer", *headers, "connection: close", "", ""]
    answer = "\r\n".join(head).encode("latin-1") + response.body

    async def send_slowly(scope: Scope, receive: Receive, _send: Send) -> None:
        transport = _transport(scope)
        for position in range(len(answer)):
            if transport.is_closing():
                break
            transport.write(answer[position : position + 1])
            await asyncio.sleep(1 / bytes_per_s)
        transport.close()
        await _wait_for_disconnect(receive)

    return send_slowly


def _transport(scope: Scope) -> asyncio.Transport:
    return cast(asyncio.Transport, scope["state"][_TRANSPORT])


async def _wait_for_disconnect(receive: Receive) -> None:
    """Wait until uvicorn notices the disconnect. Otherwise it would still try to answer."""
    while (await receive())["type"] != "http.disconnect":
        pass
