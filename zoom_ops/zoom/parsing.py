"""Read what Zoom writes now this way, now that; what cannot be meant is as good as not told."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

LONGEST_KEY = 100  # an id or uuid has some 24
LONGEST_ADDRESS = 320
LARGEST_COUNT = 2**31 - 1
DEEPEST = 50  # no answer of Zoom's has more than ten levels
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u2060\ufeff"))  # U+200D stays: it joins emoji and Indic letters
_UNSTORABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, *range(0xD800, 0xE000)))
_STRIPPED = _UNSEEN | _UNSTORABLE
_YEARS = range(1970, 9999)  # so that a day more or less is a time, too
_MILLISECONDS_FROM = 10**11  # as seconds that would be the year 5138


def as_object(body: str | bytes) -> Mapping[str, Any] | None:
    """Read the JSON object in a body; None where there is none, or one that is nested beyond reason."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and _is_shallow(told) else None


def as_text(value: Any) -> str | None:
    """Read a text, trimmed, without what nobody sees or no database takes; a number is written out, else None."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).translate(_STRIPPED).strip()


def as_key(value: Any) -> str | None:
    """Read the id or uuid of something; None where it cannot be one."""
    text = as_text(value)
    return text if text and len(text) <= LONGEST_KEY else None


def as_address(value: Any) -> str | None:
    """Read an e-mail address; None where it cannot be one."""
    text = as_text(value) or ""
    return text if "@" in text and len(text) <= LONGEST_ADDRESS else None


def as_url(value: Any) -> str | None:
    """Read a web address; anything else, such as an empty text, is None."""
    text = as_text(value) or ""
    return text if text.startswith(("https://", "http://")) and len(text.split()) == 1 else None


def as_int(value: Any) -> int | None:
    """Read a whole number of 64 bits that may come as a string or as a float; anything else is None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return None
    return number if -(2**63) <= number < 2**63 else None


def as_count(value: Any) -> int:
    """Read a number of minutes, bytes or people; 0 where it cannot be one."""
    number = as_int(value)
    return number if number is not None and 0 <= number <= LARGEST_COUNT else 0


def as_id(value: Any) -> int | None:
    """Read the id of a webinar: a positive number, as number or string, also written 123 4567 8901."""
    number = as_int(value.replace(" ", "").replace("-", "") if isinstance(value, str) else value)
    return number if number is not None and 0 < number < 2**63 else None


def as_moment(value: Any) -> datetime | None:
    """Read an instant, aware, in UTC: ISO 8601 (without an offset it is UTC), or epoch seconds or milliseconds."""
    try:
        moment = _read_moment(value)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.year in _YEARS else None


def _read_moment(value: Any) -> datetime:
    number = as_int(value)
    if number is not None:
        return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)
    moment = datetime.fromisoformat(str(as_text(value)))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def as_mapping(value: Any) -> Mapping[str, Any]:
    """Read an object; anything else is an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_rows(value: Any) -> Sequence[Mapping[str, Any]]:
    """Read a list of objects; null, and entries that are none, are left out."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _is_shallow(told: Any) -> bool:
    level = [told]
    for _ in range(DEEPEST):
        parts = (part for each in level for part in (each.values() if isinstance(each, dict) else each))
        level = [part for part in parts if isinstance(part, dict | list)]
        if not level:
            return True
    return False
