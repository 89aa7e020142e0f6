"""Sessions of signed-in users. Only a digest of the cookie is stored, so a copied database opens no session."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, func, insert, or_, select, update

from ...access import OPERATING
from ...errors import NotFoundError
from ..audit import Actor, How
from ..db.values import find_value, load_values
from ..tables import session, site_user
from .second_factor import has_factor

REF_LENGTH = 16  # characters of a digest that name a session on a page
_SEEN_EVERY = timedelta(minutes=1)  # the use of a session is noted at most this often
_OPEN = select(session, *site_user.c["login", "name", "role"]).join(site_user, site_user.c.id == session.c.user_id)


@dataclass(frozen=True, kw_only=True)
class Waits:
    """The time limits of sessions. They hold for open sessions at once, also where those began under longer ones."""

    idle: timedelta = timedelta(hours=12)  # longest time without a request
    life: timedelta = timedelta(days=7)  # longest time in all
    operator_life: timedelta = timedelta(hours=12)  # the same of an operator or admin, where it is shorter

    def life_of(self, role: str) -> timedelta:
        """Return how long a session of a user with this role lasts, however active they are."""
        return min(self.life, self.operator_life) if role in OPERATING else self.life

    @property
    def is_shorter_for_operators(self) -> bool:
        """Whether sessions of operators end sooner than those of others."""
        return self.life_of("operator") < self.life_of("")

    def end_of(self, session: "SignedIn | OpenSession") -> datetime:
        """Return when a session ends at the latest."""
        return min(session.ends_at, session.created_at + self.life_of(session.role))


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A valid session and its user."""

    digest: str
    how: How
    login: str
    name: str
    role: str
    groups: tuple[str, ...]
    seen_at: datetime
    proven_at: datetime | None  # when the user last proved who they are
    created_at: datetime
    ends_at: datetime  # as it was written at the begin; see `Waits.end_of`
    second_factor: bool  # whether the user has one

    def is_seen_anew(self, now: datetime) -> bool:
        """Return whether the latest use is old enough to be noted again."""
        return now - self.seen_at > _SEEN_EVERY


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """A valid session as people look at it."""

    digest: str
    user_id: int
    login: str
    name: str
    role: str
    how: How
    address: str | None  # network address of the sign-in
    created_at: datetime
    seen_at: datetime
    ends_at: datetime  # as it was written at the begin; see `Waits.end_of`

    @property
    def ref(self) -> str:
        """The beginning of the digest: enough to name a session, and not enough to look like one."""
        return self.digest[:REF_LENGTH]


def open_session(
    connection: Connection,
    digest: str,
    user_id: int,
    by: Actor,
    now: datetime,
    *,
    ends_at: datetime,
    proven_at: datetime | None,
) -> None:
    """Write a new session of a user, and delete those that have ended."""
    connection.execute(delete(session).where(session.c.ends_at <= now))
    row = {"digest": digest, "user_id": user_id, "how": by.how, "address": by.address}
    times = {"created_at": now, "seen_at": now, "ends_at": ends_at, "proven_at": proven_at}
    connection.execute(insert(session).values({**row, **times}))


def tie_session(connection: Connection, digest: str, provider_sid: str) -> None:
    """Tie a session to that of the provider, by its id there: the provider says when that has ended."""
    connection.execute(update(session).where(session.c.digest == digest).values(provider_sid=provider_sid))


def find_session(connection: Connection, digest: str, now: datetime, waits: Waits) -> SignedIn | None:
    """Find a valid session, or None."""
    return next(iter(load_sessions(connection, (digest,), now, waits)), None)


def load_sessions(connection: Connection, digests: Iterable[str], now: datetime, waits: Waits) -> tuple[SignedIn, ...]:
    """Load those of these sessions that are valid: not ended, used lately, of a user who is not blocked."""
    known = {"digests": list(digests), **_moments(now, waits)}
    return load_values(connection, SignedIn, _select_several(waits.is_shorter_for_operators), known)


@cache
def _select_several(is_shorter: bool) -> Select[Any]:
    query = select(session, *site_user.c["login", "name", "role", "groups"], has_factor())
    query = query.join(site_user, site_user.c.id == session.c.user_id)
    return query.where(session.c.digest.in_(bindparam("digests", expanding=True)), *_valid(is_shorter))


def note_seen(connection: Connection, digest: str, now: datetime) -> None:
    """Note that a session is in use."""
    connection.execute(update(session).where(session.c.digest == digest).values(seen_at=now))


