"""The requests to a JSON API."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from requests.utils import parse_header_links

from ...clock import Clock
from ...errors import NotFoundError
from ..errors import MissingRightError, StrangeAnswerError, UnauthorizedError
from ..http import Answer, Client, Limits
from ..ids import as_segment
from .settings import Auth, Settings

_MOST_PAGES = 500
_MEDIA = {
    "json": "application/json",
    "whole": "application/json",
    "merge-patch": "application/merge-patch+json",
    "json-patch": "application/json-patch+json",
    "jsonapi": "application/vnd.api+json",
}


class JsonClient:
    """The API of one home."""

    def __init__(self, name: str, settings: Settings, clock: Clock, limits: Limits) -> None:
        self._settings = settings
        self._client = Client(name, settings.url, clock, limits, credentials=lambda: _headers_of(settings.login))
        self._visitor = Client(name, settings.url, clock, limits)

    def calling(self) -> AbstractContextManager[None]:
        """Begin the deadline that all requests in the block share."""
        return self._client.calling()

    def prove(self) -> Answer | None:
        """Ask who we are, where the API tells. Raise UnauthorizedError where it takes us for a visitor."""
        auth = self._settings.login
        if not auth.proof:
            return None
        answer = self._client.get(auth.proof, headers=self._accept)
        if auth.scheme != "none" and not search(auth.proven_by, answer.json()):
            raise UnauthorizedError(f"{answer.where} does not accept the credentials, and answers as to a visitor.")
        return answer

    def iter_pages(self, since: str = "") -> Iterator[Answer]:
        """Iterate over the pages of the list, each asked for once."""
        listing = self._settings.list
        params: Mapping[str, str] = {**listing.params, **({listing.since: since} if since else {})}
        address: str | None = listing.path
        asked: list[tuple[str, Mapping[str, str]]] = []
        while address is not None:
            if (address, params) in asked or len(asked) >= _MOST_PAGES:
                raise StrangeAnswerError(f"{self._client.name} goes round in a circle of pages.")
            asked.append((address, params))
            try:
                answer = self._client.get(address, params=params, headers=self._accept)
            except NotFoundError:
                if listing.next == "page" and len(asked) > 1:
                    return
                raise
            yield answer
            address, params = self._next(answer, params)

    def read(self, record_id: str) -> Answer:
        """Read a record, not compressed: servers that compress give it another ETag."""
        headers = {**self._accept, "Accept-Encoding": "identity"}
        return self._client.get(self._path(self._settings.record, record_id), headers=headers)

    def read_as_visitor(self, record_id: str) -> Answer | None:
        """Read a record without credentials; None where that is refused."""
        try:
            return self._visitor.get(self._path(self._settings.record, record_id), headers=self._accept)
        except (UnauthorizedError, MissingRightError, NotFoundError):
            return None

    def write(self, record_id: str, body: bytes, etag: str) -> None:
        """Write to a record. Raise ConflictError if it is not the version with this ETag any more."""
        write = self._settings.write
        if write is None:
            raise ValueError("this home is only read")
        path = self._path(write.path or self._settings.record, record_id)
        headers = {**self._accept, "Content-Type": _MEDIA[write.body], **({"If-Match": etag} if etag else {})}
        self._client.send(write.method, path, params=write.params, data=body, headers=headers)

    @property
    def _accept(self) -> Mapping[str, str]:
        return {"Accept": self._settings.accept}

    def _path(self, path: str, record_id: str) -> str:
        return path.replace("{id}", as_segment(record_id))

    def _next(self, answer: Answer, params: Mapping[str, str]) -> tuple[str | None, Mapping[str, str]]:
        """Return the address and the parameters of the next page; no address after the last one."""
        listing = self._settings.list
        if listing.next == "page":
            page = int(params.get(listing.next_at, "1"))
            found = take_items(listing.items, answer)
            return (listing.path if found else None), {**params, listing.next_at: str(page + 1)}
        link: Any = None
        if listing.next == "link":
            links = parse_header_links(answer.headers.get("link", ""))
            link = next((each.get("url") for each in links if each.get("rel") == "next"), None)
        elif listing.next == "header":
            link = answer.headers.get(listing.next_at.lower())
        elif listing.next == "json":
            link = search(listing.next_at, answer.json())
        if not link:
            return None, {}
        if not isinstance(link, str):
            raise StrangeAnswerError(f"{answer.where} names a next page that is no address.")
        return self._client.join(link), {}


def take_items(expression: str, answer: Answer) -> list[Any]:
    """Return the records of a page. Raise StrangeAnswerError where there is no list of them."""
    items = search(expression, answer.json())
    if not isinstance(items, list):
        raise StrangeAnswerError(f"{answer.where} answered with another JSON than expected: no list at {expression}.")
    return items


def search(expression: str, value: Any) -> Any:
    """Find what an expression gives in a value; None where it does not fit it."""
    try:
        return jmespath.search(expression, value)
    except (JMESPathError, RecursionError):
        return None


def _headers_of(auth: Auth) -> Mapping[str, str]:
    secret = auth.secret.get_secret_value() if auth.secret else ""
    if auth.scheme == "basic":
        return {"Authorization": "Basic " + b64encode(f"{auth.user}:{secret}".encode()).decode()}
    if auth.scheme == "bearer":
        return {"Authorization": f"Bearer {secret}"}
    return {auth.header: f"{auth.prefix}{secret}"} if auth.scheme == "header" else {}
