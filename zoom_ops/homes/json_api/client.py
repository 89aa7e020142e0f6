"""The requests to a JSON API."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from requests.utils import parse_header_links

from ...clock import Clock
from ...errors import NotFoundError
from ..answers import Answer
from ..errors import HomeDownError, MissingRightError, StrangeAnswerError, UnauthorizedError
from ..http import Client, Limits, basic_auth
from ..ids import as_segment
from .auth import Auth
from .settings import Settings
from .tokens import Tokens

_MOST_PAGES = 500
_MEDIA = {
    "json": "application/json",
    "whole": "application/json",
    "merge-patch": "application/merge-patch+json",
    "json-patch": "application/json-patch+json",
    "jsonapi": "application/vnd.api+json",
}


class JsonApi:
    """The API of one home."""

    def __init__(self, name: str, settings: Settings, clock: Clock, limits: Limits) -> None:
        auth = settings.login
        self.http = Client(name, settings.url, clock, limits, credentials=self._headers)
        self._visitor, self._settings = self.http.as_visitor(), settings
        self._known = _headers_of(auth)
        token_client = self.http.as_visitor(auth.token_url)
        self._tokens = Tokens(auth, token_client, clock) if auth.scheme == "oauth" else None

    def prove(self) -> Answer | None:
        """Ask who we are, where the API tells. Raise UnauthorizedError where it takes us for a visitor."""
        auth = self._settings.login
        if not auth.proof:
            return None
        answer = self._send("GET", auth.proof)
        if auth.scheme != "none" and not search(auth.proven_by, answer.json()):
            raise UnauthorizedError(f"{answer.where} does not accept the credentials, and answers as to a visitor.")
        return answer

    def iter_pages(self, since: str = "") -> Iterator[Answer]:
        """Iterate over the pages of the list, each asked for once."""
        listing = self._settings.list
        params: Mapping[str, str] = {**listing.params, **({listing.since: since} if since else listing.whole_params)}
        address: str | None = listing.path
        asked: list[tuple[str, Mapping[str, str]]] = []
        while address is not None:
            if (address, params) in asked or len(asked) >= _MOST_PAGES:
                raise StrangeAnswerError(f"{self.http.name} goes round in a circle of pages.")
            asked.append((address, params))
            try:
                answer = self._send("GET", address, params=params)
            except NotFoundError:
                if listing.next == "page" and len(asked) > 1:
                    return
                raise
            yield answer
            address, params = self._next(answer, params)

    def read(self, record_id: str) -> Answer:
        """Read a record."""
        return self._read(self._settings.record, record_id)

    def read_to_write(self, record_id: str) -> Answer:
        """Read what is written: the record, or what the file names instead."""
        write = self._settings.write
        return self._read((write and write.read) or self._settings.record, record_id)

    def read_as_visitor(self, record_id: str) -> tuple[Answer, ...]:
        """Read a record without credentials, in each form that we read; empty where all of them are refused."""
        write = self._settings.write
        answers = []
        for path in dict.fromkeys((self._settings.record, (write and write.read) or self._settings.record)):
            try:
                answers.append(self._visitor.get(self._path(path, record_id), headers=self._accept))
            except (UnauthorizedError, MissingRightError, NotFoundError):
                continue
        return tuple(answers)

    def write(self, record_id: str, body: bytes, etag: str) -> None:
        """Write to a record. Raise ConflictError if it is not the version with this ETag any more."""
        write = self._settings.write
        if write is None:
            raise ValueError("this home is only read")
        path = self._path(write.path or self._settings.record, record_id)
        headers = {"Content-Type": _MEDIA[write.body], **({"If-Match": etag} if etag else {})}
        self._send(write.method, path, params=write.params, data=body, headers=headers)

    def _read(self, path: str, record_id: str) -> Answer:
        """Read not compressed: servers that compress give a record another ETag."""
        return self._send("GET", self._path(path, record_id), headers={"Accept-Encoding": "identity"})

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        given, accept = {**self._accept, **(headers or {})}, (200,) if method == "GET" else (200, 201, 204)
        try:
            answer = self.http.send(method, path, params=params, data=data, headers=given, accept=(*accept, 403))
        except UnauthorizedError:
            if self._tokens:
                self._tokens.forget()
            raise
        if answer.status == 403:
            raise self._refusal(answer)
        return answer

    def _refusal(self, answer: Answer) -> Exception:
        """Return what HTTP 403 means: some APIs answer it where too much was asked."""
        with suppress(StrangeAnswerError):
            if self._settings.busy and search(self._settings.busy, answer.json()):
                return HomeDownError(f"{answer.where} is busy: HTTP 403.")
        return MissingRightError(f"{answer.where} does not allow this (HTTP 403).")

    def _headers(self) -> Mapping[str, str]:
        return self._tokens.headers() if self._tokens else self._known

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
        if listing.next == "token":
            token = search(listing.next_at, answer.json())
            if token and not isinstance(token, str | int):
                raise StrangeAnswerError(f"{answer.where} names a next page that is no token.")
            return (listing.path, {**params, listing.next_as: str(token)}) if token else (None, {})
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
        return self.http.join(link), {}


def take_items(expression: str, answer: Answer, document: Any = None) -> list[Any]:
    """Return the records of a page. Raise StrangeAnswerError where there is no list of them.

    `document`: the JSON of the answer, where it was read already.
    """
    items = search(expression, answer.json() if document is None else document)
    if not isinstance(items, list):
        raise StrangeAnswerError(f"{answer.where} answered with another JSON than expected: no list at {expression}.")
    return items


def search(expression: str, value: Any) -> Any:
    """Find what an expression gives in a value; None where it does not fit it."""
    try:
        return jmespath.search(expression, value)
    except (JMESPathError, RecursionError, ValueError, TypeError, ArithmeticError):  # such as a function of NaN
        return None


def _headers_of(auth: Auth) -> Mapping[str, str]:
    if auth.secret is None or auth.scheme in ("none", "oauth"):
        return {}
    if auth.scheme == "basic":
        return basic_auth(auth.user, auth.secret)
    secret = auth.secret.get_secret_value()
    return {"Authorization": f"Bearer {secret}"} if auth.scheme == "bearer" else {auth.header: f"{auth.prefix}{secret}"}
