"""`<time>` elements around the times that sentences hold, so that the reader's own zone can stand beside them."""

import re
from datetime import datetime, timedelta

from ..zones import known_zone

_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]{1,6})?"
    r"(?:( to |–|-)((?:[0-9]{4}-[0-9]{2}-[0-9]{2} )?[0-9]{2}:[0-9]{2}))?"
    r"( UTC|Z\b|[+-][0-9]{2}:[0-9]{2}\b| \(([A-Za-z_]+(?:/[A-Za-z_+-]+)+)\))"
)
_LEFT = re.compile(r"<(?:code|option|pre|q|script|style|textarea|time|title)\b")
_NO_OFFSET = ("Z", "+00:00")


def mark_times(html: str) -> str:
    """Put each written-out time in the text of a page into a `<time>` with its moment.

    `2040-01-25 22:32 UTC`, `2040-01-25 22:32 to 23:32 (Africa/Nairobi)`, and ISO 8601, which becomes as readable. Left as
    they are: attributes, fields, what stands as code or as a quotation, and what is no time at all.
    """
    return _TIME.sub(_mark, html)


def _mark(match: re.Match[str]) -> str:
    if not _is_text(match.string, match.start()):
        return match[0]
    day, clock, joint, last, zone, name = match.groups()
    try:
        start = _read(f"{day} {clock}", zone, name)
        shown = f"{_element(start, f'{day} {clock}')}"
        if joint:
            shown += f"{joint}{_element(_read_end(day, last, start, zone, name), last)}"
    except ValueError:
        return match[0]
    return shown + (" UTC" if zone in _NO_OFFSET else zone if name or zone == " UTC" else f" UTC{zone}")


def _is_text(html: str, position: int) -> bool:
    """Return whether a position of a page lies between tags, and not in an element whose text stays as it is.

    Such elements hold no others, and escaped text holds no `<`, so the nearest tag decides.
    """
    opened = html.rfind("<", 0, position)
    return html.rfind(">", 0, position) > opened and not _LEFT.match(html, opened)


def _read(text: str, zone: str, name: str | None) -> datetime:
    """Parse a time. Raise ValueError for one that does not exist, and for an unknown zone."""
    if name:
        if (known := known_zone(name)) is None:
            raise ValueError(name)
        return datetime.fromisoformat(text).replace(tzinfo=known)
    return datetime.fromisoformat(f"{text}{'+00:00' if zone == ' UTC' else zone}")


def _read_end(day: str, text: str, start: datetime, zone: str, name: str | None) -> datetime:
    end = _read(text if " " in text else f"{day} {text}", zone, name)
    return end if end > start else end + timedelta(days=1)


def _element(moment: datetime, text: str) -> str:
    return f'<time datetime="{moment.isoformat()}">{text}</time>'
