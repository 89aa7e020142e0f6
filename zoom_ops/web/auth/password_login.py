"""Sign-in by password, with sign-out."""

from math import ceil
from typing import Annotated

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from ...identity import TooManyAttemptsError, WrongPasswordError
from ..body_limit import Form, read_form
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
from ..rendering import render
from ..return_path import HOME, local_path

NOT_KEPT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_AT_ONCE = CapacityLimiter(8)  # more sign-ins queue here, and leave the threads to the pages

router = APIRouter()


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def show_sign_in(request: Request, next: str = HOME) -> Response:
    """Show the sign-in page; redirect a user who is signed in already."""
    if who_of(request):
        return RedirectResponse(local_path(next), 303, NOT_KEPT)
    return ask_who(request, goal=next)


@router.post("/sign-in")
async def sign_in(request: Request, services: TheServices, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Sign in by password, and return to the page that the reader came from."""
    return await run_sync(_sign_in, request, services, form, limiter=_AT_ONCE)


@router.post("/sign-out")
def sign_out(request: Request, services: TheServices) -> Response:
    """Sign out, and redirect to the programme."""
    if who := who_of(request):
        services.identity.sign_out(who, address_of(request))
    response = RedirectResponse(HOME, 303, NOT_KEPT)
    response.delete_cookie(cookie_name(request, SESSION), secure=is_https(request), httponly=True, samesite="lax")
    return response


def start_session(request: Request, secret: str, goal: str) -> Response:
    """Set the session cookie and redirect to `goal`; an earlier session of the browser ends."""
    if who := who_of(request):
        services_of(request).identity.sign_out(who, address_of(request))
    response = RedirectResponse(local_path(goal), 303, NOT_KEPT)
    response.set_cookie(
        cookie_name(request, SESSION),
        secret,
        max_age=int(services_of(request).identity.waits.life.total_seconds()),
        secure=is_https(request),
        httponly=True,
        samesite="lax",
    )
    return response


def ask_who(request: Request, *, goal: str, login: str = "", complaint: str = "", status: int = 200) -> Response:
    """Render the sign-in page, with a complaint if the last attempt failed."""
    provided = services_of(request).provided
    values = {
        "next": local_path(goal),
        "login": login[:200],
        "complaint": complaint,
        "provider": provided.label if provided else None,
    }
    return render(request, "sign_in.html", values, status=status, headers=NOT_KEPT)


def _sign_in(request: Request, services: Services, form: Form) -> Response:
    login, goal = form.get("login", ""), form.get("next", HOME)
    say = language_of(request).say
    try:
        secret = services.identity.sign_in(login, form.get("password", ""), address_of(request))
    except WrongPasswordError:
        wrong = say("This name and password do not go together.")
        return ask_who(request, goal=goal, login=login, complaint=wrong, status=403)
    except TooManyAttemptsError as error:
        slowly = say("There were too many attempts. Please try again in a minute.")
        answer = ask_who(request, goal=goal, login=login, complaint=slowly, status=429)
        answer.headers["Retry-After"] = str(ceil(error.wait.total_seconds()))
        return answer
    return start_session(request, secret, goal)
