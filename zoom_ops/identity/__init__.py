"""Identity: users, sessions, roles, API tokens."""

from ..store.identity.sessions import Waits
from .checks import NoFactorError, WrongCodeError, WrongPasswordError
from .claims import ClaimRules
from .code_login import CODE_PATIENCE, CodeAttempt, CodeNeeded, Finished, SignInEndedError
from .listing import (
    UserDetail,
    UserPage,
    get_user_detail,
    list_all_tokens,
    list_session_page,
    list_unprotected,
    list_user_page,
)
from .login import Identity, OwnAccount
from .oidc_login import PATIENCE, AnswerUsedError, Begun, ProvidedSignIn, ref_of
from .own_factor import OFFER_HOLDS, PROOF_HOLDS, Offer, OfferEndedError, OwnFactor, SecondFactors
from .passwords import LONGEST, SHORTEST, Passwords, UnusablePasswordError, check_password, make_password
from .second_factor import needs_second_factor
from .throttle import Attempt, TooManyAttemptsError
from .tokens import Scope, add_token, revoke_token, show_tokens
from .users import (
    ROLES,
    UserChanges,
    add_user,
    check_login,
    end_one_session,
    remove_user,
    reset_second_factor,
    set_user,
    show_users,
    sign_user_out,
    tidy_groups,
    unlock_user,
)
from .who import Who
from .wrong_tokens import WrongTokens

__all__ = [
    "CODE_PATIENCE",
    "LONGEST",
    "OFFER_HOLDS",
    "PATIENCE",
    "PROOF_HOLDS",
    "ROLES",
    "SHORTEST",
    "AnswerUsedError",
    "Attempt",
    "Begun",
    "ClaimRules",
    "CodeAttempt",
    "CodeNeeded",
    "Finished",
    "Identity",
    "NoFactorError",
    "Offer",
    "OfferEndedError",
    "OwnAccount",
    "OwnFactor",
    "Passwords",
    "ProvidedSignIn",
    "Scope",
    "SecondFactors",
    "SignInEndedError",
    "TooManyAttemptsError",
    "UnusablePasswordError",
    "UserChanges",
    "UserDetail",
    "UserPage",
    "Waits",
    "Who",
    "WrongCodeError",
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
    "list_unprotected",
    "list_user_page",
    "make_password",
    "needs_second_factor",
    "ref_of",
    "remove_user",
    "reset_second_factor",
    "revoke_token",
    "set_user",
    "show_tokens",
    "show_users",
    "sign_user_out",
    "tidy_groups",
    "unlock_user",
]
