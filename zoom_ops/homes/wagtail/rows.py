"""The rows of a page's list of links: ours are those whose key begins with `zoom-ops:`; people have the others."""

import json
from hashlib import sha256
from typing import Any

from ..port import Audience, Entry, Shown
from .client import Fields, objects, text
from .settings import FieldNames

_OURS = "zoom-ops:"


def rows_of(page: Fields, names: FieldNames) -> list[Fields]:
    """Return the rows of a page."""
    return objects(page.get(names.recordings))


def is_ours(row: Fields, names: FieldNames, key: str | None = None) -> bool:
    """Return whether a row is one of ours, or that of a key."""
    written = text(row.get(names.key))
    return written.startswith(_OURS) if key is None else written == _OURS + key


def read_row(row: Fields, names: FieldNames, *, visibility: Audience) -> Shown:
    """Read a row of ours. `visibility`: who gets it; what its own field says besides is in the digest."""
    rest = {name: value for name, value in row.items() if name not in ("id", "meta", names.key, names.title, names.url)}
    if rest.get(names.visibility) == visibility:
        del rest[names.visibility]
    return Shown(
        key=text(row.get(names.key)).removeprefix(_OURS),
        title=text(row.get(names.title)),
        url=text(row.get(names.url)),
        visibility=visibility,
        digest=sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:16] if any(rest.values()) else "",
    )


def with_entry(rows: list[Fields], entry: Entry, names: FieldNames) -> list[Fields]:
    """Return all rows with an entry: in the place of its first row, else behind the others."""
    wanted: dict[str, Any] = {names.key: _OURS + entry.key, names.title: entry.title, names.url: entry.url}
    if names.visibility:
        wanted[names.visibility] = entry.visibility
    first = next((row for row in rows if is_ours(row, names, entry.key)), None)
    others = [row for row in rows if row is first or not is_ours(row, names, entry.key)]
    changed = [{**row, **wanted} if row is first else row for row in others]
    return _written(changed if first else [*changed, wanted])


def without_entry(rows: list[Fields], key: str, names: FieldNames) -> list[Fields]:
    """Return all rows but those of a key."""
    return _written([row for row in rows if not is_ours(row, names, key)])


def is_same(one: Fields, other: Fields) -> bool:
    """Return whether two versions of a page say the same. The ids of rows and what is said of a page do not count."""
    return bool(_bare(one) == _bare(other))


def _written(rows: list[Fields]) -> list[Fields]:
    """Return rows as they are written: with all their fields, and with their ids, by which they keep their places."""
    return [
        {name: value for name, value in row.items() if name != "meta" and not (name == "id" and value is None)}
        for row in rows
    ]


def _bare(value: Any, *, is_row: bool = False) -> Any:
    if isinstance(value, dict):
        left_out = ("meta", "id") if is_row else ("meta",)
        return {name: _bare(part, is_row=is_row) for name, part in value.items() if name not in left_out}
    return [_bare(part, is_row=True) for part in value] if isinstance(value, list) else value
