"""The requests of Wagtail's API v3. It has no ETags: the newest revision of a page is its version.

A token that it does not know is no error where visitors may read: `prove` asks what needs one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ...clock import Clock
from ...errors import NotFoundError
from ...linear import split_url
from ..answers import Answer
from ..errors import FormChangedError, StrangeAnswerError
from ..http import Client, Limits
from ..ids import take_id
from ..port import MOST_RECORDS
from ..values import Fields, as_line, fields_of, number, objects, path_of
from .settings import Settings

TRIED = "8.0.1"  # the version of Wagtail that was tried
PAGE = 20  # the most that Wagtail lists at once, unless WAGTAILAPI_LIMIT_MAX is raised
_API = "api/v3/"
_PUBLISH: dict[str, Any] = {"meta": {"action": "publish"}}
_REFUSED = (301, 302, 303, 307, 308, 401, 403, 404)
_MOST_WRONG = 5
_MOST_REVISIONS = 10


class Wagtail:
    """One site. `http` sends the token; the visitor does not."""

    def __init__(self, name: str, settings: Settings, clock: Clock, limits: Limits) -> None:
        known = {"Authorization": f"Bearer {settings.token.get_secret_value()}"}
        self.http = Client(name, settings.url, clock, limits, credentials=lambda: known)
        self._visitor, self._settings = self.http.as_visitor(), settings

    def prove(self) -> Answer:
        """Ask whose the token is. Raise UnauthorizedError for a token that Wagtail does not know."""
        answer = self.http.get(f"{_API}whoami/")
        if not isinstance(answer.json_object().get("user"), dict):
            raise StrangeAnswerError(f"{self.http.name} does not say whose the token is; is it the API v3 of Wagtail?")
        return answer

    def fetch_schema(self) -> Fields:
        """Fetch the fields of the page type; raise NotFoundError for an unknown one."""
        return self.http.get(f"{_API}schema/{self._settings.page_type}/").json_object()

    def count_pages(self) -> tuple[int, int]:
        """Count the pages that the token's user may change, and those that visitors may read."""
        params = {**self._filters(), "limit": 1}
        ours = self.http.get(f"{_API}pages/", params=params).json_object()
        accept = (200, 401, 403, 404, 422)  # 422: visitors may not see the section
        theirs = self._visitor.get(f"{_API}pages/", params=params, accept=accept)
        return number(ours.get("count")), number(theirs.json_object().get("count")) if theirs.status == 200 else 0

    def iter_ids(self) -> Iterator[str]:
        """Iterate over the ids of the pages that the token's user may change, at most MOST_RECORDS.

        Those that were published last come first, where Wagtail offers that order.
        """
        name = self._settings.fields.changed
        return self._iter_ids(self.http, {"order": f"-{name}"} if name else {})

    def iter_open_ids(self) -> Iterator[str]:
        """Iterate over the ids of the pages that visitors may read."""
        return self._iter_ids(self._visitor, {})

    def fetch_page(self, page_id: str, version: str = "live") -> Fields:
        """Fetch a page as it is published, or its newest draft; raise NotFoundError."""
        page = self.http.get(self._page(page_id), params={"version": version}).json_object()
        if str(page.get("id")) != page_id:
            raise StrangeAnswerError(f"{self.http.name} answered with something else than page {page_id}.")
        return page

    def is_open(self, page_id: str) -> bool:
        """Return whether visitors may read a page by the API."""
        return self._visitor.get(self._page(page_id), accept=(200, *_REFUSED)).status == 200

    def is_shown(self, page: Fields) -> bool:
        """Return whether visitors get the page itself. Its address may name another host than we ask."""
        path = path_of(fields_of(page.get("meta")).get("html_url"))
        if not path:
            return True
        parts = split_url(self.http.url)
        return self._visitor.get(f"{parts[0]}://{parts[1]}{path}", accept=(200, *_REFUSED)).status == 200

    def fetch_revisions(self, page_id: str) -> list[int]:
        """Fetch the ids of the newest revisions, the newest one first. Needs the token."""
        params = {"limit": _MOST_REVISIONS}
        answer = self.http.get(f"{self._page(page_id)}revisions/", params=params).json_object()
        return [number(item.get("id")) for item in _items(answer, self.http.name)]

    def fetch_revision(self, page_id: str, revision: int) -> Fields:
        """Fetch the page as it was in a revision."""
        answer = self.http.get(f"{self._page(page_id)}revisions/{revision}/").json_object()
        return fields_of(answer.get("content_object"))

    def write_rows(self, page_id: str, rows: list[Fields], *, publish: bool = True) -> None:
        """Write the whole list of links, and publish the page. Raise FormChangedError if Wagtail does not take it."""
        body: dict[str, Any] = {self._settings.fields.recordings: rows}
        answer = self._patch(page_id, body | (_PUBLISH if publish else {}), (200, 422))
        if answer.status == 422:
            raise FormChangedError(f"{self.http.name} does not take the links of page {page_id}: {_reasons(answer)}.")

    def try_writing(self, page_id: str) -> None:
        """Try whether a page may be changed and published; raise what forbids it.

        A page without a title is sent: Wagtail refuses it after it checked the rights.
        """
        self._patch(page_id, {"title": "", **_PUBLISH}, (422,))

    def _patch(self, page_id: str, body: Fields, accept: tuple[int, ...]) -> Answer:
        return self.http.send("PATCH", self._page(page_id), json=body, accept=accept)

    def _iter_ids(self, client: Client, params: Mapping[str, Any]) -> Iterator[str]:
        params = {**self._filters(), **params, "limit": PAGE}
        for offset in range(0, MOST_RECORDS, PAGE):
            answer = client.get(f"{_API}pages/", params={**params, "offset": offset}, accept=(200, 422))
            if answer.status == 422:
                sentence = "look at page_type, section and the name of the field `changed` in its file"
                raise FormChangedError(f"{self.http.name} does not list its pages as asked: {sentence}.")
            items = _items(answer.json_object(), self.http.name)
            ids = [take_id(item.get("id"), self.http.name) for item in items]
            yield from ids
            if len(ids) < PAGE:
                return
        raise StrangeAnswerError(f"{self.http.name} lists more than {MOST_RECORDS:,} pages.")

    def _filters(self) -> dict[str, Any]:
        section = self._settings.section
        return {"type": self._settings.page_type, **({"descendant_of": section} if section else {})}

    def _page(self, page_id: str) -> str:
        if not (page_id.isascii() and page_id.isdecimal() and len(page_id) <= 18):
            raise NotFoundError("page", page_id[:40])
        return f"{_API}pages/{page_id}/"


def _items(answer: Fields, where: str) -> list[Fields]:
    """Return what a list of the API holds. Raise StrangeAnswerError for another answer."""
    if not isinstance(answer.get("items"), list):
        raise StrangeAnswerError(f"{where} answered with something else than a list.")
    return objects(answer["items"])


def _reasons(answer: Answer) -> str:
    """Return the places of a refusal without the values that stand there."""
    errors = objects(answer.json_object().get("errors"))[:_MOST_WRONG]
    places = (
        ".".join(as_line(part, 40) for part in error["loc"][:_MOST_WRONG])
        for error in errors
        if isinstance(error.get("loc"), list)
    )
    return ", ".join(place for place in places if place) or "the form has changed"
