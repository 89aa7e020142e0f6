"""Middleware that bounds the bodies of requests, whoever reads them: their time and their memory."""

from typing import NoReturn

from anyio import CancelScope, current_time
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ....networks import network_of
from ....operations.refusals import Refusals
from ...errors import BodyTooSlowError, NoRoomError
from ..heads import has_body
from .budget import Budget, HeldBody, Reserved

DEADLINE_S = 10.0  # for a whole body
LONG_DEADLINE_S = 60.0  # for a body that may be over the common limit, of somebody who is known
_SLOWEST = 50_000  # bytes a second of its sender; what they announce adds to the deadline
_BODY = "zoom_ops.body"  # its key in the scope of a request


class BoundedBodies:
    """Middleware that gives each body a deadline, and its share of the memory until its request is answered.

    It does not wait for a body that nobody reads: the connection throws that away, for a short time.
    """

    def __init__(self, app: ASGIApp, refusals: Refusals, budget: Budget | None = None) -> None:
        self._app, self._refusals, self._budget = app, refusals, budget or Budget()
        self._reserved = Reserved()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or not has_body(scope["headers"]):
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        address = client[0] if client else ""
        body = scope[_BODY] = IncomingBody(self._budget, self._reserved, address, receive, self._refusals)
        try:
            await self._app(scope, body.receive, send)
        finally:
            body.leave()


class IncomingBody:
    """The body of a request while it comes."""

    def __init__(self, budget: Budget, reserved: Reserved, address: str, receive: Receive, refusals: Refusals) -> None:
        self._budget, self._reserved, self._receive, self._refusals = budget, reserved, receive, refusals
        self._address, self._held = address, HeldBody(network_of(address))
        self._until = 0.0
        self._announced = self._place = 0  # bytes of a large one, and what is reserved of them

    def expect(self, size: int) -> None:
        """Expect up to this many bytes of a sender who is known: they get a place of their own, and more time."""
        self._announced = max(1, size)

    async def receive(self) -> Message:
        """Receive the next piece. Raise BodyTooSlowError after the deadline, NoRoomError where the body gives way."""
        if self._held.whole:
            return await self._receive()
        await self._begin()
        message: Message = {"type": "http.disconnect"}
        with CancelScope(deadline=self._until) as self._held.waiting:
            if not self._held.gave_way:
                message = await self._receive()
                self._held.gave_way = not await self._has_room(len(message.get("body", b"")))
        is_late, self._held.waiting = self._held.waiting.cancelled_caught, None
        if is_late or self._held.gave_way:
            message = {}  # else the traceback keeps it
            self._refuse(BodyTooSlowError() if is_late and not self._held.gave_way else NoRoomError())
        self._held.whole = not message.get("more_body")
        return message

    def leave(self) -> None:
        """Give back the memory."""
        self._budget.leave(self._held)
        if self._place:
            self._reserved.give(self._place)
            self._place = 0

    async def _begin(self) -> None:
        """Wait for the place of a large body, and let the time of any begin."""
        if self._until:
            return
        if not self._announced:
            self._until = current_time() + DEADLINE_S
            return
        with CancelScope(deadline=current_time() + LONG_DEADLINE_S):
            await self._reserved.take(self._announced)
            self._place = self._announced
        if not self._place:
            self._refuse(NoRoomError())
        self._until = current_time() + LONG_DEADLINE_S + self._announced / _SLOWEST

    async def _has_room(self, size: int) -> bool:
        return bool(self._place) or await self._budget.take(self._held, size)

    def _refuse(self, error: Exception) -> NoReturn:
        self.leave()
        self._refusals.note("body", self._address)
        raise error


def expect_large(request: Request, size: int) -> None:
    """Expect a body of up to this many bytes. Its sender has to be known."""
    body: IncomingBody | None = request.scope.get(_BODY)
    if body:
        body.expect(size)
