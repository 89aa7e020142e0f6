"""Rate limit of sign-in attempts, per login and per network address."""

import ipaddress
from collections.abc import Iterator
from datetime import timedelta

from ..clock import Clock
from ..rate import Rate
from ..store.db.connect import Database
from ..store.db.encryption import SecretBox
from ..store.identity.login_rate import clear_place, forget_old, give_back, take_place
from .users import fold_login

_BY_LOGIN = Rate(at_once=10, every=timedelta(seconds=30))
_BY_ADDRESS = Rate(at_once=30, every=timedelta(seconds=5))
_V6_NETWORK = 64  # prefix length of one household or one rented machine


class Throttle:
    """Count attempts in the database, for all processes and across restarts. A successful attempt does not count.

    Unknown logins count like known ones, so the limit does not reveal which logins exist.
    The database holds keyed digests of logins and networks.
    """

    def __init__(self, database: Database, clock: Clock, box: SecretBox) -> None:
        self._database, self._clock, self._box = database, clock, box

    def admit(self, login: str, address: str | None) -> timedelta | None:
        """Count an attempt before its password is checked. Return how long to wait after too many, or None."""
        with self._database.begin(durable=False) as connection:
            now = self._clock.now()
            waits = [take_place(connection, key, rate, now) for key, rate in self._keys(login, address)]
            forget_old(connection, now)
        return max((wait for wait in waits if wait), default=None)

    def forgive(self, login: str, address: str | None) -> None:
        """Uncount a successful attempt, and clear the failed ones of its login."""
        (by_login, _), *by_address = self._keys(login, address)
        with self._database.begin(durable=False) as connection:
            clear_place(connection, by_login)
            for key, rate in by_address:
                give_back(connection, key, rate)

    def _keys(self, login: str, address: str | None) -> Iterator[tuple[str, Rate]]:
        yield self._box.fingerprint("sign-in by login", fold_login(login)), _BY_LOGIN
        if address:
            yield self._box.fingerprint("sign-in by address", network_of(address)), _BY_ADDRESS


def network_of(address: str) -> str:
    """Return the network that an address counts for: an IPv4 address itself, the /64 network of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and not parsed.ipv4_mapped:
        return str(ipaddress.ip_network((parsed, _V6_NETWORK), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
