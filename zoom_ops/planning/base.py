"""What actions share: their fields, the base class, and the people whom they affect."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

Fields = tuple[tuple[str, Any], ...]
"""A webinar's fields, flat and sorted: topic, agenda, start (UTC, with Z), duration, timezone, `settings.<dotted>`."""
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
    reason: str = ""

    def changes(self) -> tuple[FieldChange, ...]:
        """List what would change, old → new, for people."""
        return ()

    def consequence(self, recipients: Recipients) -> str:
        """Describe what the action does outside, with the changes that follow it by themselves."""
        raise NotImplementedError

    def mails(self, recipients: Recipients) -> Mails:
        """Count whom Zoom mails because of it."""
        return Mails()

    def look_for(self) -> str:
        """Return what a person has to look for, at Zoom or on the event record, to know whether it was done."""
        raise NotImplementedError

    def adoption(self) -> str | None:
        """Return the arguments of `events adopt` for a person who found it done; None if doing it again is harmless."""
        return None
