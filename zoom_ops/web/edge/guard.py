"""Refuse requests that no page and no program of ours sends, and let the others take turns."""

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...networks import counted_network
from ..probes.answers import PATHS
from .heads import has_body
from .room import Note
from .turns import NoTurnError, Turns

_FIELDS = 100  # of a head; browsers and proxies send 20
_ESCAPES = 500  # back slashes in cookies; before Python 3.11.10 they take quadratic time (CVE-2024-7592)
_NO_BODY = frozenset(("GET", "HEAD"))
_CONSOLE = ("/-/", "/api/")
_PAGES = 8  # at once: more threads that compute would not be faster, and each delays the loop by a switch of threads
_SENT = 1024  # forms and notifications at once, of which most wait for their body
_RETRY_AFTER = (b"retry-after", b"5")


class RequestGuard:
    """Refuse heads that no program of ours sends, and bodies where none belongs. Bound how many requests are worked on.

    A request gives its turn back when its answer begins: nobody waits for somebody who reads slowly, and a stream holds
    no turn. Pages, console, probes and what is sent to us take no turns from each other.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[str], note: Note) -> None:
        self._app, self._proxies, self._note = app, proxies, note
        self._pages, self._console = Turns(_PAGES, _PAGES // 2), Turns(_PAGES, _PAGES // 2)
        self._probes, self._sent = Turns(4, 2), Turns(_SENT, _SENT // 2)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when it is its turn, or refuse it."""
        address = scope["client"][0] if scope.get("client") else None
        if status := refusal_of(scope["method"], scope["headers"]):
            self._note("header", address)
            await _refuse(send, status)
            return
        network = counted_network(address, self._proxies) if address else None
        turns = self._turns_of(scope)
        try:
            await turns.take(network)
        except NoTurnError:
            self._note("connection", address)
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
                await self._app(scope, receive, begin)
        finally:
            give()

    def _turns_of(self, scope: Scope) -> Turns:
        if scope["method"] not in _NO_BODY:
            return self._sent
        if scope["path"] in PATHS:
            return self._probes
        return self._console if scope["path"].startswith(_CONSOLE) else self._pages


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
