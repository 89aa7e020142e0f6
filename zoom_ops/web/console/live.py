"""The news for open pages of the console: that something has changed, after which a page asks for itself again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from secrets import token_hex

import structlog
from anyio.to_thread import run_sync

from ...errors import TemporaryError
from ...operations.mark import take_mark
from ..dependencies import Services
from ..streams.sending import Line, write_changed

LOOK_S = 0.5
SESSIONS_S = 30  # between checks of the sessions of open pages while nothing changes: they may end by themselves
LINGER_S = 15  # without an open page, so that a page that follows another knows whether it is still up to date
MOST = 200  # open pages of a process
MOST_EACH = 4  # of them of one session: with HTTP/1.1 a browser has 6 connections, also for all else
_log = structlog.get_logger(__name__)


class Changes:
    """The open pages of this process, with one watcher that runs while there are any.

    A version names a state of the database. Versions are compared for equality only, and differ between processes.
    """

    def __init__(self, services: Services, is_stopping: Callable[[], bool]) -> None:
        self._services, self._is_stopping = services, is_stopping
        self._process, self._number = token_hex(4), 0
        self._mark: tuple[int, ...] = ()
        self._open: dict[Line, str] = {}  # with the session of each
        self._watcher: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._checked = 0.0  # when the sessions were
        self._failing = False

    @property
    def version(self) -> str:
        """The version that a page has which is read from the database from now on, or an older one."""
        return f"{self._process}-{self._number}"

    def check_room(self, session: str) -> None:
        """Raise TemporaryError if no more pages can be told of changes."""
        if len(self._open) >= MOST or list(self._open.values()).count(session) >= MOST_EACH:
            raise TemporaryError("Too many pages are open. This one does not keep up by itself.")

    @asynccontextmanager
    async def follow(self, line: Line, session: str) -> AsyncIterator[None]:
        """Tell a page the version now and after each change. Its line ends with the session, and when the server stops.

        Raise TemporaryError if the database does not answer.
        """
        self._open[line] = session
        try:
            await self._begin()
            line.write(write_changed(self.version))
            yield
        finally:
            del self._open[line]

    async def _begin(self) -> None:
        """Start the watcher; take the mark before the first version is sent, so that no change is missed in between."""
        async with self._starting:
            if self._watcher is None or self._watcher.done():
                await self._look()
                self._number += 1  # nobody has watched before
                self._checked = asyncio.get_running_loop().time()
                self._watcher = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        seen = loop.time()  # when a page was open last
        while (self._open or loop.time() - seen < LINGER_S) and not self._is_stopping():
            await self._tell()
            seen = loop.time() if self._open else seen
            await asyncio.sleep(LOOK_S)
        for line in self._open:
            line.end()

    async def _tell(self) -> None:
        """Tell every page of a change, if there was one, and end those whose session has ended: that is a change, too.

        After any error the watcher goes on, for the open pages.
        """
        now = asyncio.get_running_loop().time()
        try:
            changed = await self._look()
            if changed or now - self._checked > SESSIONS_S:
                self._checked = now
                await self._end_with_sessions()
            if changed:
                for line in self._open:
                    line.write(write_changed(self.version))
            self._failing = False
        except Exception as error:
            if not self._failing:
                _log.warning("change_watch_put_off", error=str(error), kind=type(error).__name__)
            self._failing = True

    async def _look(self) -> bool:
        """Take the mark; return whether it is another one."""
        operations = self._services.operations
        mark = await run_sync(take_mark, operations.context.database) if operations else ()
        if mark == self._mark:
            return False
        self._mark, self._number = mark, self._number + 1
        return True

    async def _end_with_sessions(self) -> None:
        sessions = dict(self._open)
        valid = await run_sync(self._services.identity.readers_of, set(sessions.values()))
        for line, session in sessions.items():
            if session not in valid or not valid[session].operates:
                line.end()
