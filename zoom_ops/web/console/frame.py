"""The frame of the console's pages: who may come in, how a page is rendered, and what is said after an action."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from ...errors import BadInputError, NotFoundError, TemporaryError, ZoomOpsError
from ...identity import Who
from ...store.audit import Actor
from ..body_limit import Form, read_form
from ..dependencies import actor_of, operator_of
from ..rendering import render

SAID = "zoom_ops_said"
_SAID_S = 60
_LONGEST = 1_000
_PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}

TheWho = Annotated[Who, Depends(operator_of)]
TheActor = Annotated[Actor, Depends(actor_of)]
TheForm = Annotated[Form, Depends(read_form)]


class ConsoleRoute(APIRoute):
    """A route whose refusals say to the operator what is the matter."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Answer a refusal with its sentence."""
        handle = super().get_route_handler()

        async def handle_and_say(request: Request) -> Response:
            try:
                return await handle(request)
            except ZoomOpsError as error:
                return refuse(request, error)

        return handle_and_say


def make_router() -> APIRouter:
    """Make a router for pages of the console: for operators only, whatever is asked."""
    return APIRouter(prefix="/-", route_class=ConsoleRoute, dependencies=[Depends(operator_of)])


def show(request: Request, template: str, values: Mapping[str, Any], *, status: int = 200) -> Response:
    """Render a page of the console, with what was said last; it is kept by no cache."""
    said = unquote(request.cookies.get(SAID, ""))[:_LONGEST]
    response = render(request, f"console/{template}", {"said": said, **values}, status=status, headers=_PRIVATE)
    if said:
        response.delete_cookie(SAID, path="/-/")
    return response


def go_on(address: str, said: str) -> Response:
    """Send the browser on after an action, to a page that says what was done."""
    response = RedirectResponse(address, 303, _PRIVATE)
    told = quote(said[:_LONGEST])
    response.set_cookie(SAID, told, max_age=_SAID_S, path="/-/", httponly=True, samesite="strict")
    return response


def refuse(request: Request, error: ZoomOpsError) -> Response:
    """Say why something was not done or shown."""
    status = _STATUS.get(type(error), 409)
    return show(request, "refused.html", {"sentence": str(error), "status": status}, status=status)


_STATUS: dict[type[ZoomOpsError], int] = {NotFoundError: 404, BadInputError: 400, TemporaryError: 503}
