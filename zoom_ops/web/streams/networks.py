"""The network that a client counts for, where clients share what is limited."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from ...identity import network_of


def counted_network(address: str, proxies: Sequence[str]) -> str | None:
    """Return the network that an address counts for, None for the address of a proxy: it stands for many clients."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return None if any(parsed in ip_network(proxy, strict=False) for proxy in proxies) else network_of(address)
