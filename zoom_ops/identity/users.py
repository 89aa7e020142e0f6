"""Users who may sign in: add, change, remove. Every change of a user ends their sessions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..clock import iso_text
from ..errors import BadInputError
from ..linear import normalize
from ..store.audit import Actor, record_audit
from ..store.db.connect import Database
from ..store.db.encryption import SecretBox
from ..store.identity.second_factor import delete_factor, load_owners
from ..store.identity.sessions import Waits, count_sessions, end_session, end_sessions, get_session
from ..store.identity.users import delete_user, find_user, insert_user, list_users, load_user, update_user
from .administering import check_admin
from .passwords import Passwords
from .throttle import check_network, clear_limits, let_in_from

ROLES = ("member", "author", "operator", "admin")
_LONGEST_LOGIN, _LONGEST_GROUP = 200, 100


@dataclass(frozen=True, kw_only=True)
class UserChanges:
    """Changes of a user. None leaves a value unchanged."""

    role: str | None = None
    groups: tuple[str, ...] | None = None
    password: str | None = field(default=None, repr=False)
    blocked: bool | None = None


def add_user(database: Database, passwords: Passwords, by: Actor, login: str, changes: UserChanges) -> str:
    """Add a user who signs in with a password. Return the normalised login.

    Raise BadInputError, or ForbiddenError for who may not (`check_admin`).
    """
    known_as = check_login(login)
    if changes.password is None:
        raise BadInputError("A user of ours needs a password.")
    values = {"role": "member", "groups": [], **_values(changes, passwords, login)}
    with database.begin() as connection:
        check_admin(connection, by)
        if find_user(connection, known_as):
            raise BadInputError(f"There is a user {known_as!r} already. Change that one, or choose another name.")
        now = database.now(connection)
        insert_user(connection, now, login=known_as, name=login.strip(), **values)
        record_audit(connection, by, "user_added", ("user", known_as), now, **_detail(values))
    return known_as


def check_login(login: str) -> str:
    """Return the normalised login. Raise BadInputError for one that cannot be a login."""
    known_as = fold_login(login)
    if len(login) > _LONGEST_LOGIN or not re.fullmatch(r"[a-z0-9][a-z0-9._@+-]{0,99}", known_as):
        raise BadInputError(f"{known_as!r} cannot be a login: letters and digits, then also . _ - + and @.")
    return known_as


def set_user(
    database: Database, passwords: Passwords, box: SecretBox, by: Actor, login: str, changes: UserChanges
) -> int:
    """Change a user and end their sessions. Return the number of ended sessions.

    A new password takes the limits of wrong attempts away: whoever has it gets in at once.

    Raise NotFoundError, BadInputError without a change or if the provider decides about it, or ForbiddenError for who
    may not (`check_admin`).
    """
    values = _values(changes, passwords, login)
    if not values:
        raise BadInputError("Say what is to change: role, groups, password, or whether the user is blocked.")
    with database.begin() as connection:
        user = load_user(connection, fold_login(login))
        check_admin(connection, by, user.login)
        if user.issuer and values.keys() - {"blocked"}:
            raise BadInputError(f"What {user.login} may do is told by {user.issuer} at each sign-in, and set there.")
        update_user(connection, user.id, **values)
        if changes.password is not None:
            clear_limits(connection, box, user.login)
        ended = end_sessions(connection, user.id)
        detail = {**_detail(values), "sessions_ended": ended}
        record_audit(connection, by, "user_changed", ("user", user.login), database.now(connection), **detail)
    return ended


def unlock_user(database: Database, box: SecretBox, by: Actor, login: str, address: str | None = None) -> str | None:
    """Take the limits of wrong attempts away from a user, who has used them up or whose name somebody guesses at.

    With an `address`, the user gets in from its network from now on, however much somebody else guesses. Return it.
    Raise NotFoundError, BadInputError for what is no address, or ForbiddenError for who may not (`check_admin`).
    """
    network = check_network(address) if address else None
    with database.begin() as connection:
        user, now = load_user(connection, fold_login(login)), database.now(connection)
        check_admin(connection, by, user.login)
        if network:  # first, as it waits for whoever has locked the user: so do all who count attempts
            let_in_from(connection, box, user.id, user.login, network, now)
        clear_limits(connection, box, user.login)
        detail = {"network": network} if network else {}
        record_audit(connection, by, "user_unlocked", ("user", user.login), now, **detail)
    return network


def reset_second_factor(database: Database, by: Actor, login: str) -> int:
    """Remove the second factor of a user who has lost it, and end their sessions. Return the number of ended sessions.

    The password alone lets them in again. Raise NotFoundError, BadInputError for a user without one, or ForbiddenError
    for who may not (`check_admin`).
    """
    with database.begin() as connection:
        user, now = load_user(connection, fold_login(login)), database.now(connection)
        check_admin(connection, by, user.login)
        if not delete_factor(connection, user.id):
            raise BadInputError(f"{user.login} has no second factor.")
        ended = end_sessions(connection, user.id)
        record_audit(connection, by, "second_factor_reset", ("user", user.login), now, sessions_ended=ended)
    return ended


def remove_user(database: Database, by: Actor, login: str) -> None:
    """Remove a user and their sessions. Raise NotFoundError, or ForbiddenError for who may not (`check_admin`)."""
    with database.begin() as connection:
        user = load_user(connection, fold_login(login))
        check_admin(connection, by, user.login)
        delete_user(connection, user.id)
        record_audit(connection, by, "user_removed", ("user", user.login), database.now(connection))


def sign_user_out(database: Database, by: Actor, login: str) -> int:
    """End all sessions of a user. Return their number. Raise NotFoundError or ForbiddenError (`check_admin`)."""
    with database.begin() as connection:
        user = load_user(connection, fold_login(login))
        check_admin(connection, by, user.login)
        ended = end_sessions(connection, user.id)
        now = database.now(connection)
        record_audit(connection, by, "user_signed_out", ("user", user.login), now, sessions_ended=ended)
    return ended


def end_one_session(database: Database, by: Actor, ref: str) -> str:
    """End the session that `ref` names. Return its user's login. Raise NotFoundError or ForbiddenError."""
    with database.begin() as connection:
        session = get_session(connection, ref)
        check_admin(connection, by, session.login)
        end_session(connection, session.digest)
        now = database.now(connection)
        record_audit(connection, by, "user_signed_out", ("user", session.login), now, sessions_ended=1)
    return session.login