def note_proven(connection: Connection, digest: str, now: datetime) -> bool:
    """Note that the user of a session has proved again who they are. Return whether there still is the session."""
    noted = update(session).where(session.c.digest == digest).values(proven_at=now)
    return bool(connection.execute(noted).rowcount)


def list_sessions(
    connection: Connection, now: datetime, waits: Waits, *, user_id: int | None = None, limit: int, offset: int = 0
) -> tuple[OpenSession, ...]:
    """List the valid sessions, of one user or of all, the latest used first."""
    query = _OPEN.where(*_valid(waits.is_shorter_for_operators))
    query = query.order_by(session.c.seen_at.desc(), session.c.digest).limit(limit)
    query = query if user_id is None else query.where(site_user.c.id == user_id)
    return load_values(connection, OpenSession, query.offset(offset), _moments(now, waits))


def get_session(connection: Connection, ref: str, user_id: int | None = None) -> OpenSession:
    """Get the session, of one user or of anybody, that `ref` names; raise NotFoundError."""
    named = session.c.digest.startswith(ref, autoescape=True)
    query = _OPEN.where(named if user_id is None else and_(named, site_user.c.id == user_id))
    found = find_value(connection, OpenSession, query) if len(ref) == REF_LENGTH else None
    if found is None:
        raise NotFoundError("open session", ref[:REF_LENGTH])
    return found


def end_session(connection: Connection, digest: str) -> bool:
    """Delete a session; return whether there was one."""
    return bool(connection.execute(delete(session).where(session.c.digest == digest)).rowcount)


def end_sessions(connection: Connection, user_id: int) -> int:
    """Delete every session of a user; return how many there were."""
    return connection.execute(delete(session).where(session.c.user_id == user_id)).rowcount


def end_provided_sessions(connection: Connection, issuer: str, subject: str | None, sid: str | None) -> Counter[str]:
    """Delete the sessions of a user of a provider, or of one session there; return how many of each login there were.

    Those of the user whose session there is not known end, too: it may be this one. Raise ValueError without both:
    those would be the sessions of everybody.
    """
    if subject is None and sid is None:
        raise ValueError("sessions of nobody")
    theirs = select(session.c.digest, site_user.c.login).join(site_user, site_user.c.id == session.c.user_id)
    theirs = theirs.where(site_user.c.issuer == issuer)
    if subject is not None:
        theirs = theirs.where(site_user.c.subject == subject)
    if sid is not None:
        is_this = session.c.provider_sid == sid
        theirs = theirs.where(is_this if subject is None else or_(is_this, session.c.provider_sid.is_(None)))
    found = connection.execute(theirs).all()
    connection.execute(delete(session).where(session.c.digest.in_([row.digest for row in found])))
    return Counter(row.login for row in found)


def end_other_sessions(connection: Connection, user_id: int, kept: str) -> int:
    """Delete every session of a user but one; return how many there were."""
    others = delete(session).where(session.c.user_id == user_id, session.c.digest != kept)
    return connection.execute(others).rowcount


def count_sessions(
    connection: Connection, now: datetime, waits: Waits, user_ids: Collection[int] | None = None
) -> dict[int, int]:
    """Count the valid sessions of some users, or of all, by user id."""
    query = select(session.c.user_id, func.count().label("held"))
    query = query.join(site_user, site_user.c.id == session.c.user_id).where(*_valid(waits.is_shorter_for_operators))
    if user_ids is not None:
        query = query.where(session.c.user_id.in_(user_ids))
    rows = connection.execute(query.group_by(session.c.user_id), _moments(now, waits))
    return {row.user_id: row.held for row in rows}


def _valid(is_shorter: bool) -> tuple[ColumnElement[bool], ...]:
    """Build the conditions of a session that has not ended: `Waits.end_of` and `Waits.idle`, of who is not blocked.

    `is_shorter`: those of operators end sooner. The values of the conditions are those of `_moments`.
    """
    is_young = session.c.created_at > bindparam("operators_since")
    if is_shorter:
        of_others = and_(site_user.c.role.not_in(OPERATING), session.c.created_at > bindparam("others_since"))
        is_young = or_(is_young, of_others)
    ends_later, in_use = session.c.ends_at > bindparam("now"), session.c.seen_at > bindparam("used_since")
    return ends_later, is_young, in_use, ~site_user.c.blocked


def _moments(now: datetime, waits: Waits) -> dict[str, datetime]:
    begun = {"operators_since": now - waits.life_of("operator"), "others_since": now - waits.life_of("")}
    return {"now": now, "used_since": now - waits.idle, **begun}
