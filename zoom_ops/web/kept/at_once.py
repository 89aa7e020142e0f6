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
        is_passed_on: Callable[[str, bytes], bool] = lambda _peer, _named: False,
    ) -> None:
        """`is_ours`: whether a host is one of this service. `forwarding`: fields that only a proxy sends.

        `is_passed_on`: whether a peer is trusted to name others, and names one in X-Forwarded-For.
        """
        self._kept, self._is_ours, self._is_passed_on = kept, is_ours, is_passed_on
        self._left_out = BODY | frozenset(forwarding) - _PASSED_ON

    def answer(self, came: bytes, first: Sequence[tuple[bytes, bytes]], peer: str = "") -> Ready | Later | None:
        """Answer what came from a peer; None if it takes the long way. `first`: fields of every answer, as its date."""
        head = read_plain(came, self._left_out)
        if head is None or not self._is_ours(head.host) or not self._may_come(head.fields, peer):
            return None
        scope = {"method": head.method, "path": head.path, "query_string": head.query, "headers": head.fields}
        found = ALIVE_AT_ONCE if head.path == LIVENESS else self._kept.answer_at_once(scope)
        if found is None and (soon := self._kept.answer_soon(scope)):
            return Later(lambda give: soon(lambda found: give(self._prepare(head, found, first))))
        return self._prepare(head, found, first)

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

    def _may_come(self, fields: Fields, peer: str) -> bool:
        """Return whether a request comes from its client, or from a proxy that is trusted, and says for whom."""
        named = dict(fields)
        if _PASSED_ON.isdisjoint(named):
            return True
        return self._is_passed_on(peer, named.get(b"x-forwarded-for", b""))


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
