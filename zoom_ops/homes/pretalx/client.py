"""The requests of pretalx' API, version 2.

Only the fields of a session that are read are asked for: invitation tokens, review codes and answers do not travel.

pretalx 2026.2.1 has a fault: a request that chooses fields of the objects inside a session, such as
`fields=slots.start` or `expand=slots.room`, chooses them for everybody's later requests to the same process. So no
such choice is made here. Where another client's choice left fields out, the request is sent again with all of them
named, which also mends the answers that others get.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...clock import Clock
from ...errors import NotFoundError
from ..answers import Answer
from ..errors import FormChangedError, StrangeAnswerError
from ..http import Client, Limits
from ..port import MOST_RECORDS
from ..values import Fields, number, objects, text
from .settings import Settings

VERSION = "v2"
_VERSION = {"Pretalx-Version": VERSION}
TRIED = "2026.2.1"  # the version of pretalx that was tried
PAGE = 250  # sessions; the server gives no more unless its max_pagination_limit is raised
_MOST_PAGES = 250  # should the server give fewer
_STATES = ("accepted", "confirmed", "canceled", "withdrawn")
_EXPAND = "speakers,slots,resources,submission_type,track,tags"
_FIELDS = (
    "code,title,state,abstract,description,content_locale,do_not_record,duration,speakers,slots,resources,"
    "submission_type,track,tags"
)
_READ = {"speakers": ("name",), "slots": ("start",), "resources": ("id", "resource", "description", "is_public")}
_INNER = {  # all fields of the objects inside a session, in 2026.2.1
    "speakers": "code,name,biography,submissions,avatar_url,answers,email,timezone,locale,has_arrived,internal_notes",
    "slots": "id,room,start,end,description,duration",
    "resources": "id,resource,description,is_public",
}
_LINKS = {"expand": "slots,resources", "fields": "code,do_not_record,slots,resources"}
_CODE = re.compile(r"[A-Za-z0-9]{1,50}")
_PAST = {"fields": "id,start,end,duration,room,schedule,is_visible", "page_size": PAGE}


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A link or file of a session."""

    id: int
    address: str
    description: str
    is_public: bool


@dataclass(frozen=True, kw_only=True)
class Links:
    """What a session has that counts for a link. `starts`: of its slots in their order, such as 2027-01-31T08:30."""

    is_refused: bool  # its speakers do not want a recording
    starts: tuple[str, ...]
    resources: tuple[Resource, ...] = field(repr=False)  # the oldest one first


@dataclass(frozen=True, kw_only=True)
class Conference:
    """The conference. `is_open`: visitors may see its schedule. `rooms`: their names, as far as they may be read."""

    fields: Fields = field(repr=False)
    is_open: bool
    rooms: Mapping[int, str]