def show_users(database: Database, waits: Waits) -> list[dict[str, Any]]:
    """List the users as JSON values. A session that `waits` have ended does not count."""
    with database.read() as connection:
        signed_in = count_sessions(connection, database.now(connection), waits)
        users, owners = list_users(connection), load_owners(connection)
    return [
        {
            "login": user.login,
            "name": user.name,
            "role": user.role,
            "groups": list(user.groups),
            "by": user.issuer or "password",
            "second_factor": user.id in owners,
            "second_factor_since": iso_text(owners.get(user.id)),
            "blocked": user.blocked,
            "sessions": signed_in.get(user.id, 0),
            "signed_in": iso_text(user.signed_in_at),
        }
        for user in users
    ]


def fold_login(login: str) -> str:
    """Normalise a login, so that every spelling of it is the same login: NFKC, trimmed, case-folded."""
    return normalize("NFKC", login[:_LONGEST_LOGIN]).strip().casefold()[:_LONGEST_LOGIN]


def tidy_groups(groups: Iterable[str]) -> list[str]:
    """Normalise groups: single blanks, sorted, each once, empty ones left out."""
    return sorted({" ".join(group.split())[:_LONGEST_GROUP] for group in groups} - {""})


def _values(changes: UserChanges, passwords: Passwords, login: str) -> dict[str, Any]:
    """Build the column values of changes. Raise BadInputError for an unknown role, or UnusablePasswordError."""
    if changes.role not in (None, *ROLES):
        raise BadInputError(f"A role is one of {', '.join(ROLES)}, not {changes.role!r}.")
    values = {
        "role": changes.role,
        "groups": None if changes.groups is None else tidy_groups(changes.groups),
        "password_hash": None if changes.password is None else passwords.hash_new(changes.password, login),
        "blocked": changes.blocked,
    }
    return {name: value for name, value in values.items() if value is not None}


def _detail(values: dict[str, Any]) -> dict[str, Any]:
    """Build the audit detail of column values, without the password hash."""
    detail = {name: value for name, value in values.items() if name != "password_hash"}
    return detail | ({"password": "set"} if "password_hash" in values else {})
