"""Keep the answers that every visitor gets, and answer from them before anything is rendered or read."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...linear import split_url
from ...live import latest_replacement
from ...store.db.mark import CommitMark
from ...store.db.snapshot import Snapshot
from ..dependencies import SESSION, Services, who_of
from .answer import Answer, Headers
from .asked import Asked, Wish, asks_for_page, read_wish
from .flights import Flights, Mark, Marks
from .keeping import expect_answer
from .shelf import Entry, Shelf

MOST, EACH = 8_388_608, 1_048_576  # bytes of all kept answers, and of one
_MOST_REFINED, _EACH_REFINED = 1_048_576, 131_072  # of those that a query refines, which are countless
_READERS = 2  # threads that read rows again
Give = Callable[[tuple[Message, bytes] | None], None]
Soon = Callable[[Give], None]
"""Calls what it gets, once, with the beginning and the body of an answer, or with None."""
_log = structlog.get_logger(__name__)


class KeptPages:
    """The kept answers of an application. It belongs to one event loop, as far as requests come at the same time.

    An entry is given while nothing was committed since it was read, the settings are those it was made with, and the
    time has not come at which it changes. Once something, anything, was committed, its rows are read again, and if one
    of them differs it is rendered anew. So whoever saves and looks sees what they saved.
    """

    def __init__(self, services_of: Callable[[], Services]) -> None:
        self._services_of = services_of
        services = self._services = services_of()
        self._replaced = 0  # how often the services were
        self._database, self._clock = services.identity.database, services.clock
        self._host, self._secure = split_url(services.base_url).netloc, services.base_url.startswith("https://")
        self._session = f"__Host-{SESSION}" if self._secure else SESSION
        self._mark = CommitMark(self._database)
        self._marks = Marks(self._mark)
        self._flights: Flights[Answer | None] = Flights(self._marks)
        self._rereadings: Flights[Answer | None] = Flights(self._marks)
        self._readers: WeakKeyDictionary[asyncio.AbstractEventLoop, CapacityLimiter] = WeakKeyDictionary()
        self._pages, self._refined = Shelf(MOST, EACH), Shelf(_MOST_REFINED, _EACH_REFINED)

    def close(self) -> None:
        """Close the connection of the mark."""
        self._mark.close()

    def answer_at_once(self, scope: Mapping[str, Any]) -> tuple[Message, bytes] | None:
        """Return the beginning and the body of an answer that stands now; None if that is not known, or there is none.

        It is what `answer` sends to somebody who has nothing of us but a tag.
        """
        wish = self._read(scope)
        if wish is None or wish.may_be_known or wish.chooses:
            return None
        answer = self._find(wish.asked, self._marks.take_at_once())
        return answer.form_of(wish) if answer else None

    def answer_soon(self, scope: Mapping[str, Any]) -> Soon | None:
        """Return what gives the same answer once it is known whether it stands; None if there is none to give.

        It is for a database that is asked for its mark over the network: all who come before that share the question.
        Something was committed since, more often than not: then its rows are read again, without the long way.
        """
        if not self._marks.is_soon:
            return None
        wish = self._read(scope)
        if wish is None or wish.may_be_known or wish.chooses or self._shelf(wish.asked).find(wish.asked) is None:
            return None

        def ask(give: Give) -> None:
            def finish(answer: Answer | None) -> None:
                give(answer.form_of(wish) if answer else None)

            def go_on(mark: Mark) -> None:
                if answer := self._find(wish.asked, mark):
                    finish(answer)
                    return
                reading = asyncio.ensure_future(self._find_again(wish.asked, mark))
                reading.add_done_callback(
                    lambda done: finish(None if done.cancelled() or done.exception() else done.result())
                )

            self._marks.when_taken(go_on)

        return ask

    async def answer(self, scope: Scope, send: Send) -> bool:
        """Answer from what is kept, if it is; return whether it was."""
        wish = self._read(scope)
        if wish is None or wish.may_be_known:
            return False
        mark = await self._marks.take()
        answer = self._find(wish.asked, mark) or await self._find_again(wish.asked, mark)
        if answer is None:
            return False
        await answer.send(wish, scope, send, secure=self._secure)
        return True

    async def answer_with(self, app: ASGIApp, scope: Scope, send: Send) -> bool:
        """Answer from what is kept or can be; return False for an answer that has to be given by the application."""
        wish = self._read(scope)
        if wish is None or (wish.may_be_known and await _is_known(scope)):
            return False
        mark = await self._marks.take()
        answer = self._find(wish.asked, mark)
        if answer is None:
            fly = partial(self._fly, app, scope, wish.asked)
            answer = await self._flights.fetch(wish.asked, mark, fly)
        if answer is None or (answer.status != 200 and not (wish.is_page and asks_for_page(scope["headers"]))):
            return False
        await answer.send(wish, scope, send, secure=self._secure)
        return True

    async def renew(self, app: ASGIApp, path: str) -> None:
        """Make anew what is kept of an address, before many ask for it at the same time."""
        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "client": None}
        for asked in self._pages.forms_of(path):
            await _capture(app, asked.change(scope, self._host))

    def _read(self, scope: Mapping[str, Any]) -> Wish | None:
        services = self._services_of()
        return read_wish(scope, services.languages, services.cors_origins, self._session)

    def _settings(self) -> object:
        services = self._services_of()
        if services is not self._services:
            self._services, self._replaced = services, self._replaced + 1
        return latest_replacement(), self._replaced

    def _shelf(self, asked: Asked) -> Shelf:
        return self._refined if asked.is_refined else self._pages

    def _find(self, asked: Asked, mark: Mark) -> Answer | None:
        entry = self._shelf(asked).find(asked)
        if entry is None or mark is None or entry.mark != mark:
            return None
        return entry.answer if entry.stands(self._settings(), self._clock.now()) else None

    async def _find_again(self, asked: Asked, mark: Mark) -> Answer | None:
        """Return what is kept if its rows are the same: all who ask share a reading. So nobody takes a turn for it."""
        entry = self._shelf(asked).find(asked)
        if entry is None or mark is None or not entry.stands(self._settings(), self._clock.now()):
            return None
        return await self._rereadings.fetch(asked, mark, partial(self._read_again, entry))

    async def _read_again(self, entry: Entry, mark: Mark) -> Answer | None:
        limiter = self._readers.setdefault(asyncio.get_running_loop(), CapacityLimiter(_READERS))
        try:
            is_current = await run_sync(entry.readings.are_current, self._database, limiter=limiter)
        except Exception as error:  # whoever asks the application is told what is wrong
            _log.info("page_not_read_again", kind=type(error).__name__)
            return None
        entry.is_outdated = entry.is_outdated or not is_current
        if not entry.stands(self._settings(), self._clock.now()):
            return None
        entry.mark = mark
        return entry.answer

    async def _fly(self, app: ASGIApp, scope: Scope, asked: Asked, mark: Mark) -> Answer | None:
        """Read an entry again, or make it. Return None for an answer that nobody shares: it may not be kept.

        That something is missing is not kept either, but all who ask at the same time share it.
        """
        shelf, settings, now = self._shelf(asked), self._settings(), self._clock.now()
        try:
            entry = shelf.find(asked)
            if entry and entry.stands(settings, now) and await run_sync(entry.readings.are_current, self._database):
                entry.mark = mark
                return entry.answer
            made = await self._make(app, scope, asked, mark, settings)
        except (Exception, asyncio.CancelledError) as error:  # whoever asks the application is told what is wrong
            _log.info("page_not_kept", path=asked.path, kind=type(error).__name__)
            return None
        if not isinstance(made, Entry):
            shelf.drop(asked)
            return made
        shelf.keep(asked, made)
        return made.answer

    async def _make(
        self, app: ASGIApp, scope: Scope, asked: Asked, mark: Mark, settings: object
    ) -> Entry | Answer | None:
        now, snapshot, own = self._clock.now(), Snapshot(self._database), asked.change(scope, self._host)
        keeping = expect_answer(own)
        try:
            with snapshot.serve():
                status, headers, body = await _capture(app, own)
            if status == 404:
                return Answer(headers, body, status)
            if not keeping.may or status != 200:
                return None
            answer = Answer(headers, body)
            readings, _ = await run_sync(snapshot.finish), await run_sync(answer.compress)
        finally:
            await run_sync(snapshot.close)
        if readings is None:
            return None
        return Entry(answer, readings, since=now, until=keeping.until, settings=settings, mark=mark)


class KeptFirst:
    """Middleware that lets an application answer only what is not kept."""

    def __init__(self, app: ASGIApp, kept: KeptPages) -> None:
        self._app, self._kept = app, kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or pass the request on."""
        if scope["type"] != "http" or not await self._kept.answer_with(self._app, scope, send):
            await self._app(scope, receive, send)


async def _is_known(scope: Scope) -> bool:
    """Look the session of a request up, and leave its user in the request: nobody looks them up again."""
    request = Request(scope)
    try:
        return await run_sync(who_of, request) is not None
    except Exception:  # whoever asks the application is told what is wrong
        del request.state.who
        return True


async def _capture(app: ASGIApp, scope: Scope) -> tuple[int, Headers, bytes]:
    """Ask an application, and return status, headers and body."""
    status, headers, parts = 500, Headers(), list[bytes]()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], list(message["headers"])
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return status, headers, b"".join(parts)
