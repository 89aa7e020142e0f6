"""HTTP to one home: its own origin only, under one deadline, with bounded answers and errors in our words."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from pydantic import SecretStr
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from ..clock import Clock
from ..errors import AmbiguousError, NotFoundError
from ..linear import HEAVIEST, join_url, split_url, weigh_json
from ..readers import is_large
from ..transport import (
    LOST,
    NO_ADDRESS,
    CrowdedError,
    Deadline,
    Transport,
    make_session,
    read_whole,
    reason_of,
    retry_after,
)
from .answers import Answer, Headers
from .errors import ConflictError, HomeDownError, MissingRightError, StrangeAnswerError, UnauthorizedError
from .list_memory import RECORD, Allowance, Reading, crowded, pacing, reading
from .pace import Pace
from .values import as_line

log = structlog.get_logger()
_SAFE = ("GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT")  # they change nothing
_BUSY = (429, 503)  # nothing was done
_PATIENCE_S = 2.0  # for a place of a call
_PATIENCE_OF_LIST_S = 300.0  # for that of a page of a list: given up, the list would begin anew
_LONGEST_LIST_S = 600.0  # in which the home is waited for; our own pace does not count
LARGEST_ANSWER = 12_000_000  # bytes: while it is read, an answer takes up to six times its size
_START = 100  # bytes in which JSON shows itself
_LONGEST_PATH = 200  # characters in the log
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long and how often a home is asked. Times are in seconds; `deadline_s` limits all requests of one call."""

    connect_s: float = 3
    read_s: float = 10
    deadline_s: float = 15
    requests_a_minute: int = 600
    at_once: int = 10
    largest_answer: int = LARGEST_ANSWER  # bytes, decompressed
    largest_list: int = 60_000_000  # bytes of memory of all the answers of one list together


def basic_auth(login: str, password: SecretStr) -> Headers:
    """Return the header of HTTP Basic (RFC 7617)."""
    known = f"{login}:{password.get_secret_value()}".encode()
    return {"Authorization": f"Basic {b64encode(known).decode()}"}


