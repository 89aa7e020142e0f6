"""The own second factor of whoever is signed in: set up, removed, its recovery codes made anew."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..access import OPERATING
from ..errors import BadInputError, ForbiddenError, ZoomOpsError
from ..store.audit import load_first_sign_ins, load_latest, record_audit
from ..store.identity.second_factor import (
    count_codes,
    delete_factor,
    find_factor,
    has_codes,
    insert_factor,
    replace_codes,
)
from ..store.identity.sessions import end_other_sessions, note_proven
from ..store.identity.users import User, has_password, load_user
from .checks import Checks, WrongCodeError, WrongPasswordError
from .issued import make_secret as make_seed
from .new_networks import find_new_network
from .sealed_state import open_state, seal_state
from .second_factor import (
    TypedCode,
    build_otpauth,
    derive_recovery_codes,
    find_step,
    group_secret,
    make_secret,
    read_code,
)
from .throttle import Attempt
from .who import Who

OFFER_HOLDS = timedelta(minutes=15)
PROOF_HOLDS = timedelta(minutes=15)
_REPEATED = timedelta(minutes=1)  # so long the form that made recovery codes may come again
_ADDRESSES = 1_000  # of a user, the earliest, which are looked at
_RENEWED = "recovery_codes_renewed"
_HAS_ONE = "There is a second factor already. Remove it first."


class OfferEndedError(ZoomOpsError):
    """This secret was offered too long ago, or to somebody else. Begin again."""


@dataclass(frozen=True, kw_only=True)
class OwnFactor:
    """The second factor of a user, as the user sees it."""

    added_at: datetime
    codes_left: int  # recovery codes


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A new secret for an authenticator app. Nothing is stored before a code of it was typed."""

    sealed: str = field(repr=False)  # for the form that confirms it
    address: str = field(repr=False)  # otpauth://, for the QR code
    groups: tuple[str, ...] = field(repr=False)  # the secret, for whoever types it


