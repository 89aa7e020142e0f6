"""Turns: how many requests are worked on at once, and whose is next."""

import asyncio
from collections import Counter, deque
from collections.abc import Hashable

Network = Hashable


class NoTurnError(Exception):
    """So many requests wait that one more would wait for too long."""


class Turns:
    """Turns for requests, the networks one after another, so that nobody waits for all the requests of somebody else.

    Whoever waits costs a few kilobytes, one who is answered a hundred. It is used in the thread of the loop.
    """

    def __init__(self, at_once: int, each: int, waiting: int = 2000) -> None:
        """`each`: turns of one network at once; the network None has no such limit. `waiting`: in all."""
        self._at_once, self._each, self._most_waiting = at_once, each, waiting
        self._running: Counter[Network | None] = Counter()
        self._total = self._waiting = 0
        self._queues: dict[Network | None, deque[asyncio.Future[None]]] = {}

    async def take(self, network: Network | None) -> None:
        """Wait for a turn. Raise NoTurnError if too many wait."""
        if self._total < self._at_once and self._may_run(network):
            self._begin(network)
            return
        if self._waiting >= self._most_waiting:
            self._turn_away(network)
        turn = asyncio.get_running_loop().create_future()
        self._queues.setdefault(network, deque()).append(turn)
        self._waiting += 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._forget(network, turn)
            else:
                self.give(network)
            raise

    def give(self, network: Network | None) -> None:
        """Give a turn back, and let the next one begin."""
        self._total -= 1
        self._running[network] -= 1
        if not self._running[network]:
            del self._running[network]
        following = next((each for each in self._queues if self._may_run(each)), network)
        if following in self._queues and self._may_run(following):
            queue = self._queues.pop(following)
            queue.popleft().set_result(None)
            self._waiting -= 1
            self._begin(following)
            if queue:
                self._queues[following] = queue  # as the last of the networks

    def _begin(self, network: Network | None) -> None:
        self._total += 1
        self._running[network] += 1

    def _may_run(self, network: Network | None) -> bool:
        return network is None or self._running[network] < self._each

    def _turn_away(self, network: Network | None) -> None:
        """Make place at the cost of the network with most that wait, or raise NoTurnError if it is this one."""
        longest = max(self._queues, key=lambda each: len(self._queues[each]))
        if len(self._queues[longest]) <= len(self._queues.get(network, ())) + 1:
            raise NoTurnError
        turn = self._queues[longest][-1]
        self._forget(longest, turn)
        turn.set_exception(NoTurnError())

    def _forget(self, network: Network | None, turn: "asyncio.Future[None]") -> None:
        queue = self._queues.get(network)
        if queue and turn in queue:
            queue.remove(turn)
            self._waiting -= 1
            if not queue:
                del self._queues[network]
