"""What a connection waits with: smaller than what asyncio has for it, as there are thousands."""

import asyncio

_READ = 16_384  # bytes that are read at once


class Flag:
    """An event for the few who wait for it. Each connection has two, and asyncio's, with a queue, takes 1 kB.

    It has what uvicorn calls of asyncio's, and belongs to one loop.
    """

    __slots__ = ("_is_set", "_waiting")

    def __init__(self) -> None:
        self._is_set = False
        self._waiting: tuple[asyncio.Future[None], ...] = ()

    def set(self) -> None:
        """Let all go on who wait, and who come later."""
        self._is_set = True
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    def clear(self) -> None:
        """Let who comes from now on wait."""
        self._is_set = False

    async def wait(self) -> bool:
        """Wait until it is set. Return true."""
        if not self._is_set:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting += (waiting,)
            try:
                await waiting
            finally:
                self._waiting = tuple(each for each in self._waiting if each is not waiting)
        return True


def read_little(transport: asyncio.Transport) -> None:
    """Let a new transport of asyncio read little at once."""
    transport.max_size = _READ  # type: ignore[attr-defined] # else 256 kB; others do not look at it
