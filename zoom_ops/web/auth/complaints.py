"""Why a password or a code of the own account was refused: noted, and said in the language of the reader."""

from collections.abc import Callable

from fastapi import Request, Response

from ...identity import TooManyAttemptsError, WrongCodeError, WrongPasswordError
from ..dependencies import address_of, language_of, services_of
from ..proof import note_refused, slow_down, wait_minutes

REFUSED = (TooManyAttemptsError, WrongCodeError, WrongPasswordError)
Refused = TooManyAttemptsError | WrongCodeError | WrongPasswordError
Again = Callable[[str, int], Response]  # shows the form again, with a complaint and a status


def refuse(request: Request, error: Refused, again: Again, wrong_code: str = "") -> Response:
    """Note a refusal, and show the form again with the reason; `wrong_code` in place of the usual words."""
    note_refused(services_of(request), error, address_of(request))
    language = language_of(request)
    if isinstance(error, TooManyAttemptsError):
        return slow_down(error, again(wait_minutes(language.say_many, error), 429))
    if isinstance(error, WrongPasswordError):
        return again(language.say("That is not your current password."), 403)
    return again(wrong_code or say_wrong_code(language.say), 403)


def say_wrong_code(say: Callable[..., str]) -> str:
    """Return what is said of a wrong code of the app."""
    return say("This code is wrong, too old, or was used before. Is the clock of your phone right?")
