"""Identity: users, sessions, roles, API tokens."""

from ..store.identity.sessions import Waits
from .claims import ClaimRules
from .listing import UserDetail, UserPage, get_user_detail, list_all_tokens, list_session_page, list_user_page
from .login import PROOF_HOLDS, Identity, OwnAccount, WrongPasswordError
from .oidc_login import PATIENCE, ProvidedSignIn
from .passwords import LONGEST, SHORTEST, Passwords, UnusablePasswordError, check_password, make_password
from .throttle import Attempt, TooManyAttemptsError
from .tokens import Scope, add_token, revoke_token, show_tokens
from .users import (
    ROLES,
    UserChanges,
    add_user,
    check_login,
    end_one_session,
    remove_user,
    set_user,
    show_users,
    sign_user_out,
    tidy_groups,
    unlock_user,
)
from .who import Who
from .wrong_tokens import WrongTokens

__all__ = [
    "LONGEST",
    "PATIENCE",
    "PROOF_HOLDS",
    "ROLES",
    "SHORTEST",
    "Attempt",
    "ClaimRules",
    "Identity",
    "OwnAccount",
    "Passwords",
    "ProvidedSignIn",
    "Scope",
    "TooManyAttemptsError",
    "UnusablePasswordError",
    "UserChanges",
    "UserDetail",
    "UserPage",
    "Waits",
    "Who",
    "WrongPasswordError",
    "WrongTokens",
    "add_token",
    "add_user",
    "check_login",
    "check_password",
    "end_one_session",
    "get_user_detail",
    "list_all_tokens",
    "list_session_page",
    "list_user_page",
    "make_password",
    "remove_user",
    "revoke_token",
    "set_user",
    "show_tokens",
    "show_users",
    "sign_user_out",
    "tidy_groups",
    "unlock_user",
]
