"""HTTP connections that obey the deadline and read answers of a bounded size."""

import io
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.poolmanager import PoolManager

from .. import __version__
from .deadline import Watched, WatchedTLS
from .head import TooLongError

BODY_LIMIT = 20 * 1024 * 1024
BEGINNING = 1024
_CHUNK = 64 * 1024
_MOST_PARTS = 100_000  # of an answer: each takes time, also one of a single byte


class CrowdedError(Exception):
    """Answers to others take the memory that there is: this one can be asked for later."""


class Transport(HTTPAdapter):
    """Connections that all threads share. `read` reads the body of an answer."""

    def __init__(self, read: Callable[[Any], bytes], **options: Any) -> None:
        self._read = read
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Build the pool of connections."""
        super().init_poolmanager(*args, **options)
        _watch(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Build the pool of connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **options)
        _watch(manager)
        return manager

    def send(self, request: PreparedRequest, *_args: Any, **options: Any) -> Response:
        """Send a request and read its whole answer."""
        response = super().send(request, **options | {"stream": True})
        response._content, response.raw = self._read(response.raw), io.BytesIO()  # requests would copy it twice
        response._content_consumed = True  # type: ignore[attr-defined]
        return response


def make_session(transport: Transport) -> requests.Session:
    """Make a session on these connections that keeps no cookies and sends no password."""
    session = requests.Session()
    session.headers["User-Agent"] = f"zoom_ops/{__version__}"
    session.auth = lambda request: request  # else requests would add a password from the machine's .netrc
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    for scheme in ("http://", "https://"):
        session.mount(scheme, transport)
    return session


def read_whole(raw: Any, limit: int = BODY_LIMIT, count: Callable[[int], object] = lambda _size: None) -> bytes:
    """Read a body to its end, decompressed; raises TooLongError above a limit in bytes, 20 MB by default, or in parts.

    `count` is called with the bytes of each part, before it is kept; what it raises ends the reading.
    """
    size = 0
    with io.BytesIO() as body:  # an error may be in a circle, which would keep the bytes
        for number, chunk in enumerate(raw.stream(_CHUNK, decode_content=True)):
            size += len(chunk)
            try:
                if size > limit or number >= _MOST_PARTS:
                    raise TooLongError("the answer is too long")
                count(len(chunk))
            except BaseException:
                raw.close()
                raise
            body.write(chunk)
        return body.getvalue()


def read_beginning(raw: Any) -> bytes:
    """Read the first kilobyte of a body that is not important; returns b"" if the connection breaks."""
    try:
        beginning: bytes = raw.read(BEGINNING, decode_content=False)
    except (HTTPError, OSError):
        return b""
    finally:
        raw.close()
    return beginning


class _Pool(HTTPConnectionPool):
    ConnectionCls = Watched


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = WatchedTLS


def _watch(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}
