"""Answers to failed requests: an error page in the site's design, or a problem document."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ..errors import NotFoundError, TemporaryError, ZoomOpsError
from .dependencies import (
    NotAllowedError,
    SecondFactorNeededError,
    SignInNeededError,
    is_console,
    language_of,
    reader_of,
)
from .i18n.language import ENGLISH
from .kept.keeping import is_expected
from .probes.answers import PATHS
from .rendering import render
from .return_path import SECOND_FACTOR, goal_of, sign_in_path, with_goal
from .security_headers import SECURITY_HEADERS
from .signed_paths import SIGNED
from .streams.places import StreamRefusedError

_MACHINE_PATHS = (*SIGNED, "/api/", *PATHS)
LACKS_FACTOR = f"This takes a second factor, and you have none yet. Add it at {SECOND_FACTOR}."
_REFUSED = {"Cache-Control": "no-store", **SECURITY_HEADERS}
_log = structlog.get_logger(__name__)


class BadRequestError(Exception):
    """A request is malformed."""


class BodyTooLargeError(Exception):
    """The body of a request is over the limit."""

    def __init__(self, limit: int = 0) -> None:
        super().__init__(limit)
        self.limit = limit


class BodyTooSlowError(Exception):
    """The body of a request did not come in time."""


class NoRoomError(Exception):
    """The bodies of requests take too much memory just now, and this one gives way."""


def list_refusals(say: Callable[[str], str]) -> dict[int, tuple[str, str]]:
    """Return the title and the sentence of each error page by HTTP status, in a language."""
    return {
        400: (say("That request cannot be read"), say("Check the address, or begin at the programme.")),
        401: (say("Who asks?"), say("This needs a token, or somebody who is signed in.")),
        403: (
            say("That is not for you to do"),
            say("It takes somebody with another role, or it was not asked for by a page of this site."),
        ),
        404: (
            say("There is nothing here"),
            say("The page may have moved, or the address may be mistyped. All events are in the programme."),
        ),
        405: (say("That does not work here"), say("This address can be read, and nothing else done with it.")),
        408: (say("That took too long"), say("It did not arrive in time. Please send it again.")),
        413: (say("That is too large"), say("Send less at once, such as fewer or smaller pictures.")),
        500: (
            say("Something went wrong here"),
            say("It was not your doing, and the people who run this service can see it. Please try again later."),
        ),
        503: (say("One moment, please"), say("The programme cannot be read just now. Please try again.")),
    }


def refuse(
    request: Request, status: int, headers: dict[str, str] | None = None, *, role: str = "", detail: str = ""
) -> Response:
    """Build the answer to a failed request: an error page, or a problem document for machines.

    It reveals the status and no other detail of the error. In the console it looks like its pages, and leads back to
    them; `role` names who may do what was asked for. Machines get `detail` in place of the usual sentence.
    """
    if is_expected(request.scope) and status != 404:  # what is missing is told to all who asked for it
        return Response(status_code=status)
    by_machine = _asked_by_machine(request)
    refusals = list_refusals((ENGLISH if by_machine else language_of(request)).say)
    shown = status if status in refusals else 400 if status < 500 else 500
    title, text = refusals[shown]
    kept = {**_REFUSED, "Vary": "Accept", **(headers or {})}
    if by_machine:
        phrase, usual = HTTPStatus(status).phrase, f"{title}. {text}" if title[-1] != "?" else f"{title} {text}"
        problem = {"type": "about:blank", "title": phrase, "status": status, "detail": detail or usual}
        return JSONResponse(problem, status, kept, media_type="application/problem+json")
    if status in (403, 404, 405) and is_console(request) and reader_of(request).reads_drafts:
        return _refuse_in_console(request, status, kept, role)
    refusal = {"status": shown, "title": title, "text": text}
    return render(request, "refusal.html", {"refusal": refusal}, status=status, headers=kept)


def add_refusals(app: FastAPI) -> None:
    """Register a handler for every error."""
    handlers: dict[type[Exception], Callable[[Request, Any], Response | Awaitable[Response]]] = {
        HTTPException: lambda request, error: refuse(request, error.status_code, dict(error.headers or {})),
        NotFoundError: lambda request, _: refuse(request, 404),
        RequestValidationError: lambda request, _: refuse(request, 400),
        SignInNeededError: _send_to_sign_in,
        SecondFactorNeededError: _send_to_second_factor,
        NotAllowedError: lambda request, error: refuse(request, 403, role=error.role),
        BadRequestError: lambda request, _: refuse(request, 400),
        ClientDisconnect: lambda request, _: refuse(request, 400),
        BodyTooLargeError: lambda request, _: refuse(request, 413),
        BodyTooSlowError: _refuse_late_body,
        NoRoomError: _refuse_more_bodies,
        StreamRefusedError: lambda _request, _error: _refuse_stream(),
        TemporaryError: _put_off,
        ZoomOpsError: _refuse_with_log,
        Exception: lambda request, _: refuse(request, 500),
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def refuse_error(request: Request, error: Exception) -> Response | None:
    """Build the answer to an error, as its handler does; None for one that is a fault of this program."""
    handlers = request.app.exception_handlers
    known = (handlers.get(kind) for kind in type(error).__mro__ if kind is not Exception)
    handler = next(filter(None, known), None)
    answer = handler(request, error) if handler else None
    return await answer if isinstance(answer, Awaitable) else answer


async def _refuse_late_body(request: Request, _: Exception) -> Response:
    request.state.who = None  # many come at once: they take no thread, and cause no look-up of a session
    return refuse(request, 408)


async def _refuse_more_bodies(request: Request, _: Exception) -> Response:
    request.state.who = None
    return refuse(request, 503, {"Retry-After": "5"})


def _send_to_sign_in(request: Request, _: Exception) -> Response:
    if _asked_by_machine(request):
        return refuse(request, 401, {"WWW-Authenticate": "Bearer"})
    if is_console(request) and request.method == "POST":
        # a redirect would lose what was typed; this page can be loaded again, and the browser sends it again
        values = {"sign_in": sign_in_path("/-/"), "set_up": ""}
        return render(request, "console/signed_out.html", values, status=403, headers=_REFUSED)
    return RedirectResponse(sign_in_path(goal_of(request)), 303, {"Cache-Control": "no-store"})


def _send_to_second_factor(request: Request, _: Exception) -> Response:
    if _asked_by_machine(request) or request.headers.get("accept") == "text/event-stream":
        return refuse(request, 403, detail=LACKS_FACTOR)
    if request.method == "POST":  # what was typed is kept, as above
        values = {"set_up": with_goal(SECOND_FACTOR, "/-/")}
        return render(request, "console/signed_out.html", values, status=403, headers=_REFUSED)
    return RedirectResponse(with_goal(SECOND_FACTOR, goal_of(request)), 303, {"Cache-Control": "no-store"})


def _put_off(request: Request, error: TemporaryError) -> Response:
    _log.warning("request_put_off", path=request.url.path, error=str(error))
    return refuse(request, 503, {"Retry-After": "5"})


def _refuse_stream() -> Response:
    """Refuse in a few bytes: a page that is refused shows nothing of it."""
    return Response(status_code=503, headers={"Retry-After": "60", **_REFUSED})


def _refuse_with_log(request: Request, error: ZoomOpsError) -> Response:
    _log.error("request_failed", path=request.url.path, error=str(error))
    return refuse(request, 500)


def _refuse_in_console(request: Request, status: int, headers: dict[str, str], role: str) -> Response:
    say = language_of(request).say
    said = {
        "admin": say("Only an admin may see and change users, sessions and API tokens. Ask an admin."),
        "operator": say("Only an operator may do that. Ask an operator."),
    }.get(role) or {
        403: say("It was not asked for by a page of this site. Open the page again, and do it there."),
        404: say("The console has no page at this address. Choose one above."),
        405: say("This address only takes what a form sends. Open the page with the form."),
    }[status]
    home = "/-/events" if reader_of(request).operates else "/-/drafts"
    values = {"said": said, "status": status, "filtered": False, "back": "", "home": home, "notice": ""}
    return render(request, "console/refused.html", values, status=status, headers=headers)


def _asked_by_machine(request: Request) -> bool:
    path, accepted = request.url.path, request.headers.get("accept", "")
    if path.endswith(".json") or path.startswith(_MACHINE_PATHS):
        return True
    return "json" in accepted and "text/html" not in accepted
