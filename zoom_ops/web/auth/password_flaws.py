"""Why a password cannot be set, in the language of the reader."""

from collections.abc import Callable

from ...identity import LONGEST, SHORTEST, UnusablePasswordError


def say_rule(say: Callable[..., str]) -> str:
    """Return how long a password is."""
    return say(
        "A password has at least %(shortest)s characters, and at most %(longest)s.", shortest=SHORTEST, longest=LONGEST
    )


def say_flaw(say: Callable[..., str], error: UnusablePasswordError) -> str:
    """Return what is wrong with the password, and what to do."""
    if error.flaw == "easy":
        return say(
            "This password is easy to guess: many people use it, or it is one or two words with few digits, or it"
            " repeats one short text. Choose several words that do not belong together."
        )
    if error.flaw == "name":
        return say(
            "This password is only your login, your name or the name of the organisation, with digits and signs or"
            " without. Choose several words that do not belong together."
        )
    return say_rule(say)
