"""`<time>` elements around the times that sentences hold, so that the reader's own zone can stand beside them."""

import re
from datetime import datetime, timedelta

from ..zones import known_zone

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
_JOINT = r" to |–|-"
_ZONE = r" UTC| \((?:(?P<name>[A-Za-z_]+(?:/[A-Za-z_+-]+)+)|UTC(?P<from_utc>[+-][0-9]{2}:[0-9]{2}))\)"
_TIMES = re.compile(
    rf"(?P<span>{_DAY} {_CLOCK}(?:(?:{_JOINT})(?:{_DAY} )?{_CLOCK})*)(?P<zone>{_ZONE})"
    rf"|(?P<iso>{_DAY}T{_CLOCK})(?:\.[0-9]{{1,6}})?(?P<offset>Z|[+-][0-9]{{2}}:[0-9]{{2}})(?![0-9:])"
)
_FULL_MINUTE = re.compile(r"(:[0-9]{2}):00$")
_LEFT = re.compile(r"<(?:(?:bdi|blockquote|code|option|pre|q|script|style|textarea|time|title)\b|[^>]* dir=\"auto\")")


def mark_times(html: str) -> str:
    """Put each written-out time in the text of a page into a `<time>` with its moment.

    `2040-01-25 22:32 UTC`, `2040-01-25 22:32 to 23:32 (Africa/Nairobi)`, and ISO 8601, which becomes as readable. Left
    as they are: attributes, fields, code, what is no time at all, and what people wrote: it stands in “quotes”, as a
    quotation, or in an element whose direction is that of its text.
    """
    return _TIMES.sub(_mark, html)


def _mark(match: re.Match[str]) -> str:
    if not _is_text(match.string, match.start()):
        return match[0]
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


def _is_text(html: str, position: int) -> bool:
    """Return whether a position of a page lies between tags, and not in an element whose text stays as it is.

    Such elements hold no others, and escaped text holds no `<`, so the nearest tag decides.
    """
    opened, closed = html.rfind("<", 0, position), html.rfind(">", 0, position)
    if closed < opened or _LEFT.match(html, opened):
        return False
    return html.count("“", closed, position) <= html.count("”", closed, position)


def _element(moment: datetime, text: str) -> str:
    return f'<time datetime="{moment.isoformat()}">{text}</time>'
