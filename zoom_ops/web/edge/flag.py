"""What a connection, or its answer, waits for."""

import asyncio


class Flag(asyncio.Event):
    """An event for the few who wait for it. Each connection has two, and the queue of asyncio's takes 760 bytes."""

    def __init__(self) -> None:
        super().__init__()
        self._waiters = []  # type: ignore[assignment] # asyncio appends, removes, and goes through them
