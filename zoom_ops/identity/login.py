"""Sign-in by password, sessions and API tokens, as the web uses them."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from ..access import Reader
from ..clock import Clock
from ..errors import TemporaryError, ZoomOpsError
from ..store.audit import Actor, record_audit
from ..store.db.connect import Database
from ..store.db.encryption import SecretBox
from ..store.identity.sessions import end_session, find_session, load_sessions, note_seen
from ..store.identity.tokens import find_token, note_used
from ..store.identity.users import find_user, has_password
from .issued import begin_session, digest_of
from .passwords import Passwords
from .throttle import Throttle
from .users import fold_login
from .who import Who, who_holds, who_is

_Key = TypeVar("_Key")
_PATIENCE_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Waits:
    """The time limits of a session."""

    idle: timedelta = timedelta(hours=12)  # longest time without a request
    life: timedelta = timedelta(days=7)  # longest time in all


class WrongPasswordError(ZoomOpsError):
    """This name and password do not go together."""


class TooManyAttemptsError(ZoomOpsError):
    """There were too many attempts."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


class Identity:
    """Authenticate people by password or session, and scripts by token."""

    def __init__(
        self, database: Database, clock: Clock, box: SecretBox, waits: Waits, passwords: Passwords | None = None
    ) -> None:
        self._database, self._clock, self.waits = database, clock, waits
        self._passwords, self._throttle = passwords or Passwords(), Throttle(database, clock, box)

    def sign_in(self, login: str, password: str, address: str | None = None) -> str:
        """Sign a user in by password. Return the secret of the new session.

        Raise WrongPasswordError for a wrong password, an unknown login and a blocked user alike.
        Raise TooManyAttemptsError before the password is checked.
        """
        if wait := self._throttle.admit(login, address):
            raise TooManyAttemptsError(wait)
        with self._database.read() as connection:
            user = find_user(connection, fold_login(login))
        if not self._passwords.verify(password, user.password_hash if user and not user.blocked else None):
            known = user.login if user else ""  # an unknown login is not recorded, because it may be a password
            by = Actor(name=known or "somebody", how="session", address=address)
            with self._database.begin() as connection:
                record_audit(connection, by, "sign_in_refused", ("user", known), self._clock.now())
            raise WrongPasswordError
        assert user is not None  # noqa: S101 - no password is right for an unknown login
        self._throttle.forgive(login, address)
        # renew a hash that was made with other parameters than today's
        dated = user.password_hash is not None and self._passwords.is_dated(user.password_hash)
        renewed = {"password_hash": self._passwords.hash(password)} if dated else {}
        with self._database.begin() as connection:
            if not has_password(connection, user.id, user.password_hash):  # changed or blocked since then
                raise WrongPasswordError
            by = Actor(name=user.login, how="session", address=address)
            return begin_session(connection, user.id, by, self.waits.life, self._clock.now(), **renewed)

    def find(self, secret: str) -> Who | None:
        """Find the user of a session by its secret, or None if the session has ended."""
        digest, now = digest_of(secret), self._clock.now()
        with self._database.read() as connection:
            session = find_session(connection, digest, now, self.waits.idle)
        if session and session.is_seen_anew(now):
            self._note(note_seen, digest, now)
        return who_is(session) if session else None

    def find_token(self, secret: str) -> Who | None:
        """Find the script that holds a token, or None if the token has expired or was revoked."""
        now = self._clock.now()
        with self._database.read() as connection:
            token = find_token(connection, digest_of(secret), now)
        if token and token.is_used_anew(now):
            self._note(note_used, token.id, now)
        return who_holds(token) if token else None

    def readers_of(self, sessions: Iterable[str]) -> dict[str, Reader]:
        """Return the reader of each session that is still valid, by digest. This does not count as use of a session."""
        with self._database.read() as connection:
            valid = load_sessions(connection, sessions, self._clock.now(), self.waits.idle)
        return {session.digest: who_is(session).reader for session in valid}

    def sign_out(self, who: Who, address: str | None = None) -> None:
        """End the session of a signed-in user."""
        with self._database.begin() as connection:
            if who.session and end_session(connection, who.session):
                record_audit(connection, who.at(address), "signed_out", ("user", who.login), self._clock.now())

    def _note(self, note: Callable[[Connection, _Key, datetime], None], key: _Key, now: datetime) -> None:
        """Note the use of a session or token. Skip it if the database is busy: the next request notes it."""
        with suppress(TemporaryError), self._database.begin(durable=False, patience_s=_PATIENCE_S) as connection:
            note(connection, key, now)
