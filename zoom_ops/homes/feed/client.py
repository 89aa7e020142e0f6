"""The requests for files: only what has changed is sent again (RFC 9110, 13.1)."""

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import sha256

from ...clock import Clock
from ...errors import NotFoundError
from ..answers import Answer
from ..errors import StrangeAnswerError
from ..http import Client, Limits
from .settings import Settings

_ACCEPT = "text/calendar, application/ld+json, application/json, text/html;q=0.9, */*;q=0.8"
_STAMPS = re.compile(
    rb"(?m)^DTSTAMP[^\n]*\n|\"ts\": ?[0-9]{10}\b"
)  # many calendars, and Indico, say when they were asked
_ARE_STAMPED = (b"DTSTAMP", b'"ts"')
_NOT_MODIFIED = 304
_DIGEST = 12  # characters


@dataclass(frozen=True, kw_only=True)
class Version:
    """The version of a file: the validators with which it was served, and a digest of what it says."""

    etag: str = ""
    modified: str = ""
    digest: str = ""

    def headers(self) -> dict[str, str]:
        """Return the headers that ask for another version only."""
        written = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in written.items() if value}


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that was served."""

    path: str
    name: str  # the last part of its path, for messages; its ending may tell the format
    answer: Answer = field(repr=False)
    version: Version

    @property
    def content(self) -> bytes:
        """What stands in it."""
        return self.answer.body


class FeedClient:
    """The files of one site."""

    def __init__(self, name: str, settings: Settings, clock: Clock, limits: Limits) -> None:
        secret = settings.token.get_secret_value() if settings.token else ""
        credentials = {settings.token_header: secret} if secret else {}
        self._name, self._url = name, settings.url
        # a path is often the secret itself, such as that of a private calendar
        self._client = Client(name, settings.url, clock, limits, credentials=lambda: credentials, logs_paths=False)
        self._visitor = self._client.as_visitor()

    def calling(self) -> AbstractContextManager[None]:
        """Begin the deadline that all requests in the block share."""
        return self._client.calling()

    def keep(self, records: int) -> None:
        """Count the memory of records that were read. Raise PacedError where other lists take it."""
        self._client.keep(records)

    def prepare(self, content: bytes) -> None:
        """See `Client.prepare`."""
        self._client.prepare(content)

    def address(self, path: str) -> str:
        """Return the whole address of a file."""
        return f"{self._url}{path}"

    def fetch(self, path: str) -> File:
        """Fetch a file. Raise StrangeAnswerError where there is nothing."""
        return _file_of(path, self._ask(path))

    def fetch_changed(self, path: str, known: Version) -> File | None:
        """Fetch a file; None: it is still the known version. Raise StrangeAnswerError where there is nothing."""
        answer = self._ask(path, known)
        file = _file_of(path, answer)
        return None if answer.status == _NOT_MODIFIED or file.version.digest == known.digest else file

    def is_unchanged(self, file: File) -> bool:
        """Return whether the server says by the validators of a file that it has not changed."""
        return self._ask(file.path, file.version).status == _NOT_MODIFIED

    def fetch_as_visitor(self, path: str) -> File:
        """Fetch a file as somebody without our token."""
        return _file_of(path, self._visitor.get(path, headers={"Accept": _ACCEPT}))

    def _ask(self, path: str, known: Version | None = None) -> Answer:
        headers = {"Accept": _ACCEPT, **(known.headers() if known else {})}
        accept = (200, _NOT_MODIFIED) if known and known.headers() else (200,)
        try:
            return self._client.get(path, headers=headers, accept=accept)
        except NotFoundError as error:
            message = f"{self._name} has nothing at {name_of(path)}: check paths in the file of the home."
            raise StrangeAnswerError(message) from error


def name_of(path: str) -> str:
    """Return how messages call a file. The rest of its path may be a secret, as in a shared calendar of Outlook."""
    return path.partition("?")[0].rstrip("/").rpartition("/")[2][-60:] or "/"


def digest(content: bytes) -> str:
    """Return a short digest."""
    return sha256(content).hexdigest()[:_DIGEST]


def _said(content: bytes) -> bytes:
    """Return what a file says, without when it was asked."""
    return _STAMPS.sub(b"", content) if any(stamp in content for stamp in _ARE_STAMPED) else content


def _file_of(path: str, answer: Answer) -> File:
    version = Version(
        etag=answer.headers.get("etag", ""),
        modified=answer.headers.get("last-modified", ""),
        digest=digest(_said(answer.body)),
    )
    return File(path=path, name=name_of(path), answer=answer, version=version)
