"""Check passwords and codes, within the limits. The audit has what was refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from ..clock import Clock
from ..errors import ZoomOpsError
from ..store.audit import CODE_REFUSED, Actor, record_audit
from ..store.db.connect import Database
from ..store.db.encryption import SecretBox
from ..store.identity.second_factor import SecondFactor, count_codes, find_factor, use_code, use_step
from ..store.identity.users import User, has_password, load_user
from .passwords import Passwords
from .refused import record_refusal
from .second_factor import TypedCode, find_step, read_code
from .throttle import Attempt, Throttle
from .who import Who

IsRepeated = Callable[[Connection, TypedCode], bool]


class WrongPasswordError(ZoomOpsError):
    """This name and password do not go together."""


class WrongCodeError(ZoomOpsError):
    """This code is none, of another time, or was used."""


class NoFactorError(WrongCodeError):
    """There is no second factor whose code this could be, or no longer: nothing is guessed, so it is not counted."""


@dataclass(frozen=True, kw_only=True)
class UsedCode:
    """A code that was right, in the transaction that uses it."""

    connection: Connection
    code: TypedCode
    is_repeated: bool  # it was used before, to ask for the same thing


@dataclass(frozen=True, kw_only=True)
class Checks:
    """The checks of who somebody is, and what they need."""

    database: Database
    clock: Clock
    box: SecretBox
    passwords: Passwords
    throttle: Throttle

    def check_password(self, who: Who, password: str, attempt: Attempt, refused: str) -> User:
        """Return the user who is signed in, if this is their password. A wrong one is in the audit as `refused`.

        Raise WrongPasswordError, also for a user of a provider; TooManyAttemptsError before the password is checked.
        """
        self.throttle.take(attempt)
        with self.database.read() as connection:
            user = load_user(connection, who.login)
        if not self.passwords.verify(password, user.password_hash):
            self._refuse(who.at(attempt.address), refused, user)
            raise WrongPasswordError
        self.throttle.forgive(attempt)
        return user

    @contextmanager
    def using_code(
        self, user: User, typed: str, attempt: Attempt, by: Actor, is_repeated: IsRepeated = lambda *_: False
    ) -> Iterator[UsedCode]:
        """Use a code of a user, in the transaction that does what it lets be done, and yield both.

        The row of the user stays locked, so the second factor stays too. No code is used twice, whoever tries, except
        where `is_repeated` says that this asks for the same thing again. Raise WrongCodeError; NoFactorError where the
        second factor was removed; WrongPasswordError where the password was changed or the user blocked since `user`
        was read; TooManyAttemptsError before the code is checked. The attempt is counted in the same transaction: the
        second click on a right code never meets the first one as an attempt in vain.
        """
        code = read_code(typed)
        with self.database.begin() as connection:
            if not has_password(connection, user.id, user.password_hash):
                raise WrongPasswordError
            factor = find_factor(connection, user.id)
            if factor is None:
                raise NoFactorError
            self.throttle.take_in(connection, attempt)
            is_used = code is not None and self._use(connection, factor, user, code)
            if code is not None and (is_used or is_repeated(connection, code)):
                self.throttle.forgive_in(connection, attempt)
                if is_used and code.kind == "recovery":
                    left = count_codes(connection, user.id)
                    subject = ("user", user.login)
                    record_audit(connection, by, "recovery_code_used", subject, self.clock.now(), left=left)
                yield UsedCode(connection=connection, code=code, is_repeated=not is_used)
                return
        self._refuse(by, CODE_REFUSED, user)
        raise WrongCodeError

    @contextmanager
    def confirming(self, who: Who, user: User, code: str, address: str | None) -> Iterator[Connection]:
        """Begin a transaction of who is signed in and gave the right password; who has a second factor uses a code.

        Raise as `using_code` does; WrongCodeError also where a second factor was added since we looked.
        """
        with self.database.read() as connection:
            has_one = find_factor(connection, user.id) is not None
        if has_one:
            attempt = self.throttle.look_at_code_of_session(who.login, address)
            with self.using_code(user, code, attempt, who.at(address)) as used:
                yield used.connection
            return
        with self.database.begin() as connection:
            if not has_password(connection, user.id, user.password_hash):  # changed or blocked since then
                raise WrongPasswordError
            if find_factor(connection, user.id):
                raise WrongCodeError
            yield connection

    def digests_of(self, user: User, recovery_code: str) -> tuple[str, ...]:
        """Return the digests of a recovery code as it is compared, by each key, the present one first."""
        return self.box.fingerprints("recovery code", str(user.id), recovery_code)

    def _use(self, connection: Connection, factor: SecondFactor, user: User, code: TypedCode) -> bool:
        if code.kind == "recovery":
            return use_code(connection, user.id, self.digests_of(user, code.text))
        step = find_step(self.open_secret(factor), code, self.clock.now(), after=factor.step)
        return step is not None and use_step(connection, user.id, step)

    def open_secret(self, factor: SecondFactor) -> str:
        """Decrypt the secret of an authenticator app."""
        return self.box.unseal(factor.sealed_secret) or ""

    def _refuse(self, by: Actor, what: str, user: User) -> None:
        with self.database.begin() as connection:
            record_refusal(connection, by, what, user.login, self.clock.now())
