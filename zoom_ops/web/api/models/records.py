"""Event records, derived from the Event JSON: what is answered, what is sent, and what is patched."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field
from pydantic.json_schema import models_json_schema

from ....access import OPERATOR_FIELDS
from ....events import ADDED_BY_US, AttachmentKind
from ....events import Event as Record
from .base import PLACE, Answer, Told

_PARTS = ("Attachment", "DisplayTime", "Organizer", "Performer", "Picture", "ReviewNote")  # sent as AttachmentIn…
_IGNORED = {"description": "Ignored: it is added to an event that is read."}
_FETCHED = (  # forms of a picture that is sent
    {"type": "string", "description": "The address of a picture, which is fetched once from a host in PICTURE_HOSTS."},
    {
        "type": "object",
        "properties": {"url": {"type": "string"}, "alt": {"type": "string", "description": "What it shows."}},
        "required": ["url"],
        "additionalProperties": False,
    },
)


class Webinar(Answer):
    """The webinar of an event."""

    account: str
    host: str
    id: int
    join_url: str | None
    state: str


class RecordingFile(Answer):
    """A file of a recording."""

    kind: str | None
    size: int | None
    status: str | None


class RecordingSharing(Answer):
    """How Zoom shares a recording; null where it has not said."""

    shared: str | None
    sign_in: bool | None
    sign_in_name: str | None
    on_demand: bool | None
    viewer_download: bool | None
    needs_passcode: bool | None


class Recording(Answer):
    """A recording; what only operators see is absent for others."""

    uuid: str
    start: datetime | None
    duration_s: int
    url: str | None
    state: str
    requires: str = Field(default="", description="What Zoom asks of viewers.")
    expires: str | None = Field(default=None, description="The day on which Zoom deletes it.")
    withheld: bool = False
    finding: str | None = None
    sharing: RecordingSharing | None = None
    files: tuple[RecordingFile, ...] = ()


class EventAlert(Answer):
    """An open alert of an event."""

    kind: str
    sentence: str
    message: Told
    since: datetime


class LockedAttachment(Answer):
    """An attachment that the caller may not open."""

    title: str
    kind: AttachmentKind


class Event(Record):
    """An event as the caller may see it: what only operators see is absent for others."""

    webinar: Webinar | None = None
    recordings: tuple[Recording, ...] = ()
    alerts: tuple[EventAlert, ...] = ()
    locked: tuple[LockedAttachment, ...] = ()


class EventIn(Record):
    """An event to add or to replace; what was read may be sent back as it is."""


def describe_events() -> dict[str, Any]:
    """Build the schemas of events by name, as they are written: an answer has the same form, without maxima.

    An event that is older than its maxima may be shown.
    """
    schemas: dict[str, Any]
    _, schemas = models_json_schema([(Event, "validation"), (EventIn, "validation")], ref_template=PLACE)
    defined: dict[str, Any] = schemas["$defs"]
    parts = {name: f"{name}In" for name in _PARTS}
    sent = defined["EventIn"] = _renamed(defined["EventIn"], parts)
    defined |= {known_as: _renamed(defined[name], parts) | {"title": known_as} for name, known_as in parts.items()}
    defined |= {name: _without_maxima(defined[name]) for name in ("Event", *parts)}
    shown = defined["Event"]
    shown["required"] = [name for name in Record.model_fields if name not in OPERATOR_FIELDS] + ["recordings"]
    sent["required"] = [name for name in sent["required"] if name != "id"]
    sent["properties"]["id"]["description"] = "Its id; without one it is made from series and name."
    sent["properties"]["image"] = {"anyOf": [*sent["properties"]["image"]["anyOf"], *_FETCHED]}
    patched = {name: {"anyOf": [schema, {"type": "null"}]} for name, schema in sent["properties"].items()}
    sent["properties"] |= dict.fromkeys(ADDED_BY_US, _IGNORED)
    shown.pop("additionalProperties", None)
    defined["EventPatch"] = {
        "title": "EventPatch",
        "type": "object",
        "description": "A JSON merge patch (RFC 7396): null removes a field, a list is replaced as a whole.",
        "properties": patched | dict.fromkeys(ADDED_BY_US, _IGNORED),
        "additionalProperties": False,
    }
    return defined


def _renamed(schema: Any, names: Mapping[str, str]) -> Any:
    """Return a schema that refers to others by other names."""
    if isinstance(schema, dict):
        return {
            key: PLACE.format(model=names.get(known := value.rpartition("/")[2], known))
            if key == "$ref"
            else _renamed(value, names)
            for key, value in schema.items()
        }
    return [_renamed(each, names) for each in schema] if isinstance(schema, list) else schema


def _without_maxima(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: _without_maxima(value) for name, value in schema.items() if name not in ("maxLength", "maxItems")}
    return [_without_maxima(each) for each in schema] if isinstance(schema, list) else schema
