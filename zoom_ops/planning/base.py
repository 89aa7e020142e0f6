"""What actions share: their fields, the base class, and the people whom they affect."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, GetPydanticSchema
from pydantic_core import core_schema

from ..messages import Message, message_json, read_message

Fields = tuple[tuple[str, Any], ...]
"""A webinar's fields, flat and sorted: topic, agenda, start (UTC, with Z), duration, timezone, `settings.<dotted>`."""
_FIELDS = {"topic": "title", "agenda": "description", "timezone": "time zone"}  # Zoom's words, in ours
_SCHEMA = core_schema.no_info_plain_validator_function(
    read_message, serialization=core_schema.plain_serializer_function_ser_schema(message_json)
)
Told = Annotated[Message, GetPydanticSchema(lambda _type, _handler: _SCHEMA)]
"""A message in an action; in JSON with its code, values, step and sentence."""
About = Literal["webinar", "panelists", "recording", "link"]


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """The people who are affected by a change to the webinar of an event."""

    awaited: int = 0  # people with an address; they become panelists as soon as the webinar exists
    seated: int = 0  # panelists now
    mailed: bool = True  # whether Zoom mails an invitation to new panelists


class Mails(NamedTuple):
    """How many people Zoom mails, and the registrants of how many webinars."""

    people: int = 0
    webinars: int = 0


class Value(BaseModel):
    """A value of the planner: frozen, without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldChange(Value):
    """A field with its present value and its planned value."""

    field: str
    old: Any = None
    new: Any = None


class BaseAction(Value):
    """An action on the event of an account."""

    about: ClassVar[About]
    event: str
    account: str
    reason: Told | None = None

    def changes(self) -> tuple[FieldChange, ...]:
        """List what would change, old → new, for people."""
        return ()

    def consequence(self, recipients: Recipients) -> Message:
        """Say what the action does outside, with the changes that follow it by themselves."""
        raise NotImplementedError

    def mails(self, recipients: Recipients) -> Mails:
        """Count whom Zoom mails because of it."""
        return Mails()

    def look_for(self) -> Message:
        """Return what a person has to look for, at Zoom or on the event record, to know whether it was done."""
        raise NotImplementedError

    def adoption(self) -> str | None:
        """Return the arguments of `events adopt` for a person who found it done; None if doing it again is harmless."""
        return None


def name_fields(changes: Iterable[FieldChange]) -> tuple[str, ...]:
    """Return what the changed fields are called."""
    return tuple(name_field(change.field) for change in changes)


def name_field(field: str) -> str:
    """Return what a field of a webinar is called: "settings.auto_recording" is "auto recording"."""
    plain = field.removeprefix("settings.").replace(".", ": ").replace("_", " ")
    return _FIELDS.get(field, plain)
