"""Identity: users, sessions, roles, API tokens."""

from .claims import ClaimRules
from .login import Identity, TooManyAttemptsError, Waits, WrongPasswordError
from .oidc_login import PATIENCE, ProvidedSignIn
from .passwords import Passwords, check_password, make_password
from .tokens import Scope, add_token, revoke_token, show_tokens
from .users import UserChanges, add_user, check_login, remove_user, set_user, show_users, sign_user_out
from .who import Who

__all__ = [
    "PATIENCE",
    "ClaimRules",
    "Identity",
    "Passwords",
    "ProvidedSignIn",
    "Scope",
    "TooManyAttemptsError",
    "UserChanges",
    "Waits",
    "Who",
    "WrongPasswordError",
    "add_token",
    "add_user",
    "check_login",
    "check_password",
    "make_password",
    "remove_user",
    "revoke_token",
    "set_user",
    "show_tokens",
    "show_users",
    "sign_user_out",
]
