"""`<time>` elements around the times that sentences hold, so that the reader's own zone can stand beside them."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from markupsafe import Markup

from ..zones import known_zone

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
_JOINT = r" to |–|-"
_ZONE = r" UTC| \((?:(?P<name>[A-Za-z_]+(?:/[A-Za-z_+-]+)+)|UTC(?P<from_utc>[+-][0-9]{2}:[0-9]{2}))\)"
_TIMES = re.compile(
    rf"(?P<span>{_DAY} {_CLOCK}(?:(?:{_JOINT})(?:{_DAY} )?{_CLOCK})*)(?P<zone>{_ZONE})"
    rf"|(?P<iso>{_DAY}T{_CLOCK})(?:\.[0-9]{{1,6}})?(?P<offset>Z|[+-][0-9]{{2}}:[0-9]{{2}})(?![0-9:])"
)
_COLON = re.compile(  # a sign of its own to begin with, which is found at once; in no <time> that stands there already
    rf":(?<={_DAY}[ T][0-9]{{2}}:)(?<!datetime=\"{_DAY}T[0-9]{{2}}:)(?![0-9]{{2}}(?::[0-9]{{2}})?</time>)"
)
_BEFORE_COLON = len("2040-01-25 22")
_AT_ONCE = 100_000  # characters that one search sees; more where no tag follows
_FULL_MINUTE = re.compile(r"(:[0-9]{2}):00$")
_LEFT = re.compile(r"<(?:(?:bdi|blockquote|code|option|pre|q|script|style|textarea|time|title)\b|[^>]* dir=\"auto\")")


def mark_times(html: str) -> str:
    """Put each written-out time in the text of a page into a `<time>` with its moment.

    `2040-01-25 22:32 UTC`, `2040-01-25 22:32 to 23:32 (Africa/Nairobi)`, and ISO 8601, which becomes as readable. Left
    as they are: attributes, fields, code, what is no time at all, and what people wrote: it stands in “quotes”, as a
    quotation, or in an element whose direction is that of its text.
    """
    page, place = _Page(html), 0
    parts: list[str] = []
    for match in _find_times(html):
        if page.is_text(match.start()):
            parts += html[place : match.start()], _mark(match)
            place = match.end()
    return "".join((*parts, html[place:]))


def write_moment(moment: datetime) -> Markup:
    """Write a moment to the minute, as the macro `when` does: for tables of hundreds of rows."""
    return Markup(_element(moment, f"{moment:%Y-%m-%d %H:%M}"))  # noqa: S704 - digits


def _find_times(html: str) -> Iterator[re.Match[str]]:
    """Yield what looks like a time. A large page is searched part by part: a search lets no other thread run."""
    begin = taken = 0
    while begin < len(html):
        end = html.find("<", begin + _AT_ONCE)
        end = end if end >= 0 else len(html)
        for colon in _COLON.finditer(html, begin, end):
            place = colon.start() - _BEFORE_COLON
            if place >= taken and (match := _TIMES.match(html, place, end)):
                taken = match.end()
                yield match
        begin = end


class _Page:
    """Tell text from tags, for one position after the other: each part of the page is looked at once."""

    def __init__(self, html: str) -> None:
        self._html, self._place = html, 0
        self._opened, self._closed, self._is_left = -1, -1, bool(_LEFT.match(html))
        self._quotes = 0  # that are open since the nearest tag

    def is_text(self, position: int) -> bool:
        """Return whether a position lies between tags, and not in an element whose text stays as it is.

        Such elements hold no others, and escaped text holds no `<`, so the nearest tag decides.
        """
        html = self._html
        opened, closed = html.rfind("<", self._place, position), html.rfind(">", self._place, position)
        if opened >= 0:
            self._opened, self._is_left = opened, bool(_LEFT.match(html, opened))
        if closed >= 0:
            self._closed, self._place, self._quotes = closed, closed, 0
        self._quotes += html.count("“", self._place, position) - html.count("”", self._place, position)
        self._place = position
        return self._closed >= self._opened and not self._is_left and self._quotes <= 0


def _mark(match: re.Match[str]) -> str:
    try:
        return _mark_iso(match["iso"], match["offset"]) if match["iso"] else _mark_span(match)
    except ValueError:
        return match[0]


def _mark_iso(text: str, offset: str) -> str:
    moment = datetime.fromisoformat(f"{text}{offset}")
    readable = _FULL_MINUTE.sub(r"\1", text.replace("T", " "))
    return f"{_element(moment, readable)} UTC{offset if moment.utcoffset() else ''}"


def _mark_span(match: re.Match[str]) -> str:
    """Mark the times of a span, of which the later ones may lack the day. Raise ValueError where one is none."""
    offset = match["from_utc"]
    zone = datetime.fromisoformat(f"2000-01-01T00:00{offset}").tzinfo if offset else known_zone(match["name"] or "UTC")
    if zone is None:
        raise ValueError(match["name"])
    marked, day, before = "", "", None
    for part in re.split(rf"({_JOINT}(?={_CLOCK}|{_DAY}))", match["span"]):
        if len(part) < len("00:00"):
            marked += part
            continue
        day = part[:10] if " " in part else day
        moment = datetime.fromisoformat(f"{day} {part[-8:] if part.count(':') > 1 else part[-5:]}").replace(tzinfo=zone)
        if before and moment < before:
            moment += timedelta(days=1)
        before = moment
        marked += _element(moment, part)
    return f"{marked}{match['zone']}"


def _element(moment: datetime, text: str) -> str:
    return f'<time datetime="{moment.isoformat()}">{text}</time>'
