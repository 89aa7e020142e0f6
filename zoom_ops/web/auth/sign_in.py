"""Sign-in by password, and sign-out."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from ...identity import CODE_PATIENCE, Attempt, CodeNeeded, TooManyAttemptsError, WrongPasswordError
from ..dependencies import SESSION, Services, TheServices, address_of, language_of, who_of
from ..edge.bodies import Form, read_form
from ..proof import note_refused, slow_down
from ..return_path import HOME, local_path
from .entrance import NOT_KEPT, ask_who, drop_cookie, keep_cookie, short_goal, start_session
from .queues import KNOWN, LOOKS_AT_ONCE, STRANGERS, QueueFullError, ask_later, too_busy

CODE_STATE = "zoom_ops_code"  # the cookie with the state of a sign-in whose code is still to come
_CODE_STATE_LIFE = 12 * CODE_PATIENCE  # whoever is too late still returns to the page that they wanted
_FLOOD = 10  # attempts that wait to be looked at

router = APIRouter()


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


def _begin(request: Request, services: Services, form: Form) -> Attempt | Response:
    """Return the attempt, or the refusal where there were too many."""
    try:
        return services.identity.begin_attempt(form.get("login", ""), address_of(request))
    except TooManyAttemptsError as error:
        return _slow_down(request, services, form, error)


def _sign_in(request: Request, services: Services, form: Form, attempt: Attempt) -> Response:
    try:
        begun = services.identity.sign_in(attempt, form.get("password", ""), short_goal(form.get("next", HOME)))
    except WrongPasswordError as error:
        note_refused(services, error, attempt.address)
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
    note_refused(services, error, address)
    say = language_of(request).say
    complaint = say("There were too many attempts. Please try again in a minute.")
    if address:
        hint = say("If it goes on, an admin can let you in. Tell them your address: %(address)s", address=address)
        complaint = f"{complaint} {hint}"
    is_flood = LOOKS_AT_ONCE.statistics().tasks_waiting > _FLOOD
    return slow_down(error, _refuse_briefly(complaint, 429) if is_flood else _refuse(request, form, complaint, 429))


def _refuse_briefly(complaint: str, status: int) -> Response:
    """Say why, without a page: in a flood, pages would take more of the processor than all checks of passwords."""
    return PlainTextResponse(complaint, status, NOT_KEPT)


def _refuse(request: Request, form: Form, complaint: str, status: int) -> Response:
    """Ask again, with the name that was typed and why it was refused."""
    filled = {"goal": form.get("next", HOME), "login": form.get("login", "")}
    return ask_who(request, **filled, complaint=complaint, status=status)
