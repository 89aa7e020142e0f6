"""Answers to failed requests: an error page in the site's design, or a problem document."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ..errors import NotFoundError, TemporaryError, ZoomOpsError
from .dependencies import NotAllowedError, SignInNeededError, language_of
from .i18n.language import ENGLISH
from .rendering import render
from .return_path import goal_of, sign_in_path
from .security_headers import SECURITY_HEADERS

_MACHINE_PATHS = ("/webhooks/", "/api/", "/health", "/ready", "/metrics")
_log = structlog.get_logger(__name__)


class BadRequestError(Exception):
    """A request is malformed."""


class BodyTooLargeError(Exception):
    """The body of a request is over the limit."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """The title and the sentence of an error page."""

    status: int
    title: str
    text: str


def list_refusals(say: Callable[[str], str]) -> dict[int, Refusal]:
    """Return the error texts by HTTP status, in a language."""
    refusals = (
        Refusal(
            status=400,
            title=say("That request cannot be read"),
            text=say("Check the address, or begin at the programme."),
        ),
        Refusal(status=401, title=say("Who asks?"), text=say("This needs a token, or somebody who is signed in.")),
        Refusal(
            status=403,
            title=say("That is not for you to do"),
            text=say("It takes somebody with another role, or it was not asked for by a page of this site."),
        ),
        Refusal(
            status=404,
            title=say("There is nothing here"),
            text=say("The page may have moved, or the address may be mistyped. All events are in the programme."),
        ),
        Refusal(
            status=405,
            title=say("That does not work here"),
            text=say("This address can be read, and nothing else done with it."),
        ),
        Refusal(
            status=413, title=say("That is too large"), text=say("The body of the request is over 1,048,576 bytes.")
        ),
        Refusal(
            status=500,
            title=say("Something went wrong here"),
            text=say("It was not your doing, and the people who run this service can see it. Please try again later."),
        ),
        Refusal(
            status=503,
            title=say("One moment, please"),
            text=say("The programme cannot be read just now. Please try again."),
        ),
    )
    return {refusal.status: refusal for refusal in refusals}


def refuse(request: Request, status: int, headers: dict[str, str] | None = None) -> Response:
    """Build the answer to a failed request: an error page, or a problem document for machines.

    It reveals the status and no other detail of the error.
    """
    by_machine = _asked_by_machine(request)
    refusals = list_refusals((ENGLISH if by_machine else language_of(request)).say)
    refusal = refusals.get(status) or refusals[400 if status < 500 else 500]
    kept = {"Cache-Control": "no-store", "Vary": "Accept", **SECURITY_HEADERS, **(headers or {})}
    if by_machine:
        problem = {"type": "about:blank", "title": refusal.title, "status": status, "detail": refusal.text}
        return JSONResponse(problem, status, kept, media_type="application/problem+json")
    return render(request, "refusal.html", {"refusal": refusal}, status=status, headers=kept)


def add_refusals(app: FastAPI) -> None:
    """Register a handler for every error."""
    app.add_exception_handler(HTTPException, _refuse_http)
    app.add_exception_handler(NotFoundError, lambda request, _: refuse(request, 404))
    app.add_exception_handler(RequestValidationError, lambda request, _: refuse(request, 400))
    app.add_exception_handler(SignInNeededError, _send_to_sign_in)
    app.add_exception_handler(NotAllowedError, lambda request, _: refuse(request, 403))
    app.add_exception_handler(BadRequestError, lambda request, _: refuse(request, 400))
    app.add_exception_handler(ClientDisconnect, lambda request, _: refuse(request, 400))
    app.add_exception_handler(BodyTooLargeError, lambda request, _: refuse(request, 413, {"Connection": "close"}))
    app.add_exception_handler(TemporaryError, _refuse_for_now)
    app.add_exception_handler(ZoomOpsError, _refuse_with_log)
    app.add_exception_handler(Exception, lambda request, _: refuse(request, 500))


def _refuse_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type only
    return refuse(request, error.status_code, dict(error.headers or {}))


def _send_to_sign_in(request: Request, _: Exception) -> Response:
    if _asked_by_machine(request):
        return refuse(request, 401, {"WWW-Authenticate": "Bearer"})
    return RedirectResponse(sign_in_path(goal_of(request)), 303, {"Cache-Control": "no-store"})


def _refuse_for_now(request: Request, error: Exception) -> Response:
    _log.warning("request_put_off", path=request.url.path, error=str(error))
    return refuse(request, 503, {"Retry-After": "5"})


def _refuse_with_log(request: Request, error: Exception) -> Response:
    _log.error("request_failed", path=request.url.path, error=str(error))
    return refuse(request, 500)


def _asked_by_machine(request: Request) -> bool:
    path, accepted = request.url.path, request.headers.get("accept", "")
    if path.endswith(".json") or path.startswith(_MACHINE_PATHS):
        return True
    return "json" in accepted and "text/html" not in accepted
