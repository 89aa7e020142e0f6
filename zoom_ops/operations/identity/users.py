"""The users with an account of ours: add, change, remove."""

import re
import unicodedata
from typing import Any

from ...errors import BadInputError
from ...store.audit import Actor, record_audit
from ...store.connect import Database
from ...store.users import find_user, insert_user, list_users
from .passwords import Passwords

ROLES = ("member", "operator", "admin")


def add_user(
    database: Database,
    passwords: Passwords,
    by: Actor,
    login: str,
    password: str,
    *,
    role: str = "member",
    groups: tuple[str, ...] = (),
) -> str:
    """Let somebody sign in with a password; tell the login as it is kept."""
    if role not in ROLES:
        raise BadInputError(f"A role is one of {', '.join(ROLES)}, not {role!r}.")
    known_as = _check_login(fold_login(login))
    kept = passwords.hash(password)
    with database.begin() as connection:
        if find_user(connection, known_as):
            raise BadInputError(f"There is a user {known_as!r} already; zoom-ops users set changes it.")
        now = database.now(connection)
        values = {"login": known_as, "name": login.strip(), "password_hash": kept}
        insert_user(connection, now, **values, role=role, groups=sorted(set(groups)))
        record_audit(connection, by, "user_added", ("user", known_as), now, role=role, groups=sorted(set(groups)))
    return known_as


def show_users(database: Database) -> list[dict[str, Any]]:
    """List who may sign in, as JSON values."""
    with database.read() as connection:
        users = list_users(connection)
    return [
        {
            "login": user.login,
            "name": user.name,
            "role": user.role,
            "groups": list(user.groups),
            "by": user.issuer or "password",
            "blocked": user.blocked,
            "signed_in": user.signed_in_at.isoformat(timespec="seconds") if user.signed_in_at else None,
        }
        for user in users
    ]


def fold_login(login: str) -> str:
    """Write a login as it is kept: however it was typed, it is one and the same."""
    return unicodedata.normalize("NFKC", login).strip().casefold()[:200]


def _check_login(login: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@+-]{0,99}", login):
        raise BadInputError(f"{login!r} cannot be a login: letters and digits, then also . _ - + and @.")
    return login
