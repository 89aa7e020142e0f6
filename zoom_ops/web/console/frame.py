"""The frame of the console's pages: access, rendering, confirmation, notices, live parts."""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import quote, unquote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from fastapi.sse import ServerSentEvent

from ...errors import BadInputError, NotFoundError, TemporaryError, ZoomOpsError
from ...store.audit import Actor
from ..body_limit import Form, read_form
from ..dependencies import actor_of, operator_of
from ..rendering import render

_NOTICE = "zoom_ops_said"  # the cookie with the notice of the last action
_NOTICE_S = 60
_LONGEST = 1_000
_SEEN = "seen"  # the field with the digest of the consequences that a confirmation page has shown
_AT_MOST = 30  # consequences on a confirmation page
_PAUSE_S = 1.0  # between two renderings of a live part
_CHECK_EVERY = 30  # renderings between two checks that the reader is still an operator
_PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
_STATUS: dict[type[ZoomOpsError], int] = {NotFoundError: 404, BadInputError: 400, TemporaryError: 503}

TheActor = Annotated[Actor, Depends(actor_of)]
TheForm = Annotated[Form, Depends(read_form)]


class ConsoleRoute(APIRoute):
    """A route that shows the message of an error to the operator."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler so that errors of ours become error pages."""
        handle = super().get_route_handler()

        async def handle_errors(request: Request) -> Response:
            try:
                return await handle(request)
            except ZoomOpsError as error:
                status = _STATUS.get(type(error), 409)
                return show(request, "refused.html", {"sentence": str(error), "status": status}, status=status)

        return handle_errors


@dataclass(frozen=True, kw_only=True)
class Question:
    """The texts of a confirmation page."""

    title: str
    button: str
    back: str  # the path of the link that does nothing
    more: str = ""  # a further consequence
    danger: bool = False


def make_router() -> APIRouter:
    """Build a router for pages of the console; all its routes are for operators only."""
    return APIRouter(prefix="/-", route_class=ConsoleRoute, dependencies=[Depends(operator_of)])


def show(request: Request, template: str, values: Mapping[str, Any], *, status: int = 200) -> Response:
    """Render a page of the console with the notice of the last action. No cache may store it."""
    notice = unquote(request.cookies.get(_NOTICE, ""))[:_LONGEST]
    response = render(request, f"console/{template}", {"notice": notice, **values}, status=status, headers=_PRIVATE)
    if notice:
        response.delete_cookie(_NOTICE, path="/-/")
    return response


def ask_first(request: Request, form: Form, consequences: Sequence[str], question: Question) -> Response | None:
    """Render the confirmation page, or return None if the action may go on.

    It may go on if it has no consequences, or if the operator has confirmed exactly these. The page sends the form
    again with a digest of the consequences. If they have changed by then, the operator is asked again. A GET only asks.
    """
    confirmed = not consequences or form.get(_SEEN) == _digest(consequences)
    return None if confirmed and request.method == "POST" else ask(request, form, consequences, question)


def ask(request: Request, form: Form, consequences: Sequence[str], question: Question) -> Response:
    """Render the confirmation page of a form, with the consequences outside."""
    left = len(consequences) - _AT_MOST
    values = {
        "consequences": [*consequences[:_AT_MOST], *([f"And {left} more."] if left > 0 else [])],
        "action": request.url.path,
        "fields": {**form, _SEEN: _digest(consequences)},
    }
    return show(request, "confirm.html", asdict(question) | values)


def _digest(consequences: Sequence[str]) -> str:
    return sha256("\n".join(consequences).encode()).hexdigest()[:16]


def go_on(address: str, notice: str) -> Response:
    """Redirect after an action to a page that shows a notice of it."""
    response = RedirectResponse(address, 303, _PRIVATE)
    value = quote(notice[:_LONGEST])
    response.set_cookie(_NOTICE, value, max_age=_NOTICE_S, path="/-/", httponly=True, samesite="strict")
    return response


async def follow(request: Request, look: Callable[[], str]) -> AsyncGenerator[ServerSentEvent, None]:
    """Yield what `look` renders, now and after each change, until the client has gone or the server stops."""
    latest = ""
    yield ServerSentEvent(retry=3000)
    for count in itertools.count():
        if count % _CHECK_EVERY == 0 and count:
            del request.state.who  # so that the session is looked up again
            await run_sync(operator_of, request)  # raises SignInNeededError or NotAllowedError
        rendered = await run_sync(look)
        if rendered != latest:
            yield ServerSentEvent(event="changed", raw_data=rendered)
            latest = rendered
        await asyncio.sleep(_PAUSE_S)
        if await request.is_disconnected() or request.app.state.streams.closed:
            return
