"""Users, sessions and tokens as the pages of admins list them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..store.audit import How
from ..store.db.connect import Database
from ..store.identity.second_factor import load_owners
from ..store.identity.sessions import OpenSession, count_sessions, list_sessions
from ..store.identity.tokens import ApiToken, list_tokens
from ..store.identity.users import User, get_user, list_users, page_users
from .login import Identity
from .second_factor import needs_second_factor


@dataclass(frozen=True, kw_only=True)
class UserPage:
    """A page of the list of users."""

    users: tuple[User, ...]
    total: int
    sessions: dict[int, int]  # valid ones, by user id
    second_factors: Mapping[int, datetime]  # since when, by user id, of those who have one


@dataclass(frozen=True, kw_only=True)
class UserDetail:
    """A user with their sessions, and the names of the tokens that they made."""

    user: User
    sessions: tuple[OpenSession, ...]
    held: int  # how many sessions there are
    tokens: tuple[str, ...]
    second_factor: datetime | None  # since when they have one


def list_user_page(identity: Identity, words: str, *, limit: int, offset: int) -> UserPage:
    """List a page of the users whose login or name contains the words."""
    with identity.database.read() as connection:
        users, total = page_users(connection, words, limit=limit, offset=offset)
        shown = [user.id for user in users]
        held = count_sessions(connection, identity.clock.now(), identity.waits, shown)
        owners = load_owners(connection, shown)
    return UserPage(users=users, total=total, sessions=held, second_factors=owners)


def get_user_detail(identity: Identity, user_id: int, *, limit: int) -> UserDetail:
    """Get a user by the id, with the first `limit` sessions. Raise NotFoundError."""
    with identity.database.read() as connection:
        user, now = get_user(connection, user_id), identity.clock.now()
        sessions = list_sessions(connection, now, identity.waits, user_id=user.id, limit=limit)
        held = count_sessions(connection, now, identity.waits, (user.id,)).get(user.id, 0)
        tokens = tuple(token.name for token in list_tokens(connection) if token.created_by == user.login)
        since = load_owners(connection, (user.id,)).get(user.id)
    return UserDetail(user=user, sessions=sessions, held=held, tokens=tokens, second_factor=since)


def list_unprotected(database: Database) -> tuple[str, ...]:
    """List the logins of the operators and admins whom a password alone lets in, by login."""
    with database.read() as connection:
        users, owners = list_users(connection), load_owners(connection)
    return tuple(
        user.login
        for user in users
        if not user.blocked and needs_second_factor(user.role, _how(user), required=True, has_one=user.id in owners)
    )


def list_session_page(identity: Identity, *, limit: int, offset: int) -> tuple[tuple[OpenSession, ...], int]:
    """List a page of the valid sessions, the latest used first, with the number of all of them."""
    with identity.database.read() as connection:
        now = identity.clock.now()
        sessions = list_sessions(connection, now, identity.waits, limit=limit, offset=offset)
        return sessions, sum(count_sessions(connection, now, identity.waits).values())


def list_all_tokens(identity: Identity) -> tuple[ApiToken, ...]:
    """List the tokens, by name."""
    with identity.database.read() as connection:
        return list_tokens(connection)


def _how(user: User) -> How:
    return "oidc" if user.issuer else "session"
