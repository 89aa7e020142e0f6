"""An answer that is kept, ready to be sent in each of its forms."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from starlette.responses import Response
from starlette.types import Message, Scope, Send

from ..i18n.negotiation import set_choice
from .asked import Wish

COMPRESSED_FROM = 1000  # bytes
COMPRESSION = 5
SHARED = "public, max-age=0, s-maxage=1, stale-while-revalidate=1"
"""For what everybody sees: a shared cache may keep it for a second, and give it for another while it asks again."""
OWN = "private, no-cache"
"""For what one browser may store, and has to ask for each time."""
WHOLE = "zoom_ops.whole"
"""An extension of ASGI, and the type of its message: a whole answer, with `status`, `headers` and `body`."""
_OF_THE_BODY = (b"content-length", b"content-type", b"content-encoding", b"content-disposition", b"x-robots-tag")
_ON_TOP = 1500  # bytes that an answer takes besides what can be counted

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Answer:
    """The answer to those who are recognised by nothing. It belongs to one thread, besides `compress`."""

    headers: Headers
    body: bytes
    status: int = 200
    tag: str = field(init=False)
    _start: Message = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", dict(self.headers).get(b"etag", b"").decode("latin-1"))
        object.__setattr__(self, "_start", _start(self.status, self.headers))

    @property
    def size(self) -> int:
        """Roughly the bytes that it takes."""
        return _ON_TOP + len(self.body) + len(self._gzip[1] if self._is_compressed else b"")

    def compress(self) -> None:
        """Prepare the compressed form: it takes a millisecond."""
        self._gzip  # noqa: B018 - computed when it is first asked for

    async def send(self, wish: Wish, scope: Scope, send: Send, *, secure: bool) -> None:
        """Send it in the form that is wished for, in one piece to a server that takes it."""
        start, body = self.form_of(wish)
        if wish.chooses:
            start = _for_one(start, _choice(wish.asked.language, secure=secure))
        elif wish.may_be_known:
            start = _for_one(start)
        if WHOLE in scope.get("extensions", ()):
            await send({**start, "type": WHOLE, "body": body})
            return
        await send(start)
        await send({"type": "http.response.body", "body": body})

    def form_of(self, wish: Wish) -> tuple[Message, bytes]:
        """Return the beginning and the body of the form that is wished for, as everybody gets it."""
        if wish.known and self.status == 200 and is_named(self.tag, wish.known):
            return self._known, b""
        if wish.gzip and self._is_compressed:
            return self._gzip
        return self._start, self.body

    @property
    def _is_compressed(self) -> bool:
        return len(self.body) >= COMPRESSED_FROM

    @cached_property
    def _known(self) -> Message:
        return _start(304, headers_if_known(self.headers))

    @cached_property
    def _gzip(self) -> tuple[Message, bytes]:
        """The form that Starlette's middleware would make of it."""
        compressor = zlib.compressobj(COMPRESSION, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        body = compressor.compress(self.body) + compressor.flush()
        headers = [pair for pair in self.headers if pair[0] != b"content-length"]
        headers += [(b"content-encoding", b"gzip"), (b"content-length", str(len(body)).encode())]
        return _start(self.status, headers), body


def headers_if_known(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Return the headers of the answer to somebody who has the body already."""
    return [pair for pair in headers if pair[0] not in _OF_THE_BODY]


@lru_cache(maxsize=256)
def is_named(tag: str, known: str) -> bool:
    """Return whether If-None-Match names a tag."""
    tags = {part.strip().removeprefix("W/") for part in known.split(",")}
    return tag in tags or "*" in tags


def _start(status: int, headers: Headers) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def _for_one(start: Message, *more: tuple[bytes, bytes]) -> Message:
    """Let no cache of many keep an answer."""
    shared, own = (b"cache-control", SHARED.encode()), (b"cache-control", OWN.encode())
    return {**start, "headers": [*(own if pair == shared else pair for pair in start["headers"]), *more]}


def _choice(code: str, *, secure: bool) -> tuple[bytes, bytes]:
    """Build the cookie of a chosen language."""
    response = Response()
    set_choice(response, code, secure=secure)
    return next(pair for pair in response.raw_headers if pair[0] == b"set-cookie")
