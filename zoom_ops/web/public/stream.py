"""Notification of open pages about changes: one watcher per process, one line per page."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterable
from contextlib import suppress

import structlog
from anyio.to_thread import run_sync
from fastapi import FastAPI, Request

from ...access import VISITOR, Reader
from ...errors import NotFoundError
from ...store.db.mark import CommitMark
from ...store.events import EventChange
from ..dependencies import Services, address_of, services_of
from ..streams.places import Place, StreamRefusedError
from ..streams.sending import Line, write_changed
from .event_page import version_of

WATCH_S = 0.25  # between looks for changes, where nothing says earlier that there may be some
_GLANCE_S = 0.03  # between two looks, however often it rings; and between glances at the mark where one is instant
RECHECK_S = 60  # between checks of every open event, for what records no change, such as a deletion
SESSIONS_S = 5  # between checks that the sessions of the open pages are valid
RELOADS_S = 1500  # pages of visitors that may ask for themselves in a second after a change: each has the same text
MADE_S = 150  # pages of signed-in readers: each is made for its reader
_LEAST_MS = 50  # a shorter spread is none
_RENEW_S = 0.5  # that a page that many will ask for may take to be made, before they are told
_GAP_S = 10  # how long a missing number of the sequence may still appear
_GAP_CHANGES = 200  # or until this many later numbers have appeared
_LOOK_BACK = 50  # changes in progress while the first page opened; a repeated one is harmless
_log = structlog.get_logger(__name__)

_Key = tuple[str, Reader]


class ChangeCursor:
    """A position in the sequence of changes that misses no change.

    A change gets its number before its commit. So a lower number can appear after a higher one, and the number of a
    transaction that was rolled back never appears.
    """

    def __init__(self, after: int) -> None:
        self.after = after  # every number up to here has appeared, or never will
        self._seen: set[int] = set()
        self._gap_since: float | None = None

    def take(self, changes: Iterable[EventChange], elapsed: float) -> list[str]:
        """Take the changes after the position. Return the ids of their events, and count each change once."""
        fresh = [change for change in changes if change.seq not in self._seen]
        self._seen.update(change.seq for change in fresh)
        while self.after + 1 in self._seen:
            self.after += 1
            self._seen.remove(self.after)
        if not self._seen:
            self._gap_since = None
        elif self._gap_since is None:
            self._gap_since = elapsed
        elif elapsed - self._gap_since > _GAP_S or len(self._seen) > _GAP_CHANGES:
            self.after, self._gap_since = max(self._seen), None  # the missing numbers will not appear
            self._seen.clear()
        return list(dict.fromkeys(change.event_id for change in fresh))


class Streams:
    """The open pages by event, with a watcher that runs while there are any."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._open: dict[_Key, dict[Line, str]] = defaultdict(dict)  # with the version that each page has
        self._sessions: dict[Line, tuple[str, Reader]] = {}  # of pages with a signed-in reader
        self._sessions_checked = 0.0
        self._versions: dict[_Key, str] = {}  # of open events, so that many reconnecting pages cause one look-up
        self._watcher: asyncio.Task[None] | None = None
        self._reading = asyncio.Lock()  # versions are read one after another, so that none replaces a newer one
        self._rung = asyncio.Event()
        self._failing = False
        self.renew: Callable[[str], Awaitable[None]] | None = None  # makes what is kept of a page anew
        self.closed = False  # whether the server stops, so that every stream must end

    def follow(
        self, line: Line, event_id: str, reader: Reader, version: str, session: str | None = None
    ) -> "_Following":
        """Tell a page of what its reader may see of an event: now if it is not `version`, then at each change.

        Its line ends when the session of the page ends or gets another reader, and when the server stops. To enter
        raises TemporaryError if the database does not answer.
        """
        return _Following(self, line, (event_id, reader), version, session)

    async def enter(self, line: Line, key: _Key, version: str, session: str | None) -> None:
        """Begin to tell a page; see `follow`. `leave` has to be called also if this fails."""
        self._open[key][line] = version
        if session:
            self._sessions[line] = (session, key[1])
        current = await self._begin(key)
        if self.closed:
            line.end()
        elif self._open[key][line] != current:
            self._tell(key, line, current, write_changed(current, numbered=True))

    def leave(self, line: Line, key: _Key) -> None:
        """Tell a page nothing any more."""
        self._sessions.pop(line, None)
        del self._open[key][line]
        if not self._open[key]:
            del self._open[key]
            self._versions.pop(key, None)

    def is_followed(self, event_id: str, reader: Reader) -> bool:
        """Return whether other pages of such a reader follow an event, so that it is known that they may see it."""
        return self._versions.get((event_id, reader), "gone") != "gone"

    def close(self) -> None:
        """End every stream. Must be called in the thread of the event loop."""
        self.closed = True
        for lines in self._open.values():
            for line in lines:
                line.end()

    async def _begin(self, key: _Key) -> str:
        """Start the watcher before the version is read, so that no change is missed in between."""
        async with self._reading:
            if self._watcher is None or self._watcher.done():
                newest = await run_sync(self._services.programme.latest_change)
                cursor = ChangeCursor(max(0, newest - _LOOK_BACK))
                self._watcher = asyncio.create_task(self._watch(cursor))
            if key not in self._versions:
                self._versions[key] = await run_sync(self._find_version, key)
            return self._versions[key]

    async def _watch(self, cursor: ChangeCursor) -> None:
        loop, changed, checked = asyncio.get_running_loop(), self._services.changed, self._services.clock.elapsed()

        def wake() -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._rung.set)

        unsubscribe = changed.subscribe(wake) if changed else None
        due: dict[str, None] = {}  # changed events; they stay after a failure
        mark = CommitMark(self._services.identity.database)
        try:
            if mark.is_instant:
                await run_sync(mark.take)  # it opens its connection, and may wait for one: not in the loop's thread
            while self._open and not self.closed:
                seen = mark.take() if mark.is_instant else None
                await self._look(cursor, due)
                await self._wait(mark, seen)
                if self._services.clock.elapsed() - checked > RECHECK_S:
                    checked = self._services.clock.elapsed()
                    due.update(dict.fromkeys(event_id for event_id, _ in self._open))
        finally:
            mark.close()
            if unsubscribe:
                unsubscribe()

    async def _wait(self, mark: CommitMark, seen: Hashable | None) -> None:
        """Wait until it is rung, or something was committed since the mark `seen`, or for WATCH_S."""
        loop = asyncio.get_running_loop()
        until = loop.time() + WATCH_S
        await asyncio.sleep(_GLANCE_S)
        while loop.time() < until:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), _GLANCE_S if mark.is_instant else WATCH_S)
            if self._rung.is_set() or (mark.is_instant and mark.take() != seen):
                break
        self._rung.clear()

    async def _look(self, cursor: ChangeCursor, due: dict[str, None]) -> None:
        try:
            await self._end_with_sessions()
            changes = await run_sync(self._services.programme.changes_after, cursor.after)
            due.update(dict.fromkeys(cursor.take(changes, self._services.clock.elapsed())))
            for event_id in list(due):
                keys = [key for key in self._open if key[0] == event_id]
                for key in keys:
                    await self._read_again(key)
                if self._spread_ms(event_id):
                    await self._renew(event_id)
                for key in keys:
                    self._publish(key)
                del due[event_id]
            self._failing = False
        except Exception as error:  # after any error the watcher must go on for the open pages
            if not self._failing:
                _log.warning("change_watch_put_off", error=str(error), kind=type(error).__name__)
            self._failing = True

    async def _end_with_sessions(self) -> None:
        """End the streams whose session is invalid or has another reader; their pages reconnect as the new reader."""
        elapsed = self._services.clock.elapsed()
        if not self._sessions or elapsed - self._sessions_checked < SESSIONS_S:
            return
        self._sessions_checked, sessions = elapsed, dict(self._sessions)
        valid = await run_sync(self._services.identity.readers_of, {session for session, _ in sessions.values()})
        for line, (session, reader) in sessions.items():
            if valid.get(session) != reader:
                line.end()

    def _find_version(self, key: _Key) -> str:
        try:
            return version_of(self._services.programme.get(*key))
        except NotFoundError:
            return "gone"

    async def _renew(self, event_id: str) -> None:
        """Let the page be made before many ask for it; then each has its answer at once."""

        async def make() -> None:
            with suppress(Exception):  # whoever asks for the page is told what is wrong
                if self.renew:
                    await self.renew(f"/events/{event_id}")

        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(make()), _RENEW_S)

    async def _read_again(self, key: _Key) -> None:
        async with self._reading:
            version = await run_sync(self._find_version, key)
            if key in self._open:
                self._versions[key] = version

    def _publish(self, key: _Key) -> None:
        """Tell the pages that have another version than the latest, all in one turn of the loop."""
        version = self._versions.get(key)
        if version is None:  # they have gone, or have just come and are about to be told
            return
        message = write_changed(version, numbered=True, spread_ms=self._spread_ms(key[0]))
        for line, known in self._open[key].items():
            if known != version:
                self._tell(key, line, version, message)

    def _tell(self, key: _Key, line: Line, version: str, message: bytes) -> None:
        self._open[key][line] = version
        line.write(message)

    def _spread_ms(self, event_id: str) -> int:
        """Return over which time the open pages of an event ask for themselves, so that each is answered at once."""
        counts = {reader: len(lines) for (event, reader), lines in self._open.items() if event == event_id}
        needed = sum(pages / (RELOADS_S if reader == VISITOR else MADE_S) for reader, pages in counts.items())
        spread_ms = round(1000 * needed)
        return spread_ms if spread_ms >= _LEAST_MS else 0


class _Following:
    """A page that follows an event for a block. A generator would take a kilobyte more for each open page."""

    __slots__ = ("_key", "_line", "_session", "_streams", "_version")

    def __init__(self, streams: Streams, line: Line, key: _Key, version: str, session: str | None) -> None:
        self._streams, self._line, self._key, self._version, self._session = streams, line, key, version, session

    async def __aenter__(self) -> None:
        try:
            await self._streams.enter(self._line, self._key, self._version, self._session)
        except BaseException:
            self._streams.leave(self._line, self._key)
            raise

    async def __aexit__(self, *_: object) -> None:
        self._streams.leave(self._line, self._key)


async def stream_place(request: Request) -> AsyncIterator[Place]:
    """Take a place for a stream, as a dependency. Raise StreamRefusedError if there is none.

    It is given back with the request, unless the endpoint hands it on.
    """
    services, address = services_of(request), address_of(request)
    try:
        network = services.streams.enter(address)
    except StreamRefusedError:
        services.refusals.note("stream", address)
        raise
    place = Place(services.streams, network)
    try:
        yield place
    finally:
        place.leave()


def streams_of(app: FastAPI) -> Streams:
    """Return the streams of an application."""
    streams: Streams = app.state.streams
    return streams
