"""Lenient parsers for values in Zoom's JSON: implausible values become None."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..linear import load_json

LONGEST_KEY = 100  # an id or uuid has about 24 characters
LONGEST_ADDRESS = 320
LARGEST_COUNT = 2**31 - 1
DEEPEST = 50  # levels; an answer of Zoom has at most ten
_HEAVIEST = 24_000_000  # bytes of memory that the values of an answer or notification may take
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u2060\ufeff"))  # U+200D stays: it joins emoji and Indic letters
_UNSTORABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, *range(0xD800, 0xE000)))
_STRIPPED = _UNSEEN | _UNSTORABLE
_YEARS = range(1970, 9999)  # so that arithmetic with days stays inside datetime's range
_MILLISECONDS_FROM = 10**11  # as seconds this would be the year 5138


def as_object(body: str | bytes) -> Mapping[str, Any] | None:
    """Parse the JSON object in a body; None if there is none, or if it is nested deeper than 50 levels."""
    try:
        document = load_json(body.encode() if isinstance(body, str) else body, heaviest=_HEAVIEST)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) and _is_shallow(document) else None


def as_text(value: Any) -> str | None:
    """Parse a text or a number as trimmed text, without invisible and unstorable characters; else None."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).translate(_STRIPPED).strip()


def as_key(value: Any) -> str | None:
    """Parse an id or uuid as text; None if it is empty or too long."""
    text = as_text(value)
    return text if text and len(text) <= LONGEST_KEY else None


def as_address(value: Any) -> str | None:
    """Parse an e-mail address; None if it has no @ or is too long."""
    text = as_text(value) or ""
    return text if "@" in text and len(text) <= LONGEST_ADDRESS else None


def as_url(value: Any) -> str | None:
    """Parse an http or https URL; anything else, such as an empty text, is None."""
    text = as_text(value) or ""
    return text if text.startswith(("https://", "http://")) and len(text.split()) == 1 else None


def as_int(value: Any) -> int | None:
    """Parse an integer of 64 bits, also from a string or a float; anything else is None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return None
    return number if -(2**63) <= number < 2**63 else None


def as_count(value: Any) -> int:
    """Parse a number of minutes, bytes or people; 0 if it is negative, too large or no number."""
    number = as_int(value)
    return number if number is not None and 0 <= number <= LARGEST_COUNT else 0


def as_flag(value: Any) -> bool | None:
    """Parse a boolean, also from a string; anything else is None."""
    return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(as_text(value)).lower())


def as_id(value: Any) -> int | None:
    """Parse the id of a webinar: a positive number, as number or string, also written 123 4567 8901."""
    number = as_int(value.replace(" ", "").replace("-", "") if isinstance(value, str) else value)
    return number if number is not None and 0 < number < 2**63 else None


def as_moment(value: Any) -> datetime | None:
    """Parse an instant to an aware datetime in UTC: ISO 8601 (UTC without an offset), epoch seconds or milliseconds."""
    number = as_int(value)
    try:
        if number is not None:
            moment = datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)
        else:
            moment = datetime.fromisoformat(str(as_text(value)))
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.year in _YEARS else None


def as_mapping(value: Any) -> Mapping[str, Any]:
    """Return a JSON object as it is; anything else becomes an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_rows(value: Any) -> Sequence[Mapping[str, Any]]:
    """Return the objects in a list; other entries are left out, and anything else becomes an empty list."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _is_shallow(document: Any) -> bool:
    level = [document]
    for _ in range(DEEPEST):
        parts = (part for parent in level for part in (parent.values() if isinstance(parent, dict) else parent))
        level = [part for part in parts if isinstance(part, dict | list)]
        if not level:
            return True
    return False
