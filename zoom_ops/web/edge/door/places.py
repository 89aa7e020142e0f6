"""The places of connections: who has one, and who gives way when there is no room."""

from collections.abc import Hashable
from typing import Generic, TypeVar

Network = Hashable
Key = TypeVar("Key", bound=Hashable)


class Places(Generic[Key]):
    """The holders of places, and the queue of those that may give way.

    The one that gives way is the oldest of the network that has most in the queue, if these are more than its share.
    Where none has more, it is the oldest of all: with two connections a guest has as much as each attacker of
    thousands, but it does not wait for long. Every step takes constant time.
    """

    def __init__(self, share: int = 1) -> None:
        """`share`: how many of a network may wait like those of any other."""
        self._share = share
        self._networks: dict[Key, Network] = {}
        self._waiting: dict[Key, None] = {}  # those that may give way, the oldest first
        self._queues: dict[Network, dict[Key, None]] = {}  # those that may give way, the oldest first
        self._by_length: dict[int, dict[Network, None]] = {}  # the networks by the length of their queue
        self._longest = 0

    @property
    def waiting(self) -> int:
        """How many may give way."""
        return len(self._waiting)

    def is_large(self, network: Network | None) -> bool:
        """Return whether more of a network may give way than its share."""
        return len(self._queues.get(network, ())) > self._share

    def enter(self, key: Key, network: Network) -> None:
        """Take a place; the holder may not give way yet."""
        self._networks[key] = network

    def leave(self, key: Key) -> None:
        """Give the place back. Idempotent."""
        self.hold(key)
        self._networks.pop(key, None)

    def queue(self, key: Key) -> None:
        """Let a holder give way, as the newest of its network."""
        if key not in self._networks:
            return
        network = self._networks[key]
        queue = self._queues.setdefault(network, {})
        if key in queue:
            del queue[key], self._waiting[key]
            queue[key] = self._waiting[key] = None
        else:
            queue[key] = self._waiting[key] = None
            self._move(network, len(queue) - 1, len(queue))

    def hold(self, key: Key) -> None:
        """Let a holder keep its place. Idempotent."""
        if key not in self._waiting:
            return
        network = self._networks[key]
        queue = self._queues[network]
        del queue[key], self._waiting[key]
        self._move(network, len(queue) + 1, len(queue))
        if not queue:
            del self._queues[network]

    def first(self) -> Key | None:
        """Return who gives way first, None if nobody may."""
        while self._longest and self._longest not in self._by_length:
            self._longest -= 1
        if self._longest <= self._share:
            return next(iter(self._waiting), None)
        network = next(iter(self._by_length[self._longest]))
        return next(iter(self._queues[network]))

    def _move(self, network: Network, before: int, after: int) -> None:
        if before:
            del self._by_length[before][network]
            if not self._by_length[before]:
                del self._by_length[before]
        if after:
            self._by_length.setdefault(after, {})[network] = None
            self._longest = max(self._longest, after)
