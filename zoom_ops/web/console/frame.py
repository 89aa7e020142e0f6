"""The frame of the console's pages: access, rendering, notices after an action."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from ...errors import BadInputError, ForbiddenError, NotFoundError, TemporaryError, ZoomOpsError
from ...store.audit import Actor
from ..body_limit import Form, read_form
from ..dependencies import actor_of, operator_of, speak_to_reader
from ..rendering import render

_NOTICE = "zoom_ops_said"  # the cookie with the notice of the last action
_NOTICE_S = 60
_LONGEST = 1_000
_PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
_STATUS: dict[type[ZoomOpsError], int] = {
    NotFoundError: 404,
    BadInputError: 400,
    ForbiddenError: 403,
    TemporaryError: 503,
}

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


def make_router(*, speaks: bool = False) -> APIRouter:
    """Build a router for pages of the console; all its routes are for operators only.

    With `speaks` its answers, also refusals, are in the language of the reader; all others are in English.
    """
    spoken = [Depends(speak_to_reader)] if speaks else []
    return APIRouter(prefix="/-", route_class=ConsoleRoute, dependencies=[*spoken, Depends(operator_of)])


def show(request: Request, template: str, values: Mapping[str, Any], *, status: int = 200) -> Response:
    """Render a page of the console with the notice of the last action. No cache may store it."""
    notice = unquote(request.cookies.get(_NOTICE, ""))[:_LONGEST]
    response = render(request, f"console/{template}", {"notice": notice, **values}, status=status, headers=_PRIVATE)
    if notice:
        response.delete_cookie(_NOTICE, path="/-/")
    return response


def go_on(address: str, notice: str) -> Response:
    """Redirect after an action to a page that shows a notice of it."""
    response = RedirectResponse(address, 303, _PRIVATE)
    value = quote(notice[:_LONGEST])
    response.set_cookie(_NOTICE, value, max_age=_NOTICE_S, path="/-/", httponly=True, samesite="strict")
    return response
