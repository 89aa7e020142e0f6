"""The second step of a sign-in by password: the code of an authenticator app, or a recovery code."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from ...identity import CodeAttempt, SignInEndedError, TooManyAttemptsError, Who, WrongCodeError
from ..dependencies import TheServices, address_of, cookie_name, language_of, services_of, user_of, who_of
from ..edge.bodies import Form, read_form
from ..proof import note_refused, slow_down, wait_minutes
from ..rendering import render
from ..return_path import HOME, local_path, sign_in_path, with_goal
from .complaints import say_wrong_code
from .entrance import NOT_KEPT, ask_who, drop_cookie, start_session
from .queues import LOOKS_AT_ONCE
from .sign_in import CODE_STATE

_PATH, _RECOVERED = "/sign-in/code", "/sign-in/recovered"

router = APIRouter()


@router.api_route(_PATH, methods=["GET", "HEAD"])
def show_code(request: Request, recovery: bool = False) -> Response:
    """Ask for the code of the authenticator app, or with `recovery` for a recovery code."""
    try:
        begun = _look(request)
    except SignInEndedError as error:
        return RedirectResponse(sign_in_path(local_path(error.goal)), 303, NOT_KEPT)
    except TooManyAttemptsError as error:
        return _slow_down(request, error, recovery=recovery)
    return _ask(request, begun.user.login, recovery=recovery)


@router.post(_PATH)
async def take_code(request: Request, recovery: bool = False) -> Response:
    """Finish the sign-in, and return to the page that the reader came from.

    Only who has typed a right password has the form read.
    """
    begun = await run_sync(_begin, request, recovery, limiter=LOOKS_AT_ONCE)
    if isinstance(begun, Response):
        return begun
    return await run_sync(_take_code, request, begun, await read_form(request), recovery, limiter=LOOKS_AT_ONCE)


@router.api_route(_RECOVERED, methods=["GET", "HEAD"])
def show_recovered(
    request: Request, services: TheServices, who: Annotated[Who, Depends(user_of)], next: str = HOME
) -> Response:
    """Say how many recovery codes are left, after one was used."""
    factors = services.identity.second_factors
    own = factors.find(who)
    if own is None or not factors.has_recovered(who):
        return RedirectResponse(HOME, 303, NOT_KEPT)
    values = {"left": own.codes_left, "next": local_path(next)}
    return render(request, "sign_in_recovered.html", values, headers=NOT_KEPT)


def _begin(request: Request, recovery: bool) -> CodeAttempt | Response:
    """Return the attempt, or the refusal where there were too many or none was begun."""
    try:
        return _look(request)
    except TooManyAttemptsError as error:
        return _slow_down(request, error, recovery=recovery)
    except SignInEndedError as error:
        return _begin_again(request, error)


def _take_code(request: Request, begun: CodeAttempt, form: Form, recovery: bool) -> Response:
    services = services_of(request)
    try:
        finished = services.identity.code_login.finish(begun, form.get("code", ""))
    except WrongCodeError as error:
        note_refused(services, error, begun.attempt.address)
        return _ask(request, begun.user.login, _wrong(request, recovery), recovery=recovery, status=403)
    except TooManyAttemptsError as error:  # others were counted meanwhile
        return _slow_down(request, error, recovery=recovery)
    except SignInEndedError as error:
        return _begin_again(request, error)
    goal = finished.goal if finished.codes_left is None else with_goal(_RECOVERED, finished.goal)
    response = start_session(request, finished.secret, goal)
    drop_cookie(request, response, CODE_STATE)
    return response


def _begin_again(request: Request, error: SignInEndedError) -> Response:
    """Ask for the password again; whoever is signed in, as after a second click, goes on."""
    if who_of(request):
        response: Response = RedirectResponse(local_path(error.goal), 303, NOT_KEPT)
    else:
        complaint = language_of(request).say("That sign-in took too long. Please begin again.")
        response = ask_who(request, goal=error.goal, complaint=complaint, status=403)
    drop_cookie(request, response, CODE_STATE)
    return response


def _look(request: Request) -> CodeAttempt:
    state = request.cookies.get(cookie_name(request, CODE_STATE), "")
    return services_of(request).identity.code_login.look(state, address_of(request))


def _wrong(request: Request, recovery: bool) -> str:
    say = language_of(request).say
    return say("This is no recovery code of yours, or it was used before.") if recovery else say_wrong_code(say)


def _slow_down(request: Request, error: TooManyAttemptsError, *, recovery: bool) -> Response:
    note_refused(services_of(request), error, address_of(request))
    complaint = wait_minutes(language_of(request).say_many, error)
    return slow_down(error, _ask(request, "", complaint, recovery=recovery, status=429))


def _ask(request: Request, login: str, complaint: str = "", *, recovery: bool, status: int = 200) -> Response:
    values = {"login": login, "complaint": complaint, "recovery": recovery}
    return render(request, "sign_in_code.html", values, status=status, headers=NOT_KEPT)
