"""The memory that the bodies of all requests of this process may take together, 32 MB.

Those of strangers have a part of their own, so that who is known can always send a large one.
"""

from anyio import CancelScope, Event

from .giving_way import Held, who_gives_way

STRANGERS = 8_388_608  # bytes, of bodies up to the common limit
LARGE = 25_165_824  # bytes, of larger ones
_SPARE = 8  # so that not each piece that comes makes somebody give way, an eighth is freed at once


class HeldBody(Held):
    """A body that can be told to give way while it waits for its next piece."""

    def __init__(self, network: str) -> None:
        super().__init__(network=network)
        self.gave_way = False
        self.waiting: CancelScope | None = None

    def give_way(self) -> None:
        """End its wait."""
        self.gave_way = True
        if self.waiting:
            self.waiting.cancel()


class Budget:
    """Counts what bodies hold, and has some of them give way when it is too much. It belongs to one event loop."""

    def __init__(self, limit: int = STRANGERS) -> None:
        self._limit, self._bodies, self._held = limit, set[HeldBody](), 0
        self._freed: Event | None = None

    @property
    def held(self) -> int:
        """The bytes of all bodies."""
        return self._held

    async def take(self, body: HeldBody, size: int) -> bool:
        """Count another piece of a body. Return whether there is room for it; else the body gives way.

        While most of the budget is in the hands of requests that are worked on, it waits for them instead.
        """
        if body.gave_way:  # its next piece came at the same moment
            return False
        self._bodies.add(body)
        body.size += size
        self._held += size
        while self._held > self._limit:
            gives_way = body in self._free(body)
            if self._held <= self._limit or not gives_way:
                return True
            if 2 * sum(other.size for other in self._bodies if other.whole) < self._limit:
                return False
            self._freed = self._freed or Event()
            await self._freed.wait()
            if body.gave_way:
                return False
        return True

    def leave(self, body: HeldBody) -> None:
        """Count a body no more: its request is over, or it gives way."""
        self._held -= body.size
        body.size = 0
        self._bodies.discard(body)
        if self._freed:
            self._freed.set()
            self._freed = None

    def _free(self, own: HeldBody) -> list[HeldBody]:
        chosen = who_gives_way(self._bodies, self._held - self._limit + self._limit // _SPARE)
        for body in chosen:
            if body is not own:
                self.leave(body)
                body.give_way()
        return chosen


class Reserved:
    """The memory of large bodies of senders who are known: each waits, unread, until all of it has a place."""

    def __init__(self, limit: int = LARGE) -> None:
        self._limit, self._taken = limit, 0
        self._freed = Event()

    async def take(self, size: int) -> None:
        """Wait for this many bytes, and take them."""
        while self._taken and self._taken + size > self._limit:
            await self._freed.wait()
        self._taken += size

    def give(self, size: int) -> None:
        """Give them back."""
        self._taken -= size
        self._freed.set()
        self._freed = Event()
