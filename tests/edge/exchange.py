"""A connection to the web server, in the place of a real one."""

import asyncio
from collections.abc import Sequence
from typing import Any

from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.server import ServerState

from zoom_ops.web.edge.connection import AnswerAtOnce, Connection, answers_nothing
from zoom_ops.web.edge.door.limits import Limits
from zoom_ops.web.edge.door.room import Room
from zoom_ops.web.edge.pace import Pace
from zoom_ops.web.kept.at_once import Later, Ready

DATE = (b"date", b"today")
PEER = "192.0.2.1"


class Sent(asyncio.Transport):
    """Notes what is sent."""

    def __init__(self) -> None:
        super().__init__({"peername": (PEER, 50_000)})
        self.pieces: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        self.pieces += [bytes(data)] if data else []

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.close()

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def get_write_buffer_size(self) -> int:
        return 0


async def exchange(*requests: bytes, app: ASGIApp, at_once: AnswerAtOnce = answers_nothing) -> Sent:
    """Send requests to a connection, each after the answer to the one before, and return what it sends."""
    config, loop, sent = Config(app, ws="none", log_config=None, access_log=False), asyncio.get_running_loop(), Sent()
    room: Room[Connection] = Room(Limits())
    state = ServerState()
    state.default_headers = [DATE]
    connection = Connection(config, state, loop, PEER, room, Pace(loop), at_once)
    room.enter(connection, loop.time())
    connection.connection_made(sent)
    for request in requests:
        connection.data_received(request)
        while state.tasks or connection._came is not None:  # PostgreSQL may be asked first
            await asyncio.gather(*state.tasks, asyncio.sleep(0))
    closed = sent.closed
    connection.connection_lost(None)
    sent.closed = closed
    return sent


def answer_at_once(at_once: AnswerAtOnce, head: bytes, fields: Sequence[tuple[bytes, bytes]] = (DATE,)) -> Ready | None:
    """Return what answers a request at once, or as soon as the database says whether it stands."""

    async def answer() -> Ready | None:
        ready = at_once(head, fields, PEER)
        if not isinstance(ready, Later):
            return ready
        found: asyncio.Future[Ready | None] = asyncio.get_running_loop().create_future()
        ready.when_ready(found.set_result)
        return await found

    return asyncio.run(answer())
