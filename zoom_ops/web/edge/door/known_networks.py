"""The networks that proved to be known, the latest ones."""

from ....networks import neighbourhood_of

_MOST, _EACH = 1_000, 10  # networks in all, and of one neighbourhood


class KnownNetworks:
    """The latest networks from where somebody proved to be known.

    Of a neighbourhood there are few: who has an account and a /48 of IPv6 could sign in from 65,536 networks, drive all
    others out, and go before them.
    """

    def __init__(self) -> None:
        self._networks = dict[str, None]()  # the latest last
        self._neighbours = dict[str, dict[str, None]]()  # as well, by neighbourhood

    def __contains__(self, network: str | None) -> bool:
        return network in self._networks

    def __len__(self) -> int:
        return len(self._networks)

    def add(self, network: str) -> None:
        """Add a network, or let it be the latest again. The oldest one goes if these are too many."""
        self._drop(network)
        self._networks[network] = None
        neighbours = self._neighbours.setdefault(neighbourhood_of(network), {})
        neighbours[network] = None
        if len(neighbours) > _EACH:
            self._drop(next(iter(neighbours)))
        if len(self._networks) > _MOST:
            self._drop(next(iter(self._networks)))

    def _drop(self, network: str) -> None:
        if network not in self._networks:
            return
        del self._networks[network]
        place = neighbourhood_of(network)
        del self._neighbours[place][network]
        if not self._neighbours[place]:
            del self._neighbours[place]
