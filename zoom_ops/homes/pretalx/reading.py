"""A session of pretalx → a record for each of its slots, and such a record → its event."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlsplit

from ...readers import read_events
from ..port import Raw, Record
from .client import Conference, Fields, name_of, number, objects, sorted_slots, text
from .marks import is_ours, record_id, split_id

CALLED_OFF = ("canceled", "withdrawn")
_READ = ("code", "title", "state", "abstract", "description", "content_locale", "do_not_record")
_LONGEST_LABEL = 200  # characters
_MOST_LABELS = 100


def iter_records(conference: Conference, session: Fields) -> Iterator[Raw]:
    """Iterate over the records of a session: one for each slot with a time."""
    code, around = text(session.get("code")), conference.fields
    for count, slot in enumerate(sorted_slots(session), 1):
        content = {
            "event": {"name": name_of(around, text(around.get("locale"))), "timezone": text(around.get("timezone"))},
            "results": [_document(session, slot, conference.rooms)],
            "is_public": conference.is_open
            and session.get("state") != "accepted",  # pretalx shows those once they are confirmed
            "labels": _labels(around, session),
            "site": text(around.get("custom_domain")),
        }
        digest = sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        yield Raw(id=record_id(code, count), fingerprint=digest, content=content)


def read_record(raw: Raw, url: str, event: str) -> Record:
    """Read a record of the conference `event` in the pretalx at `url`. Raise BadInputError."""
    content = cast(Fields, raw.content)
    document = {name: content[name] for name in ("event", "results")}
    (announced,) = read_events(json.dumps(document, indent=1).encode(), f"{event}/{raw.id}")
    site = content["site"] if content["site"].startswith("https://") else url
    return Record(
        id=raw.id,
        url=f"{site.rstrip('/')}/{event}/talk/{split_id(raw.id)[0]}/",
        announced=replace(announced, origin=f"pretalx:{urlsplit(url).netloc}/{event}/{raw.id}"),
        is_public=content["is_public"],
        labels=tuple(content["labels"]),
    )


def _document(session: Fields, slot: Fields, rooms: Mapping[int, str]) -> dict[str, Any]:
    """Choose what is read of a session; our own links are none of its attachments."""
    room = slot.get("room")  # an object where another client asked for it so
    name = name_of(room) if isinstance(room, dict) else rooms.get(number(room), "")
    return {
        **{name: session.get(name) for name in _READ},
        "submission_type": "",  # the reader knows the format by it
        "speakers": [_pick(each, "name", "email") for each in objects(session.get("speakers"))],
        "resources": [
            _pick(each, "resource", "description", "is_public")
            for each in objects(session.get("resources"))
            if not is_ours(text(each.get("resource")))
        ],
        "slots": [_pick(slot, "start", "end", "duration") | {"room": {"name": name}}],
    }


def _pick(fields: Fields, *names: str) -> dict[str, Any]:
    return {name: fields.get(name) for name in names}


def _labels(conference: Fields, session: Fields) -> list[str]:
    """Return track, type and tags in each language, and the conference."""
    found = [
        *_texts(session.get("track")),
        *_texts(session.get("submission_type")),
        *(text(tag.get("tag")) for tag in objects(session.get("tags"))),
        text(conference.get("slug")),
    ]
    return list(dict.fromkeys(label for label in found if label and len(label) <= _LONGEST_LABEL))[:_MOST_LABELS]


def _texts(named: Any) -> list[str]:
    name = named.get("name") if isinstance(named, dict) else None
    return [text(each) for each in name.values()] if isinstance(name, dict) else [text(name)]
