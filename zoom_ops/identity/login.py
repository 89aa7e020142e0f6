"""What the web asks about who is there: sign in, sign out, and whose session this is."""

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
from ..store.identity.users import User, find_user, has_password
from .digests import digest_of
from .passwords import Passwords
from .sessions import begin_session
from .throttle import Attempt, Throttle
from .users import fold_login
from .who import Who, who_holds, who_is

_Key = TypeVar("_Key")
_PATIENCE_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How long a session holds."""

    idle: timedelta = timedelta(hours=12)  # without any request
    life: timedelta = timedelta(days=7)  # whatever happens


class WrongPasswordError(ZoomOpsError):
    """This name and password do not go together."""


class TooManyAttemptsError(ZoomOpsError):
    """There were too many attempts."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


class Identity:
    """Who signs in, who is signed in, and which script asks."""

    def __init__(
        self, database: Database, clock: Clock, box: SecretBox, waits: Waits, passwords: Passwords | None = None
    ) -> None:
        self._database, self._clock, self.waits = database, clock, waits
        self._passwords, self._throttle = passwords or Passwords(), Throttle(database, clock, box)

    def sign_in(self, login: str, password: str, address: str | None = None) -> str:
        """Sign somebody in by password and tell the secret of the session.

        Raises WrongPasswordError whatever it is that is wrong, and TooManyAttemptsError without having looked.
        """
        attempt = Attempt(login=login, address=address)
        if wait := self._throttle.admit(attempt):
            raise TooManyAttemptsError(wait)
        with self._database.read() as connection:
            user = find_user(connection, fold_login(login))
        if not self._passwords.verify(password, user.password_hash if user and not user.blocked else None):
            self._note_refusal(user, address)
            raise WrongPasswordError
        assert user is not None  # noqa: S101 - nobody's password is right
        self._throttle.forgive(attempt)
        renewed = self._renew(user, password)
        with self._database.begin() as connection:
            if not has_password(connection, user.id, user.password_hash):  # it was changed this very moment
                raise WrongPasswordError
            by = Actor(name=user.login, how="session", address=address)
            return begin_session(connection, user.id, by, self.waits.life, self._clock.now(), **renewed)

    def find(self, secret: str) -> Who | None:
        """Tell who holds the secret of a session; None where it is over."""
        digest, now = digest_of(secret), self._clock.now()
        with self._database.read() as connection:
            found = find_session(connection, digest, now, self.waits.idle)
        if found and found.is_seen_anew(now):
            self._note(note_seen, digest, now)
        return who_is(found) if found else None

    def find_token(self, secret: str) -> Who | None:
        """Tell which script holds a token; None where it has expired or was taken back."""
        now = self._clock.now()
        with self._database.read() as connection:
            found = find_token(connection, digest_of(secret), now)
        if found and found.is_used_anew(now):
            self._note(note_used, found.id, now)
        return who_holds(found) if found else None

    def readers_of(self, sessions: Iterable[str]) -> dict[str, Reader]:
        """Tell which of these sessions still hold, and who reads in each; it does not count as their use."""
        with self._database.read() as connection:
            found = load_sessions(connection, sessions, self._clock.now(), self.waits.idle)
        return {one.digest: who_is(one).reader for one in found}

    def sign_out(self, who: Who, address: str | None = None) -> None:
        """End the session of somebody who is signed in."""
        with self._database.begin() as connection:
            if who.session and end_session(connection, who.session):
                record_audit(connection, who.at(address), "signed_out", ("user", who.login), self._clock.now())

    def _note(self, note: Callable[[Connection, _Key, datetime], None], key: _Key, now: datetime) -> None:
        """Note that something is in use, unless the database is busy: nobody waits for that, and the next one does."""
        with suppress(TemporaryError), self._database.begin(durable=False, patience_s=_PATIENCE_S) as connection:
            note(connection, key, now)

    def _note_refusal(self, user: User | None, address: str | None) -> None:
        """Note that somebody was refused; a login that nobody has is not kept, for it may be a password."""
        login = user.login if user else ""
        by = Actor(name=login or "somebody", how="session", address=address)
        with self._database.begin() as connection:
            record_audit(connection, by, "sign_in_refused", ("user", login), self._clock.now())

    def _renew(self, user: User, password: str) -> dict[str, str]:
        """Make anew what is kept of a password where it was made with weaker numbers than today's."""
        dated = user.password_hash is not None and self._passwords.is_dated(user.password_hash)
        return {"password_hash": self._passwords.hash(password)} if dated else {}
