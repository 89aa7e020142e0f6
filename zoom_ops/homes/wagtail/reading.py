"""A page of Wagtail → a record, and a record → its event."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlsplit

from ...phrases.names import split_honorific
from ...readers import read_events
from ..port import Raw, Record
from .client import Fields, objects, text
from .rows import is_ours, rows_of
from .settings import FieldNames, Settings

_LONGEST_LABEL = 200  # characters


def build_raw(page: Fields, settings: Settings, *, is_open: bool) -> Raw:
    """Choose what is read of a page; our own links are none of its attachments."""
    names, meta = settings.fields, _meta(page)
    event = {
        "name": text(page.get("title")),
        "start": page.get(names.start),
        "end": page.get(names.end),
        "timezone": page.get(names.timezone) or settings.timezone,
        "venue": page.get(names.venue),
        "description": page.get(names.body),
        "language": meta.get("locale"),
        "performers": [_person(row, names) for row in objects(page.get(names.speakers))],
        "attachments": [_attachment(row, names) for row in rows_of(page, names) if not is_ours(row, names)],
    }
    content = {
        "event": {name: value for name, value in event.items() if value not in (None, "", [])},
        "url": text(meta.get("html_url")),
        "is_public": is_open,
        "labels": _labels(meta),
    }
    digest = sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return Raw(id=str(page.get("id")), fingerprint=digest, content=content)


def is_live(page: Fields, names: FieldNames) -> bool:
    """Return whether a page is published; where its API does not tell, whether it ever was."""
    live = page.get(names.live) if names.live else None
    return live if isinstance(live, bool) else bool(_meta(page).get("first_published_at"))


def changed_at(page: Fields, names: FieldNames) -> str:
    """Return when a page was published last, as ISO 8601 in UTC; "" where its API does not tell."""
    return text(page.get(names.changed)) if names.changed else ""


def read_record(raw: Raw, url: str) -> Record:
    """Read a record of the site at `url`. Raise BadInputError."""
    content = cast(Fields, raw.content)
    (announced,) = read_events(json.dumps(content["event"], indent=1).encode(), f"page {raw.id}.json")
    address = content["url"]
    return Record(
        id=raw.id,
        url=address if address.startswith(("https://", "http://")) else url,
        announced=replace(announced, origin=f"wagtail:{urlsplit(url).netloc}/{raw.id}", id_given=False),
        is_public=content["is_public"],
        labels=tuple(content["labels"]),
    )


def _person(row: Fields, names: FieldNames) -> dict[str, Any]:
    honorific, name = split_honorific(text(row.get(names.speaker_name)))
    said = {
        "name": name,
        "honorific": honorific,
        "role": row.get(names.speaker_role),
        "organization": row.get(names.speaker_organization),
    }
    return {field: value for field, value in said.items() if value}


def _attachment(row: Fields, names: FieldNames) -> dict[str, Any]:
    """Return a link that people put there. One that is not for everybody is for members."""
    is_public = not names.visibility or row.get(names.visibility) in ("public", "", None)
    visibility = "public" if is_public else "members"
    return {"title": row.get(names.title), "url": row.get(names.url), "visibility": visibility}


def _labels(meta: Fields) -> list[str]:
    """Return title and address of the page that it lies below."""
    parent = meta.get("parent")
    if not isinstance(parent, dict):
        return []
    path = urlsplit(text(_meta(parent).get("html_url"))).path.strip("/")
    return [label for label in (text(parent.get("title")), path) if label and len(label) <= _LONGEST_LABEL]


def _meta(page: Fields) -> Fields:
    meta = page.get("meta")
    return meta if isinstance(meta, dict) else {}
