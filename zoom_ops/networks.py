"""Network addresses: in which network a limit counts an address, and whether a network holds it."""

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

NEW_FOR = timedelta(days=7)  # since the first sign-in of a user from there: so long a network is new
_LONGEST = 64  # characters of an address with its zone


def network_of(address: str) -> str:
    """Return the network that an address counts for: an IPv4 address itself, the /64 network of an IPv6 address.

    That is what one customer has: a provider gives one IPv4 address to a household or a rented machine, and at least a
    /64 of IPv6, in which a machine takes as many addresses as it likes. What is no address is returned as it is.
    """
    return _network(address, 32, 64)


def neighbourhood_of(address: str) -> str:
    """Return the neighbourhood of an address or its network: the /24 network of an IPv4 address, the /48 of IPv6.

    That is the most that one customer gets for nothing: a /48 is 65,536 networks, and a rented /24 has 256. A limit by
    network alone would let its owner have as many times the attempts. What is known of the latest addresses is kept.
    """
    return _neighbourhood(address) if len(address) <= _LONGEST else address


@lru_cache(maxsize=4096)
def _neighbourhood(address: str) -> str:
    return _network(address.partition("/")[0], 24, 48)


def counted_network(address: str, proxies: tuple[str, ...]) -> str | None:
    """Return the network that an address counts for, None for the address of a proxy: it stands for many clients.

    What is known of the latest addresses is kept: in an attack each connection is counted more than once.
    """
    return _counted(address[:_LONGEST], proxies)


@lru_cache(maxsize=4096)
def _counted(address: str, proxies: tuple[str, ...]) -> str | None:
    return None if is_in(address, proxies) else network_of(address)


def is_in(address: str, networks: Iterable[str]) -> bool:
    """Return whether one of the networks, or addresses, holds an address. What is no address is in none."""
    parsed = _parse(address)
    return parsed is not None and any(parsed in _parse_network(network) for network in networks)


def _network(address: str, prefix_4: int, prefix_6: int) -> str:
    parsed = _parse(address)
    if parsed is None:
        return address
    prefix = prefix_4 if parsed.version == 4 else prefix_6
    return str(parsed) if prefix == parsed.max_prefixlen else str(ip_network((parsed, prefix), strict=False))


def _parse(address: str) -> IPv4Address | IPv6Address | None:
    """Parse an address, without its zone, and an IPv4 address in the form of IPv6 as what it is."""
    if len(address) > _LONGEST:
        return None
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


_parse_network = lru_cache(maxsize=256)(lambda network: ip_network(network, strict=False))  # of the settings
