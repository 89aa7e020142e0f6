"""Which networks lately did what costs others their places, and are turned away while there is little room."""

from collections import Counter

_KEPT_S = 10  # for so long, and at most twice as long, a blame counts
_ENOUGH = 64
_MOST = 20_000  # networks
_MOST_EXCUSED = 4_000
_SAVED = 4_000  # of excuses beyond what a network is blamed for: more would pay for a flood later
HEAVY = 32  # what nobody does often by mistake, such as half a head in a full room
LIGHT = 8  # to come in vain: in a crowd everybody does
LEAST = 1  # a stream that has no place: in an office with one address each open page asks for one now and then


class Blames:
    """The blames of the last seconds, and what excuses them. Times are the loop's.

    A university behind one address asks more often in vain than any attacker. It gets far more of what it asks for.
    """

    def __init__(self) -> None:
        self._latest, self._older, self._since = Counter[str](), Counter[str](), 0.0
        self._excuses, self._older_excuses = Counter[str](), Counter[str]()

    def add(self, network: str | None, weight: int = HEAVY) -> None:
        """Blame a network. None stands for a proxy, which has many clients and is never to blame."""
        if network and (network in self._latest or len(self._latest) < _MOST):
            self._latest[network] += weight

    def excuse(self, network: str | None) -> None:
        """Note that somebody in a network got what they asked for."""
        if not network or self._weight_of(network) <= -_SAVED:
            return
        if network in self._excuses or len(self._excuses) < _MOST_EXCUSED:
            self._excuses[network] += LIGHT

    def is_blamed(self, network: str | None) -> bool:
        """Return whether a network is blamed for anything."""
        return network in self._latest or network in self._older

    def is_excused(self, network: str | None) -> bool:
        """Return whether a network got more than it asked for in vain."""
        return self._weight_of(network) < 0

    def are_enough(self, network: str | None, now: float) -> bool:
        """Return whether to look at what a network asks for would cost others too much."""
        if now - self._since >= _KEPT_S:
            self._older, self._latest, self._since = self._latest, Counter(), now
            self._older_excuses, self._excuses = self._excuses, Counter()
        return self._weight_of(network) >= _ENOUGH

    def _weight_of(self, network: str | None) -> int:
        if network is None:
            return 0
        excused = self._excuses[network] + self._older_excuses[network]
        return self._latest[network] + self._older[network] - excused
