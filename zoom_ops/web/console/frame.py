"""The frame of the console's pages: access, rendering, notices after an action."""

import re
from collections.abc import Callable, Coroutine, Mapping
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from ...errors import BadInputError, ForbiddenError, NotFoundError, TemporaryError, ZoomOpsError
from ...identity import PROOF_HOLDS, Who
from ...operations.views.events import names_of
from ...store.audit import Actor
from ..dependencies import ASKED_AGAIN, actor_of, operator_of, reader_of, services_of, speak_to_reader, writer_of
from ..edge.bodies import Form, read_form, read_long_form
from ..proof import PROOF, PROOF_CODE, ProofNeededError, slow_down
from ..rendering import render
from ..return_path import back_of

_NOTICE = "zoom_ops_said"  # the cookie with the notice of the last action
_NOTICE_S = 60
_LONGEST = 1_000
_OF_EVENT = re.compile(r"/-/events/([a-z0-9-]+)/")
DRAFTS = "/-/drafts"
_PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
_STATUS: dict[type[ZoomOpsError], int] = {
    NotFoundError: 404,
    BadInputError: 400,
    ForbiddenError: 403,
    TemporaryError: 503,
}

TheActor = Annotated[Actor, Depends(actor_of)]
TheWriter = Annotated[Actor, Depends(writer_of)]  # an operator or an author
TheForm = Annotated[Form, Depends(read_form)]
TheLongForm = Annotated[Form, Depends(read_long_form)]  # with a list that somebody typed or chose


class ConsoleRoute(APIRoute):
    """A route that shows the message of an error to the operator."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler so that errors of ours become error pages."""
        handle = super().get_route_handler()

        async def handle_errors(request: Request) -> Response:
            request.state.version = request.app.state.changes.version  # before anything of the page is read
            try:
                return await handle(request)
            except ProofNeededError as error:
                return _ask_for_proof(request, await read_form(request), error)
            except ZoomOpsError as error:
                status = _STATUS.get(type(error), 409)
                filtered = request.method == "GET" and bool(request.url.query)
                values = {"sentence": str(error), "status": status, "filtered": filtered, "back": back_of(request)}
                values["names"] = {} if isinstance(error, TemporaryError) else name_in_path(request)
                return show(request, "refused.html", values, status=status)

        return handle_errors


def make_router(admit: Callable[..., Who] = operator_of, *, speaks: bool = False) -> APIRouter:
    """Build a router for pages of the console; all its routes are for operators only, unless `admit` lets others in.

    With `speaks` its answers, also refusals, are in the language of the reader; all others are in English.
    """
    spoken = [Depends(speak_to_reader)] if speaks else []
    return APIRouter(prefix="/-", route_class=ConsoleRoute, dependencies=[*spoken, Depends(admit)])


def _ask_for_proof(request: Request, form: Form, needed: ProofNeededError) -> Response:
    """Render the page that asks who it is. It sends the form again, with the password."""
    provided = services_of(request).provided
    values = {
        "action": request.url.path,
        "fields": [(name, value) for name, value in form.multi_items() if name not in (PROOF, PROOF_CODE)],
        "back": back_of(request) or "/-/",
        "login": needed.who.login,
        "provider": (provided.label if provided else "your provider") if needed.who.how == "oidc" else "",
        "with_code": needed.who.second_factor,
        "complaint": needed.complaint,
        "minutes": int(PROOF_HOLDS.total_seconds()) // 60,
    }
    answer = show(request, "proof.html", values, status=429 if needed.slow else 403 if needed.complaint else 200)
    return slow_down(needed.slow, answer) if needed.slow else answer


def home_of(request: Request) -> str:
    """Return the path of the list of events that the reader may open: authors have the drafts."""
    return "/-/events" if reader_of(request).operates else DRAFTS


def page_of(request: Request, event_id: str) -> str:
    """Return the path of the page that the reader may open after a change of an event: authors have the drafts."""
    return f"/-/events/{event_id}" if reader_of(request).operates else DRAFTS


def name_in_path(request: Request) -> dict[str, str]:
    """Return the name of the event whose page is asked for, by its id: sentences of deeper layers have the id."""
    found, operations = _OF_EVENT.match(request.url.path), services_of(request).operations
    return names_of(operations.context.database, (found[1],)) if found and operations else {}


def show(request: Request, template: str, values: Mapping[str, Any], *, status: int = 200) -> Response:
    """Render a page of the console with the notice of the last action. No cache may store it.

    An open page that asks for itself again says what it has: it gets 204 if nothing is different. The notice is not for
    it, but for the page that the reader opens next.
    """
    known_digest = request.headers.get(ASKED_AGAIN)
    if known_digest is not None:
        page = render(request, f"console/{template}", _frame(request, "", "", values), status=status, headers=_PRIVATE)
        return _unless_same(page, known_digest)
    notice = unquote(request.cookies.get(_NOTICE, ""))[:_LONGEST]
    version = request.state.version if request.method == "GET" else ""  # an answer to a form is at no address
    known = _frame(request, notice, version, values)
    response = render(request, f"console/{template}", known, status=status, headers=_PRIVATE)
    if notice:
        response.delete_cookie(_NOTICE, path="/-/")
    return response


def _frame(request: Request, notice: str, version: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"notice": notice, "version": version, "home": home_of(request), **values}


def _unless_same(page: Response, known_digest: str) -> Response:
    """Return 204 for a page whose digest is known; else the page with its digest."""
    digest = sha256(page.body).hexdigest()[:32]
    if digest == known_digest and page.status_code == 200:
        return Response(status_code=204, headers=_PRIVATE)
    page.headers[ASKED_AGAIN] = digest
    return page


def refuse_filter(request: Request, template: str, values: Mapping[str, Any], error: BadInputError) -> Response:
    """Render a list without rows: a sentence in their place says what is wrong with its filters."""
    return show(request, template, {**values, "refused": str(error)}, status=_STATUS[type(error)])


def go_on(address: str, notice: str, *, with_form: bool = False) -> Response:
    """Redirect after an action to a page that shows a notice of it. `with_form`: the browser posts the form there."""
    response = RedirectResponse(address, 307 if with_form else 303, _PRIVATE)
    value = quote(notice[:_LONGEST])
    response.set_cookie(_NOTICE, value, max_age=_NOTICE_S, path="/-/", httponly=True, samesite="strict")
    return response
