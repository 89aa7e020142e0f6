"""A record of a JSON API → an event, by way of the reader of our own JSON."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...errors import BadInputError
from ...markup import plain_text
from ...readers import Announced, read_events
from ..ids import as_segment
from ..port import Record
from .client import search
from .settings import Fields, Settings

_AS_THEY_ARE = (
    *("start", "end", "duration", "language", "series", "venue", "organizers", "speakers", "attachments", "timezone"),
)
_MAY_BE_UNSAID = {"series": "series", "speakers": "performers", "attachments": "attachments"}
_UNSAID = ("attachments_note", "display_times")


def say_all(item: Any, fields: Fields) -> dict[str, Any]:
    """Return what the expressions give in a record, by field. This is all that is read of it."""
    given = ((name, getattr(fields, name)) for name in Fields.model_fields if name != "is_html")
    return {name: search(expression, item) for name, expression in given if expression is not None}


def read_record(record_id: str, item: Any, settings: Settings) -> Record:
    """Read a record. Raise BadInputError with what was expected."""
    said = say_all(item, settings.fields)
    webinar = str(said.get("webinar_id"))
    return Record(
        id=record_id,
        url=_page_of(record_id, said, settings),
        announced=_announce(record_id, said, settings),
        is_public=settings.members != "closed" and said.get("public") is True,
        labels=_labels(said.get("labels")),
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
    except ValueError:
        raise BadInputError("the record holds a number that JSON does not know", file=record_id) from None
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
    from_record = said.get("url")
    if isinstance(from_record, str) and from_record.startswith(("https://", "http://")):
        return from_record
    return (settings.page or settings.url + settings.record).replace("{id}", as_segment(record_id))


def _labels(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(label for label in values if isinstance(label, str) and label)[:200]
