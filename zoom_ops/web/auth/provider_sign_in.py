"""Sign-in through an OpenID Connect provider: there and back."""

import re
from collections.abc import Callable
from functools import partial
from typing import Annotated

import structlog
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from ...errors import NotFoundError, ZoomOpsError
from ...identity import PATIENCE, AnswerUsedError, Begun, ProvidedSignIn, ref_of
from ...openid import NotProvenError
from ..dependencies import address_of, cookie_name, language_of, services_of, who_of
from ..return_path import HOME
from .entrance import NOT_KEPT, ask_who, drop_cookie, keep_cookie, short_goal, start_session

_BEGUN = "zoom_ops_sign_in-"  # begins the names of the cookies with the states of sign-ins at the provider
_REF = re.compile("[0-9a-f]{16}")  # ends each of these names
_MOST_BEGUN = 4  # all cookies of a browser are in one field
_PROVIDED_AT_ONCE = CapacityLimiter(8)  # a provider that hangs blocks neither the pages nor password sign-in
_log = structlog.get_logger(__name__)

router = APIRouter()


def _provided(request: Request) -> ProvidedSignIn:
    provided = services_of(request).provided
    if provided is None:
        raise NotFoundError("page", request.url.path)
    return provided


TheProvider = Annotated[ProvidedSignIn, Depends(_provided)]


@router.get("/sign-in/provider")
async def go_there(request: Request, provided: TheProvider, next: str = HOME, again: bool = False) -> Response:
    """Redirect the browser to the provider, with a cookie for the callback. `again`: for a new proof."""
    begin = partial(provided.begin, short_goal(next), again=again)
    return await run_sync(_go_there, request, provided, begin, limiter=_PROVIDED_AT_ONCE)


@router.get("/sign-in/callback")
async def come_back(request: Request, provided: TheProvider) -> Response:
    """Finish the sign-in of a user who returns from the provider."""
    return await run_sync(_come_back, request, provided, limiter=_PROVIDED_AT_ONCE)


def _go_there(request: Request, provided: ProvidedSignIn, begin: Callable[[], Begun]) -> Response:
    """Redirect to the provider. Each tab has a cookie of its own; the oldest of many is dropped."""
    try:
        begun = begin()
    except ZoomOpsError as error:
        return _cannot_be_asked(request, provided, error)
    response = RedirectResponse(begun.address, 303, {**NOT_KEPT, "Referrer-Policy": "no-referrer"})
    prefix = cookie_name(request, _BEGUN)
    refs = [name.removeprefix(prefix) for name in request.cookies if name.startswith(prefix)]  # the oldest first
    earlier = [ref for ref in refs if _REF.fullmatch(ref)]
    for ref in earlier[: max(0, len(earlier) + 1 - _MOST_BEGUN)]:
        drop_cookie(request, response, f"{_BEGUN}{ref}")
    keep_cookie(request, response, f"{_BEGUN}{begun.ref}", begun.kept, PATIENCE)
    return response


def _come_back(request: Request, provided: ProvidedSignIn) -> Response:
    query = dict(request.query_params)
    cookie = f"{_BEGUN}{ref_of(query.get('state', ''))}"
    kept = request.cookies.get(cookie_name(request, cookie), "")
    try:
        secret, goal = provided.finish(kept, query, address_of(request))
    except AnswerUsedError as error:
        # who is signed in went back to a page of the past
        response = RedirectResponse(HOME, 303, NOT_KEPT) if who_of(request) else _begin_again(request, error)
    except NotProvenError as error:
        response = _begin_again(request, error)
    except ZoomOpsError as error:
        response = _cannot_be_asked(request, provided, error)
    else:
        response = start_session(request, secret, goal)
    if kept:
        drop_cookie(request, response, cookie)
    return response


def _begin_again(request: Request, error: NotProvenError) -> Response:
    _log.warning("sign_in_not_proven", reason=str(error))
    services_of(request).refusals.note("sign_in_wrong", address_of(request))
    again = language_of(request).say("That sign-in could not be completed. Please begin again.")
    return ask_who(request, goal=HOME, complaint=again, status=403)


def _cannot_be_asked(request: Request, provided: ProvidedSignIn, error: ZoomOpsError) -> Response:
    _log.error("sign_in_provider_failed", reason=str(error))
    say = language_of(request).say
    complaint = say("%(provider)s cannot be asked just now. Please try again in a moment.", provider=provided.label)
    return ask_who(request, goal=HOME, complaint=complaint, status=503)
