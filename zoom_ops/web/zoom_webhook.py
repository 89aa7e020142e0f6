"""Take Zoom's notifications: those that arrive together are stored together, in one transaction."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from ..operations.notifications.intake import Intake, RawNotification
from .body_limit import read_body
from .dependencies import Services

Asked = TypeVar("Asked")
Told = TypeVar("Told")


class Batcher(Generic[Asked, Told]):
    """Asks of one event loop, answered in one thread: `answer_all` tells one for each, or the error that kept it."""

    def __init__(self, answer_all: Callable[[Sequence[Asked]], Sequence[Told | Exception]], most: int) -> None:
        self._answer_all, self._most = answer_all, most
        self._waiting = deque[tuple[Asked, asyncio.Future[Told]]]()
        self._thread = CapacityLimiter(1)
        self._answering: asyncio.Task[None] | None = None

    async def ask(self, asked: Asked) -> Told:
        """Ask, alone or with others, and give the answer or raise what kept it."""
        told: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, told))
        if self._answering is None:
            self._answering = asyncio.ensure_future(self._answer())
        return await told

    async def _answer(self) -> None:
        try:
            while self._waiting:
                await self._answer_some([self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))])
        finally:
            self._answering = None

    async def _answer_some(self, some: Sequence[tuple[Asked, "asyncio.Future[Told]"]]) -> None:
        try:
            answers = await run_sync(self._answer_all, [asked for asked, _ in some], limiter=self._thread)
        except Exception as error:
            answers = [error] * len(some)
        for (_, told), answer in zip(some, answers, strict=True):
            if told.done():  # who asked has gone
                continue
            if isinstance(answer, Exception):
                told.set_exception(answer)
            else:
                told.set_result(answer)


_MOST = 50  # at once: one that fails makes as many be taken again, each by itself

router = APIRouter()


def batch_notifications(services: Services) -> Batcher[RawNotification, Intake]:
    """Hand notifications over in one thread: the threads and connections of the pages are theirs."""
    return Batcher(services.take_notifications, _MOST)


@router.post("/webhooks/zoom/{account}")
async def take_notification(account: str, request: Request, body: Annotated[bytes, Depends(read_body)]) -> Response:
    """Hand a notification over, and answer what Zoom expects."""
    notifications: Batcher[RawNotification, Intake] = request.app.state.notifications
    intake = await notifications.ask(RawNotification(account=account, headers=request.headers, body=body))
    if intake.reply is not None:
        return JSONResponse(intake.reply, intake.status)
    return Response(status_code=intake.status)
