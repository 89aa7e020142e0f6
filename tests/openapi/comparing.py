"""Comparison of the schemas of two descriptions, part by part."""

from collections.abc import Iterator
from typing import Any

LIMITS = ("type", "enum", "minimum", "maximum", "minLength", "maxLength", "maxItems", "pattern")
Part = tuple[str, Any, Any]


def iter_parts(ours: Any, theirs: Any, where: str) -> Iterator[Part]:
    """Yield each part of our schema, depth first: its place, the part, and Zoom's part in this place (or None)."""
    if theirs and "oneOf" in theirs:
        alternatives = (part for part in theirs["oneOf"] if part["type"] == ours["type"])
        theirs = next((part for part in alternatives if _fields(ours) <= _fields(part)), None)
    yield where, ours, theirs
    for name, part in ours.get("properties", {}).items():
        yield from iter_parts(part, (theirs or {}).get("properties", {}).get(name), f"{where} {name}")
    if "items" in ours:
        yield from iter_parts(ours["items"], (theirs or {}).get("items"), f"{where} []")


def says_more(where: str, ours: Any, theirs: Any) -> Iterator[str]:
    """Yield the limits and fields of our part that Zoom's part does not have."""
    if theirs is None:
        yield f"{where}: not described"
        return
    yield from (f"{where}: {name}" for name in LIMITS if name in ours and not _same(ours[name], theirs.get(name)))
    yield from (f"{where} {name}: not described" for name in sorted(_required(ours) - _fields(theirs)))


def says_less(where: str, ours: Any, theirs: Any) -> Iterator[str]:
    """Yield the limits and required fields of Zoom's part that our part lacks. Parts without a schema are skipped."""
    if ours and theirs:
        yield from (f"{where}: {name} is missing" for name in LIMITS if name in theirs and name not in ours)
        yield from (f"{where} {name}: needed" for name in sorted(_required(theirs) - _required(ours)))


def expects_more(where: str, ours: Any, theirs: Any) -> Iterator[str]:
    """Yield the fields that only our part guarantees. If Zoom requires an inner field, its outer field counts too."""
    known = (theirs or {}).get("properties", {})
    guaranteed = _required(theirs or {}) | {name for name in known if _required(known[name])}
    yield from (f"{where} {name}: not sure" for name in sorted(_required(ours) - guaranteed))


def _fields(schema: Any) -> set[str]:
    return set(schema.get("properties", {}))


def _required(schema: Any) -> set[str]:
    return set(schema.get("required", []))


def _same(ours: Any, theirs: Any) -> bool:
    """Return whether two limits are equal. The order of an enumeration does not matter."""
    if isinstance(ours, list) and isinstance(theirs, list):
        return sorted(ours) == sorted(theirs)
    return bool(ours == theirs)
