"""Turns: how many requests are worked on at once, and whose is next."""

import asyncio
from array import array
from collections import Counter
from collections.abc import Hashable

from ...networks import neighbourhood_of

Network = Hashable
_KNOWN, _OFTEN = -1, 100  # lines: of known networks; of others by how often they asked lately, up to so often
_NEW = _OFTEN + 1  # the first line of networks that were never here, which have as many lines of their own
_MOST_KNOWN = 8  # requests of a known network that go first: an attacker may share its address
_IN_A_ROW = 3  # turns of known networks, then one of the others that wait
_LATELY_S = 10  # for so long, and at most twice as long, it counts that somebody asked
_CELLS = 16_384
_NEIGHBOURS = 8  # requests of a neighbourhood count as one of each network in it
_Turn = asyncio.Future[bool]  # whether its turn has come


class NoTurnError(Exception):
    """So many requests wait that this one would wait for too long."""


class Turns:
    """Turns for requests: first those of known networks, then those of networks that asked least in the last seconds.

    However many known networks ask, the others get each fourth turn. Those that were here before and those that come
    for the first time take turns: a flood may come from a thousand networks again and again, or seem to come from
    another one each time. Among equals the networks come one after another.

    So nobody waits for all the requests of somebody else, and in a flood from many networks whoever asks now and then
    is served. Whoever waits costs a few kilobytes, one who is answered a hundred. It is used in the thread of the loop.
    """

    def __init__(self, at_once: int, each: int, waiting: int = 1000) -> None:
        """`each`: turns of one network at once; the network None has no such limit. `waiting`: in all."""
        self._at_once, self._each, self._most_waiting = at_once, each, waiting
        self._running: Counter[Network | None] = Counter()
        self._total = self._waiting = 0
        self._in_a_row = 0  # turns of known networks
        self._is_newcomers = False  # the next turn of others
        self._newcomers = self._others = 0  # networks that wait and came for the first time; others that nobody knows
        self._lately: Lately | None = None  # at rest nobody waits, and nobody is counted
        self._queues: dict[Network, _Queue] = {}  # a request without a network has one of its own
        self._lines: dict[int, dict[Network, None]] = {}  # those that wait, by how often they asked

    @property
    def is_crowded(self) -> bool:
        """Whether as many wait as may, so that for one more another one gives way."""
        return self._waiting >= self._most_waiting

    def asks_in_vain(self, network: str | None, what: Hashable = None, *, is_new: bool = False) -> bool:
        """Note that somebody asks; return whether they would give way at once, as nobody who waits asked as often."""
        if not self.is_crowded:
            return False
        queue, last = self._queues.get(network), self._last_line()
        if is_new != (last >= _NEW):
            return False
        return self._count(network, what) + (len(queue.turns) if queue else 0) + (_NEW if is_new else 0) >= last

    async def take(
        self, network: str | None, what: Hashable = None, *, is_known: bool = False, is_new: bool = False
    ) -> None:
        """Wait for a turn. Raise NoTurnError if it gives way to others, as too many wait.

        `what` is asked for: who asks for the same again, as whoever reloads a page does, counts once. `is_new`: nobody
        has seen the network before.
        """
        if self._total < self._at_once and self._may_run(network):
            self._begin(network)
            return
        turn: _Turn = asyncio.get_running_loop().create_future()
        key: Network = turn if network is None else network
        queue = self._queues.setdefault(key, _Queue(network))
        queue.count, queue.is_known, queue.is_new = self._count(network, what), is_known, is_new
        queue.turns[turn] = None
        self._waiting += 1
        self._line_up(key)
        if self._waiting > self._most_waiting:
            self._turn_one_away()
        try:
            is_mine = await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.result():
                self.give(network)
            raise
        finally:
            self._forget(key, turn)
        if not is_mine:  # an exception in the future would keep the request until a collection of garbage
            raise NoTurnError

    def give(self, network: str | None) -> None:
        """Give a turn back, and let the next one begin."""
        self._total -= 1
        self._running[network] -= 1
        if not self._running[network]:
            del self._running[network]
        while (key := self._next()) is not None:
            following, line = self._queues[key].network, self._queues[key].line or 0
            turn = self._take_first(key)
            if not turn.done():  # else it is given up
                turn.set_result(True)
                self._begin(following)
                self._in_a_row = self._in_a_row + 1 if line == _KNOWN else 0
                self._is_newcomers = line < _NEW if line != _KNOWN else self._is_newcomers
                return

    def _next(self) -> Network | None:
        are_many = self._in_a_row >= _IN_A_ROW
        numbers = sorted(self._lines, key=lambda number: self._rank(number, are_many=are_many))
        keys = (key for number in numbers for key in self._lines[number])
        return next((key for key in keys if self._may_run(self._queues[key].network)), None)

    def _rank(self, line: int, *, are_many: bool) -> tuple[int, int]:
        """Return what a line is sorted by: whose turn it is, then how often they asked.

        `are_many`: known networks had so many turns in a row that the others have one.
        """
        if line == _KNOWN:
            return (3 if are_many else 0), line
        return (1 if (line >= _NEW) == self._is_newcomers else 2), line

    def _last_line(self) -> int:
        """Return the line in which somebody gives way first: of those who come again or of newcomers, who are more.

        Known networks give way after all others.
        """
        are_newcomers = self._newcomers > self._others
        return max((line for line in self._lines if (line >= _NEW) == are_newcomers), default=max(self._lines))

    def _count(self, network: str | None, what: Hashable) -> int:
        """Count that a network asks; return how often it did. Without one nobody knows who asks."""
        if network is None:
            return 0
        self._lately = self._lately or Lately()
        return min(_OFTEN, self._lately.count(network, asyncio.get_running_loop().time(), what))

    def _begin(self, network: Network | None) -> None:
        self._total += 1
        self._running[network] += 1

    def _may_run(self, network: Network | None) -> bool:
        return network is None or self._running[network] < self._each

    def _line_up(self, key: Network) -> None:
        """Put a network into its line, as the last one; or into none if nothing of it waits."""
        queue = self._queues[key]
        if queue.line is not None:
            del self._lines[queue.line][key]
            if not self._lines[queue.line]:
                del self._lines[queue.line]
            self._note_waiting(queue.line, -1)
        queue.line = queue.find_line()
        if queue.line is not None:
            self._lines.setdefault(queue.line, {})[key] = None
            self._note_waiting(queue.line, 1)

    def _note_waiting(self, line: int, change: int) -> None:
        if line >= _NEW:
            self._newcomers += change
        elif line != _KNOWN:
            self._others += change

    def _take_first(self, key: Network) -> _Turn:
        """Take the oldest request of a network out of its queue."""
        turn = next(iter(self._queues[key].turns))
        self._forget(key, turn)
        return turn

    def _turn_one_away(self) -> None:
        turn = self._take_first(next(iter(self._lines[self._last_line()])))
        if not turn.done():
            turn.set_result(False)

    def _forget(self, key: Network, turn: _Turn) -> None:
        """Let a request wait no more. Idempotent."""
        queue = self._queues.get(key)
        if queue is None or turn not in queue.turns:
            return
        del queue.turns[turn]
        self._waiting -= 1
        self._line_up(key)
        if not queue.turns:
            del self._queues[key]


