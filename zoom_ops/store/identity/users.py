"""Users who may sign in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from ...errors import NotFoundError
from ..db.upsert import has_words
from ..db.values import find_value, load_values
from ..tables import site_user


@dataclass(frozen=True, kw_only=True)
class User:
    """A person who may sign in, by a password here or through an OpenID Connect issuer."""

    id: int
    login: str
    name: str
    issuer: str | None
    role: str
    groups: tuple[str, ...]
    blocked: bool
    created_at: datetime
    signed_in_at: datetime | None
    password_hash: str | None = field(repr=False)


def find_user(connection: Connection, login: str) -> User | None:
    """Find a user by the login, or None."""
    return find_value(connection, User, select(site_user).where(site_user.c.login == login))


def find_provided(connection: Connection, issuer: str, subject: str) -> User | None:
    """Find a user by the issuer's id of the person, or None."""
    query = select(site_user).where(site_user.c.issuer == issuer, site_user.c.subject == subject)
    return find_value(connection, User, query)


def load_user(connection: Connection, login: str) -> User:
    """Load a user; raise NotFoundError with the nearest logins."""
    user = find_user(connection, login)
    if user is None:
        raise NotFoundError("user", login, connection.scalars(select(site_user.c.login)))
    return user


def get_user(connection: Connection, user_id: int) -> User:
    """Get a user by the id; raise NotFoundError."""
    user = find_value(connection, User, select(site_user).where(site_user.c.id == user_id))
    if user is None:
        raise NotFoundError("user", str(user_id))
    return user


def lock_admins(connection: Connection) -> tuple[str, ...]:
    """List the logins of the admins who are not blocked; who else asks waits until this transaction ends."""
    query = select(site_user.c.login).where(site_user.c.role == "admin", ~site_user.c.blocked)
    return tuple(connection.scalars(query.order_by(site_user.c.id).with_for_update()))


def list_users(connection: Connection) -> tuple[User, ...]:
    """List the users, by login."""
    return load_values(connection, User, select(site_user).order_by(site_user.c.login))


def load_user_names(connection: Connection, logins: Iterable[str]) -> dict[str, str]:
    """Load the names of users by their logins; unknown logins are left out."""
    query = select(site_user.c.login, site_user.c.name).where(site_user.c.login.in_(tuple(logins)))
    return {row.login: row.name for row in connection.execute(query)}


def page_users(connection: Connection, words: str, *, limit: int, offset: int) -> tuple[tuple[User, ...], int]:
    """List a page of the users who have all words in login or name, by login; and count them all."""
    conditions = has_words(words, site_user.c.login, site_user.c.name)
    query = select(site_user).where(*conditions).order_by(site_user.c.login).limit(limit).offset(offset)
    total = connection.scalar(select(func.count()).select_from(site_user).where(*conditions))
    return load_values(connection, User, query), total or 0


def has_password(connection: Connection, user_id: int, kept: str | None) -> bool:
    """Return whether a user is not blocked and still has this password hash; locks the row of the user."""
    query = select(site_user.c.id).where(site_user.c.id == user_id, site_user.c.password_hash == kept)
    return connection.execute(query.where(~site_user.c.blocked).with_for_update()).first() is not None


def insert_user(connection: Connection, now: datetime, **values: Any) -> int:
    """Write a new user; return the id."""
    query = insert(site_user).values(**values, created_at=now).returning(site_user.c.id)
    return int(connection.execute(query).scalar_one())


def update_user(connection: Connection, user_id: int, **values: Any) -> None:
    """Write some fields of a user."""
    connection.execute(update(site_user).where(site_user.c.id == user_id).values(**values))


def delete_user(connection: Connection, user_id: int) -> None:
    """Delete a user, and with them their sessions."""
    connection.execute(delete(site_user).where(site_user.c.id == user_id))
