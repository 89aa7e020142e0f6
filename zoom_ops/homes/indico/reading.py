"""An event of Indico: what of it is read, a digest of that, and the event that it says."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...errors import BadInputError
from ...readers import Announced, read_events
from ...webinars import UNCLEAR, Unclear
from ..errors import StrangeAnswerError
from ..port import Raw, Record
from ..values import Fields, digest, objects, pick_labels, web_address
from .client import Material, read_material
from .entries import find_mark, list_glimpses
from .settings import Settings

WEBINAR = "zoomWebinarId"  # our own key beside those of Indico
_LEFT_OUT = ("material", "note", "allowed", "creator", "creationDate", "roomMapURL", "emailHash", "modified_dt")
_MOVING = (*_LEFT_OUT, "checksum", "color", "textColor")  # they say nothing that we read
_LISTS = ("contributions", "subContributions", "folders", "attachments", "chairs")
_ID = re.compile(r"[1-9][0-9]{0,9}")
_NOWHERE = "Nowhere"  # in no list of Indico, or without a category


def build_raw(event: Fields, webinar_id: int | Unclear | None = None) -> Raw:
    """Build the record of an event from the classic API. Raise StrangeAnswerError for what is none."""
    event_id = event.get("id")
    if not isinstance(event_id, str) or not _ID.fullmatch(event_id):
        raise StrangeAnswerError("Indico lists an event without an id.")
    content = {**_clean(event), WEBINAR: webinar_id}
    return Raw(id=event_id, fingerprint=digest(content), content=content, links=list_glimpses(_iter_materials(event)))


def read_record(raw: Raw, settings: Settings) -> Record:
    """Read a record. Raise BadInputError with what was expected."""
    content, file = raw.content, f"event {raw.id}"
    if not isinstance(content, Mapping):
        raise BadInputError("expected an event as /export/event/ID.json has it", file=file)
    document = json.dumps({"count": 1, "results": [content], "_type": "HTTPAPIResult"}, ensure_ascii=False)
    (announced,) = read_events(document.encode("utf-8", "replace"), file)
    webinar_id = content.get(WEBINAR)
    return Record(
        id=raw.id,
        url=web_address(content.get("url"), f"{settings.url}/event/{raw.id}/"),
        announced=_without_notes(announced),
        is_public=_is_public(content),
        labels=_labels(content),
        webinar_id=webinar_id if isinstance(webinar_id, int) or webinar_id in UNCLEAR else None,
    )


def _iter_materials(event: Fields) -> Iterator[Material]:
    """Yield the links and files of an event itself."""
    for folder in objects(event.get("folders")):
        for each in objects(folder.get("attachments")):
            if isinstance(folder.get("id"), int) and isinstance(each.get("id"), int):
                yield read_material(each, folder)


def _clean(value: Any) -> Any:
    """Return a value without what moves by itself and without our own links, its lists in an order that stays.

    Indico lists people, contributions and files in the order of its tables, which an edit of anything changes.
    """
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if not isinstance(value, dict):
        return value
    fields = {key: _clean(each) for key, each in value.items() if key not in _MOVING}
    for key in _LISTS:
        if isinstance(fields.get(key), list):
            fields[key] = sorted(filter(_is_of_people, fields[key]), key=_order)
    return fields


def _is_of_people(part: Any) -> bool:
    """Return whether a part of an event is none of ours, nor a folder with nothing in it."""
    if not isinstance(part, dict):
        return True
    if part.get("_type") == "folder":
        return bool(part.get("attachments"))
    return find_mark(str(part.get("description") or ""), str(part.get("link_url") or "")) is None


def _order(part: Any) -> tuple[str, int]:
    if not isinstance(part, dict):
        return "", 0
    start = part.get("startDate")
    when = f"{start.get('date')}T{start.get('time')}" if isinstance(start, dict) else ""
    number = part.get("db_id", part.get("id"))
    return when, number if isinstance(number, int) else 0


def _without_notes(announced: Announced) -> Announced:
    """Leave out the note that protected files are for nobody until somebody sets their groups: it stops no webinar."""
    event = announced.event
    notes = tuple(note for note in event.needs_review if note.field != "attachments")
    return replace(announced, event=event.model_copy(update={"needs_review": notes}))


def _is_public(content: Fields) -> bool:
    """Return whether everybody may read an event; False where Indico does not say."""
    shown = content.get("visibility")
    nowhere = isinstance(shown, dict) and str(shown.get("name", "")).startswith(_NOWHERE)
    return content.get("hasAnyProtection") is False and not nowhere


def _labels(content: Fields) -> tuple[str, ...]:
    """Return the labels of an event: the title and the number of its category, and its keywords."""
    category, keywords = content.get("categoryId"), content.get("keywords")
    found = (content.get("category"), str(category), *(keywords if isinstance(keywords, list) else ()))
    return pick_labels(found)
