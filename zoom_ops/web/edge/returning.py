"""Networks that come back, as readers do. It takes the same 260 kB however many networks ask."""

from array import array

_CELLS = 16_384
_KEPT_S = 120  # since it came back the last time


class Returning:
    """Remembers the latest networks that asked, and longer those that asked again. Times are seconds of one clock.

    In a flood in which each request names another address a reader is who was here before. Where nobody tells such
    addresses from each other, the share of a single one is nothing.
    """

    def __init__(self) -> None:
        self._holders = array("q", bytes(8 * _CELLS))  # what stands for a network, by cell
        self._back_at = array("d", (-_KEPT_S for _ in range(_CELLS)))  # when it came back

    def knows(self, network: str | None) -> bool:
        """Return whether a network is known to have asked before."""
        return network is not None and self._holders[hash(network) % _CELLS] == hash(network)

    def note(self, network: str | None, now: float) -> bool:
        """Note that a network asks; return whether it is known to have asked before."""
        if network is None:
            return False
        number = hash(network)
        place = number % _CELLS
        if self._holders[place] == number:
            self._back_at[place] = now
            return True
        if now - self._back_at[place] >= _KEPT_S:
            self._holders[place] = number
        return False

    def forget(self, network: str | None) -> None:
        """Take back that a network asked."""
        if self.knows(network):
            self._holders[hash(network) % _CELLS] = 0
