"""Middleware that bounds the bodies of requests, whoever reads them: their time and their memory."""

from collections.abc import Iterable

from anyio import CancelScope, current_time, move_on_after
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...identity import network_of
from ...operations.refusals import Refusals
from ..errors import BodyTooSlowError, NoRoomError, refuse
from .budget import Budget, HeldBody

DEADLINE_S = 10.0  # for a whole body
LONG_DEADLINE_S = 60.0  # for a body over the common limit, of somebody who is known
LINGER_S = 2.0  # for the rest of a body that nobody reads
THROWN_AWAY = 16_777_216  # bytes of such a rest
LINGERING = 64  # so many at once; with more, a connection is closed at once
_WITHOUT_BODY = ("GET", "HEAD")
_BODY = "zoom_ops.body"  # its key in the scope of a request


class BoundedBodies:
    """Middleware that gives each body a deadline and a share of the memory, and closes connections of unread bodies.

    An answer that comes before the body has ended is sent at once. Most clients read it only after they have sent the
    body, so that a little is read on and thrown away.
    """

    def __init__(self, app: ASGIApp, refusals: Refusals, budget: Budget | None = None) -> None:
        self._app, self._refusals, self._budget = app, refusals, budget or Budget()
        self._lingering = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or not _has_body(scope["headers"]):
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        body = IncomingBody(self._budget, client[0] if client else "", receive, self._refusals)
        scope[_BODY] = body
        try:
            app = _refuse_body if scope["method"] in _WITHOUT_BODY else self._app
            await app(scope, body.receive, self._closing(body, scope, send))
        finally:
            body.leave()

    def _closing(self, body: "IncomingBody", scope: Scope, send: Send) -> Send:
        """Wrap `send`: where the body has not ended, the connection is closed after the answer."""
        silent = any(name == b"expect" for name, _ in scope["headers"])

        async def pass_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                body.answered = True
                if not silent or body.began:
                    await body.throw_away(0)
                if not body.ended:
                    headers = [field for field in message["headers"] if field[0] != b"connection"]
                    message = {**message, "headers": [*headers, (b"connection", b"close")]}
            elif not message.get("more_body") and not body.ended and (not silent or body.began):
                await send({**message, "more_body": True})
                await self._linger(body)
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        return pass_on

    async def _linger(self, body: "IncomingBody") -> None:
        if self._lingering >= LINGERING:
            return
        self._lingering += 1
        try:
            await body.throw_away(LINGER_S)
        finally:
            self._lingering -= 1


class IncomingBody:
    """The body of a request while it comes."""

    def __init__(self, budget: Budget, address: str, receive: Receive, refusals: Refusals) -> None:
        self._budget, self._receive, self._refusals, self._address = budget, receive, refusals, address
        self._held = HeldBody(network_of(address))
        self._deadline_s, self._until = DEADLINE_S, 0.0
        self.began, self.ended, self.answered = False, False, False

    def trust(self) -> None:
        """Give a sender who is known more time, and have others give way first."""
        self._deadline_s, self._held.known = LONG_DEADLINE_S, True

    async def receive(self) -> Message:
        """Receive the next piece. Raise BodyTooSlowError after the deadline, NoRoomError where the body gives way."""
        if self.ended or self.answered:
            return await self._receive()
        if not self.began:
            self.began, self._until = True, current_time() + self._deadline_s
        message: Message = {"type": "http.disconnect"}
        with CancelScope(deadline=self._until) as self._held.waiting:
            if not self._held.gave_way:
                message = await self._receive()
                self._held.gave_way = not await self._budget.take(self._held, len(message.get("body", b"")))
        is_late, self._held.waiting = self._held.waiting.cancelled_caught, None
        if is_late or self._held.gave_way:
            self.leave()
            self._refusals.note("body", self._address)
            raise NoRoomError if self._held.gave_way else BodyTooSlowError
        self._note_end(message)
        return message

    async def throw_away(self, seconds: float) -> None:
        """Receive what still comes, for so long, up to some megabytes, and keep nothing of it."""
        left = THROWN_AWAY
        with move_on_after(seconds):
            while left > 0 and not self.ended:
                message = await self._receive()
                left -= len(message.get("body", b""))
                self._note_end(message)

    def leave(self) -> None:
        """Give back the memory: the request is over."""
        self._budget.leave(self._held)

    def _note_end(self, message: Message) -> None:
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            self.ended = self._held.whole = True


async def _refuse_body(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    request.state.who = None  # a refused request causes no look-up of its session
    await refuse(request, 400)(scope, receive, send)


def give_more_time(request: Request) -> None:
    """Give the body of a request more time, and have others give way first. Its sender has to be known."""
    body: IncomingBody | None = request.scope.get(_BODY)
    if body:
        body.trust()


def _has_body(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in headers)
