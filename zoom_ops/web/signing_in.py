"""Sign in and out."""

from math import ceil
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from ..operations.identity import TooManyAttemptsError, WrongPasswordError
from .bodies import Form, read_form
from .doors import Doors
from .goals import HOME, local_path
from .rendering import render
from .wiring import address_of, doors_of, is_https, language_of, session_cookie, who_of

_NOT_KEPT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}

router = APIRouter()
TheDoors = Annotated[Doors, Depends(doors_of)]


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def show_sign_in(request: Request, next: str = HOME) -> Response:
    """Show where to sign in; who has done so goes on at once."""
    if who_of(request):
        return RedirectResponse(local_path(next), 303, _NOT_KEPT)
    return _ask(request, next=next)


@router.post("/sign-in")
def sign_in(request: Request, doors: TheDoors, form: Annotated[Form, Depends(read_form)]) -> Response:
    """Sign in by password, and go on to where the reader came from."""
    login, goal = form.get("login", ""), form.get("next", HOME)
    say = language_of(request).say
    try:
        secret = doors.identity.sign_in(login, form.get("password", ""), address_of(request))
    except WrongPasswordError:
        wrong = say("This name and password do not go together.")
        return _ask(request, next=goal, login=login, complaint=wrong, status=403)
    except TooManyAttemptsError as error:
        slowly = say("There were too many attempts. Please try again in a minute.")
        answer = _ask(request, next=goal, login=login, complaint=slowly, status=429)
        answer.headers["Retry-After"] = str(ceil(error.wait.total_seconds()))
        return answer
    return start_session(request, secret, goal)


@router.post("/sign-out")
def sign_out(request: Request, doors: TheDoors) -> Response:
    """Sign out, and go back to the programme."""
    if who := who_of(request):
        doors.identity.sign_out(who, address_of(request))
    response = RedirectResponse(HOME, 303, {**_NOT_KEPT, "Clear-Site-Data": '"cache"'})
    response.delete_cookie(session_cookie(request), secure=is_https(request), httponly=True, samesite="lax")
    return response


def start_session(request: Request, secret: str, goal: str) -> Response:
    """Give the browser the secret of its session, end the one that it may have had, and send it on."""
    if who := who_of(request):
        doors_of(request).identity.sign_out(who, address_of(request))
    response = RedirectResponse(local_path(goal), 303, _NOT_KEPT)
    response.set_cookie(
        session_cookie(request),
        secret,
        max_age=int(doors_of(request).identity.waits.life.total_seconds()),
        secure=is_https(request),
        httponly=True,
        samesite="lax",
    )
    return response


def _ask(request: Request, *, next: str, login: str = "", complaint: str = "", status: int = 200) -> Response:
    values = {"next": local_path(next), "login": login[:200], "complaint": complaint}
    return render(request, "sign_in.html", values, status=status, headers=_NOT_KEPT)
