"""What a request asks for, as far as the answer depends on it, and who may be given a kept answer: pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import cookie_parser

from ..dependencies import SESSION
from ..i18n.language import Language
from ..i18n.negotiation import COOKIE, PARAMETER, choose_code

Pairs = tuple[tuple[str, str], ...]
_Voice = Literal["reader", "stranger", "none"]  # whose language: the reader's, with their choice; a frame's; the site's

_SLUG = "[a-z0-9][a-z0-9-]{0,99}"
_LISTS = ("upcoming", "past")
_PAGES: tuple[tuple[str, tuple[str, ...], _Voice], ...] = (  # the address, what it understands of a query, its voice
    ("/", ("q", "series", "language", "year", "has", *_LISTS, PARAMETER), "reader"),
    (rf"/series/{_SLUG}", (*_LISTS, PARAMETER), "reader"),
    (rf"/events/{_SLUG}", (PARAMETER,), "reader"),
    (rf"/events/{_SLUG}/embed", (PARAMETER,), "stranger"),
    (rf"/events/{_SLUG}\.(?:json|ics)|/series/{_SLUG}\.(?:ics|atom)|/recordings\.atom", (), "none"),
    (r"/robots\.txt|/sitemap\.xml|/sitemaps/(?:series|events-[1-9][0-9]{0,5})\.xml", (), "none"),
    ("/oembed", ("url", "format", "maxwidth", "maxheight"), "none"),
)
_ADDRESS = re.compile("|".join(f"({pattern})" for pattern, _, _ in _PAGES))
_SEARCH = "q"
_LONGEST_QUERY = 1000
_LONGEST_HEADER = 1000
_READ = (b"cookie", b"accept-language", b"accept-encoding", b"if-none-match", b"origin")
_NO_ORIGIN, _OTHER_ORIGIN = "", "null"


class Asked(NamedTuple):
    """All that an answer depends on, for a visitor, besides what is stored, set, and the time."""

    path: str
    query: Pairs = ()
    language: str = ""  # its code
    origin: str = ""  # of the page that asks, if it is one of CORS_ORIGINS; "null" for another

    @property
    def is_refined(self) -> bool:
        """Whether a query refines it: of such addresses there are many more than pages."""
        return bool(self.query) and any(name != PARAMETER for name, _ in self.query)

    def headers(self, host: str) -> list[tuple[bytes, bytes]]:
        """Build the head of a request that asks for this and nothing else."""
        headers = [(b"host", host.encode("latin-1")), (b"accept", b"text/html,*/*")]
        if self.language:
            headers.append((b"accept-language", self.language.encode()))
        if any(name == PARAMETER for name, _ in self.query):  # the choice is known already
            headers.append((b"cookie", f"{COOKIE}={self.language}".encode()))
        if self.origin:
            headers.append((b"origin", self.origin.encode("latin-1")))
        return headers

    def change(self, scope: Mapping[str, Any], host: str) -> dict[str, Any]:
        """Build the scope of a request that asks for this and nothing else, from that of somebody's."""
        return {
            **scope,
            "method": "GET",
            "path": self.path,
            "raw_path": quote(self.path).encode(),
            "query_string": urlencode(self.query).encode(),
            "headers": self.headers(host),
            "state": {},
        }


class Wish(NamedTuple):
    """What is asked for, and in which form."""

    asked: Asked
    known: str = ""  # If-None-Match
    gzip: bool = False
    chooses: bool = False  # whether the language of the address is to be remembered
    is_page: bool = False  # of the site, in the language of the reader
    may_be_known: bool = False  # with the secret of a session: they are a visitor if it is not valid (any more)


def may_be_kept(path: str) -> bool:
    """Return whether an address may be that of an answer that is kept."""
    return _ADDRESS.fullmatch(path) is not None


