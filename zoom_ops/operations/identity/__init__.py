"""Who is who: users, their sessions, tokens for scripts, and what a person may do here."""

from .door import Identity, TooManyAttemptsError, Waits, WrongPasswordError
from .passwords import Passwords
from .scopes import Scope
from .who import Who

__all__ = ["Identity", "Passwords", "Scope", "TooManyAttemptsError", "Waits", "Who", "WrongPasswordError"]
