"""Sign-in through an OpenID Connect provider."""

from typing import Annotated

import structlog
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from ...errors import NotFoundError, ZoomOpsError
from ...identity import PATIENCE, ProvidedSignIn
from ...openid import NotProvenError
from ..dependencies import address_of, cookie_name, is_https, language_of, services_of
from ..return_path import HOME, local_path
from .password_login import NOT_KEPT, ask_who, start_session

_BEGUN = "zoom_ops_sign_in"
_AT_ONCE = CapacityLimiter(8)  # a provider that hangs blocks neither the pages nor password sign-in
_log = structlog.get_logger(__name__)

router = APIRouter()


def _provided(request: Request) -> ProvidedSignIn:
    provided = services_of(request).provided
    if provided is None:
        raise NotFoundError("page", request.url.path)
    return provided


TheProvider = Annotated[ProvidedSignIn, Depends(_provided)]


@router.get("/sign-in/provider")
async def go_there(request: Request, provided: TheProvider, next: str = HOME) -> Response:
    """Redirect the browser to the provider, with a cookie for the callback."""
    return await run_sync(_go_there, request, provided, local_path(next), limiter=_AT_ONCE)


@router.get("/sign-in/callback")
async def come_back(request: Request, provided: TheProvider) -> Response:
    """Finish the sign-in of a user who returns from the provider."""
    return await run_sync(_come_back, request, provided, limiter=_AT_ONCE)


def _go_there(request: Request, provided: ProvidedSignIn, goal: str) -> Response:
    try:
        address, kept = provided.begin(goal)
    except ZoomOpsError as error:
        return _cannot_be_asked(request, provided, error)
    response = RedirectResponse(address, 303, {**NOT_KEPT, "Referrer-Policy": "no-referrer"})
    response.set_cookie(
        cookie_name(request, _BEGUN),
        kept,
        max_age=int(PATIENCE.total_seconds()),
        secure=is_https(request),
        httponly=True,
        samesite="lax",
    )
    return response


def _come_back(request: Request, provided: ProvidedSignIn) -> Response:
    kept = request.cookies.get(cookie_name(request, _BEGUN), "")
    try:
        secret, goal = provided.finish(kept, dict(request.query_params), address_of(request))
    except NotProvenError as error:
        _log.warning("sign_in_not_proven", reason=str(error))
        again = language_of(request).say("That sign-in could not be completed. Please begin again.")
        response = ask_who(request, goal=HOME, complaint=again, status=403)
    except ZoomOpsError as error:
        response = _cannot_be_asked(request, provided, error)
    else:
        response = start_session(request, secret, goal)
    response.delete_cookie(cookie_name(request, _BEGUN), secure=is_https(request), httponly=True, samesite="lax")
    return response


def _cannot_be_asked(request: Request, provided: ProvidedSignIn, error: ZoomOpsError) -> Response:
    _log.error("sign_in_provider_failed", reason=str(error))
    say = language_of(request).say
    complaint = say("%(provider)s cannot be asked just now. Please try again in a moment.", provider=provided.label)
    return ask_who(request, goal=HOME, complaint=complaint, status=503)
