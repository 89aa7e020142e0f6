"""Refuse requests that no page and no program of ours sends, and let the others take turns."""

from collections.abc import Sequence
from functools import lru_cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...networks import counted_network
from ..kept.pages import KeptPages
from ..probes.answers import PATHS
from ..streams.places import StreamPlaces
from ..streams.sending import HANDED_OVER, EventStream
from .heads import has_body
from .room import Note
from .turns import NoTurnError, Turns

_FIELDS = 100  # of a head; browsers and proxies send 20
_ESCAPES = 500  # back slashes in cookies; before Python 3.11.10 they take quadratic time (CVE-2024-7592)
_NO_BODY = frozenset(("GET", "HEAD"))
_CONSOLE = ("/-/", "/api/")
_STREAM = "/stream"  # of an event's page
_PAGES = 8  # at once: more threads that compute would not be faster, and each delays the loop by a switch of threads
_SIGN_IN, _SIGN_INS, _SIGN_INS_EACH = "/sign-in", 256, 32  # a flood of them waits here, where it takes little memory
_RETRY_AFTER = (b"retry-after", b"5")
_RETRY_STREAM = (b"retry-after", b"60")


class RequestGuard:
    """Refuse heads that no program of ours sends, and bodies where none belongs. Bound how many requests are worked on.

    A request gives its turn back when its answer begins: nobody waits for somebody who reads slowly, and a stream holds
    no turn. Pages, streams, console, probes, sign-ins and what is sent to us take no turns from each other. Not so many
    of them wait that they fill the room for connections: nobody gives way there who waits for a turn. A page that is
    kept takes no turn.
    """

    def __init__(
        self,
        app: ASGIApp,
        proxies: Sequence[str],
        note: Note,
        connections: int,
        streams: StreamPlaces,
        kept: KeptPages | None = None,
    ) -> None:
        self._app, self._note, self._streams, self._kept = app, note, streams, kept
        self._network_of = lru_cache(maxsize=4096)(lambda address: counted_network(address, proxies))

        def turns(at_once: int, waiting: int) -> Turns:
            return Turns(at_once, at_once // 2, max(_PAGES, waiting))

        self._pages, self._console = turns(_PAGES, connections // 4), turns(_PAGES, connections // 32)
        self._probes, self._opening = turns(4, connections // 64), turns(4, connections // 4)
        # forms and notifications, of which most wait for their body
        self._sent = turns(max(_PAGES, connections // 4), connections // 16)
        self._sign_ins = Turns(_SIGN_INS, _SIGN_INS_EACH, max(_PAGES, connections // 16))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when it is its turn, or refuse it."""
        address = scope["client"][0] if scope.get("client") else None
        if status := refusal_of(scope["method"], scope["headers"]):
            self._note("header", address)
            await _refuse(send, status)
            return
        if self._kept and await self._kept.answer(scope, send):
            return
        turns = self._turns_of(scope)
        if turns is self._opening and not self._streams.has_place(address):
            self._note("stream", address)
            await _refuse(send, 503, _RETRY_STREAM)
            return
        network = self._network_of(address) if address else None
        try:
            await turns.take(network)
        except NoTurnError:
            self._note("stream" if turns is self._opening else "connection", address)
            await _refuse(send, 503, _RETRY_AFTER)
            return
        holds = True

        def give() -> None:
            nonlocal holds
            if holds:
                holds = False
                turns.give(network)

        async def begin(message: Message) -> None:
            give()
            await send(message)

        try:
            if not _has_gone(receive):
                await self._answer(scope, receive, begin)
        finally:
            give()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; go on with a stream once nothing of the way to its endpoint is held any more."""
        known, streams = set(scope), list[EventStream]()
        scope[HANDED_OVER] = streams
        try:
            await self._app(scope, receive, send)
        except BaseException:
            for stream in streams:
                stream.place.close()
            raise
        for key in set(scope) - known:
            del scope[key]
        for stream in streams:
            await stream.go_on(receive, send)

    def _turns_of(self, scope: Scope) -> Turns:
        if scope["method"] not in _NO_BODY:
            return self._sign_ins if scope["path"] == _SIGN_IN else self._sent
        if scope["path"] in PATHS:
            return self._probes
        if scope["path"].startswith(_CONSOLE):
            return self._console
        return self._opening if scope["path"].endswith(_STREAM) else self._pages


def refusal_of(method: str, headers: Sequence[tuple[bytes, bytes]]) -> int | None:
    """Return the status that refuses a request, None for one that is answered."""
    if len(headers) > _FIELDS or sum(value.count(b"\\") for name, value in headers if name == b"cookie") > _ESCAPES:
        return 431
    if method in _NO_BODY and has_body(headers):
        return 413
    return None


def _has_gone(receive: Receive) -> bool:
    """Return whether the client has gone while it waited; ASGI tells it only to those who read the whole body."""
    return bool(getattr(getattr(receive, "__self__", None), "disconnected", False))  # uvicorn's cycle


async def _refuse(send: Send, status: int, *more: tuple[bytes, bytes]) -> None:
    headers = [(b"content-length", b"0"), (b"connection", b"close"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