class Pretalx:
    """One conference. `http` sends the token; the visitor does not."""

    def __init__(self, name: str, settings: Settings, clock: Clock, limits: Limits) -> None:
        known = {"Authorization": f"Token {settings.token.get_secret_value()}", **_VERSION}
        self.http = Client(name, settings.url, clock, limits, credentials=lambda: known)
        self._visitor, self.event = self.http.as_visitor(), settings.event
        self._path = f"api/events/{settings.event}/"

    def fetch_root(self) -> Answer:
        """Fetch what pretalx says of itself to everybody."""
        return self._visitor.get("api/")

    def fetch_conference(self) -> Conference:
        """Fetch the conference. Its rooms are asked for as a visitor, which tells whether visitors see the schedule."""
        fields = self.http.get(self._path).json_object()
        if fields.get("slug") != self.event:
            raise StrangeAnswerError(f"{self.http.name} answered with something else than the conference {self.event}.")
        path, params = f"{self._path}rooms/", {"page_size": PAGE}
        answer = self._visitor.get(path, params=params, headers=_VERSION, accept=(200, 401, 403, 404))
        is_open = answer.status == 200 and fields.get("is_public") is True
        if answer.status != 200:
            answer = self.http.get(path, params=params, accept=(200, 403))
        rooms = objects(answer.json_object().get("results")) if answer.status == 200 else []
        names = {number(room.get("id")): name_of(room, text(fields.get("locale"))) for room in rooms}
        return Conference(fields=fields, is_open=is_open, rooms=names)

    def iter_sessions(self) -> Iterator[Fields]:
        """Iterate over the sessions that were accepted, also those called off since; at most MOST_RECORDS."""
        params = {"state": _STATES, "expand": _EXPAND, "fields": _FIELDS, "page_size": PAGE}
        count = 0
        for page in range(1, _MOST_PAGES + 1):
            answer = self._ask(f"{self._path}submissions/", {**params, "page": page})
            for session in objects(answer.get("results")):
                count += 1
                if count > MOST_RECORDS:
                    raise StrangeAnswerError(f"{self.http.name} lists more than {MOST_RECORDS:,} sessions.")
                yield session
            if not answer.get("next"):
                return
        raise StrangeAnswerError(f"{self.http.name} lists its sessions without an end.")

    def fetch_first(self) -> Fields | None:
        """Fetch one of the sessions that were accepted; None if there is none."""
        params = {"state": _STATES, "expand": _EXPAND, "fields": _FIELDS, "page_size": 1}
        sessions = self._ask(f"{self._path}submissions/", params).get("results")
        return next(iter(objects(sessions)), None)

    def fetch_session(self, code: str) -> Fields:
        """Fetch a session; raise NotFoundError."""
        return self._ask(self._session(code), {"expand": _EXPAND, "fields": _FIELDS})

    def fetch_past_slots(self, code: str) -> tuple[Fields, ...]:
        """Fetch the slots that a session had in the last schedule with it; none without the right to read slots."""
        params, accept = {**_PAST, "submission": code}, (200, 400, 403)
        answer = self.http.get(f"{self._path}slots/", params=params, accept=accept)
        if answer.status != 200:
            return ()
        slots = [slot for slot in objects(answer.json_object().get("results")) if slot.get("is_visible") is True]
        last = max((number(slot.get("schedule")) for slot in slots), default=0)
        return tuple(slot for slot in slots if number(slot.get("schedule")) == last)

    def fetch_hidden_slots(self) -> Mapping[str, tuple[Fields, ...]]:
        """Fetch the slots of the released schedule that visitors do not see, by the code of the session.

        There are none without the right to read slots.
        """
        params, hidden = {"fields": f"{_PAST['fields']},submission", "page_size": PAGE}, dict[str, tuple[Fields, ...]]()
        for page in range(1, _MOST_PAGES + 1):
            answer = self.http.get(f"{self._path}slots/", params={**params, "page": page}, accept=(200, 403))
            fields = answer.json_object() if answer.status == 200 else {}
            for slot in objects(fields.get("results")):
                if slot.get("is_visible") is False:
                    code = text(slot.get("submission"))
                    hidden[code] = (*hidden.get(code, ()), slot)
            if not fields.get("next"):
                return hidden
        raise StrangeAnswerError(f"{self.http.name} lists its slots without an end.")

    def fetch_links(self, code: str) -> Links:
        """Fetch what counts for a link; raise NotFoundError for an unknown session."""
        session = self._ask(self._session(code), _LINKS)
        resources = (read_resource(fields) for fields in objects(session.get("resources")))
        return Links(
            is_refused=session.get("do_not_record") is True,
            starts=tuple(text(slot.get("start")) for slot in sorted_slots(session)),
            resources=tuple(sorted(resources, key=lambda resource: resource.id)),
        )

    def add_link(self, code: str, address: str, description: str, *, is_public: bool) -> None:
        """Add a link to a session. Raise FormChangedError if pretalx does not take it."""
        fields = {"link": address, "description": description, "is_public": is_public}
        answer = self.http.send("POST", f"{self._session(code)}resources/", json=fields, accept=(200, 201, 400))
        if answer.status == 400:
            wrong = ", ".join(name for name in answer.json_object() if name in fields) or "the form"
            raise FormChangedError(f"{self.http.name} does not take the link as it is: {wrong} (HTTP 400).")

    def remove_link(self, code: str, resource_id: int) -> None:
        """Remove a link from a session. Idempotent."""
        self.http.send("DELETE", f"{self._session(code)}resources/{resource_id}/", accept=(204, 404))

    def try_writing(self, code: str) -> None:
        """Try whether links may be added and removed, by requests that pretalx refuses after it checked the right:
        an empty link, and the removal of one that is not there. Raise what forbids it."""
        path = f"{self._session(code)}resources/"
        self.http.send("POST", path, json={}, accept=(400,))
        self.http.send("DELETE", f"{path}0/", accept=(404,))

    def _ask(self, path: str, params: Mapping[str, Any]) -> Fields:
        """Ask for sessions; ask again where what is read of the objects inside them was left out."""
        answer = self.http.get(path, params=params).json_object()
        if not all(_CODE.fullmatch(text(session.get("code"))) for session in _sessions(answer)):
            raise StrangeAnswerError(f"{self.http.name} answered with something else than sessions.")
        if _is_whole(answer):
            return answer
        wanted = str(params["fields"]).split(",")
        named = [f"{name}.{inner}" for name in wanted for inner in _INNER.get(name, "").split(",") if inner]
        answer = self.http.get(path, params={**params, "fields": ",".join([*wanted, *named])}).json_object()
        if not _is_whole(answer):
            raise StrangeAnswerError(f"{self.http.name} leaves out fields of its sessions; restart pretalx.")
        return answer

    def _session(self, code: str) -> str:
        if not _CODE.fullmatch(code):
            raise NotFoundError("session", code[:40])
        return f"{self._path}submissions/{code}/"


def sorted_slots(session: Fields) -> list[Fields]:
    """Return the slots with a time, in pretalx' order. Their ids change with each release of the schedule."""
    slots = [slot for slot in objects(session.get("slots")) if text(slot.get("start"))]
    return sorted(slots, key=lambda slot: (text(slot.get("start")), number(slot.get("id"))))


def name_of(fields: Fields, locale: str = "") -> str:
    """Return a name in a language, else in the first one that it has."""
    name = fields.get("name")
    names = [name.get(locale), *name.values()] if isinstance(name, dict) else [name]
    return next((text(each) for each in names if text(each)), "")


def read_resource(fields: Fields) -> Resource:
    """Read a link or file of a session."""
    return Resource(
        id=number(fields.get("id")),
        address=text(fields.get("resource")),
        description=text(fields.get("description")),
        is_public=fields.get("is_public") is not False,  # an entry that visitors might see is public
    )


def _is_whole(answer: Fields) -> bool:
    """Return whether the objects inside sessions have the fields that are read."""
    return all(
        key in each
        for session in _sessions(answer)
        for name, keys in _READ.items()
        for each in objects(session.get(name))
        for key in keys
    )


def _sessions(answer: Fields) -> list[Fields]:
    return objects(answer["results"]) if isinstance(answer.get("results"), list) else [answer]
