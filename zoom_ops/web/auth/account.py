"""The own account of whoever is signed in: password and sessions."""

from contextlib import suppress
from functools import partial
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from ...errors import NotFoundError
from ...identity import SHORTEST, UnusablePasswordError, Who
from ..dependencies import Services, TheServices, address_of, language_of, services_of, user_of
from ..edge.bodies import Form, read_form
from ..rendering import render
from ..return_path import ACCOUNT
from .complaints import REFUSED, refuse
from .entrance import NOT_KEPT, keep_session
from .password_flaws import say_flaw, say_rule
from .queues import KNOWN, QueueFullError, ask_later, too_busy

_SHOWN_FIRST = 5  # sessions; the others are folded up

TheUser = Annotated[Who, Depends(user_of)]
TheForm = Annotated[Form, Depends(read_form)]

router = APIRouter()


@router.api_route(ACCOUNT, methods=["GET", "HEAD"])
def show_account(request: Request, who: TheUser, done: str = "") -> Response:
    """Show the own user, with what was just done."""
    return _show(request, who, done=done)


@router.post(ACCOUNT)
async def change_password(request: Request, services: TheServices, who: TheUser, form: TheForm) -> Response:
    """Change the own password. Every other session ends, and this browser gets a new one."""
    try:
        return await KNOWN.run(_change_password, request, services, who, form)
    except QueueFullError:
        answer = await run_sync(_show, request, who, too_busy(language_of(request).say), 503)
        return ask_later(answer)


@router.post(f"{ACCOUNT}/sessions/end")
def end_session(request: Request, services: TheServices, who: TheUser, form: TheForm) -> Response:
    """End one of the own sessions."""
    with suppress(NotFoundError):  # it has ended since the page was shown, and nothing else was asked for
        services.identity.end_own(who, form.get("session", ""), address_of(request))
    return RedirectResponse(f"{ACCOUNT}?done=sessions", 303, NOT_KEPT)


@router.post(f"{ACCOUNT}/sessions/end-others")
def end_other_sessions(request: Request, services: TheServices, who: TheUser) -> Response:
    """End all own sessions but this one."""
    services.identity.end_own(who, None, address_of(request))
    return RedirectResponse(f"{ACCOUNT}?done=sessions", 303, NOT_KEPT)


def _change_password(request: Request, services: Services, who: Who, form: Form) -> Response:
    say, new = language_of(request).say, form.get("new", "")
    if new != form.get("again", ""):
        return _show(request, who, say("The new password was typed in two different ways."), status=400)
    identity, address = services.identity, address_of(request)
    try:
        attempt, old, code = identity.begin_proof(who, address), form.get("old", ""), form.get("code", "")
        secret = identity.change_password(who, attempt, old, new, code)
    except UnusablePasswordError as error:
        return _show(request, who, say_flaw(say, error), status=400)
    except REFUSED as error:
        return refuse(request, error, partial(_show, request, who))
    response = RedirectResponse(f"{ACCOUNT}?done=password", 303, NOT_KEPT)
    if known := identity.find(secret):
        keep_session(request, response, secret, known)
    return response


def _show(request: Request, who: Who, complaint: str = "", status: int = 200, *, done: str = "") -> Response:
    """Render the page, with a complaint about the form that was sent, or with what was done."""
    services, say = services_of(request), language_of(request).say
    notices = {
        "password": say("Your password is changed. You are signed in here only."),
        "sessions": say("Done. You are signed in with the sessions below."),
        "removed": say("Your second factor is removed. Your password alone lets you in."),
    }
    values = {
        "account": services.identity.list_own(who),
        "shown_first": _SHOWN_FIRST,
        "end_of": services.identity.waits.end_of,
        "factor": services.identity.second_factors.find(who),
        "complaint": complaint,
        "notice": notices.get(done, ""),
        "rule": say_rule(say),
        "shortest": SHORTEST,
        "provider": services.provided.label if services.provided else "",
    }
    return render(request, "account.html", values, status=status, headers=NOT_KEPT)
