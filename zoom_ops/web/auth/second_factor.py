"""The second factor of whoever is signed in: set one up, make new recovery codes, remove it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from ...errors import BadInputError
from ...identity import NoFactorError, Offer, OfferEndedError, Who, needs_second_factor
from ..dependencies import Services, TheServices, address_of, language_of, services_of, user_of
from ..edge.bodies import Form, read_form
from ..rendering import render
from ..return_path import ACCOUNT, SECOND_FACTOR, local_path
from .complaints import REFUSED, Again, refuse
from .entrance import NOT_KEPT
from .qr_code import draw_qr_code
from .queues import KNOWN, QueueFullError, ask_later, too_busy

_CODES, _REMOVE = f"{SECOND_FACTOR}/recovery-codes", f"{SECOND_FACTOR}/remove"

TheUser = Annotated[Who, Depends(user_of)]
TheForm = Annotated[Form, Depends(read_form)]

router = APIRouter()


@router.api_route(SECOND_FACTOR, methods=["GET", "HEAD"])
def show_setup(request: Request, services: TheServices, who: TheUser, next: str = ACCOUNT) -> Response:
    """Show a new secret as a QR code. Whoever has a second factor goes on to `next`."""
    if _may_set_up(services, who):
        return _show_setup(request, who, _new_offer(services, request, who), local_path(next))
    return _go(ACCOUNT if who.how == "oidc" else local_path(next))


@router.post(SECOND_FACTOR)
async def set_up(request: Request, services: TheServices, who: TheUser, form: TheForm) -> Response:
    """Add the second factor, if the code is right, and show the recovery codes. All other sessions end."""
    again = partial(_show_setup_again, request, services, who, form)
    return await _in_turn(again, _set_up, request, services, who, form)


@router.api_route(_CODES, methods=["GET", "HEAD"])
def show_renewal(request: Request, services: TheServices, who: TheUser) -> Response:
    """Ask for password and code, before new recovery codes are made."""
    return _ask_to_renew(request, who) if services.identity.second_factors.find(who) else _go(ACCOUNT)


@router.post(_CODES)
async def renew_codes(request: Request, services: TheServices, who: TheUser, form: TheForm) -> Response:
    """Make new recovery codes, and show them."""
    again = partial(_ask_to_renew, request, who)
    return await _in_turn(again, _renew_codes, request, services, who, form)


@router.api_route(_REMOVE, methods=["GET", "HEAD"])
def show_removal(request: Request, services: TheServices, who: TheUser) -> Response:
    """Ask for password and code, before the second factor is removed."""
    return _ask_to_remove(request, who) if services.identity.second_factors.find(who) else _go(ACCOUNT)


@router.post(_REMOVE)
async def remove(request: Request, services: TheServices, who: TheUser, form: TheForm) -> Response:
    """Remove the second factor."""
    again = partial(_ask_to_remove, request, who)
    return await _in_turn(again, _remove, request, services, who, form)


async def _in_turn(
    again: Again, act: Callable[..., Response], request: Request, services: Services, who: Who, form: Form
) -> Response:
    """Act in the turn of checks of passwords: `act` gets `again`, which shows the form to whoever is refused."""
    try:
        return await KNOWN.run(act, again, request, services, who, form)
    except QueueFullError:
        return ask_later(await run_sync(again, too_busy(language_of(request).say), 503))


def _set_up(again: Again, request: Request, services: Services, who: Who, form: Form) -> Response:
    goal, offer = local_path(form.get("next", ACCOUNT)), form.get("offer", "")
    if who.how != "session":
        return _go(ACCOUNT)
    identity, say = services.identity, language_of(request).say
    try:
        attempt = identity.begin_proof(who, address_of(request))
        code, password = form.get("code", ""), form.get("password", "")
        codes = identity.second_factors.add(who, attempt, offer, code, password)
    except OfferEndedError:
        if not _may_set_up(services, who):  # the page with the recovery codes is loaded again
            return _go(ACCOUNT)
        return again(say("This page was open for too long. Scan the new picture."), 400)
    except REFUSED as error:
        wrong = say(
            "That is not the code that the app shows now. Type the next one. If that is refused, too, set the clock of "
            "the phone to automatic."
        )
        return refuse(request, error, again, wrong)
    except BadInputError:  # it was added in another window, or the page with the recovery codes is loaded again
        return _go(ACCOUNT)
    notice = say("Your second factor is on. You are signed in here only.")
    return _show_codes(request, who, codes, notice, goal)


def _renew_codes(again: Again, request: Request, services: Services, who: Who, form: Form) -> Response:
    identity, say = services.identity, language_of(request).say
    try:
        attempt = identity.begin_proof(who, address_of(request))
        password, code = form.get("password", ""), form.get("code", "")
        codes = identity.second_factors.renew_recovery_codes(who, attempt, password, code)
    except NoFactorError:
        return _go(ACCOUNT)
    except REFUSED as error:
        return refuse(request, error, again)
    notice = say("These are your new codes. The earlier ones let nobody in any more.")
    return _show_codes(request, who, codes, notice, ACCOUNT)


def _remove(again: Again, request: Request, services: Services, who: Who, form: Form) -> Response:
    identity = services.identity
    try:
        attempt = identity.begin_proof(who, address_of(request))
        identity.second_factors.remove(who, attempt, form.get("password", ""), form.get("code", ""))
    except NoFactorError:  # it was removed in another window, or by the first click of two
        return _go(f"{ACCOUNT}?done=removed")
    except REFUSED as error:
        return refuse(request, error, again)
    return _go(f"{ACCOUNT}?done=removed")


def _may_set_up(services: Services, who: Who) -> bool:
    """Return whether a user signs in with a password, and has no second factor yet."""
    return who.how == "session" and services.identity.second_factors.find(who) is None


def _new_offer(services: Services, request: Request, who: Who) -> Offer:
    return services.identity.second_factors.offer(who, services.name_in(language_of(request)))


def _show_setup_again(
    request: Request, services: Services, who: Who, form: Form, complaint: str, status: int
) -> Response:
    """Show the same secret again, or a new one where it was offered too long ago."""
    try:
        organisation = services.name_in(language_of(request))
        offer = services.identity.second_factors.show_offer(who, form.get("offer", ""), organisation)
    except OfferEndedError:
        offer = _new_offer(services, request, who)
    return _show_setup(request, who, offer, local_path(form.get("next", ACCOUNT)), complaint, status)


def _show_setup(
    request: Request, who: Who, offer: Offer, goal: str, complaint: str = "", status: int = 200
) -> Response:
    identity = services_of(request).identity
    values = {
        "is_required": who.lacks_second_factor,
        "complaint": complaint,
        "qr_code": draw_qr_code(offer.address),
        "key": offer.groups,
        "offer": offer.sealed,
        "next": goal,
        "login": who.login,
        "asks_password": not identity.is_proven(who),
    }
    return render(request, "second_factor.html", values, status=status, headers=NOT_KEPT)


def _show_codes(request: Request, who: Who, codes: Sequence[str], notice: str, goal: str) -> Response:
    values = {"codes": codes, "notice": notice, "login": who.login, "next": goal}
    return render(request, "recovery_codes.html", values, headers=NOT_KEPT)


def _ask_to_renew(request: Request, who: Who, complaint: str = "", status: int = 200) -> Response:
    say = language_of(request).say
    effect = say("You get new ones, and the earlier ones let nobody in any more.")
    return _ask(request, who, say("Make new recovery codes"), effect, complaint, status)


def _ask_to_remove(request: Request, who: Who, complaint: str = "", status: int = 200) -> Response:
    say = language_of(request).say
    effect = say("Your password alone then lets you in.")
    required = services_of(request).identity.second_factor_required
    warns = needs_second_factor(who.reader.role, who.how, required=required, has_one=False)
    return _ask(request, who, say("Remove the second factor"), effect, complaint, status, warns=warns)


def _ask(
    request: Request, who: Who, title: str, effect: str, complaint: str, status: int, *, warns: bool = False
) -> Response:
    values = {"title": title, "effect": effect, "complaint": complaint, "login": who.login, "warns": warns}
    return render(request, "second_factor_proof.html", values, status=status, headers=NOT_KEPT)


def _go(path: str) -> Response:
    return RedirectResponse(path, 303, NOT_KEPT)
