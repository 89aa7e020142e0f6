"""Our entries in the list of a record's links, and the body that writes a list."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

from ..errors import StrangeAnswerError
from ..port import Audience, Entry, Shown
from ..values import digest
from .settings import Write

_MARK = "#zoom-ops="  # before our key at the end of an address, where a link has no field for it
Item = Mapping[str, Any]


def list_items(record: Any, write: Write) -> list[Any]:
    """Return the list of links of a record; empty where it is missing. StrangeAnswerError: it is no list."""
    value = record
    for name in write.at.split("."):
        if not isinstance(value, Mapping):
            raise StrangeAnswerError(f"the record has no {write.at}: {name} stands in no object.")
        value = value.get(name)
        if value is None:
            return []
    if not isinstance(value, list):
        raise StrangeAnswerError(f"the record has something else than a list at {write.at}.")
    return value


def has_items(record: Any, write: Write) -> bool:
    """Return whether a record has a list of links at all: a list of records may leave it out."""
    value = record
    for name in write.at.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return isinstance(value, list)


def put_items(value: Any, names: Sequence[str], items: Sequence[Any]) -> Any:
    """Return a copy of a value with another list where the names lead."""
    name, *below = names
    kept = value if isinstance(value, Mapping) else {}
    return {**kept, name: put_items(kept.get(name), below, items) if below else list(items)}


def key_of(item: Any, write: Write) -> str:
    """Return our key of a link; "" for one that is not ours."""
    if not isinstance(item, Mapping):
        return ""
    if write.key:
        key = item.get(write.key)
        return key if isinstance(key, str) else ""
    url = item.get(write.url)
    return unquote(url.partition(_MARK)[2]) if isinstance(url, str) else ""


def show(items: Sequence[Any], write: Write) -> tuple[Shown, ...]:
    """Return our entries among the links, in their order. A key that stands twice is shown as changed."""
    found: dict[str, list[Item]] = {}
    for item in items:
        if key := key_of(item, write):
            found.setdefault(key, []).append(item)
    return tuple(_shown(key, same, write) for key, same in found.items())


def build_item(entry: Entry, write: Write) -> dict[str, Any]:
    """Build the link of an entry."""
    url = entry.url if write.key else f"{entry.url}{_MARK}{quote(entry.key, safe='')}"
    item = {**write.extra, write.title: entry.title, write.url: url}
    if write.key:
        item[write.key] = entry.key
    if write.visibility:
        item[write.visibility] = entry.visibility
    return item


def with_entry(items: Sequence[Any], entry: Entry, write: Write) -> list[Any]:
    """Return the links with an entry: in its place if it is there, else at the end."""
    ours = [number for number, item in enumerate(items) if key_of(item, write) == entry.key]
    if not ours:
        return [*items, build_item(entry, write)]
    kept = [(number, item) for number, item in enumerate(items) if number not in ours[1:]]
    return [build_item(entry, write) if number == ours[0] else item for number, item in kept]


def without_key(items: Sequence[Any], key: str, write: Write) -> list[Any]:
    """Return the links without the entry of a key."""
    return [item for item in items if key_of(item, write) != key]


def build_body(document: Any, above: Sequence[str], items: Sequence[Any], write: Write) -> bytes:
    """Build the body that writes a list of links. `document`: the answer in which `above` leads to the record."""
    names = [*above, *write.at.split(".")]
    if write.body == "whole":
        return _encode(put_items(document, names, items))
    if write.body == "json-patch":
        return _encode(_patch(document, names, list(items)))
    body = put_items({}, names, items)
    if write.body == "jsonapi":
        data = document.get("data") if isinstance(document, Mapping) else None
        if not isinstance(data, Mapping) or names[0] != "data":
            raise StrangeAnswerError("the record is no JSON:API document.")
        body["data"] = {"type": data.get("type"), "id": data.get("id"), **body["data"]}
    return _encode(body)


def _shown(key: str, same: Sequence[Item], write: Write) -> Shown:
    item = same[0]
    url = item.get(write.url)
    others = {name: value for name, value in item.items() if name not in (write.key, write.title, write.url)}
    others.pop(write.visibility, None)
    is_touched = others != write.extra or len(same) > 1
    return Shown(
        key=key,
        title=_text(item.get(write.title)),
        url=_text(url) if write.key else _text(url).partition(_MARK)[0],
        visibility=_visibility(item, write),
        digest=digest([others, len(same)]) if is_touched else "",
    )


def _visibility(item: Item, write: Write) -> Audience:
    return "members" if write.visibility and item.get(write.visibility) == "members" else "public"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _patch(document: Any, names: Sequence[str], items: list[Any]) -> list[dict[str, Any]]:
    """Build a JSON patch that is refused where the list has changed meanwhile."""
    value, path = document, ""
    for number, name in enumerate(names):
        path += "/" + name.replace("~", "~0").replace("/", "~1")
        if not isinstance(value, Mapping) or name not in value:
            below = names[number + 1 :]
            return [{"op": "add", "path": path, "value": put_items({}, below, items) if below else items}]
        value = value[name]
    return [{"op": "test", "path": path, "value": value}, {"op": "replace", "path": path, "value": items}]


def _encode(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=True).encode()
