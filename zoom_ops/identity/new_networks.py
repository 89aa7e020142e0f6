"""Whether a user came to a network only lately: who knows the password of somebody comes from elsewhere. Pure."""

from collections.abc import Iterable
from datetime import datetime

from ..networks import NEW_FOR, network_of


def find_new_network(address: str | None, sign_ins: Iterable[tuple[datetime, str | None]], now: datetime) -> str:
    """Return the network of an address, if the user came to it lately, and from others before; else nothing.

    `sign_ins` are the sign-ins of the user: when, and from which address.
    """
    if address is None:
        return ""
    network = network_of(address)
    seen = [(at, network_of(each)) for at, each in sign_ins if each]
    first = min((at for at, each in seen if each == network), default=now)
    return network if first > now - NEW_FOR and any(at < first for at, _ in seen) else ""
