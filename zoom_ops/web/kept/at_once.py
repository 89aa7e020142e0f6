"""Answer a plain request in the step in which it came, from what is kept: nothing is made for it."""

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

import h11
from starlette.types import Message
from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES

from ..probes.answers import LIVENESS
from ..probes.liveness import ALIVE_AT_ONCE
from .pages import KeptPages
from .plain import BODY, Fields, PlainHead, read_plain

_PASSED_ON = frozenset((b"x-forwarded-for", b"x-forwarded-proto"))  # what proxies send, as in deploy/nginx
_MOST = 128  # heads of answers that are kept for the second in which they have this date


class Ready(NamedTuple):
    """An answer as it goes over the line."""

    sent: bytes
    keeps: bool  # whether the connection stays open


class Later(NamedTuple):
    """An answer that is ready once the database has said whether it stands."""

    when_ready: Callable[[Callable[[Ready | None], None]], None]
    """Calls what it gets, once, with the answer; with None if the request takes the long way."""


class AtOnce:
    """Answers at once what needs no thread, no turn and no memory of its client. It belongs to the loop's thread.

    Must: give byte for byte what the long way gives, and nothing where that is not sure: to other hosts, through a
    proxy that is not trusted, to who may be known, with a body, or of what was not read since the last commit.
    """

    def __init__(
        self,
        kept: KeptPages,
        is_ours: Callable[[bytes], bool],
        forwarding: Collection[bytes],
        named_by: Callable[[str, bytes], str] = lambda _peer, _named: "",
        meet: Callable[[str], Callable[[], None]] = lambda _sender: _do_nothing,
    ) -> None:
        """`is_ours`: whether a host is one of this service. `forwarding`: fields that only a proxy sends.

        `named_by`: whom a peer that is trusted to name others names in X-Forwarded-For; nothing if it may not come so.
        `meet` is told of whom a proxy named, and who gets an answer here. It returns what takes that back: the database
        may say that this answer does not stand, and a flood takes the long way as the newcomers that they are.
        """
        self._kept, self._is_ours, self._named_by, self._meet = kept, is_ours, named_by, meet
        self._left_out = BODY | frozenset(forwarding) - _PASSED_ON

    def answer(self, came: bytes, first: Sequence[tuple[bytes, bytes]], peer: str = "") -> Ready | Later | None:
        """Answer what came from a peer; None if it takes the long way. `first`: fields of every answer, as its date."""
        head = read_plain(came, self._left_out)
        if head is None or not self._is_ours(head.host):
            return None
        sender = self._sender_of(head.fields, peer)
        if sender is None:
            return None
        scope = {"method": head.method, "path": head.path, "query_string": head.query, "headers": head.fields}
        found = ALIVE_AT_ONCE if head.path == LIVENESS else self._kept.answer_at_once(scope)
        soon = self._kept.answer_soon(scope) if found is None else None
        take_back = self._meet(sender) if sender != peer and (found or soon) else _do_nothing
        if soon is None:
            return self._prepare(head, found, first)

        def wait(give: Callable[[Ready | None], None]) -> None:
            def finish(found: tuple[Message, bytes] | None) -> None:
                if found is None:
                    take_back()
                give(self._prepare(head, found, first))

            soon(finish)

        return Later(wait)

    def _prepare(
        self, head: PlainHead, found: tuple[Message, bytes] | None, first: Sequence[tuple[bytes, bytes]]
    ) -> Ready | None:
        if found is None:
            return None
        start, body = found
        fields = (*first, *start["headers"])
        begun = _render(start["status"], fields, head.method, head.version, head.connection)
        if not begun:
            return None
        return Ready(begun + body if head.method == "GET" else begun, head.keeps)

    def _sender_of(self, fields: Fields, peer: str) -> str | None:
        """Return who asks: the peer itself, or whom a proxy names that is trusted; None if that is not sure."""
        named = dict(fields)
        if _PASSED_ON.isdisjoint(named):
            return peer
        return self._named_by(peer, named.get(b"x-forwarded-for", b"")) or None


def _do_nothing() -> None:
    """Take nothing back."""


@lru_cache(maxsize=_MOST)
def _render(
    status: int, fields: tuple[tuple[bytes, bytes], ...], method: str, version: bytes, connection: bytes
) -> bytes:
    """Render the head of an answer as uvicorn and h11 do; empty if its body would go in chunks."""
    line = h11.Connection(h11.SERVER)
    named = b"connection: %s\r\n" % connection if connection else b""
    line.receive_data(b"%s / HTTP/%s\r\nhost: a\r\n%s\r\n" % (method.encode(), version, named))
    line.next_event()
    line.next_event()
    headers = [*fields, CLOSE_HEADER] if connection == b"close" else list(fields)
    begun = line.send(h11.Response(status_code=status, headers=headers, reason=STATUS_PHRASES[status])) or b""
    return b"" if b"\r\ntransfer-encoding:" in begun.lower() else begun
