"""Turns: how many requests are worked on at once, and whose is next."""

import asyncio
from collections import Counter
from collections.abc import Hashable

from .door.places import Places

Network = Hashable
_SHARE = 50  # part of all that wait: a network with more of them is the first to be turned away
_NOBODY = object()
_Turn = asyncio.Future[bool]  # whether its turn has come


class NoTurnError(Exception):
    """So many requests wait that this one would wait for too long."""


class Turns:
    """Turns for requests, the networks one after another, so that nobody waits for all the requests of somebody else.

    Whoever waits costs a few kilobytes, one who is answered a hundred. It is used in the thread of the loop.
    """

    def __init__(self, at_once: int, each: int, waiting: int = 1000) -> None:
        """`each`: turns of one network at once; the network None has no such limit. `waiting`: in all."""
        self._at_once, self._each, self._most_waiting = at_once, each, waiting
        self._running: Counter[Network | None] = Counter()
        self._total = 0
        self._queues: dict[Network | None, dict[_Turn, None]] = {}  # those that wait, the oldest first
        self._places: Places[_Turn] = Places(max(1, waiting // _SHARE))

    @property
    def is_crowded(self) -> bool:
        """Whether as many wait as may, so that for one more another one gives way."""
        return self._places.waiting >= self._most_waiting

    async def take(self, network: Network | None) -> None:
        """Wait for a turn. Raise NoTurnError if it gives way to others, as too many wait."""
        if self._total < self._at_once and self._may_run(network):
            self._begin(network)
            return
        turn: _Turn = asyncio.get_running_loop().create_future()
        self._queues.setdefault(network, {})[turn] = None
        self._places.enter(turn, network or turn)
        self._places.queue(turn)
        if self._places.waiting > self._most_waiting and (first := self._places.first()):
            self._places.leave(first)
            first.set_result(False)
        try:
            is_mine = await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.result():
                self.give(network)
            raise
        finally:
            self._forget(network, turn)
        if not is_mine:  # an exception in the future would keep the request until a collection of garbage
            raise NoTurnError

    def give(self, network: Network | None) -> None:
        """Give a turn back, and let the next one begin."""
        self._total -= 1
        self._running[network] -= 1
        if not self._running[network]:
            del self._running[network]
        while (following := next((each for each in self._queues if self._may_run(each)), _NOBODY)) is not _NOBODY:
            turn = next(iter(self._queues[following]))
            self._forget(following, turn)
            if turn.done():  # it is turned away, or given up
                continue
            if following in self._queues:
                self._queues[following] = self._queues.pop(following)  # as the last of the networks
            turn.set_result(True)
            self._begin(following)
            return

    def _begin(self, network: Network | None) -> None:
        self._total += 1
        self._running[network] += 1

    def _may_run(self, network: Network | None) -> bool:
        return network is None or self._running[network] < self._each

    def _forget(self, network: Network | None, turn: _Turn) -> None:
        """Let a request wait no more. Idempotent."""
        self._places.leave(turn)
        queue = self._queues.get(network, {})
        queue.pop(turn, None)
        if not queue:
            self._queues.pop(network, None)
