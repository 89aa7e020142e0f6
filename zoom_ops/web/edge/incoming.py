"""Middleware that bounds the bodies of requests, whoever reads them: their time and their memory."""

from anyio import CancelScope, current_time
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...networks import network_of
from ...operations.refusals import Refusals
from ..errors import BodyTooSlowError, NoRoomError
from .budget import Budget, HeldBody
from .heads import has_body

DEADLINE_S = 10.0  # for a whole body
LONG_DEADLINE_S = 60.0  # for a body over the common limit, of somebody who is known
_BODY = "zoom_ops.body"  # its key in the scope of a request


class BoundedBodies:
    """Middleware that gives each body a deadline, and its share of the memory until its request is answered.

    It does not wait for a body that nobody reads: the connection throws that away, for a short time.
    """

    def __init__(self, app: ASGIApp, refusals: Refusals, budget: Budget | None = None) -> None:
        self._app, self._refusals, self._budget = app, refusals, budget or Budget()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or not has_body(scope["headers"]):
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        body = scope[_BODY] = IncomingBody(self._budget, client[0] if client else "", receive, self._refusals)
        try:
            await self._app(scope, body.receive, send)
        finally:
            body.leave()


class IncomingBody:
    """The body of a request while it comes."""

    def __init__(self, budget: Budget, address: str, receive: Receive, refusals: Refusals) -> None:
        self._budget, self._receive, self._refusals, self._address = budget, receive, refusals, address
        self._held = HeldBody(network_of(address))
        self._deadline_s, self._until = DEADLINE_S, 0.0

    def trust(self) -> None:
        """Give a sender who is known more time, and have others give way first."""
        self._deadline_s, self._held.known = LONG_DEADLINE_S, True

    async def receive(self) -> Message:
        """Receive the next piece. Raise BodyTooSlowError after the deadline, NoRoomError where the body gives way."""
        if self._held.whole:
            return await self._receive()
        self._until = self._until or current_time() + self._deadline_s
        message: Message = {"type": "http.disconnect"}
        with CancelScope(deadline=self._until) as self._held.waiting:
            if not self._held.gave_way:
                message = await self._receive()
                self._held.gave_way = not await self._budget.take(self._held, len(message.get("body", b"")))
        is_late, self._held.waiting = self._held.waiting.cancelled_caught, None
        if is_late or self._held.gave_way:
            message = {}  # else the traceback keeps it
            self.leave()
            self._refusals.note("body", self._address)
            raise NoRoomError if self._held.gave_way else BodyTooSlowError
        self._held.whole = not message.get("more_body")
        return message

    def leave(self) -> None:
        """Give back the memory."""
        self._budget.leave(self._held)


def give_more_time(request: Request) -> None:
    """Give the body of a request more time, and have others give way first. Its sender has to be known."""
    body: IncomingBody | None = request.scope.get(_BODY)
    if body:
        body.trust()
