"""The places of streams: how many pages of one network, and of all, are told of changes while they are open."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...networks import counted_network


@dataclass(frozen=True, kw_only=True)
class StreamLimits:
    """How many streams may be open at once; those of a proxy itself are of many clients."""

    most: int = 2000
    each: int = 20  # of one network
    proxies: Sequence[str] = ()


class StreamRefusedError(Exception):
    """There is no place for one more stream. The page asks for itself now and then instead."""


class StreamPlaces:
    """The open streams of the public pages, by network."""

    def __init__(self, limits: StreamLimits | None = None) -> None:
        limits = limits or StreamLimits()
        self._limits, self._most = limits, limits.most
        self._open = 0
        self._by_network: Counter[str] = Counter()

    def fit(self, connections: int) -> None:
        """Leave half of the connections to those who ask for pages."""
        self._most = min(self._limits.most, connections // 2)

    def has_place(self, address: str | None) -> bool:
        """Return whether there is a place for one more stream of an address."""
        return self._has_place(self._network_of(address))

    def enter(self, address: str | None) -> str | None:
        """Take a place; return what gives it back. Raise StreamRefusedError if there is none."""
        network = self._network_of(address)
        if not self._has_place(network):
            raise StreamRefusedError
        self._open += 1
        if network:
            self._by_network[network] += 1
        return network

    def leave(self, network: str | None) -> None:
        """Give a place back."""
        self._open -= 1
        if network:
            self._by_network[network] -= 1
            if not self._by_network[network]:
                del self._by_network[network]

    def _network_of(self, address: str | None) -> str | None:
        return counted_network(address, tuple(self._limits.proxies)) if address else None

    def _has_place(self, network: str | None) -> bool:
        return self._open < self._most and not (network and self._by_network[network] >= self._limits.each)


class Place:
    """The place of one stream. It is given back once, by whoever has it last."""

    __slots__ = ("_network", "_places")

    def __init__(self, places: StreamPlaces, network: str | None) -> None:
        """`network`: what `enter` returned."""
        self._places: StreamPlaces | None = places
        self._network = network

    def leave(self) -> None:
        """Give it back. Idempotent."""
        places, self._places = self._places, None
        if places:
            places.leave(self._network)

    def hand_on(self) -> "Place":
        """Return the place for somebody else; this one gives nothing back any more. Raise RuntimeError without it."""
        places, self._places = self._places, None
        if not places:
            raise RuntimeError("This place was given back.")
        return Place(places, self._network)