class SecondFactors:
    """Second factors, as their users set them up and remove them. Everything is in the audit, without secrets."""

    def __init__(self, checks: Checks) -> None:
        self._checks, self._clock, self._box = checks, checks.clock, checks.box

    def find(self, who: Who) -> OwnFactor | None:
        """Find the second factor of a signed-in user, or None."""
        with self._checks.database.read() as connection:
            user = load_user(connection, who.login)
            factor, left = find_factor(connection, user.id), count_codes(connection, user.id)
        return OwnFactor(added_at=factor.added_at, codes_left=left) if factor else None

    def has_recovered(self, who: Who) -> bool:
        """Return whether the user has lately used a recovery code."""
        with self._checks.database.read() as connection:
            used = load_latest(connection, "user", (who.login,), ("recovery_code_used",))
        return any(abs(self._clock.now() - line.at) <= PROOF_HOLDS for line in used.values())

    def offer(self, who: Who, organisation: str) -> Offer:
        """Make a new secret, which waits OFFER_HOLDS for `add`. The app will show the organisation and the login."""
        ends = self._clock.now() + OFFER_HOLDS
        values = {"login": who.login, "secret": make_secret(), "seed": make_seed()}
        sealed = seal_state(self._box, "offer of a second factor", ends, values)
        return self.show_offer(who, sealed, organisation)

    def show_offer(self, who: Who, sealed: str, organisation: str) -> Offer:
        """Return the offer in a form again, for example after a wrong code. Raise OfferEndedError."""
        secret, _ = self._open(who, sealed)
        address = build_otpauth(secret, who.login, organisation)
        return Offer(sealed=sealed, address=address, groups=group_secret(secret))

    def add(self, who: Who, attempt: Attempt, sealed: str, code: str, password: str = "") -> tuple[str, ...]:
        """Add the second factor of an offer, if the code is of it. Return its recovery codes, which are shown once.

        All other sessions of the user end, and only the present network stays known: the others came by the password
        alone. The password is needed only where the latest proof is too old. The same offer with the same code, as a
        double click sends it, has the same recovery codes: the browser shows what comes last. Raise WrongPasswordError,
        also for a user of a provider, or where the session has ended meanwhile; WrongCodeError; OfferEndedError;
        BadInputError for a user who has a second factor; TooManyAttemptsError.
        """
        (secret, seed), typed = self._open(who, sealed), read_code(code)
        proven = is_proven(who, self._clock.now())
        user = self._load(who) if proven else self._checks.check_password(who, password, attempt, "proof_refused")
        if user.password_hash is None:
            raise WrongPasswordError
        by, now = who.at(attempt.address), self._clock.now()
        step = find_step(secret, typed, now) if typed else None
        if step is None:
            raise BadInputError(_HAS_ONE) if self.find(who) else WrongCodeError
        with self._checks.database.begin() as connection:
            if not has_password(connection, user.id, user.password_hash):  # locks the user: no sign-in slips through
                raise WrongPasswordError
            if not note_proven(connection, who.session or "", now):
                raise WrongPasswordError
            codes = derive_recovery_codes(seed)
            if not insert_factor(connection, user.id, self._box.seal(secret) or b"", step, now):
                if not self._was_added(connection, user, codes, step, now):
                    raise BadInputError(_HAS_ONE)
                return codes
            ended = end_other_sessions(connection, user.id, who.session or "")
            self._checks.throttle.know_only(connection, user.id, attempt)
            detail = {"sessions_ended": ended, **self._tell_new_network(connection, user, attempt.address)}
            record_audit(connection, by, "second_factor_added", ("user", user.login), now, **detail)
            return self._keep(connection, user, codes)

    def remove(self, who: Who, attempt: Attempt, password: str, code: str) -> None:
        """Remove the own second factor, with password and code. Raise as `renew_recovery_codes` does."""
        at_code = self._checks.throttle.look_at_code_of_session(who.login, attempt.address)
        user, by = self._checks.check_password(who, password, attempt, "proof_refused"), who.at(attempt.address)
        with self._checks.using_code(user, code, at_code, by) as used:
            delete_factor(used.connection, user.id)
            record_audit(used.connection, by, "second_factor_removed", ("user", user.login), self._clock.now())

    def renew_recovery_codes(self, who: Who, attempt: Attempt, password: str, code: str) -> tuple[str, ...]:
        """Make new recovery codes in place of all earlier ones, with password and code. Return them: shown once.

        The same code again, as a double click sends it, makes the same recovery codes. Raise WrongPasswordError;
        WrongCodeError; NoFactorError; TooManyAttemptsError.
        """

        def is_repeated(connection: Connection, typed: TypedCode) -> bool:
            renewed = load_latest(connection, "user", (who.login,), (_RENEWED,)).values()
            if not any(abs(self._clock.now() - line.at) < _REPEATED for line in renewed):
                return False
            return has_codes(connection, user.id, self._digests_of(user, self._derive(connection, who, user, typed)))

        at_code = self._checks.throttle.look_at_code_of_session(who.login, attempt.address)
        user, by = self._checks.check_password(who, password, attempt, "proof_refused"), who.at(attempt.address)
        with self._checks.using_code(user, code, at_code, by, is_repeated) as used:
            codes = self._derive(used.connection, who, user, used.code)
            if not used.is_repeated:
                record_audit(used.connection, by, _RENEWED, ("user", user.login), self._clock.now())
                self._keep(used.connection, user, codes)
            return codes

    def prove(self, who: Who, attempt: Attempt, password: str, code: str) -> None:
        """Let the user of a session prove that it is still them, by password, and by code where they have one.

        Raise as `renew_recovery_codes` does.
        """
        user = self._checks.check_password(who, password, attempt, "proof_refused")
        with self._checks.confirming(who, user, code, attempt.address) as connection:
            note_proven(connection, who.session or "", self._clock.now())

    def _tell_new_network(self, connection: Connection, user: User, address: str | None) -> dict[str, str]:
        """Return the network of whoever sets one up for an operator, where it is new for them: for the audit."""
        if user.role not in OPERATING:
            return {}
        sign_ins = [(row.at, row.address) for row in load_first_sign_ins(connection, user.login, _ADDRESSES)]
        network = find_new_network(address, sign_ins, self._clock.now())
        return {"new_network": network} if network else {}

    def _was_added(self, connection: Connection, user: User, codes: tuple[str, ...], step: int, now: datetime) -> bool:
        """Return whether the second factor was just added with this code and these ones, and none was used since."""
        factor = find_factor(connection, user.id)
        if factor is None or factor.step != step or abs(now - factor.added_at) >= _REPEATED:
            return False
        return has_codes(connection, user.id, self._digests_of(user, codes))

    def _derive(self, connection: Connection, who: Who, user: User, used: TypedCode) -> tuple[str, ...]:
        """Return the recovery codes that a code makes in a session, until the next code of the app is used."""
        factor = find_factor(connection, user.id)
        step = str(factor.step) if factor else ""
        return derive_recovery_codes(self._box.fingerprint("new recovery codes", who.session or "", step, used.text))

    def _keep(self, connection: Connection, user: User, codes: tuple[str, ...]) -> tuple[str, ...]:
        replace_codes(connection, user.id, self._digests_of(user, codes))
        return codes

    def _digests_of(self, user: User, codes: tuple[str, ...]) -> list[str]:
        compared = [read_code(code) for code in codes]
        return [self._checks.digests_of(user, code.text)[0] for code in compared if code]

    def _load(self, who: Who) -> User:
        with self._checks.database.read() as connection:
            return load_user(connection, who.login)

    def _open(self, who: Who, sealed: str) -> tuple[str, str]:
        """Return the secret of an offer to this user, and the seed of its recovery codes."""
        if who.how != "session":
            raise ForbiddenError("Your provider decides how you prove who you are.")
        kept = open_state(self._box, sealed, "offer of a second factor")
        if kept is None or kept.values["login"] != who.login or not kept.is_open(self._clock.now(), OFFER_HOLDS):
            raise OfferEndedError
        if "seed" not in kept.values:  # an offer from before an update
            raise OfferEndedError
        return str(kept.values["secret"]), str(kept.values["seed"])


def is_proven(who: Who, now: datetime) -> bool:
    """Return whether the user of a session has proved lately who they are. A proof that is yet to come is none."""
    return who.proven_at is not None and abs(now - who.proven_at) <= PROOF_HOLDS
