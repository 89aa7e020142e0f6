"""What Zoom asks of the viewers of a recording, in the words of a page."""

from ...events import Requirement
from .language import Language


def say_requirement(requirement: Requirement | None, language: Language) -> str:
    """Return what a viewer does first; empty if the recording is open."""
    words = {
        "sign_in": language.say("Sign in to Zoom to watch"),
        "registration": language.say("Register at Zoom to watch"),
        "account_only": language.say("Only for Zoom users of the organisation"),
    }
    return words[requirement] if requirement else ""
