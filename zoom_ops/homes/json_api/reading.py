"""A record of a JSON API → an event, by way of the reader of our own JSON."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...errors import BadInputError
from ...markup import plain_text
from ...readers import Announced, read_events
from .. import paragraphs
from ..errors import StrangeAnswerError
from ..ids import as_segment
from ..port import Glimpse, Raw, Record
from ..values import digest, fields_of, objects, pick_labels, text, web_address
from .client import search
from .entries import has_content, put_content, show, take_content, without_ours
from .settings import Fields, Settings, Write

_AS_THEY_ARE = (
    *("start", "end", "duration", "language", "series", "venue", "organizers", "speakers", "attachments", "timezone"),
)
_MAY_BE_UNSAID = {"series": "series", "speakers": "performers", "attachments": "attachments"}
_UNSAID = ("attachments_note", "display_times")
_MOST_INCLUDED = 100  # of one record
_LARGEST_INCLUDED = 20_000  # characters of JSON


def build_raw(record_id: str, record: Any, settings: Settings) -> Raw:
    """Return a record without our own entries, not read yet. Raise StrangeAnswerError for what is no object."""
    if not isinstance(record, Mapping):
        raise StrangeAnswerError("the API lists a record that is no object.")
    write, links = settings.write, _list_glimpses(record, settings.write)
    if write and write.holds == "list" and (content := take_content(record, write)):
        record = put_content(record, write.at.split("."), without_ours(content, write))
    said = _say_all(record, settings)
    if _has_text(settings, said):  # visitors get it with gaps where our paragraphs are
        said["description"] = paragraphs.as_meant(said["description"])
    return Raw(id=record_id, fingerprint=digest(said), content=record, links=links)


def _list_glimpses(record: Mapping[str, Any], write: Write | None) -> tuple[Glimpse, ...] | None:
    """List our entries as a list shows them; None where it leaves out the field that holds them."""
    if write is None or not has_content(record, write):
        return None
    return tuple(shown.glimpse("title", "url", "digest") for shown in show(take_content(record, write), write))


Included = Mapping[tuple[str, str], Mapping[str, Any]]
"""The objects that records of a document may point to, by type and id."""


def index_included(document: Any, expression: str | None) -> Included | None:
    """Find the objects of a document of JSON:API that its records may point to; None where the file names none."""
    return None if expression is None else {_name_of(each): each for each in objects(search(expression, document))}


def with_included(record: Any, included: Included | None) -> Any:
    """Return a record of JSON:API with the objects of its document that it points to, as `included`.

    Each once, at most _MOST_INCLUDED, and none that is larger than _LARGEST_INCLUDED.
    """
    if included is None or not isinstance(record, Mapping):
        return record
    pointed: dict[tuple[str, str], None] = {}
    for relation in fields_of(record.get("relationships")).values():
        data = fields_of(relation).get("data")
        pointed |= dict.fromkeys(map(_name_of, objects(data if isinstance(data, list) else [data])))
    wanted = [name for name in pointed if all(name)][:_MOST_INCLUDED]
    known = (included[name] for name in wanted if name in included)
    return {**record, "included": [each for each in known if len(json.dumps(each)) <= _LARGEST_INCLUDED]}


def _name_of(resource: Mapping[str, Any]) -> tuple[str, str]:
    return text(resource.get("type")), text(resource.get("id"))


def _say_all(item: Any, settings: Settings) -> dict[str, Any]:
    """Return what the expressions give in a record, by field. This is all that is read of it."""
    fields = settings.fields
    given = ((name, getattr(fields, name)) for name in Fields.model_fields if name != "is_html")
    said = {name: search(expression, item) for name, expression in given if expression is not None}
    if _has_text(settings, said):
        said["description"] = paragraphs.without_ours(said["description"])
    return said


def _has_text(settings: Settings, said: Mapping[str, Any]) -> bool:
    """Return whether our links may stand in the description."""
    return settings.write is not None and settings.write.holds == "html" and isinstance(said.get("description"), str)


def read_record(record_id: str, item: Any, settings: Settings) -> Record:
    """Read a record. Raise BadInputError with what was expected."""
    said = _say_all(item, settings)
    webinar, labels = str(said.get("webinar_id")), said.get("labels")
    return Record(
        id=record_id,
        url=_page_of(record_id, said, settings),
        announced=_announce(record_id, said, settings),
        is_public=settings.members != "closed" and said.get("public") is True,
        labels=pick_labels(labels if isinstance(labels, list) else [labels]),
        webinar_id=int(webinar) if webinar.isascii() and webinar.isdecimal() and len(webinar) < 16 else None,
    )


def refuses_recording(item: Any, settings: Settings) -> bool:
    """Return whether a record says that the event must not be recorded."""
    expression = settings.fields.do_not_record
    return expression is not None and bool(search(expression, item))


def _announce(record_id: str, said: Mapping[str, Any], settings: Settings) -> Announced:
    event = _event_of(said, settings)
    try:
        content = json.dumps(event, ensure_ascii=True, allow_nan=False).encode()
    except (ValueError, TypeError):
        raise BadInputError("an expression of the home's file gives no JSON, such as &name", file=record_id) from None
    announced = read_events(content, f"{record_id}.json")[0]
    unsaid = tuple(ours for name, ours in _MAY_BE_UNSAID.items() if said.get(name) is None)
    host = settings.url.partition("://")[2]
    return replace(announced, origin=f"json:{host}/{record_id}", unsaid=(*unsaid, *_UNSAID))


def _event_of(said: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Return the record in the words of our own JSON."""
    event = {name: said[name] for name in _AS_THEY_ARE if said.get(name) not in (None, "")}
    event["name"] = _prose(said.get("title"), settings)
    if isinstance(said.get("description"), str):
        event["description"] = _prose(said["description"], settings)
    event.setdefault("timezone", settings.timezone or None)
    if isinstance(event.get("speakers"), list):
        event["speakers"] = [_without_empty(speaker) for speaker in event["speakers"]]
    if isinstance(event.get("attachments"), list):
        event["attachments"] = [_without_empty(entry) for entry in event["attachments"]]
    word = said.get("status")
    if word is not None and (meaning := settings.statuses.get(str(word))):
        event["status"] = meaning
    if settings.fields.do_not_record is not None:
        event["consent"] = "do_not_record" if said.get("do_not_record") else "record"
    return event


def _without_empty(value: Any) -> Any:
    return {key: each for key, each in value.items() if each not in (None, "")} if isinstance(value, dict) else value


def _prose(value: Any, settings: Settings) -> Any:
    return plain_text(value) if settings.fields.is_html and isinstance(value, str) else value


def _page_of(record_id: str, said: Mapping[str, Any], settings: Settings) -> str:
    page = (settings.page or settings.url + settings.record).replace("{id}", as_segment(record_id))
    return web_address(said.get("url"), page)
