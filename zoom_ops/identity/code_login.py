"""Sign-in with a second factor: between the right password and the code, the browser holds an encrypted state."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection

from ..errors import NotFoundError, ZoomOpsError
from ..store.audit import Actor
from ..store.identity.second_factor import count_codes, find_factor
from ..store.identity.sessions import Waits, find_session
from ..store.identity.users import User, get_user
from .checks import Checks, NoFactorError, WrongPasswordError
from .issued import begin_session, derive_secret, digest_of, make_secret
from .sealed_state import open_state, seal_state
from .second_factor import TypedCode
from .throttle import Attempt

CODE_PATIENCE = timedelta(minutes=5)  # from the password to the code
_REPEATED = timedelta(minutes=1)  # after a sign-in: so long its form may come again, from the same browser


class SignInEndedError(ZoomOpsError):
    """This sign-in was begun too long ago, by another password, or not at all. Begin again."""

    def __init__(self, goal: str = "/") -> None:
        super().__init__()
        self.goal = goal  # the path that it was for


@dataclass(frozen=True, kw_only=True)
class CodeNeeded:
    """The password was right, and no session is open before a code is typed."""

    state: str = field(repr=False)  # for a cookie of the browser, for CODE_PATIENCE


@dataclass(frozen=True, kw_only=True)
class CodeAttempt:
    """An attempt to finish a sign-in with a code."""

    user: User
    goal: str
    attempt: Attempt
    seed: str = field(repr=False)  # of the session


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A sign-in that is finished."""

    secret: str = field(repr=False)  # of the session
    goal: str
    codes_left: int | None  # where a recovery code was used


class CodeLogin:
    """The second step of a sign-in by password."""

    def __init__(self, checks: Checks, waits: Waits) -> None:
        self._checks, self._waits = checks, waits

    def begin(self, user: User, goal: str) -> CodeNeeded:
        """Build the state of a sign-in whose password was right: for this user while it has this password."""
        ends = self._checks.clock.now() + CODE_PATIENCE
        mark = self._checks.box.fingerprint("sign-in", user.password_hash or "")
        values = {"user": user.id, "password": mark, "goal": goal, "seed": make_secret()}
        return CodeNeeded(state=seal_state(self._checks.box, "code of a sign-in", ends, values))

    def look(self, state: str, address: str | None) -> CodeAttempt:
        """Begin an attempt with the state of the browser's cookie. Count nothing.

        Raise SignInEndedError, also where the password has changed, the second factor is gone or the user is blocked;
        TooManyAttemptsError.
        """
        box, now = self._checks.box, self._checks.clock.now()
        kept = open_state(box, state, "code of a sign-in")
        if kept is None:
            raise SignInEndedError
        goal = str(kept.values["goal"])
        with self._checks.database.read() as connection:
            try:
                user = get_user(connection, kept.values["user"])
            except NotFoundError:
                raise SignInEndedError(goal) from None
            factor = find_factor(connection, user.id)
        is_same = not user.blocked and kept.values["password"] in box.fingerprints("sign-in", user.password_hash or "")
        seed = kept.values.get("seed")  # a state from before an update has none
        if factor is None or seed is None or not (is_same and kept.is_open(now, CODE_PATIENCE)):
            raise SignInEndedError(goal)
        attempt = self._checks.throttle.look_at_code(user.login, address)
        return CodeAttempt(user=user, goal=goal, attempt=attempt, seed=seed)

    def finish(self, begun: CodeAttempt, code: str) -> Finished:
        """Begin the session, if the code is one. Raise WrongCodeError, SignInEndedError or TooManyAttemptsError.

        The same state with the same code, as a double click sends it, is the same session.
        """
        user, now, attempt = begun.user, self._checks.clock.now(), begun.attempt
        by = Actor(name=user.login, how="session", address=attempt.address)

        def is_repeated(connection: Connection, typed: TypedCode) -> bool:
            digest = digest_of(derive_secret(begun.seed, typed.text))
            session = find_session(connection, digest, now, self._waits)
            return session is not None and abs(now - session.created_at) < _REPEATED

        try:
            with self._checks.using_code(user, code, attempt, by, is_repeated) as used:
                secret = derive_secret(begun.seed, used.code.text)
                if not used.is_repeated:
                    life = self._waits.life_of(user.role)
                    self._checks.throttle.remember(used.connection, user.id, attempt)
                    begin_session(used.connection, user.id, by, life, now, proven_at=now, secret=secret)
                left = count_codes(used.connection, user.id) if used.code.kind == "recovery" else None
        except (WrongPasswordError, NoFactorError):  # changed, or removed, since we looked
            raise SignInEndedError(begun.goal) from None
        return Finished(secret=secret, goal=begun.goal, codes_left=left)
