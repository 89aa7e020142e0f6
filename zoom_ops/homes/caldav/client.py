"""The requests to a calendar (RFC 4791, RFC 6578)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ...clock import Clock
from ...errors import NotFoundError
from ...linear import split_url
from ..answers import Answer
from ..errors import ConflictError, MissingRightError, StrangeAnswerError, UnauthorizedError
from ..http import Client, Limits, basic_auth
from ..ids import as_segment, is_id
from ..values import path_of
from .settings import Settings

_DAV, _CALDAV, _SERVER = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}", "{http://calendarserver.org/ns/}"
_PROP = f"{_DAV}propstat/{_DAV}prop"
_NAMES = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/"'
_PROPERTIES = "<resourcetype/><sync-token/><S:getctag/><current-user-privilege-set/>"
_MOST_TAGS = 600_000  # of one answer
_MOST_ATTRIBUTES = 100_000  # of one answer, and of the calendars in it
_MOST_LINES = 500_000  # of one answer
_AT_ONCE = 50  # entries of one request
_MOST_ROUNDS = 200


@dataclass(frozen=True, kw_only=True)
class About:
    """What a server tells about a calendar."""

    answer: Answer = field(repr=False)
    is_calendar: bool
    token: str  # of RFC 6578; "": the server has none
    ctag: str
    privileges: frozenset[str] | None  # None: it does not tell


@dataclass(frozen=True, kw_only=True)
class Named:
    """The entries that have changed and those that are gone, by name, and the token of now."""

    changed: tuple[str, ...]
    gone: tuple[str, ...] = ()
    token: str = ""


class TokenExpiredError(Exception):
    """The server does not know this token any more."""


class CalDav:
    """One calendar. An entry goes by its name: the last segment of its address."""

    def __init__(self, name: str, settings: Settings, clock: Clock, limits: Limits) -> None:
        self._calendar = settings.calendar
        known = basic_auth(settings.user, settings.password)
        self.http = Client(name, settings.url, clock, limits, credentials=lambda: known)
        self._visitor = self.http.as_visitor()
        self._below = split_url(settings.url).path.rstrip("/") + settings.calendar  # the path of the calendar

    def describe(self) -> About:
        """Ask what the calendar is, its state, and what we may do."""
        answer = self._ask("PROPFIND", f"<propfind {_NAMES}><prop>{_PROPERTIES}</prop></propfind>", depth="0")
        properties = [one for response in self._responses(answer) for one in response.findall(_PROP)]
        found = {child.tag: child for each in properties for child in each if len(child) or child.text}
        kinds, rights = (found.get(f"{_DAV}{name}") for name in ("resourcetype", "current-user-privilege-set"))
        named = None if rights is None else frozenset(_bare(one.tag) for each in rights for one in each)
        return About(
            answer=answer,
            is_calendar=kinds is not None and kinds.find(f"{_CALDAV}calendar") is not None,
            token=_text(found.get(f"{_DAV}sync-token")),
            ctag=_text(found.get(f"{_SERVER}getctag")),
            privileges=named,
        )

    def list_all(self) -> tuple[str, ...]:
        """List the names of all entries."""
        answer = self._ask("PROPFIND", f"<propfind {_NAMES}><prop><getetag/></prop></propfind>", depth="1")
        return tuple(name for response in self._responses(answer) if (name := self._name_of(response)))

    def list_changed(self, token: str) -> Named:
        """List what has changed since a token; everything for "". Raise TokenExpiredError."""
        changed, gone = dict[str, None](), dict[str, None]()
        for _ in range(_MOST_ROUNDS):
            answer = self._sync(token)
            root = self._parse(answer)
            is_cut = False
            for response in root.findall(f"{_DAV}response"):
                status, name = _text(response.find(f"{_DAV}status")), self._name_of(response)
                is_cut = is_cut or " 507" in status  # RFC 6578, 3.6: there is more
                if name:
                    (changed if " 404" in status else gone).pop(name, None)
                    (gone if " 404" in status else changed)[name] = None
            following = _text(root.find(f"{_DAV}sync-token"))
            if not following or (is_cut and following == token):
                raise StrangeAnswerError(f"{self.http.name} goes round in a circle of changes.")
            token = following
            if not is_cut:
                return Named(changed=tuple(changed), gone=tuple(gone), token=token)
        raise StrangeAnswerError(f"{self.http.name} has no end of changes.")

    def read_many(self, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Iterate over the entries of some names; those that are gone meanwhile are left out."""
        for first in range(0, len(names), _AT_ONCE):
            hrefs = "".join(
                f"<href>{escape(quote(unquote(self._below), safe='/') + as_segment(name))}</href>"
                for name in names[first : first + _AT_ONCE]
            )
            body = (
                f"<C:calendar-multiget {_NAMES}><prop><getetag/><C:calendar-data/></prop>{hrefs}</C:calendar-multiget>"
            )
            for response in self._responses(self._ask("REPORT", body, depth="1")):
                content, name = response.find(f"{_PROP}/{_CALDAV}calendar-data"), self._name_of(response)
                if name and content is not None and content.text:
                    yield name, content.text.encode("utf-8", "replace")

    def read(self, name: str) -> tuple[bytes, str]:
        """Read an entry and its ETag, which RFC 4791 (5.3.4) demands. Raise NotFoundError."""
        headers = {"Accept": "text/calendar", "Accept-Encoding": "identity"}  # compression may change the ETag
        answer = self.http.get(self._path(name), headers=headers)
        etag = answer.headers.get("etag", "")
        if not answer.body.lstrip().upper().startswith(b"BEGIN:VCALENDAR"):
            raise StrangeAnswerError(f"{answer.where} answered with something else than a calendar.")
        if not etag:
            raise StrangeAnswerError(f"{answer.where} gives no ETag, without which nobody can write safely.")
        return answer.body, etag

    def is_open(self, name: str = "") -> bool:
        """Return whether visitors can read an entry, or list the calendar."""
        try:
            if name:
                self._visitor.get(self._path(name), headers={"Accept": "text/calendar"})
            else:
                self._visitor.send("PROPFIND", self._calendar, headers={"Depth": "1"}, accept=(200, 207))
        except (UnauthorizedError, MissingRightError, NotFoundError):
            return False
        return True

    def write(self, name: str, content: bytes, etag: str) -> None:
        """Write an entry. Raise ConflictError if it is not the version with this ETag any more."""
        headers = {"Content-Type": "text/calendar; charset=utf-8", "If-Match": etag}
        self.http.send("PUT", self._path(name), data=content, headers=headers)

    def try_write(self, name: str, content: bytes) -> None:
        """Try whether writing is allowed, with an ETag that no version has: nothing changes. Raise what forbids it."""
        try:
            self.write(name, content, '"zoom-ops-check"')
        except ConflictError:
            return

    def _path(self, name: str) -> str:
        return self._calendar + as_segment(name)

    def _sync(self, token: str) -> Answer:
        body = (
            f"<sync-collection {_NAMES}><sync-token>{escape(token)}</sync-token><sync-level>1</sync-level>"
            "<prop><getetag/></prop></sync-collection>"
        )
        answer = self._ask("REPORT", body, depth="0", accept=(207, 400, 403, 409, 410))
        if answer.status == 207:
            return answer
        if token and b"valid-sync-token" in answer.body:
            raise TokenExpiredError
        if answer.status == 403:
            raise MissingRightError(f"{answer.where} does not allow to list this calendar (HTTP 403).")
        raise StrangeAnswerError(
            f'{answer.where} has no sync-collection; say changes = "ctag" in the file of the home.'
        )

    def _ask(self, method: str, body: str, *, depth: str, accept: tuple[int, ...] = (207,)) -> Answer:
        headers = {
            "Depth": depth,
            "Content-Type": "application/xml; charset=utf-8",
            "Accept": "application/xml, text/xml",
        }
        content = f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode()
        return self.http.send(method, self._calendar, data=content, headers=headers, accept=accept)

    def _responses(self, answer: Answer) -> list[Element]:
        """Return the responses. They are looked for where they belong: an answer may hold each in another one."""
        return self._parse(answer).findall(f"{_DAV}response")

    def _parse(self, answer: Answer) -> Element:
        counted = ((b"<", _MOST_TAGS), (b'="', _MOST_ATTRIBUTES), (b"='", _MOST_ATTRIBUTES), (b"\n", _MOST_LINES))
        if any(answer.body.count(sign) > most for sign, most in counted):
            raise StrangeAnswerError(f"{answer.where} answered with more than is read.")
        try:
            root: Any = fromstring(answer.body, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
            raise StrangeAnswerError(f"{answer.where} answered HTTP {answer.status} with no XML of WebDAV.") from error
        if root.tag != f"{_DAV}multistatus":
            raise StrangeAnswerError(f"{answer.where} answered HTTP {answer.status} with another XML than expected.")
        parsed: Element = root
        return parsed

    def _name_of(self, response: Element) -> str:
        """Return the name of an entry of this calendar; "" for the calendar, for what lies below or elsewhere."""
        path = path_of(_text(response.find(f"{_DAV}href")))
        above, slash, last = path.rpartition("/")
        name = unquote(last)
        return name if unquote(above + slash) == unquote(self._below) and is_id(name) else ""


def _text(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]
