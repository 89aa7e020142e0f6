"""A session of pretalx → a record for each of its slots, and such a record → its event."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from ...linear import split_url
from ...readers import read_events
from ..port import Raw, Record, join_copies
from ..values import Fields, digest, fields_of, number, objects, pick_labels, text, web_address
from .client import Conference, name_of, read_resource, sorted_slots
from .entries import is_ours, own_links, record_id, split_id
from .settings import Settings

CALLED_OFF = ("canceled", "withdrawn")
UNCONFIRMED = "accepted"  # visitors do not see such a session
_READ = ("code", "title", "state", "abstract", "description", "content_locale", "do_not_record", "duration")


def iter_raws(conference: Conference, session: Fields) -> Iterator[Raw]:
    """Iterate over the records of a session: one for each slot with a time."""
    code, around = text(session.get("code")), conference.fields
    resources = sorted(map(read_resource, objects(session.get("resources"))), key=lambda resource: resource.id)
    for count, slot in enumerate(sorted_slots(session), 1):
        content = {
            "event": {"name": name_of(around, text(around.get("locale"))), "timezone": text(around.get("timezone"))},
            "results": [_document(session, slot, conference.rooms)],
            "is_public": conference.is_open and session.get("state") != UNCONFIRMED,
            "labels": _labels(around, session),
            "site": text(around.get("custom_domain")),
        }
        shown = join_copies(own_links(resources, count))
        glimpses = tuple(link.glimpse("title", "url", "visibility") for link in shown)
        yield Raw(id=record_id(code, count), fingerprint=digest(content), content=content, links=glimpses)


def read_record(raw: Raw, settings: Settings) -> Record:
    """Read a record. Raise BadInputError with what was expected."""
    url, event = settings.url, settings.event
    content = cast(Fields, raw.unpacked().content)
    document = {name: content[name] for name in ("event", "results")}
    (announced,) = read_events(json.dumps(document, indent=1).encode(), f"{event}/{raw.id}")
    site = web_address(content["site"], url)
    return Record(
        id=raw.id,
        url=f"{site.rstrip('/')}/{event}/talk/{split_id(raw.id)[0]}/",
        announced=replace(announced, origin=f"pretalx:{split_url(url).netloc}/{event}/{raw.id}"),
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


def _labels(conference: Fields, session: Fields) -> tuple[str, ...]:
    """Return track, type and tags in each language, and the conference."""
    found = [
        *_texts(session.get("track")),
        *_texts(session.get("submission_type")),
        *(tag.get("tag") for tag in objects(session.get("tags"))),
        conference.get("slug"),
    ]
    return pick_labels(found)


def _texts(named: Any) -> list[Any]:
    name = fields_of(named).get("name")
    return list(name.values()) if isinstance(name, dict) else [name]
