"""Read single values that Zoom writes now this way, now that."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u2060\ufeff"))  # U+200D stays: it joins emoji and Indic letters
_MILLISECONDS_FROM = 10**11  # as seconds that would be the year 5138


def as_text(value: Any) -> str | None:
    """Read a text, trimmed and without zero-width characters; a number is written out, anything else is None."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).translate(_ZERO_WIDTH).strip()


def as_url(value: Any) -> str | None:
    """Read a web address; anything else, such as an empty text, is None."""
    text = as_text(value) or ""
    return text if text.startswith(("https://", "http://")) else None


def as_int(value: Any) -> int | None:
    """Read a whole number that may come as a string or as a float; anything else is None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return int(value)
    except (ValueError, OverflowError):
        return None


def as_id(value: Any) -> int | None:
    """Read the id of a webinar: a positive number, as number or string, also written 123 4567 8901."""
    number = as_int(value.replace(" ", "").replace("-", "") if isinstance(value, str) else value)
    return number if number is not None and 0 < number < 2**63 else None


def as_moment(value: Any) -> datetime | None:
    """Read an instant, aware, in UTC: ISO 8601 (without an offset it is UTC), or epoch seconds or milliseconds."""
    number = as_int(value)
    try:
        if number is not None:
            return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)
        moment = datetime.fromisoformat(str(as_text(value)))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def as_mapping(value: Any) -> Mapping[str, Any]:
    """Read an object; anything else is an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_rows(value: Any) -> Sequence[Mapping[str, Any]]:
    """Read a list of objects; null, and entries that are none, are left out."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
