"""The proof that it is still the same person: asked for before rights are given, or a backup is."""

from collections.abc import Callable
from math import ceil
from typing import Annotated

from fastapi import Depends, Request, Response

from ..errors import ForbiddenError, ZoomOpsError
from ..identity import TooManyAttemptsError, Who, WrongCodeError, WrongPasswordError
from .dependencies import Services, TheServices, address_of, admin_of
from .edge.bodies import Form, read_form
from .i18n.language import ENGLISH

PROOF, PROOF_CODE = "own_password", "own_code"  # the fields of password and code
_WRONG_CODE = "code is wrong, too old, or was used before"


class ProofNeededError(ForbiddenError):
    """The user has to prove who they are before this is done. `slow`: no password is looked at for a while."""

    def __init__(self, who: Who, complaint: str = "", slow: TooManyAttemptsError | None = None) -> None:
        super().__init__(complaint or "Prove that it is you.")
        self.who, self.complaint, self.slow = who, complaint, slow


def proven_admin_of(
    request: Request,
    who: Annotated[Who, Depends(admin_of)],
    services: TheServices,
    form: Annotated[Form, Depends(read_form)],
) -> Who:
    """Return the signed-in admin; raise ProofNeededError where a change is asked for and the latest proof is too old.

    A form that comes with the password is proof, and is then carried out. Who has a second factor adds a code of it.
    """
    if request.method in ("GET", "HEAD") or services.identity.is_proven(who):
        return who
    if PROOF not in form:
        raise ProofNeededError(who)
    address = address_of(request)
    try:
        services.identity.prove(who, services.identity.begin_proof(who, address), form[PROOF], form.get(PROOF_CODE, ""))
    except (TooManyAttemptsError, WrongCodeError, WrongPasswordError) as error:
        note_refused(services, error, address)
        if isinstance(error, TooManyAttemptsError):
            raise ProofNeededError(who, wait_minutes(ENGLISH.say_many, error), error) from None
        wrong = "is not your password" if isinstance(error, WrongPasswordError) else _WRONG_CODE
        raise ProofNeededError(who, f"That {wrong}. Nothing was done.") from None
    return who


def note_refused(services: Services, error: ZoomOpsError, address: str | None) -> None:
    """Note a refused password or code, or that it was not looked at after too many."""
    if isinstance(error, TooManyAttemptsError):
        services.refusals.note("sign_in_throttled", address)
    else:
        services.refusals.note("code_wrong" if isinstance(error, WrongCodeError) else "sign_in_wrong", address)


def wait_minutes(say_many: Callable[..., str], error: TooManyAttemptsError) -> str:
    """Return what is said after too many wrong codes, for which the wait is longer."""
    return say_many(
        "There were too many attempts. Please try again in %(num)s minute.",
        "There were too many attempts. Please try again in %(num)s minutes.",
        ceil(error.wait.total_seconds() / 60),
    )


def slow_down(error: TooManyAttemptsError, answer: Response) -> Response:
    """Add to an answer after how many seconds the next attempt is looked at."""
    answer.headers["Retry-After"] = str(ceil(error.wait.total_seconds()))
    return answer
