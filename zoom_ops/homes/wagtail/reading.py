"""A page of Wagtail → a record, and a record → its event."""

import json
from dataclasses import replace
from typing import Any, cast

from ...linear import split_url
from ...phrases.names import split_honorific
from ...readers import read_events
from ..port import Raw, Record, join_copies
from ..values import Fields, digest, fields_of, objects, path_of, pick_labels, text, web_address
from .entries import is_ours, read_row, rows_of
from .settings import FieldNames, Settings


def build_raw(page: Fields, settings: Settings, *, is_open: bool) -> Raw:
    """Choose what is read of a page; our own links are none of its attachments."""
    names, meta = settings.fields, fields_of(page.get("meta"))
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
    ours = (read_row(row, names, visibility="public") for row in rows_of(page, names) if is_ours(row, names))
    links = tuple(shown.glimpse("title", "url") for shown in join_copies(ours))
    return Raw(id=str(page.get("id")), fingerprint=digest(content), content=content, links=links)


def is_live(page: Fields, names: FieldNames) -> bool:
    """Return whether a page is published; where its API does not tell, whether it ever was."""
    live = page.get(names.live) if names.live else None
    return live if isinstance(live, bool) else bool(fields_of(page.get("meta")).get("first_published_at"))


def changed_at(page: Fields, names: FieldNames) -> str:
    """Return when a page was published last, as ISO 8601 in UTC; "" where its API does not tell."""
    return text(page.get(names.changed)) if names.changed else ""


def read_record(raw: Raw, settings: Settings) -> Record:
    """Read a record. Raise BadInputError with what was expected."""
    content = cast(Fields, raw.unpacked().content)
    (announced,) = read_events(json.dumps(content["event"], indent=1).encode(), f"page {raw.id}.json")
    return Record(
        id=raw.id,
        url=web_address(content["url"], settings.url),
        announced=replace(announced, origin=f"wagtail:{split_url(settings.url).netloc}/{raw.id}", id_given=False),
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


def _labels(meta: Fields) -> tuple[str, ...]:
    """Return title and address of the page that it lies below."""
    parent = fields_of(meta.get("parent"))
    path = path_of(fields_of(parent.get("meta")).get("html_url")).strip("/")
    return pick_labels((parent.get("title"), path))
