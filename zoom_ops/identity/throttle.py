"""Rate limit of sign-in attempts, per login and per network, that strangers cannot turn against who signs in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address

from sqlalchemy import Connection

from ..clock import Clock
from ..errors import BadInputError, ZoomOpsError
from ..networks import neighbourhood_of, network_of
from ..store.db.connect import Database
from ..store.db.encryption import SecretBox
from ..store.identity.known_networks import forget_known, is_known, note_known
from ..store.identity.login_rate import (
    clear_login,
    clear_place,
    forget_old,
    give_back,
    load_free,
    lock_free,
    set_free,
)
from .limits import Guessed, Limit, Proof, count_attempt, limits_of_code, limits_of_known, limits_of_stranger

_NOWHERE = "unknown"  # the network of who has no address


class TooManyAttemptsError(ZoomOpsError):
    """There were too many attempts."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An attempt to sign in, or to prove that it is still the same person: who, from where, and its limits by key."""

    login: str  # normalised
    address: str | None
    proof: Proof | None  # why it is not a stranger's
    networks: tuple[str, ...] = field(repr=False)  # digests of login and network, by each key
    limits: tuple[tuple[str, Limit], ...] = field(repr=False)


class Throttle:
    """Count attempts in the database, for all processes and across restarts. A successful attempt does not count.

    Unknown logins count like known ones, so the limit does not reveal which logins exist.
    The database holds keyed digests of logins and networks.
    """

    def __init__(self, database: Database, clock: Clock, box: SecretBox) -> None:
        self._database, self._clock, self._box = database, clock, box

    def look(self, login: str, address: str | None) -> Attempt:
        """Build the attempt of a normalised login from an address. Count nothing.

        Raise TooManyAttemptsError where it has to wait. Two queries by key, whoever asks.
        """
        network, now = network_of(address) if address else _NOWHERE, self._clock.now()
        networks = network_digests(self._box, login, network)
        with self._database.read() as connection:
            proof: Proof | None = "network" if is_known(connection, networks, now) else None
            if proof:
                limits = limits_of_known(login, proof, network)
            else:
                limits = limits_of_stranger(login, network, neighbourhood_of(address) if address else _NOWHERE)
            return self._look(connection, login, address, proof, limits, networks)

    def look_at_session(self, login: str, session: str, address: str | None) -> Attempt:
        """Build the attempt of who is signed in, by the digest of the session: only its own attempts count there."""
        with self._database.read() as connection:
            return self._look(connection, login, address, "session", limits_of_known(login, "session", session))

    def look_at_code(self, login: str, address: str | None) -> Attempt:
        """Build the attempt at the code of a login whose password was right. Raise TooManyAttemptsError."""
        network = network_of(address) if address else _NOWHERE
        networks = network_digests(self._box, login, network)
        with self._database.read() as connection:
            proof: Proof | None = "network" if is_known(connection, networks, self._clock.now()) else None
            return self._look(connection, login, address, proof, limits_of_code(login, proof, network), networks)

    def look_at_code_of_session(self, login: str, address: str | None) -> Attempt:
        """Build the attempt at the code of who is signed in."""
        with self._database.read() as connection:
            return self._look(connection, login, address, "session", limits_of_code(login, "session", ""))

    def take(self, attempt: Attempt) -> None:
        """Count an attempt before its password is checked. Raise TooManyAttemptsError, and then it counts nowhere."""
        with self._database.begin(durable=False) as connection:
            self.take_in(connection, attempt)

    def take_in(self, connection: Connection, attempt: Attempt) -> None:
        """Do as `take` in a transaction that checks it, too: others with the same limits wait for what comes of it."""
        of_logins = {
            key: None if limit.counts == "everybody" else login_digest(self._box, attempt.login, limit.of)
            for key, limit in attempt.limits
        }
        now = self._clock.now()
        counted = count_attempt(attempt.limits, lock_free(connection, of_logins, now), now)
        if counted.wait:
            raise TooManyAttemptsError(counted.wait)  # which takes the rows back
        set_free(connection, counted.free_at)
        forget_old(connection, now)

    def forgive(self, attempt: Attempt) -> None:
        """Uncount a successful attempt, and clear the failed ones of this login from this network or session.

        What strangers have used up elsewhere stays so: each sign-in would else give them the whole burst again.
        """
        with self._database.begin(durable=False) as connection:
            self.forgive_in(connection, attempt)

    def forgive_in(self, connection: Connection, attempt: Attempt) -> None:
        """Do as `forgive` in the transaction of `take_in`."""
        for key, limit in sorted(attempt.limits):
            if limit.counts == "own":
                clear_place(connection, key)
            else:
                give_back(connection, key, limit.rate)

    def remember(self, connection: Connection, user_id: int, attempt: Attempt) -> None:
        """Remember the network that a user has signed in from: strangers elsewhere cannot lock it out."""
        note_known(connection, user_id, attempt.networks[0], self._clock.now())

    def know_only(self, connection: Connection, user_id: int, attempt: Attempt) -> None:
        """Forget the networks that a user has signed in from, but for that of an attempt."""
        forget_known(connection, user_id)
        network = network_of(attempt.address) if attempt.address else _NOWHERE
        let_in_from(connection, self._box, user_id, attempt.login, network, self._clock.now())

    def _look(
        self,
        connection: Connection,
        login: str,
        address: str | None,
        proof: Proof | None,
        limits: tuple[Limit, ...],
        networks: tuple[str, ...] = (),
    ) -> Attempt:
        keyed = tuple((self._box.fingerprint(*limit.words), limit) for limit in limits)
        free_at = load_free(connection, [key for key, _ in keyed])
        if wait := count_attempt(keyed, free_at, self._clock.now()).wait:
            raise TooManyAttemptsError(wait)
        return Attempt(login=login, address=address, proof=proof, networks=networks, limits=keyed)


def login_digest(box: SecretBox, login: str, guessed: Guessed = "password") -> str:
    """Return the digest by which the counters of a normalised login are found, to clear them."""
    return box.fingerprint("login" if guessed == "password" else "login of codes", login)


def network_digests(box: SecretBox, login: str, network: str) -> tuple[str, ...]:
    """Return the digests of a login with a network, by each key, the present one first."""
    return box.fingerprints("known network", login, network)


def clear_limits(
    connection: Connection, box: SecretBox, login: str, guessed: Iterable[Guessed] = ("password", "code")
) -> None:
    """Forget all attempts for a normalised login."""
    for each in guessed:
        clear_login(connection, login_digest(box, login, each))


def let_in_from(connection: Connection, box: SecretBox, user_id: int, login: str, network: str, now: datetime) -> None:
    """Let a normalised login in from a network, as if it had signed in from there before."""
    note_known(connection, user_id, network_digests(box, login, network)[0], now)


def check_network(address: str) -> str:
    """Return the network of an address that somebody has typed. Raise BadInputError for what is no address."""
    try:
        ip_address(address)
    except ValueError:
        raise BadInputError(f"{address[:100]!r} is no network address, such as 203.0.113.7 or 2001:db8::7.") from None
    return network_of(address)