def understood(path: str, query: Iterable[tuple[str, str]]) -> Pairs | None:
    """Return what a public page understands of a query, in one order; None for an address that is none.

    The rest changes nothing, and stands in no link of the page. The last of several values counts, as everywhere.
    """
    match = _ADDRESS.fullmatch(path)
    if match is None:
        return None
    given = dict(query)
    if given.get("upcoming") == "1":
        del given["upcoming"]
    if given.get("past") == "1":
        del given["past"]
    names = _PAGES[(match.lastindex or 1) - 1][1]
    return tuple((name, given[name]) for name in names if given.get(name) or (name in _LISTS and name in given))


def read_wish(
    scope: Mapping[str, Any], languages: Mapping[str, Language], origins: Collection[str], session: str = SESSION
) -> Wish | None:
    """Read what a visitor asks for; None if it may be somebody else who asks, or for more.

    Nobody is recognised by a request without our cookies (of a session, of a key for members) and without
    Authorization. Of a session alone, for a page, it has to be found out; `session` is the name of its cookie.
    Whatever else is unusual goes the long way, too.
    """
    if scope["method"] not in ("GET", "HEAD") or (match := _ADDRESS.fullmatch(scope["path"])) is None:
        return None
    if scope.get("root_path") or len(scope["query_string"]) > _LONGEST_QUERY:
        return None
    fields = _read_fields(scope["headers"])
    if fields is None:
        return None
    _, names, voice = _PAGES[(match.lastindex or 1) - 1]
    query = _read_query(scope["path"], scope["query_string"]) if names and scope["query_string"] else ()
    if query is None:
        return None
    named = chosen = ""
    if voice != "none":
        named = next((value for name, value in query if name == PARAMETER), "")
        if named and named not in languages:
            query, named = tuple(pair for pair in query if pair[0] != PARAMETER), ""
        cookie = fields.get(b"cookie", "")
        chosen = cookie_parser(cookie).get(COOKIE, "") if voice == "reader" and cookie else ""
    may_be_known = SESSION in fields.get(b"cookie", "")
    if may_be_known and (voice != "reader" or not _is_alone(session, fields[b"cookie"])):
        return None
    language = ""
    if voice != "none":
        accepted = fields.get(b"accept-language", "")
        language = named or _choose(chosen, accepted, tuple(languages))
    return Wish(
        asked=Asked(scope["path"], query, language, _origin_of(fields, origins)),
        known=fields.get(b"if-none-match", ""),
        gzip="gzip" in fields.get(b"accept-encoding", ""),
        chooses=voice == "reader" and bool(named) and named != chosen,
        is_page=voice == "reader",
        may_be_known=may_be_known,
    )


def _read_fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, str] | None:
    """Read the fields on which an answer depends; None if somebody may be recognised by one of them, or one is odd."""
    fields: dict[bytes, str] = {}
    for name, value in headers:
        if name in _READ:
            if name in fields or len(value) > _LONGEST_HEADER:
                return None
            fields[name] = value.decode("latin-1")
        elif name == b"authorization":
            return None
    return fields


def _origin_of(fields: Mapping[bytes, str], origins: Collection[str]) -> str:
    """Return the origin that an answer names; all that we do not know count as one."""
    if not origins or b"origin" not in fields:
        return _NO_ORIGIN
    return fields[b"origin"] if fields[b"origin"] in origins else _OTHER_ORIGIN


def _is_alone(session: str, cookie: str) -> bool:
    """Return whether the cookie of a session is there, and no other one of ours."""
    return cookie.count(SESSION) == 1 and session in cookie_parser(cookie)


def asks_for_page(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Return whether what is wrong with a request is told on a page: programs get a document."""
    accepted = next((value for name, value in headers if name == b"accept"), b"")
    return b"json" not in accepted or b"text/html" in accepted


def _read_query(path: str, query_string: bytes) -> Pairs | None:
    """Return what is understood of a query; None if it searches for words: such answers are not kept."""
    pairs = understood(path, parse_qsl(query_string.decode("latin-1"), keep_blank_values=True))
    return None if pairs is None or any(name == _SEARCH for name, _ in pairs) else pairs


@lru_cache(maxsize=256)
def _choose(chosen: str, accepted: str, codes: tuple[str, ...]) -> str:
    return choose_code((chosen,), accepted, codes)
