"""Which networks lately did what costs others their places, and are turned away while there is little room."""

from collections import Counter

_KEPT_S = 10  # for so long, and at most twice as long, a blame counts
_ENOUGH = 64
_MOST = 20_000  # networks
HEAVY = 32  # what nobody does often by mistake, such as half a head in a full room
LIGHT = 8  # to come in vain: in a crowd everybody does
LEAST = 1  # a stream that has no place: in an office with one address each open page asks for one now and then


class Blames:
    """The blames of the last seconds. Times are the loop's."""

    def __init__(self) -> None:
        self._latest, self._older, self._since = Counter[str](), Counter[str](), 0.0

    def add(self, network: str | None, weight: int = HEAVY) -> None:
        """Blame a network. None stands for a proxy, which has many clients and is never to blame."""
        if network and (network in self._latest or len(self._latest) < _MOST):
            self._latest[network] += weight

    def are_enough(self, network: str | None, now: float) -> bool:
        """Return whether to look at what a network asks for would cost others too much."""
        if now - self._since >= _KEPT_S:
            self._older, self._latest, self._since = self._latest, Counter(), now
        return network is not None and self._latest[network] + self._older[network] >= _ENOUGH
