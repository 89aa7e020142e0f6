"""Our entries in the list of a record's links or in its text, and the body that writes either."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

from .. import paragraphs
from ..errors import StrangeAnswerError
from ..port import Audience, Entry, Shown
from ..values import digest
from .settings import Write

_MARK = "#zoom-ops="  # before our key at the end of an address, where a link has no field for it
Item = Mapping[str, Any]
Content = list[Any] | str
"""What a file's `write.at` names: a list of links, or a text in HTML."""


def take_content(record: Any, write: Write) -> Content:
    """Return the list or the text of a record; empty where it is missing. StrangeAnswerError: it is something else."""
    empty: Content = "" if write.holds == "html" else []
    value = record
    for name in write.at.split("."):
        if not isinstance(value, Mapping):
            raise StrangeAnswerError(f"the record has no {write.at}: {name} stands in no object.")
        value = value.get(name)
        if value is None:
            return empty
    if not isinstance(value, type(empty)):
        expected = "a text" if write.holds == "html" else "a list"
        raise StrangeAnswerError(f"the record has something else than {expected} at {write.at}.")
    return value


def has_content(record: Any, write: Write) -> bool:
    """Return whether a record has a list of links, or a text, at all: a list of records may leave it out."""
    value = record
    for name in write.at.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return isinstance(value, str if write.holds == "html" else list)


def put_content(value: Any, names: Sequence[str], content: Content) -> Any:
    """Return a copy of a value with another content where the names lead."""
    name, *below = names
    kept = value if isinstance(value, Mapping) else {}
    return {**kept, name: put_content(kept.get(name), below, content) if below else content}


def key_of(item: Any, write: Write) -> str:
    """Return our key of a link; "" for one that is not ours."""
    if not isinstance(item, Mapping):
        return ""
    if write.key:
        key = item.get(write.key)
        return key if isinstance(key, str) else ""
    url = item.get(write.url)
    return unquote(url.partition(_MARK)[2]) if isinstance(url, str) else ""


def show(items: Content, write: Write) -> tuple[Shown, ...]:
    """Return our entries, in their order. A key that stands twice is shown as changed.

    Each has the visibility that it was written for: whether visitors read it all the same is asked elsewhere.
    """
    if isinstance(items, str):
        return paragraphs.shown_in(items, is_hidden=True)
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


def with_entry(items: Content, entry: Entry, write: Write) -> Content:
    """Return the content with an entry: in its place if it is there, else at the end."""
    if isinstance(items, str):
        return paragraphs.place(items, entry)
    ours = [number for number, item in enumerate(items) if key_of(item, write) == entry.key]
    if not ours:
        return [*items, build_item(entry, write)]
    kept = [(number, item) for number, item in enumerate(items) if number not in ours[1:]]
    return [build_item(entry, write) if number == ours[0] else item for number, item in kept]


def without_key(items: Content, key: str, write: Write) -> Content:
    """Return the content without the entry of a key."""
    if isinstance(items, str):
        return paragraphs.remove(items, key)
    return [item for item in items if key_of(item, write) != key]


def without_ours(items: Content, write: Write) -> Content:
    """Return the content as people wrote it."""
    if isinstance(items, str):
        return paragraphs.without_ours(items)
    return [item for item in items if not key_of(item, write)]


def lost_words(before: Content, after: Content) -> bool:
    """Return whether an API took something out of what people wrote in a text, when we wrote to it.

    A person who adds words at the same time takes nothing out.
    """
    if isinstance(before, str) and isinstance(after, str):
        theirs = [paragraphs.as_meant(paragraphs.without_ours(each)) for each in (before, after)]
        return len(theirs[1]) < len(theirs[0])
    return False


def lost_key(written: Content, after: Content, key: str, write: Write) -> bool:
    """Return whether an API kept a new link of ours, and not the key in it: nobody could ever find it again."""
    if isinstance(written, str) or isinstance(after, str):
        words = [paragraphs.words_of(each) for each in (written, after) if isinstance(each, str)]
        return len(words) == 2 and words[0] == words[1]
    place = next((number for number, item in enumerate(written) if key_of(item, write) == key), len(written))
    return len(after) == len(written) and [*after[:place], *after[place + 1 :]] == without_key(written, key, write)


def build_body(document: Any, above: Sequence[str], items: Content, write: Write) -> bytes:
    """Build the body that writes a content. `document`: the answer in which `above` leads to the record."""
    names = [*above, *write.at.split(".")]
    if write.body == "whole":
        return _encode(put_content(document, names, items))
    if write.body == "json-patch":
        return _encode(_patch(document, names, items))
    body = put_content({}, names, items)
    if write.body == "jsonapi":
        data = document.get("data") if isinstance(document, Mapping) else None
        if not isinstance(data, Mapping) or names[0] != "data":
            raise StrangeAnswerError("the record is no JSON:API document.")
        body["data"] = {"type": data.get("type"), "id": data.get("id"), **body["data"]}
    return _encode(body)


def _shown(key: str, same: Sequence[Item], write: Write) -> Shown:
    item = same[0]
    url = item.get(write.url)
    read = (write.key, write.title, write.url, write.visibility, *write.ignores)
    others = {name: value for name, value in item.items() if name not in read}
    is_touched = others != write.extra or len(same) > 1
    return Shown(
        key=key,
        title=_text(item.get(write.title)),
        url=_text(url) if write.key else _text(url).partition(_MARK)[0],
        visibility="public" if any(_visibility(each, write) == "public" for each in same) else "members",
        digest=digest([others, len(same)]) if is_touched else "",
    )


def _visibility(item: Item, write: Write) -> Audience:
    return "members" if write.visibility and item.get(write.visibility) == "members" else "public"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _patch(document: Any, names: Sequence[str], items: Content) -> list[dict[str, Any]]:
    """Build a JSON patch that is refused where the content has changed meanwhile."""
    value, path = document, ""
    for number, name in enumerate(names):
        path += "/" + name.replace("~", "~0").replace("/", "~1")
        if not isinstance(value, Mapping) or name not in value:
            below = names[number + 1 :]
            return [{"op": "add", "path": path, "value": put_content({}, below, items) if below else items}]
        value = value[name]
    return [{"op": "test", "path": path, "value": value}, {"op": "replace", "path": path, "value": items}]


def _encode(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=True).encode()
