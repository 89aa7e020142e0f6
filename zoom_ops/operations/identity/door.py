"""What the web asks about who is there: sign in, sign out, and whose session this is."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from ...clock import Clock
from ...store.audit import Actor, record_audit
from ...store.connect import Database
from ...store.sessions import Opening, end_session, find_session, note_seen, open_session
from ...store.users import User, find_user, update_user
from .digests import digest_of, make_secret
from .passwords import Passwords
from .users import fold_login
from .who import Who, who_is


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How long a session holds."""

    idle: timedelta = timedelta(hours=12)  # without any request
    life: timedelta = timedelta(days=7)  # whatever happens


class Identity:
    """Who signs in, and who is signed in."""

    def __init__(self, database: Database, clock: Clock, passwords: Passwords, waits: Waits) -> None:
        self._database, self._clock, self._passwords, self.waits = database, clock, passwords, waits

    def sign_in(self, login: str, password: str, address: str | None = None) -> str | None:
        """Sign somebody in by password: tell the secret of the new session, or None whatever it is that is wrong."""
        with self._database.read() as connection:
            user = find_user(connection, fold_login(login))
        right = self._passwords.verify(password, user.password_hash if user and not user.blocked else None)
        renewed = self._renew(user, password) if user and right else {}
        with self._database.begin() as connection:
            if user is None or not right:
                self._note_refusal(connection, user, address)
                return None
            update_user(connection, user.id, signed_in_at=self._clock.now(), **renewed)
            return self._open(connection, user, Actor(name=user.login, how="session", address=address))

    def find(self, secret: str) -> Who | None:
        """Tell who holds the secret of a session; None where it is over."""
        digest = digest_of(secret)
        with self._database.read() as connection:
            now = self._clock.now()
            found = find_session(connection, digest, now, self.waits.idle)
        if found is None:
            return None
        if found.is_seen_anew(now):
            with self._database.begin(durable=False) as connection:
                note_seen(connection, digest, now)
        return who_is(found)

    def sign_out(self, who: Who, address: str | None = None) -> None:
        """End the session of somebody who is signed in."""
        with self._database.begin() as connection:
            if who.session and end_session(connection, who.session):
                record_audit(connection, who.at(address), "signed_out", ("user", who.login), self._clock.now())

    def _open(self, connection: Connection, user: User, by: Actor) -> str:
        secret, now = make_secret(), self._clock.now()
        opening = Opening(
            user_id=user.id, digest=digest_of(secret), how=by.how, address=by.address, life=self.waits.life
        )
        open_session(connection, opening, now)
        record_audit(connection, by, "signed_in", ("user", user.login), now)
        return secret

    def _note_refusal(self, connection: Connection, user: User | None, address: str | None) -> None:
        """Note that somebody was refused; a login that nobody has is not kept, for it may be a password."""
        login = user.login if user else ""
        by = Actor(name=login or "somebody", how="session", address=address)
        record_audit(connection, by, "sign_in_refused", ("user", login), self._clock.now())

    def _renew(self, user: User, password: str) -> dict[str, str]:
        """Make anew what is kept of a password where it was made with weaker numbers than today's."""
        dated = user.password_hash is not None and self._passwords.is_dated(user.password_hash)
        return {"password_hash": self._passwords.hash(password)} if dated else {}
