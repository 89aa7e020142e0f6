"""Sign-in by password or through an OpenID Connect provider, with sign-out."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Annotated

import structlog
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from ...errors import NotFoundError, ZoomOpsError
from ...identity import (
    CODE_PATIENCE,
    PATIENCE,
    AnswerUsedError,
    Attempt,
    Begun,
    CodeNeeded,
    ProvidedSignIn,
    TooManyAttemptsError,
    WrongPasswordError,
    ref_of,
)
from ...openid import NotProvenError
from ..dependencies import (
    SESSION,
    Services,
    TheServices,
    address_of,
    cookie_name,
    is_https,
    language_of,
    services_of,
    who_of,
)
from ..edge.bodies import Form, read_form
from ..proof import slow_down, too_many
from ..rendering import render
from ..return_path import HOME, SECOND_FACTOR, local_path, with_goal
from .queues import KNOWN, LOOKS_AT_ONCE, STRANGERS, QueueFullError, ask_later, too_busy

NOT_KEPT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
CODE_STATE = "zoom_ops_code"  # the cookie with the state of a sign-in whose code is still to come
_BEGUN = "zoom_ops_sign_in-"  # begins the names of the cookies with the states of sign-ins at the provider
_REF = re.compile("[0-9a-f]{16}")  # ends each of these names
_MOST_BEGUN, _LONGEST_GOAL = 4, 800  # all cookies of a browser are in one field: nginx takes 8 kB
_CODE_STATE_LIFE = 12 * CODE_PATIENCE  # whoever is too late still returns to the page that they wanted
_FLOOD = 10  # attempts that wait to be looked at
_PROVIDED_AT_ONCE = CapacityLimiter(8)  # a provider that hangs blocks neither the pages nor password sign-in
_log = structlog.get_logger(__name__)

router = APIRouter()


def _provided(request: Request) -> ProvidedSignIn:
    provided = services_of(request).provided
    if provided is None:
        raise NotFoundError("page", request.url.path)
    return provided


TheProvider = Annotated[ProvidedSignIn, Depends(_provided)]


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def show_sign_in(request: Request, next: str = HOME) -> Response:
    """Show the sign-in page; redirect a user who is signed in already."""
    if who_of(request):
        return RedirectResponse(local_path(next), 303, NOT_KEPT)
    return ask_who(request, goal=next)


@router.post("/sign-in")
async def sign_in(request: Request, services: TheServices, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Sign in by password, and return to the page that the reader came from.

    The limits are looked at before anything waits: who is refused costs little, and delays nobody.
    """
    attempt = await run_sync(_begin, request, services, form, limiter=LOOKS_AT_ONCE)
    if isinstance(attempt, Response):
        return attempt
    try:
        return await (KNOWN if attempt.proof else STRANGERS).run(_sign_in, request, services, form, attempt)
    except QueueFullError:
        services.refusals.note("sign_in_throttled", attempt.address)
        return ask_later(_refuse_briefly(too_busy(language_of(request).say), 503))


@router.post("/sign-out")
def sign_out(request: Request, services: TheServices) -> Response:
    """Sign out, and redirect to the programme."""
    if who := who_of(request):
        services.identity.sign_out(who, address_of(request))
    response = RedirectResponse(HOME, 303, NOT_KEPT)
    drop_cookie(request, response, SESSION)
    return response


@router.get("/sign-in/provider")
async def go_there(request: Request, provided: TheProvider, next: str = HOME, again: bool = False) -> Response:
    """Redirect the browser to the provider, with a cookie for the callback. `again`: for a new proof."""
    begin = partial(provided.begin, _short_goal(next), again=again)
    return await run_sync(_go_there, request, provided, begin, limiter=_PROVIDED_AT_ONCE)


@router.get("/sign-in/callback")
async def come_back(request: Request, provided: TheProvider) -> Response:
    """Finish the sign-in of a user who returns from the provider."""
    return await run_sync(_come_back, request, provided, limiter=_PROVIDED_AT_ONCE)


