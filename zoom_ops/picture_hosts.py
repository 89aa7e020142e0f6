"""Pictures at other hosts, fetched once: only from those that an operator named, within a deadline, no redirect."""

from collections.abc import Collection
from typing import Any
from urllib.parse import SplitResult

import structlog

from .clock import Clock
from .errors import ZoomOpsError
from .linear import split_url
from .pictures import MOST_BYTES
from .transport import LOST, NO_ADDRESS, Deadline, Transport, make_session, reason_of

log = structlog.get_logger()
_OK = 200
_CHUNK = 64 * 1024
_PORTS = {"https": 443, "http": 80}


class NotFetchedError(ZoomOpsError):
    """The picture was not fetched."""


class SilentHostError(NotFetchedError):
    """The host of a picture does not answer: others there are not worth a try now."""


class PictureHosts:
    """The hosts from which pictures may be fetched. Times are in seconds; `deadline_s` limits a whole call."""

    def __init__(
        self, names: Collection[str], clock: Clock, *, connect_s: float = 3, read_s: float = 5, deadline_s: float = 8
    ) -> None:
        self.names = tuple(names)
        self._clock, self._deadline_s = clock, deadline_s
        self._timeout = (min(connect_s, deadline_s), min(read_s, deadline_s))
        self._transport = Transport(_read)

    def why_not(self, url: str) -> str:
        """Say why a picture may not be fetched from an address; empty if it may."""
        place = _place_of(url)
        if place is None:
            return "its address cannot be read, or holds a name or password"
        return "" if place in self.names else f"{place} is not in PICTURE_HOSTS"

    def fetch(self, url: str) -> bytes:
        """Fetch what lies at an address, at most a byte more than a picture may have.

        Raise NotFetchedError with half a sentence; SilentHostError if there was no answer.
        """
        if why_not := self.why_not(url):
            raise NotFetchedError(why_not)
        with Deadline(self._deadline_s, self._clock) as deadline:
            try:
                headers = {"Accept": "image/webp, image/jpeg, image/png", "Accept-Encoding": "identity"}
                session = make_session(self._transport)
                answer = session.get(url, headers=headers, allow_redirects=False, timeout=self._timeout)
            except NO_ADDRESS as error:
                raise NotFetchedError("its address cannot be read, or holds a name or password") from error
            except LOST as error:
                reason = reason_of(error, deadline, self._timeout[1])
                raise SilentHostError(f"its host did not answer ({reason})") from error
            if deadline.expired:
                raise SilentHostError(f"its host did not answer within {self._deadline_s:g} s")
        log.info("picture_fetched", host=_place_of(url), status=answer.status_code)
        if answer.status_code != _OK:
            raise NotFetchedError(f"its host answered HTTP {answer.status_code}")
        return answer.content


def _place_of(url: str) -> str | None:
    """Return host and port of an address, the port only if it is not the usual one; None if it may not be fetched."""
    try:
        parts: SplitResult = split_url(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host or parts.username is not None or parts.password is not None:
        return None
    return host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"


def _read(raw: Any) -> bytes:
    """Read a body up to a byte more than a picture may have."""
    body = bytearray()
    for chunk in raw.stream(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > MOST_BYTES:
            raw.close()
            break
    return bytes(body[: MOST_BYTES + 1])
