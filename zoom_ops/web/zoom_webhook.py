"""Endpoint of Zoom's notifications. Those that arrive together are stored in one transaction."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ..operations.notifications.intake import Intake, RawNotification
from .dependencies import Services, address_of
from .edge.bodies import read_body
from .errors import refuse_error

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batcher(Generic[Item, Result]):
    """Batches the calls of one event loop into one thread.

    `answer_all` gets at most `most` items. It must return one result or error for each, in their order.
    """

    def __init__(self, answer_all: Callable[[Sequence[Item]], Sequence[Result | Exception]], most: int) -> None:
        self._answer_all, self._most = answer_all, most
        self._waiting = deque[tuple[Item, asyncio.Future[Result]]]()
        self._thread = CapacityLimiter(1)
        self._answering: asyncio.Task[None] | None = None

    async def ask(self, item: Item) -> Result:
        """Add an item to the next batch, and return its result or raise its error."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._answering is None or self._answering.done():
            self._answering = asyncio.ensure_future(self._answer())
        return await future

    async def _answer(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            try:
                answers = await run_sync(self._answer_all, [item for item, _ in batch], limiter=self._thread)
            except Exception as error:
                answers = [error] * len(batch)
            for (_, future), answer in zip(batch, answers, strict=True):
                if future.done():  # the caller was cancelled
                    continue
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)


PATH = "/webhooks/zoom/{account}"
_PREFIX = "/webhooks/zoom/"
_OF_ZOOM = b"x-zm-"  # what the names of Zoom's own headers begin with
_MOST = 100  # in a batch: if one fails, each of the batch is stored again by itself


class ZoomWebhook:
    """ASGI application that takes notifications, with nothing that only pages need: that would be most of its work."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._notifications: Batcher[RawNotification, Intake] = Batcher(services.take_notifications, _MOST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Store a notification, and send the answer that Zoom expects. Refuse before its body is read what is none."""
        account, request, headers = scope["path"][len(_PREFIX) :], Request(scope, receive), _headers_of(scope)
        try:
            early = self._services.refuse_notification(account, headers)
            intake = early or await self._ask(account, headers, request)
        except Exception as error:
            if (answer := await refuse_error(request, error)) is None:
                raise
            await answer(scope, receive, send)
            return
        if early or intake.status == 401:
            self._services.refusals.note("signature_wrong", address_of(request))
        if intake.reply is None:
            await _send_empty(send, intake.status)
        else:
            await JSONResponse(intake.reply, intake.status)(scope, receive, send)

    async def _ask(self, account: str, headers: dict[str, str], request: Request) -> Intake:
        body = await read_body(request)
        return await self._notifications.ask(RawNotification(account=account, headers=headers, body=body))


class NotificationsFirst:
    """Middleware that hands notifications over before what only pages need, and behind the bounds of bodies."""

    def __init__(self, app: ASGIApp, webhook: ASGIApp) -> None:
        self._app, self._webhook = app, webhook

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        await (self._webhook if _is_notification(scope) else self._app)(scope, receive, send)


def _is_notification(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(_PREFIX):
        return False
    return "/" not in scope["path"][len(_PREFIX) :] and scope["path"] != _PREFIX


def _headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers of Zoom's own, by their names in lower case."""
    own = [pair for pair in scope["headers"] if pair[0].startswith(_OF_ZOOM)]
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in own}


async def _send_empty(send: Send, status: int) -> None:
    headers = [] if status == 204 else [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
