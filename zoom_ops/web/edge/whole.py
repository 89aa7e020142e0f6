"""Answers that are whole before they begin: head and body go to the client together.

Uvicorn writes them one after the other: that takes two calls of the system. A server that takes whole answers says so
in the scope of each request, as ASGI has it for extensions. Uvicorn's protocol makes its cycles itself, so that ours
takes the place of its class.
"""

from typing import Any

import h11
from starlette.types import Message, Receive
from uvicorn.protocols.http import h11_impl
from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, RequestResponseCycle

from ..kept.answer import WHOLE
from .flag import Flag


class Cycle(RequestResponseCycle):
    """A request and its answer."""

    def __init__(self, *args: Any, **parts: Any) -> None:
        super().__init__(*args, **parts)
        self.message_event = Flag()  # type: ignore[assignment] # it has what is called
        self.scope["extensions"] = {WHOLE: {}}

    async def send(self, message: Message) -> None:  # type: ignore[override]
        """Send a part of the answer, or a whole one."""
        if message["type"] != WHOLE:
            await super().send(message)  # type: ignore[arg-type]
            return
        if self.flow.write_paused:
            await self.flow.drain()
        if not self.disconnected:
            self._send_whole(message["status"], [*self.default_headers, *message["headers"]], message["body"])

    def _send_whole(self, status: int, fields: list[tuple[bytes, bytes]], body: bytes) -> None:
        """Do what uvicorn does, with one call of the system. Raise RuntimeError after the beginning of an answer."""
        if self.response_started:
            raise RuntimeError("An answer has begun already.")
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        if CLOSE_HEADER in self.scope["headers"]:
            fields.append(CLOSE_HEADER)
        events = [h11.Response(status_code=status, headers=fields, reason=STATUS_PHRASES[status]), h11.EndOfMessage()]
        if body and self.scope["method"] != "HEAD":
            events.insert(1, h11.Data(data=body))
        self.transport.write(b"".join(self.conn.send(event) or b"" for event in events))
        self.message_event.set()
        if self.conn.our_state is h11.MUST_CLOSE or not self.keep_alive:
            self.conn.send(h11.ConnectionClosed())
            self.transport.close()
        self.on_response()


def has_gone(receive: Receive) -> bool:
    """Return whether the client of a request has gone: ASGI tells it only to those who read the whole body."""
    cycle = getattr(receive, "__self__", None)
    return isinstance(cycle, Cycle) and cycle.disconnected


def take_whole_answers() -> None:
    """Let uvicorn take whole answers, for the whole process."""
    h11_impl.RequestResponseCycle = Cycle  # type: ignore[misc]
