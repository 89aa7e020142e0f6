"""Users, sessions and tokens as the pages of admins list them."""

from dataclasses import dataclass

from ..store.identity.sessions import OpenSession, count_sessions, list_sessions
from ..store.identity.tokens import ApiToken, list_tokens
from ..store.identity.users import User, get_user, page_users
from .login import Identity


@dataclass(frozen=True, kw_only=True)
class UserPage:
    """A page of the list of users."""

    users: tuple[User, ...]
    total: int
    sessions: dict[int, int]  # valid ones, by user id


@dataclass(frozen=True, kw_only=True)
class UserDetail:
    """A user with their sessions, and the names of the tokens that they made."""

    user: User
    sessions: tuple[OpenSession, ...]
    held: int  # how many sessions there are
    tokens: tuple[str, ...]


def list_user_page(identity: Identity, words: str, *, limit: int, offset: int) -> UserPage:
    """List a page of the users whose login or name contains the words."""
    with identity.database.read() as connection:
        users, total = page_users(connection, words, limit=limit, offset=offset)
        shown = [user.id for user in users]
        held = count_sessions(connection, identity.clock.now(), identity.waits, shown)
    return UserPage(users=users, total=total, sessions=held)


def get_user_detail(identity: Identity, user_id: int, *, limit: int) -> UserDetail:
    """Get a user by the id, with the first `limit` sessions. Raise NotFoundError."""
    with identity.database.read() as connection:
        user, now = get_user(connection, user_id), identity.clock.now()
        sessions = list_sessions(connection, now, identity.waits, user_id=user.id, limit=limit)
        held = count_sessions(connection, now, identity.waits, (user.id,)).get(user.id, 0)
        tokens = tuple(token.name for token in list_tokens(connection) if token.created_by == user.login)
    return UserDetail(user=user, sessions=sessions, held=held, tokens=tokens)


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
