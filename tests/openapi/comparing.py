"""Schemas of two descriptions, compared part by part."""

from collections.abc import Iterator
from typing import Any

LIMITS = ("type", "enum", "minimum", "maximum", "minLength", "maxLength", "maxItems", "pattern")
Part = tuple[str, Any, Any]


def iter_parts(ours: Any, theirs: Any, where: str) -> Iterator[Part]:
    """Walk a schema of ours: where, it, and Zoom's in the same place, None if there is none; then what is within."""
    if theirs and "oneOf" in theirs:
        fitting = (one for one in theirs["oneOf"] if one["type"] == ours["type"] and _fields(ours) <= _fields(one))
        theirs = next(fitting, None)
    yield where, ours, theirs
    for name, part in ours.get("properties", {}).items():
        yield from iter_parts(part, (theirs or {}).get("properties", {}).get(name), f"{where} {name}")
    if "items" in ours:
        yield from iter_parts(ours["items"], (theirs or {}).get("items"), f"{where} []")


def says_more(where: str, ours: Any, theirs: Any) -> Iterator[str]:
    """Tell what ours says and Zoom's does not."""
    if theirs is None:
        yield f"{where}: not described"
        return
    yield from (f"{where}: {name}" for name in LIMITS if name in ours and not _same(ours[name], theirs.get(name)))
    yield from (f"{where} {name}: not described" for name in sorted(_needs(ours) - _fields(theirs)))


def says_less(where: str, ours: Any, theirs: Any) -> Iterator[str]:
    """Tell what Zoom's demands, and ours does not, if it says anything of this."""
    if ours and theirs:
        yield from (f"{where}: {name} is missing" for name in LIMITS if name in theirs and name not in ours)
        yield from (f"{where} {name}: needed" for name in sorted(_needs(theirs) - _needs(ours)))


def expects_more(where: str, ours: Any, theirs: Any) -> Iterator[str]:
    """Tell which fields are sure to be there by ours only; where Zoom needs a field, what it is in is there, too."""
    known = (theirs or {}).get("properties", {})
    sure = _needs(theirs or {}) | {name for name in known if _needs(known[name])}
    yield from (f"{where} {name}: not sure" for name in sorted(_needs(ours) - sure))


def _fields(schema: Any) -> set[str]:
    return set(schema.get("properties", {}))


def _needs(schema: Any) -> set[str]:
    return set(schema.get("required", []))


def _same(one: Any, other: Any) -> bool:
    """Whether two limits are one, whatever the order of an enumeration."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(one) == sorted(other)
    return bool(one == other)