def _short_goal(address: str) -> str:
    """Return the path to return to, for a state in a cookie; the programme in place of a path that is too long."""
    return local_path(address) if len(json.dumps(address)) <= _LONGEST_GOAL else HOME  # a quote takes two there


def _begin(request: Request, services: Services, form: Form) -> Attempt | Response:
    """Return the attempt, or the refusal where there were too many."""
    try:
        return services.identity.begin_attempt(form.get("login", ""), address_of(request))
    except TooManyAttemptsError as error:
        return _slow_down(request, services, form, error)


def _sign_in(request: Request, services: Services, form: Form, attempt: Attempt) -> Response:
    try:
        begun = services.identity.sign_in(attempt, form.get("password", ""), _short_goal(form.get("next", HOME)))
    except WrongPasswordError:
        services.refusals.note("sign_in_wrong", attempt.address)
        return _refuse(request, form, language_of(request).say("This name and password do not go together."), 403)
    except TooManyAttemptsError as error:  # others were counted meanwhile
        return _slow_down(request, services, form, error)
    if isinstance(begun, CodeNeeded):
        response = RedirectResponse("/sign-in/code", 303, NOT_KEPT)
        keep_cookie(request, response, CODE_STATE, begun.state, _CODE_STATE_LIFE)
        return response
    return start_session(request, begun, form.get("next", HOME))


def _slow_down(request: Request, services: Services, form: Form, error: TooManyAttemptsError) -> Response:
    address = address_of(request)
    services.refusals.note("sign_in_throttled", address)
    complaint = too_many(language_of(request).say, address)
    is_flood = LOOKS_AT_ONCE.statistics().tasks_waiting > _FLOOD
    return slow_down(error, _refuse_briefly(complaint, 429) if is_flood else _refuse(request, form, complaint, 429))


def _refuse_briefly(complaint: str, status: int) -> Response:
    """Say why, without a page: in a flood, pages would take more of the processor than all checks of passwords."""
    return PlainTextResponse(complaint, status, NOT_KEPT)


def _refuse(request: Request, form: Form, complaint: str, status: int) -> Response:
    """Ask again, with the name that was typed and why it was refused."""
    filled = {"goal": form.get("next", HOME), "login": form.get("login", "")}
    return ask_who(request, **filled, complaint=complaint, status=status)


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


def ask_who(request: Request, *, goal: str, login: str = "", complaint: str = "", status: int = 200) -> Response:
    """Render the sign-in page, with a complaint if the last attempt failed."""
    provided = services_of(request).provided
    label = provided.label if provided else None
    values = {"next": local_path(goal), "login": login[:200], "complaint": complaint, "provider": label}
    return render(request, "sign_in.html", values, status=status, headers=NOT_KEPT)


def start_session(request: Request, secret: str, goal: str) -> Response:
    """Set the session cookie and redirect to `goal`; an earlier session of the browser ends."""
    identity = services_of(request).identity
    if who := who_of(request):
        identity.sign_out(who, address_of(request))
    goal = local_path(goal)
    known = identity.find(secret)
    if known and known.lacks_second_factor:
        goal = with_goal(SECOND_FACTOR, goal)
    elif goal == HOME and known and known.is_author:
        goal = "/-/drafts"
    response = RedirectResponse(goal, 303, NOT_KEPT)
    keep_session(request, response, secret)
    return response


def keep_session(request: Request, response: Response, secret: str) -> None:
    """Set the cookie of a session, for as long as the session can last."""
    keep_cookie(request, response, SESSION, secret, services_of(request).identity.life_left(secret))


def keep_cookie(request: Request, response: Response, name: str, value: str, life: timedelta) -> None:
    """Set a cookie that scripts cannot read, and that other sites' forms do not send."""
    name, age, secure = cookie_name(request, name), int(life.total_seconds()), is_https(request)
    response.set_cookie(name, value, max_age=age, secure=secure, httponly=True, samesite="lax")


def drop_cookie(request: Request, response: Response, name: str) -> None:
    response.delete_cookie(cookie_name(request, name), secure=is_https(request), httponly=True, samesite="lax")
