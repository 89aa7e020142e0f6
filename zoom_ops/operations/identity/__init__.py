"""Who is who: users, their sessions, tokens for scripts, and what a person may do here."""

from .claims import ClaimRules
from .door import Identity, TooManyAttemptsError, Waits, WrongPasswordError
from .passwords import Passwords
from .provided import PATIENCE, ProvidedSignIn
from .scopes import Scope
from .who import Who

__all__ = [
    "PATIENCE",
    "ClaimRules",
    "Identity",
    "Passwords",
    "ProvidedSignIn",
    "Scope",
    "TooManyAttemptsError",
    "Waits",
    "Who",
    "WrongPasswordError",
]
