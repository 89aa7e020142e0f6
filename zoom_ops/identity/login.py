"""Sign-in by password, sessions and API tokens, as the web uses them."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from ..access import Reader
from ..clock import Clock
from ..errors import TemporaryError
from ..store.audit import Actor, record_audit
from ..store.db.connect import Database
from ..store.db.encryption import SecretBox
from ..store.identity.second_factor import find_factor
from ..store.identity.sessions import (
    OpenSession,
    SignedIn,
    Waits,
    end_other_sessions,
    end_session,
    end_sessions,
    find_session,
    get_session,
    list_sessions,
    load_sessions,
    note_seen,
    open_session,
)
from ..store.identity.tokens import find_token, load_digests, note_used
from ..store.identity.users import User, find_user, has_password, load_user, update_user
from .checks import Checks, WrongPasswordError
from .code_login import CodeLogin, CodeNeeded
from .issued import begin_session, digest_of, make_secret
from .own_factor import SecondFactors, is_proven
from .passwords import Passwords, check_password
from .refused import record_refusal
from .throttle import Attempt, Throttle, clear_limits
from .users import fold_login
from .who import Who, who_holds, who_is

_Key = TypeVar("_Key")
_PATIENCE_S = 0.5
_MOST_SHOWN = 50  # sessions of one user on their page


@dataclass(frozen=True, kw_only=True)
class OwnAccount:
    """A signed-in user and their sessions, as the user sees them."""

    user: User
    sessions: tuple[OpenSession, ...]
    current: str | None  # digest of the present session


class Identity:
    """Authenticate people by password or session, and scripts by token."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        box: SecretBox,
        waits: Waits,
        passwords: Passwords | None = None,
        *,
        second_factor_required: bool = False,
    ) -> None:
        self.database, self.clock, self.box, self.waits = database, clock, box, waits
        self.passwords, self._throttle = passwords or Passwords(), Throttle(database, clock, box)
        self.second_factor_required = second_factor_required  # for operators and admins who sign in with a password
        self._checks = Checks(
            database=database, clock=clock, box=box, passwords=self.passwords, throttle=self._throttle
        )
        self.second_factors, self.code_login = SecondFactors(self._checks), CodeLogin(self._checks, waits)

    def begin_attempt(self, login: str, address: str | None = None) -> Attempt:
        """Begin an attempt to sign in: small work, before anything waits for its turn. Raise TooManyAttemptsError."""
        return self._throttle.look(fold_login(login), address)

    def begin_proof(self, who: Who, address: str | None = None) -> Attempt:
        """Begin an attempt of who is signed in to prove it with the password. Raise TooManyAttemptsError.

        It counts for the session alone, so nobody else can use it up.
        """
        return self._throttle.look_at_session(who.login, who.session or "", address)

    def sign_in(self, attempt: Attempt, password: str, goal: str = "") -> str | CodeNeeded:
        """Sign a user in by password. Return the secret of the new session, or that it takes a code first.

        `code_login` finishes such a sign-in, and then returns the `goal`.
        Raise WrongPasswordError for a wrong password, an unknown login and a blocked user alike.
        Raise TooManyAttemptsError before the password is checked.
        """
        self._throttle.take(attempt)
        address = attempt.address
        with self.database.read() as connection:
            user = find_user(connection, attempt.login)
        if not self.passwords.verify(password, user.password_hash if user and not user.blocked else None):
            known = user.login if user else ""  # an unknown login is not recorded, because it may be a password
            by = Actor(name=known or "somebody", how="session", address=address)
            with self.database.begin() as connection:
                record_refusal(connection, by, "sign_in_refused", known, self.clock.now())
            raise WrongPasswordError
        assert user is not None  # noqa: S101 - no password is right for an unknown login
        self._throttle.forgive(attempt)
        renewed: dict[str, Any] = {}  # a hash that was made with other parameters than today's
        if user.password_hash is not None and self.passwords.is_dated(user.password_hash):
            renewed["password_hash"] = self.passwords.hash(password)
        with self.database.begin() as connection:
            if not has_password(connection, user.id, user.password_hash):  # changed or blocked since then
                raise WrongPasswordError
            if find_factor(connection, user.id):
                if renewed:
                    update_user(connection, user.id, **renewed)
                return self.code_login.begin(replace(user, **renewed), goal)
            by, now = Actor(name=user.login, how="session", address=address), self.clock.now()
            self._throttle.remember(connection, user.id, attempt)
            life = self.waits.life_of(user.role)
            return begin_session(connection, user.id, by, life, now, proven_at=now, **renewed)

    def find(self, secret: str, *, counts: bool = True) -> Who | None:
        """Find the user of a session by its secret, or None if the session has ended.

        `counts`: this is a use of the session, which ends when it has not been used for long.
        """
        digest, now = digest_of(secret), self.clock.now()
        with self.database.read() as connection:
            session = find_session(connection, digest, now, self.waits)
        if session and counts and session.is_seen_anew(now):
            self._note(note_seen, digest, now)
        return self._who_is(session) if session else None

    def find_token(self, secret: str) -> Who | None:
        """Find the script that holds a token, or None if the token has expired or was revoked."""
        now = self.clock.now()
        with self.database.read() as connection:
            token = find_token(connection, digest_of(secret), now)
        if token and token.is_used_anew(now):
            self._note(note_used, token.id, now)
        return who_holds(token) if token else None

    def load_token_digests(self) -> frozenset[str]:
        """Load the digests of all tokens."""
        with self.database.read() as connection:
            return load_digests(connection)

    def readers_of(self, sessions: Iterable[str]) -> dict[str, Reader]:
        """Return the reader of each session that is still valid, by digest. This does not count as use of a session."""
        with self.database.read() as connection:
            valid = load_sessions(connection, sessions, self.clock.now(), self.waits)
        return {session.digest: self._who_is(session).reader for session in valid}

    def sign_out(self, who: Who, address: str | None = None) -> None:
        """End the session of a signed-in user."""
        with self.database.begin() as connection:
            if who.session and end_session(connection, who.session):
                record_audit(connection, who.at(address), "signed_out", ("user", who.login), self.clock.now())

    def list_own(self, who: Who) -> OwnAccount:
        """Return what a signed-in user may know of their own user and its sessions."""
        with self.database.read() as connection:
            user = load_user(connection, who.login)
            window = {"user_id": user.id, "limit": _MOST_SHOWN}
            sessions = list_sessions(connection, self.clock.now(), self.waits, **window)
        return OwnAccount(user=user, sessions=sessions, current=who.session)

    def change_password(self, who: Who, attempt: Attempt, old: str, new: str, code: str = "") -> str:
        """Change a user's own password and end all their sessions. Return the secret of the new session in their place.

        Who has a second factor adds a code of it. Wrong codes stay counted. Raise UnusablePasswordError for the new
        one; WrongPasswordError for a wrong old one, for a user of a provider, or where the session has ended meanwhile;
        WrongCodeError; TooManyAttemptsError before the old one or the code is checked.
        """
        check_password(new, who.login, who.name, self.passwords.organisation)
        user = self._checks.check_password(who, old, attempt, "password_change_refused")
        by, now = who.at(attempt.address), self.clock.now()
        new_hash, secret = self.passwords.hash(new), make_secret()
        with self._checks.confirming(who, user, code, attempt.address) as connection:
            if not end_session(connection, who.session or ""):  # ended since then: by a second factor, for example
                raise WrongPasswordError
            update_user(connection, user.id, password_hash=new_hash)
            clear_limits(connection, self.box, user.login, ("password",))
            ended = end_sessions(connection, user.id) + 1
            ends = now + self.waits.life_of(user.role)
            open_session(connection, digest_of(secret), user.id, by, now, ends_at=ends, proven_at=now)
            detail = {"password": "set", "sessions_ended": ended}
            record_audit(connection, by, "user_changed", ("user", user.login), now, **detail)
        return secret

    def end_own(self, who: Who, ref: str | None, address: str | None = None) -> None:
        """End the session of this user that `ref` names, or without one all but the present one.

        Raise NotFoundError for a session that has ended, or is somebody else's.
        """
        with self.database.begin() as connection:
            user, now = load_user(connection, who.login), self.clock.now()
            if ref is None:
                ended = end_other_sessions(connection, user.id, who.session or "")
            else:
                ended = int(end_session(connection, get_session(connection, ref, user.id).digest))
            if ended:
                subject = ("user", user.login)
                record_audit(connection, who.at(address), "user_signed_out", subject, now, sessions_ended=ended)

    def is_proven(self, who: Who) -> bool:
        """Return whether the user of a session has proved lately who they are, by password or at their provider."""
        return is_proven(who, self.clock.now())

    def prove(self, who: Who, attempt: Attempt, password: str, code: str = "") -> None:
        """Let the user of a session prove that it is still them: with the password, and a code where they have codes.

        Raise WrongPasswordError, also for a user of a provider; WrongCodeError; TooManyAttemptsError before the
        password or the code is checked.
        """
        self.second_factors.prove(who, attempt, password, code)

    def _who_is(self, session: SignedIn) -> Who:
        ends_at = self.waits.end_of(session)
        return who_is(session, ends_at=ends_at, second_factor_required=self.second_factor_required)

    def _note(self, note: Callable[[Connection, _Key, datetime], None], key: _Key, now: datetime) -> None:
        """Note the use of a session or token. Skip it if the database is busy: the next request notes it."""
        with suppress(TemporaryError), self.database.begin(durable=False, patience_s=_PATIENCE_S) as connection:
            note(connection, key, now)
