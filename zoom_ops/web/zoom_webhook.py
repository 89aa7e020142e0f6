"""Endpoint of Zoom's notifications. Those that arrive together are stored in one transaction."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ..operations.notifications.intake import Intake, RawNotification
from .dependencies import Services, TheServices, address_of
from .edge.bodies import read_body

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


_MOST = 50  # in a batch: if one fails, each of the batch is stored again by itself

router = APIRouter()


def batch_notifications(services: Services) -> Batcher[RawNotification, Intake]:
    """Batch notifications in one thread, so that they take no threads and connections from the pages."""
    return Batcher(services.take_notifications, _MOST)


@router.post("/webhooks/zoom/{account}")
async def take_notification(account: str, request: Request, services: TheServices) -> Response:
    """Store a notification, and return the answer that Zoom expects. Refuse before its body is read what is none."""
    if refused := services.refuse_notification(account, request.headers):
        services.refusals.note("header", address_of(request))
        return Response(status_code=refused.status)
    body = await read_body(request)
    notifications: Batcher[RawNotification, Intake] = request.app.state.notifications
    intake = await notifications.ask(RawNotification(account=account, headers=request.headers, body=body))
    if intake.reply is not None:
        return JSONResponse(intake.reply, intake.status)
    return Response(status_code=intake.status)
