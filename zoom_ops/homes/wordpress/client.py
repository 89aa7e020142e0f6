"""The requests to WordPress that this home needs: its REST API, /wp-json/wp/v2."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ...clock import Clock
from ...errors import NotFoundError, ParkedError
from ..answers import Answer
from ..errors import ConflictError, MissingRightError, StrangeAnswerError, UnauthorizedError
from ..http import Client, Limits, basic_auth
from ..port import MOST_RECORDS
from ..values import Fields, fields_of, text
from .reading import FIELDS, Page, number_of, parse_page
from .settings import Settings

_PAGE = 100  # WordPress gives no more at once
_MOST_REVISIONS = 100
Read = TypeVar("Read")
_NO_SUCH = ("rest_post_invalid_id", "rest_post_invalid_parent")


@dataclass(frozen=True, kw_only=True)
class Revision:
    """What somebody saved."""

    id: int
    content: str = field(repr=False)


class WordPress:
    """The REST API of a site. `type` is the REST base of what events are there."""

    def __init__(self, name: str, settings: Settings, clock: Clock, limits: Limits) -> None:
        known = basic_auth(settings.login, settings.application_password)
        self.http = Client(name, settings.url, clock, limits, credentials=lambda: known)
        self.type = settings.type
        self._base = f"wp-json/wp/v2/{self.type}"

    def fetch(self, record_id: str) -> Fields:
        """Fetch a page as its editors get it. Raise NotFoundError for an unknown one."""
        params = {"context": "edit", "_fields": FIELDS, "_embed": "wp:term"}
        return self._known(
            self.http.get(self._of(record_id), params=params, accept=(200, 404)), record_id
        ).json_object()

    def write(self, record_id: str, content: str, hiding: Fields) -> Page:
        """Replace the content of a page, and return the page as it is then. `hiding`: what keeps visitors out."""
        body = {"content": content, **hiding}
        answer = self.http.send("POST", self._of(record_id), json=body, accept=(200, 404))
        return parse_page(self._known(answer, record_id).json_object())

    def list_revisions(self, record_id: str) -> tuple[Revision, ...]:
        """List the newest revisions of a page, the oldest first; none where its type has none."""
        found = self._fetch_revisions(record_id, most=_MOST_REVISIONS, fields="id,slug,content") or []
        revisions = (
            Revision(id=number_of(each), content=text(fields_of(each.get("content")).get("raw")))
            for each in found
            if "-autosave-" not in text(each.get("slug"))
        )
        return tuple(sorted(revisions, key=lambda revision: revision.id))

    def find_newest_revision(self, record_id: str) -> int | None:
        """Find the number of the newest revision: 0 where there is none yet; None where the type has none."""
        found = self._fetch_revisions(record_id, most=1, fields="id")
        return None if found is None else max(map(number_of, found), default=0)

    def list_all(self, read: Callable[[Fields], Read], **params: Any) -> tuple[list[Read], int]:
        """List all pages that fit, by their numbers, each as `read` returns it, and how many the site counts.

        It leaves out what the account may not see. Raise ConflictError where some are made or deleted meanwhile, as one
        could then be missed.
        """
        records, total, page, last = list[Read](), -1, 1, 1
        while page <= last:
            answer = self._list(page, params)
            now, last = _count(answer, "x-wp-total"), _count(answer, "x-wp-totalpages")
            if now > MOST_RECORDS or last > MOST_RECORDS // _PAGE:
                raise ParkedError(f"{self.http.name} lists {now:,} {self.type}; at most {MOST_RECORDS:,} are read.")
            if total not in (-1, now):
                raise ConflictError(f"{self.http.name}: {self.type} were made or deleted while they were listed.")
            total, page = now, page + 1
            records += map(read, _as_list(answer))
        return records, total

    def count(self, **params: Any) -> tuple[int, Answer]:
        """Count the pages that fit; return the answer too, which tells the time there."""
        answer = self._list(1, {**params, "per_page": 1, "_fields": "id"})
        return _count(answer, "x-wp-total"), answer

    def find_number(self, route: str, name: str) -> int:
        """Find the number of a category, a tag or a page by its slug. Raise ParkedError if there is none."""
        if name.isdecimal():
            return int(name)
        answer = self.http.get(f"wp-json/wp/v2/{route}", params={"slug": name, "_fields": "id"})
        found = _as_list(answer)
        if not found:
            raise ParkedError(f"{self.http.name}: there is nothing called {name!r} among the {route} of the site.")
        return number_of(found[0])

    def make_draft(self, title: str, content: str) -> tuple[str, str]:
        """Make a draft, which visitors do not see. Return its id and its content as it was stored."""
        body = {"title": title, "content": content, "status": "draft"}
        page = parse_page(self.http.send("POST", self._base, json=body, accept=(201,)).json_object())
        return page.id, page.content

    def delete(self, record_id: str) -> None:
        """Delete a page for ever."""
        self.http.send("DELETE", self._of(record_id), params={"force": "true"}, accept=(200, 404))

    def _fetch_revisions(self, record_id: str, *, most: int, fields: str) -> list[Fields] | None:
        params = {"context": "edit", "per_page": most, "orderby": "id", "order": "desc", "_fields": fields}
        answer = self.http.get(f"{self._of(record_id)}/revisions", params=params, accept=(200, 404))
        if answer.status == 404 and self._code(answer) == "rest_no_route":
            return None
        return _as_list(self._known(answer, record_id))

    def _list(self, page: int, params: Mapping[str, Any]) -> Answer:
        given = {"per_page": _PAGE, "orderby": "id", "order": "asc", "page": page, **params}
        answer = self.http.get(self._base, params=given, accept=(200, 400, 404))
        if answer.status == 404:
            raise ParkedError(f"{self.http.name}: the REST API of the site has no {self.type!r}, or is switched off.")
        if answer.status == 400:
            raise self._refusal(answer)
        return answer

    def _refusal(self, answer: Answer) -> Exception:
        """Return what a 400 means: whoever is not logged in, or may not edit, may not ask for drafts."""
        said = answer.json_object()
        for name in ("data", "details", "status", "data"):
            said = fields_of(said.get(name))
        if said.get("status") == 401:
            return UnauthorizedError(f"{self.http.name} does not accept the credentials.")
        if "status" in said:
            return MissingRightError(f"{self.http.name}: the account may not edit {self.type}.")
        return StrangeAnswerError(f"{self.http.name} refused to list its {self.type}: HTTP 400.")

    def _of(self, record_id: str) -> str:
        """Return the path of a page. Raise NotFoundError for an id that is none of WordPress."""
        if not (record_id.isascii() and record_id.isdecimal() and len(record_id) <= 18):
            raise NotFoundError("record", record_id[:40])
        return f"{self._base}/{record_id}"

    def _known(self, answer: Answer, record_id: str) -> Answer:
        """Return the answer about a page. Only WordPress itself may say that there is none."""
        if answer.status != 404:
            return answer
        if self._code(answer) in _NO_SUCH:
            raise NotFoundError("record", record_id)
        raise StrangeAnswerError(f"{self.http.name} answered HTTP 404, and not that there is no such page.")

    def _code(self, answer: Answer) -> str:
        return text(answer.json_object().get("code"))


def _count(answer: Answer, header: str) -> int:
    text = answer.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise StrangeAnswerError(f"{answer.where} did not say how many there are: {header} is missing.")
    return int(text)


def _as_list(answer: Answer) -> list[Fields]:
    found = answer.json()
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise StrangeAnswerError(f"{answer.where} answered with another JSON than expected: no list.")
    return found