class _Queue:
    """The requests of a network that wait, the oldest first."""

    __slots__ = ("count", "is_known", "is_new", "line", "network", "turns")

    def __init__(self, network: str | None) -> None:
        self.network, self.count, self.is_known, self.is_new = network, 0, False, False
        self.line: int | None = None  # the one that the network is in
        self.turns: dict[_Turn, None] = {}

    def find_line(self) -> int | None:
        """Return its line: how often the network asked lately, with what waits; None if nothing does."""
        if not self.turns:
            return None
        is_first = self.is_known and len(self.turns) <= _MOST_KNOWN
        asked = min(_OFTEN, self.count + len(self.turns) - 1)
        return _KNOWN if is_first else asked + _NEW if self.is_new else asked


class Lately:
    """For how many things each network asked lately, with its neighbourhood; roughly.

    It takes the same few kilobytes however many networks ask. Times are seconds.
    """

    def __init__(self) -> None:
        self._latest, self._older, self._since = _Counts(), _Counts(), 0.0

    def count(self, network: str, now: float, what: Hashable = None) -> int:
        """Count once more, unless it is the same as before; None is never the same.

        Return for how many things the network asked, and a part of those that its neighbourhood asked for.
        """
        if now - self._since >= _LATELY_S:
            self._older, self._latest, self._since = self._latest, _Counts(), now
        step = 0 if what is not None and self._latest.has_seen(hash((network, what))) else 1
        neighbours = self._add(neighbourhood_of(network), step)
        return max(0, self._add(network, step) - 1) + neighbours // _NEIGHBOURS

    def _add(self, key: str, step: int) -> int:
        """Count a key in two cells: few other keys are in both, and nobody knows which."""
        number = hash(key)
        places = number % _CELLS, number // _CELLS % _CELLS
        for place in places:
            self._latest.cells[place] += step
        return min(self._latest.cells[place] + self._older.cells[place] for place in places)


class _Counts:
    """Counts of some seconds."""

    def __init__(self) -> None:
        self.cells = array("I", bytes(array("I").itemsize * _CELLS))
        self._seen = bytearray(4 * _CELLS)

    def has_seen(self, number: int) -> bool:
        """Return whether a thing was seen, and see it."""
        place = number % len(self._seen)
        has_seen = bool(self._seen[place])
        self._seen[place] = 1
        return has_seen
