"""Indico's own requests. The classic API is read; a link is written by the form that people have for it.

Source: Indico 3.3.14, `indico/modules/events/api.py`, `indico/modules/attachments`. Results of the classic API are
cached for ten minutes for each user and address, unless `nocache=yes` says otherwise. A token sends no cookie.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...clock import Clock
from ...errors import NotFoundError
from ..answers import Answer
from ..errors import MissingRightError, StrangeAnswerError, UnauthorizedError
from ..http import Client, Limits
from ..port import MOST_RECORDS
from ..values import Fields, as_line, fields_of, objects, text
from .forms import EDITED_LINK, FOLDER, LINK, Form, check_success, read_form
from .settings import Settings

READING, WRITING = "read:legacy_api", "full:everything"  # the scopes of a token
_DETAIL = "subcontributions"
_ID = re.compile(r"[1-9]\d{0,9}")
_SCRIPT = {"X-Requested-With": "XMLHttpRequest"}  # errors come as JSON
_PLUGIN, _ROOMS, _ROOM = b"/plugins/vc_zoom/", b"vc-info-container", b"vc-room-entry"  # as pages have them
_SMALLEST_PAGE = 20
_OVERLAP = 30  # one event in so many stands on two pages
_MOST_PAGES = 600  # should Indico give fewer at once than it is asked for
_LONGEST_REASON = 100
_REMEDY = (
    " Unless the event is locked, give the token's user the permission Submission on it, or make it a manager of the"
    " category."
)


class ScopeError(MissingRightError):
    """The token is right, and lacks a scope."""

    def __init__(self, where: str, scope: str) -> None:
        super().__init__(f"{where}: the token lacks the scope {scope}; make one that has it.")
        self.scope = scope


@dataclass(frozen=True, kw_only=True)
class Material:
    """A link or a file of an event. `folder_id` is part of its address; `folder` is None for that without a title."""

    id: int
    folder_id: int
    folder: str | None
    title: str
    description: str
    url: str
    is_protected: bool  # by itself, by its folder or by its event


class Indico:
    """The requests to one Indico."""

    def __init__(self, name: str, settings: Settings, clock: Clock, limits: Limits) -> None:
        known = {"Authorization": f"Bearer {settings.token.get_secret_value()}"}
        self.http = Client(name, settings.url, clock, limits, credentials=lambda: known)
        self.name = name

    def fetch_page(self) -> Answer:
        """Fetch the start page, which shows the version; as a visitor gets it if the token is not accepted."""
        return self.http.get("/", headers={"Accept": "text/html"}, accept=(200, 302, 401, 403))

    def fetch_user(self) -> Fields:
        """Fetch whom the token stands for."""
        return self._get("/api/user/").json_object()

    def fetch_category(self, category: int) -> Fields:
        """Fetch what a category is called, and what we may do there; raise NotFoundError."""
        return _object(self._get(f"/category/{category}/info").json_object().get("category"))

    def iter_events(self, categories: tuple[int, ...], *, past_days: int, size: int) -> Iterator[Fields]:
        """Iterate over the events that ended at most so many days ago, or did not end.

        A page is shorter than it could be where we may not read an event, so the last one is the one without anything
        new. Pages overlap, so that an event which is deleted meanwhile moves none out of the list.
        """
        offset, seen = 0, set[str]()
        for _ in range(_MOST_PAGES):
            params = {"from": f"-{past_days}d", "order": "id", "limit": size, "offset": offset}
            answer = self._export(f"categ/{_joined(categories)}.json", params, accept=(200, 400))
            if answer.status == 400 and size > _SMALLEST_PAGE:  # this version gives fewer at once
                size //= 2
                continue
            page = tuple(event for event in _results(answer) if str(event.get("id")) not in seen)
            if not page:
                return
            seen |= {str(event.get("id")) for event in page}
            if len(seen) > MOST_RECORDS:
                raise StrangeAnswerError(f"{self.name} has more than {MOST_RECORDS} events: name fewer categories.")
            yield from page
            page = ()  # it is not kept while the next one is read
            offset += size - size // _OVERLAP
        raise StrangeAnswerError(f"{self.name} lists its events without an end.")

    def fetch_newest(self, categories: tuple[int, ...], *, past_days: int) -> Fields | None:
        """Fetch the newest event of the categories that we may read; None: there is none."""
        params = {"from": f"-{past_days}d", "order": "id", "descending": "yes", "limit": 20, "detail": "events"}
        page = _results(self._export(f"categ/{_joined(categories)}.json", params))
        return page[0] if page else None

    def fetch_event(self, event_id: str) -> Fields:
        """Fetch an event; raise NotFoundError, also where we may not read it: Indico does not say which."""
        page = _results(self._export(f"event/{_checked(event_id)}.json", {}))
        if not page:
            raise NotFoundError("event", event_id)
        return page[0]

    def fetch_calendar(self, categories: tuple[int, ...], *, past_days: int, size: int, offset: int) -> bytes:
        """Fetch some events as a calendar, in which the plugin for Zoom says the addresses of its webinars."""
        params = {"from": f"-{past_days}d", "order": "id", "limit": size, "offset": offset, "detail": "events"}
        return self._export(f"categ/{_joined(categories)}.ics", params).body

    def fetch_event_calendar(self, event_id: str) -> bytes:
        """Fetch an event as a calendar: that of its page, as the one of the classic API leaves the plugin out."""
        return self._get(f"/event/{_checked(event_id)}/event.ics").body

    def has_zoom_plugin(self, event_id: str) -> bool:
        """Return whether the page of an event loads something of the plugin for Zoom."""
        return _PLUGIN in self._get(f"/event/{_checked(event_id)}/videoconference/").body

    def count_rooms(self, event_id: str) -> int:
        """Count the rooms of videoconferences of an event, hidden ones too; raise MissingRightError for no manager."""
        page = self._get(f"/event/{_checked(event_id)}/manage/videoconference/").body
        if _ROOMS not in page:
            raise StrangeAnswerError(f"{self.name} does not list the videoconferences of an event.")
        return page.count(_ROOM)

    def fetch_materials(self, event_id: str) -> tuple[tuple[Material, ...], frozenset[int]]:
        """Fetch the links and files of an event itself, the oldest first, and the ids of its folders."""
        answer = self._export(f"attachments/{_checked(event_id)}.json", {})
        folders = _object(answer.json_object().get("results")).get("folders")
        if not isinstance(folders, list):
            raise StrangeAnswerError(f"{self.name} does not list the materials of an event.")
        materials = [
            read_material(each, _object(folder))
            for folder in folders
            for each in objects(_object(folder).get("attachments"))
        ]
        ids = frozenset(_number(_object(folder).get("id")) for folder in folders)
        return tuple(sorted(materials, key=lambda material: material.id)), ids

    def find_groups(self, name: str) -> tuple[str, ...]:
        """Find the groups of this name, as Indico identifies them, such as `Group::1`."""
        answer = self._get("/groups/api/search", {"name": name, "exact": "true"})
        groups = answer.json_object().get("groups")
        return tuple(text(group.get("identifier")) for group in objects(groups) if group.get("name") == name)

    def fetch_new_form(self, event_id: str, *, with_groups: bool) -> Form:
        """Fetch the empty form of a link."""
        answer = self._get(f"{_materials(event_id)}/add/link")
        return read_form(answer, LINK, with_groups=with_groups)

    def fetch_form(self, event_id: str, material: Material, *, with_groups: bool = False) -> Form:
        """Fetch the form of a link as it is; raise NotFoundError."""
        return read_form(self._get(_address(event_id, material)), EDITED_LINK, with_groups=with_groups)

    def add_link(self, event_id: str, fields: Mapping[str, str]) -> None:
        """Add a link. It is not idempotent, and the answer does not say the id."""
        self._write("POST", f"{_materials(event_id)}/add/link", fields)

    def edit_link(self, event_id: str, material: Material, fields: Mapping[str, str]) -> None:
        """Change a link. A field that is left out is reset."""
        self._write("POST", _address(event_id, material), fields)

    def delete_link(self, event_id: str, material: Material) -> None:
        """Delete a link; raise NotFoundError."""
        self._write("DELETE", _address(event_id, material))

    def add_folder(self, event_id: str, fields: Mapping[str, str]) -> None:
        """Add a folder."""
        path = f"{_materials(event_id)}/create-folder"
        read_form(self._get(path), FOLDER, with_groups=True)
        self._write("POST", path, fields)

    def _export(self, path: str, params: Mapping[str, Any], accept: tuple[int, ...] = (200,)) -> Answer:
        given = {"detail": _DETAIL, **params, "nocache": "yes"}
        answer = self.http.get(f"/export/{path}", params=given, accept=(200, 400, 403))
        if answer.status == 400 and b"OAuth error" in answer.body:  # a page for people
            if b"insufficient_scope" in answer.body:
                raise ScopeError(self.name, READING)
            raise UnauthorizedError(f"{self.name} does not accept the token.")
        if answer.status == 400 and 400 not in accept:
            raise StrangeAnswerError(f"{self.name} refused what we asked for: HTTP 400.")
        return self._allowed(answer, "")

    def _get(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        return self._allowed(self.http.get(path, params=params, headers=_SCRIPT, accept=(200, 403)))

    def _write(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> None:
        answer = self.http.send(method, path, data=fields, headers=_SCRIPT, accept=(200, 403))
        check_success(self._allowed(answer))

    def _allowed(self, answer: Answer, remedy: str = _REMEDY) -> Answer:
        """Return an answer. Raise MissingRightError with what Indico says if it forbids, and what to do."""
        if answer.status != 403:
            return answer
        if b"insufficient_scope" in answer.body:
            raise ScopeError(self.name, WRITING)
        raise MissingRightError(f"{self.name} does not allow this: {_reason(answer)}{remedy}")


def _results(answer: Answer) -> tuple[Fields, ...]:
    """Return the events of an answer."""
    results = answer.json_object().get("results")
    if answer.status != 200 or not isinstance(results, list):
        raise StrangeAnswerError(f"{answer.where} does not list its events (HTTP {answer.status}).")
    return tuple(_object(event) for event in results)


def read_material(fields: Fields, folder: Fields) -> Material:
    """Read a link or file, and the folder in which it lies. Raise StrangeAnswerError where one has no number."""
    title = folder.get("title")
    return Material(
        id=_number(fields.get("id")),
        folder_id=_number(folder.get("id")),
        folder=title if isinstance(title, str) and not folder.get("default_folder") else None,
        title=text(fields.get("title")),
        description=text(fields.get("description")),
        url=text(fields.get("link_url")),
        is_protected=fields.get("is_protected") is not False,
    )


def _object(value: Any) -> Fields:
    if not isinstance(value, dict):
        raise StrangeAnswerError("Indico answered with another JSON than expected: no object.")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int):
        raise StrangeAnswerError("Indico answered with an id that is no number.")
    return value


def _checked(event_id: str) -> str:
    if not _ID.fullmatch(event_id):
        raise NotFoundError("event", event_id[:40])
    return event_id


def _materials(event_id: str) -> str:
    return f"/event/{_checked(event_id)}/manage/attachments"


def _address(event_id: str, material: Material) -> str:
    return f"{_materials(event_id)}/{material.folder_id}/{material.id}/"


def _joined(categories: tuple[int, ...]) -> str:
    return "-".join(str(category) for category in categories)


def _reason(answer: Answer) -> str:
    """Return what Indico says of a refusal, such as that the event is locked."""
    try:
        said = fields_of(answer.json_object().get("error")).get("message")
    except StrangeAnswerError:
        said = None
    return f"{as_line(said, _LONGEST_REASON).rstrip('.')}." if said else "HTTP 403."