class Client:
    """Requests to one home.

    `credentials` builds the headers that prove who we are. Nothing is sent to another origin than that of `url`, no
    redirect is followed, no cookie is kept. `logs_paths`: whether the log may tell which paths were asked.
    """

    def __init__(
        self,
        name: str,
        url: str,
        clock: Clock,
        limits: Limits,
        *,
        credentials: Callable[[], Headers] = dict,
        logs_paths: bool = True,
    ) -> None:
        self.name, self.url = name, url.rstrip("/")
        self._clock, self._credentials, self._deadline_s = clock, credentials, limits.deadline_s
        self._logs_paths = logs_paths
        self._timeout = (min(limits.connect_s, limits.deadline_s), min(limits.read_s, limits.deadline_s))
        self._transport, self._largest_answer = Transport(self._read), limits.largest_answer
        self._pace = Pace(name, clock, requests_a_minute=limits.requests_a_minute, at_once=limits.at_once)
        self._began: ContextVar[float | None] = ContextVar("began", default=None)
        self._largest_list = limits.largest_list
        self._left: ContextVar[Allowance | None] = ContextVar("left", default=None)

    @contextmanager
    def calling(self) -> Iterator[None]:
        """Take a place in the pace, and begin the deadline that all requests in the block share.

        Raise PacedError where our own limits have no place soon.
        """
        with self._pace.call(min(_PATIENCE_S, self._deadline_s)):
            token = self._began.set(self._clock.elapsed())
            try:
                yield
            finally:
                self._began.reset(token)

    @contextmanager
    def listing(self, *, packs: bool = False) -> Iterator[None]:
        """Bound what all answers in the block take together: they are the pages of one list, which is kept whole.

        `packs`: of a page no more is kept than its text takes, once the next page is asked for.
        """
        left = Allowance(size=self._largest_list, seconds=_LONGEST_LIST_S, packs=packs)
        token = self._left.set(left)
        try:
            with reading() as read:
                yield
                self._add(read, -left.passing)
        finally:
            self._left.reset(token)

    def as_visitor(self, url: str = "") -> "Client":
        """Return a client without credentials, with the same deadline and pace. `url`: another address than ours."""
        visitor = copy(self)
        visitor._credentials, visitor.url = dict, url.rstrip("/") or self.url
        return visitor

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Headers | None = None,
        accept: tuple[int, ...] = (200,),
    ) -> Answer:
        """Get what lies at a path, or at an address of the home. `accept`: the statuses that are answers."""
        return self.send("GET", path, params=params, headers=headers, accept=accept)

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        data: Mapping[str, Any] | bytes | None = None,
        headers: Headers | None = None,
        accept: tuple[int, ...] = (200, 201, 204),
    ) -> Answer:
        """Send a request and return its answer, whose status is one of `accept`. Else raise what the status means.

        A write of which no answer tells whether it was done raises AmbiguousError.
        """
        url = self._address(path)
        changes = method not in _SAFE
        given = {"Accept": "application/json", **self._known_credentials(), **(headers or {})}
        if not all(map(_is_header, given.values())):
            raise StrangeAnswerError(f"{self.name}: what it said before fits in no header, such as an ETag.")
        began, patience_s = self._began.get(), self._deadline_s if self._left.get() is None else _PATIENCE_OF_LIST_S
        with reading() as read, self._pace.call(patience_s), Deadline(self._deadline_s, self._clock, began) as deadline:
            self._pace.count()
            sent = self._clock.elapsed()
            try:
                session = make_session(self._transport)
                reply = session.request(
                    method, url, params=params, json=json, data=data, headers=given,
                    allow_redirects=False, timeout=self._timeout,
                )  # fmt: skip
                self._count(read, reply.content, self._clock.elapsed() - sent)
            except CrowdedError as error:
                if changes:
                    raise AmbiguousError(f"{self.name}: no memory is free for its answer; it is looked up.") from error
                raise crowded(self.name, self._clock) from error
            except NO_ADDRESS as error:
                raise StrangeAnswerError(f"{self.name}: this address cannot be asked.") from error
            except LOST as error:
                reason = reason_of(error, deadline, self._timeout[1])
                if changes and deadline.sent:
                    raise AmbiguousError(f"{self.name}: {reason}; whether it was written is looked up.") from error
                raise HomeDownError(f"{self.name} does not answer: {reason}.") from error
        self._log(method, url, reply.status_code, self._clock.elapsed() - sent)
        headers_of = {name.lower(): value for name, value in reply.headers.items()}
        answer = Answer(status=reply.status_code, headers=headers_of, body=reply.content, where=self.name)
        if answer.status in accept:
            return answer
        raise self._error_of(answer, changes)

    def _log(self, method: str, url: str, status: int, seconds: float) -> None:
        """Log a request. A query may hold what people search for, or a secret."""
        path = {"path": as_line(split_url(url).path, _LONGEST_PATH)} if self._logs_paths else {}
        log.info("home_asked", home=self.name, method=method, status=status, seconds=round(seconds, 3), **path)

    def _read(self, raw: Any) -> bytes:
        with reading() as read:
            return read_whole(raw, self._largest_answer, partial(self._add, read))

    def _count(self, read: Reading, body: bytes, seconds: float) -> None:
        """Count what an answer takes once it is read: of the list to which it belongs, and of the memory for all."""
        is_json = body[:_START].lstrip()[:1] in (b"{", b"[")
        size = min(weigh_json(body), HEAVIEST) if is_json else len(body)
        more = size
        if (left := self._left.get()) is not None:
            more = left.count(size, len(body), seconds)
            if left.size < 0:
                raise StrangeAnswerError(f"{self.name} lists more than is read at once: list less of it.")
            if left.seconds < 0:
                raise StrangeAnswerError(f"{self.name} takes minutes to answer for its list: list less of it.")
        self._add(read, more - len(body))

    def _add(self, read: Reading, size: int) -> None:
        read.add(size, self.name, self._clock.elapsed())

    def keep(self, records: int) -> None:
        """Count the memory of records that were read from files. Raise PacedError where other lists take it."""
        with reading() as read, pacing(self.name, self._clock):
            self._add(read, records * RECORD)

    def prepare(self, content: bytes) -> None:
        """Have the turn of large lists before such a file is read. Raise PacedError where another list has it."""
        with reading() as read, pacing(self.name, self._clock):
            if is_large(content):
                read.enlarge(self.name, self._clock.elapsed())

    def join(self, link: str) -> str:
        """Return the address of a link in an answer, which may be relative. Raise StrangeAnswerError for elsewhere."""
        try:
            address = join_url(f"{self.url}/", link)
        except ValueError:  # such as half an IPv6 address
            address = ""
        if not _is_whole(address):
            raise StrangeAnswerError(f"{self.name} names an address that is none.")
        return self._address(address)

    def _address(self, path: str) -> str:
        """Build the address of a path. Raise StrangeAnswerError for one elsewhere, as a hostile home may name one."""
        url = path if _is_whole(path) else f"{self.url}/{path.lstrip('/')}"
        origin = _origin(url)
        if origin is None or origin != _origin(self.url):
            raise StrangeAnswerError(f"{self.name} names an address of another site; nothing is sent there.")
        return url

    def _known_credentials(self) -> Headers:
        """Return the headers that prove who we are. The libraries would tell a wrong one, and so the secret in it."""
        credentials = self._credentials()
        if not all(map(_is_header, credentials.values())):
            raise UnauthorizedError(f"{self.name}: its secret holds what no header can: a line break, or no ASCII.")
        return credentials

    def _error_of(self, answer: Answer, changes: bool) -> Exception:
        """Return what a status means."""
        status = answer.status
        if status in _BUSY:
            now = self._clock.now()
            wait = retry_after(answer.headers.get("retry-after", ""), now)
            return HomeDownError(f"{self.name} is busy: HTTP {status}.", retry_at=wait)
        if status == 401:
            return UnauthorizedError(f"{self.name} does not accept the credentials (HTTP 401).")
        if status == 403:
            return MissingRightError(f"{self.name} does not allow this (HTTP 403).")
        if status in (404, 410):
            return NotFoundError("record", split_url(self.url).netloc)
        if status in (409, 412):
            return ConflictError(f"{self.name}: somebody changed the record at the same time (HTTP {status}).")
        if 300 <= status < 400:
            return StrangeAnswerError(f"{self.name} sends us to another address (HTTP {status}); check its url.")
        if status >= 500 and changes:
            return AmbiguousError(f"{self.name} failed (HTTP {status}); whether it was written is looked up.")
        if status >= 500:
            return HomeDownError(f"{self.name} failed: HTTP {status}.")
        return StrangeAnswerError(f"{self.name} refused what we sent: HTTP {status}.")


def _is_whole(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def _origin(url: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port as the connection will have them; None for an address with a name or password.

    The library that connects parses it: another may take another part of a crafted address for the host.
    """
    try:
        parts = parse_url(url)
    except LocationParseError:
        return None
    scheme, host = (parts.scheme or "").lower(), (parts.host or "").lower()
    if parts.auth or not host or "\\" in url or not url.isprintable():
        return None
    return scheme, host, parts.port or _PORTS.get(scheme, 0)


def _is_header(value: str) -> bool:
    """Return whether a value can be that of a header, whatever library writes it."""
    return value.isascii() and value.isprintable()
