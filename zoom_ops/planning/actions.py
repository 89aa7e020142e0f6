"""Actions: the changes that we would make outside, as sorted values with a digest."""

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Fields = tuple[tuple[str, Any], ...]
"""A webinar's fields, flat and sorted: topic, agenda, start (UTC, with Z), duration, timezone, `settings.<dotted>`."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldChange(_Value):
    """A field with its present value and its planned value."""

    field: str
    old: Any = None
    new: Any = None


class _Action(_Value):
    order: ClassVar[int]  # the actions of one event are performed in this order
    event: str
    account: str
    reason: str = ""

    def changes(self) -> tuple[FieldChange, ...]:
        """List what would change, old → new, for people."""
        return ()


class CancelWebinar(_Action):
    """Delete the webinar of an event that is cancelled."""

    order: ClassVar[int] = 0
    kind: Literal["CancelWebinar"] = "CancelWebinar"
    webinar_id: int
    tell_people: bool

    def changes(self) -> tuple[FieldChange, ...]:
        """List what would change, old → new, for people."""
        return (FieldChange(field="webinar", old=self.webinar_id, new=None),)


class CreateWebinar(_Action):
    """Create the webinar of an event, on a host that is free."""

    order: ClassVar[int] = 1
    kind: Literal["CreateWebinar"] = "CreateWebinar"
    host: str
    marker: str
    booked_from: datetime
    booked_until: datetime
    fields: Fields

    def changes(self) -> tuple[FieldChange, ...]:
        """List what would change, old → new, for people."""
        return tuple(FieldChange(field=name, new=value) for name, value in (("host", self.host), *self.fields))


class UpdateWebinar(_Action):
    """Change the fields of a webinar that differ from the event."""

    order: ClassVar[int] = 2
    kind: Literal["UpdateWebinar"] = "UpdateWebinar"
    webinar_id: int
    host: str
    booked_from: datetime
    booked_until: datetime
    fields: tuple[FieldChange, ...]

    @property
    def moves(self) -> bool:
        """Whether the update changes the time that the webinar takes of its host."""
        return any(change.field in ("start", "duration") for change in self.fields)

    def changes(self) -> tuple[FieldChange, ...]:
        """List what would change, old → new, for people."""
        return self.fields


class RemovePanelist(_Action):
    """Remove a panelist that we added and that the event no longer names."""

    order: ClassVar[int] = 3
    kind: Literal["RemovePanelist"] = "RemovePanelist"
    webinar_id: int
    email: str
    name: str

    def changes(self) -> tuple[FieldChange, ...]:
        """List what would change, old → new, for people."""
        return (FieldChange(field="panelist", old=self.name),)


class Seat(_Value):
    """A person to add as a panelist; the e-mail address is lower-cased."""

    email: str
    name: str


class AddPanelists(_Action):
    """Add panelists, at most 30 in one call. Each gets an invitation."""

    order: ClassVar[int] = 4
    kind: Literal["AddPanelists"] = "AddPanelists"
    webinar_id: int
    seats: tuple[Seat, ...]

    def changes(self) -> tuple[FieldChange, ...]:
        """List what would change, old → new, for people."""
        return tuple(FieldChange(field="panelist", new=seat.name) for seat in self.seats)


class WithdrawRecording(_Action):
    """Remove a recording's link from the event record."""

    order: ClassVar[int] = 5
    kind: Literal["WithdrawRecording"] = "WithdrawRecording"
    recording_uuid: str

    def changes(self) -> tuple[FieldChange, ...]:
        """List what would change, old → new, for people."""
        return (FieldChange(field="recording", old=self.recording_uuid),)


class PublishRecording(_Action):
    """Write a recording's link to the event record."""

    order: ClassVar[int] = 6
    kind: Literal["PublishRecording"] = "PublishRecording"
    recording_uuid: str
    part: int
    title: str
    url: str
    visibility: Literal["public", "members"]
    old_visibility: str | None = None

    def changes(self) -> tuple[FieldChange, ...]:
        """List what would change, old → new, for people."""
        return (
            FieldChange(field=self.title, old=None, new=self.url),
            FieldChange(field="visibility", old=self.old_visibility, new=self.visibility),
        )


Action = (
    CancelWebinar | CreateWebinar | UpdateWebinar | RemovePanelist | AddPanelists | WithdrawRecording | PublishRecording
)
_adapter: TypeAdapter[Action] = TypeAdapter(Annotated[Action, Field(discriminator="kind")])


class Blocker(_Value):
    """The reason why something is not done: it waits for a change outside, or an operator has to decide."""

    about: Literal["webinar", "recording"]
    sentence: str
    refused: bool = False
    unsafe: bool = False  # refused by the guard, so an operator may force it
    approval: Literal["recording", "practice"] | None = None  # the operator's approval that lifts it
    over: bool = False  # it will never be done: nothing waits for it
    until: datetime | None = None  # the wait ends by itself at this time


_HELD_BY = {
    "recording": (PublishRecording, WithdrawRecording),
    "webinar": (CancelWebinar, CreateWebinar, UpdateWebinar),
}


def about_of(kinds: Collection[str]) -> frozenset[Literal["webinar", "recording"]]:
    """Return what has to be planned for some kinds of actions; all of it where none is named."""
    recordings = {action.__name__ for action in _HELD_BY["recording"]}
    about: set[Literal["webinar", "recording"]] = set()
    if not kinds or set(kinds) & recordings:
        about.add("recording")
    if not kinds or set(kinds) - recordings:
        about.add("webinar")
    return frozenset(about)


class Plan(_Value):
    """The actions for one event, in order, with the blockers that hold the rest back."""

    event: str
    actions: tuple[Action, ...] = ()
    blockers: tuple[Blocker, ...] = ()

    @property
    def waits(self) -> tuple[str, ...]:
        """List the sentences of the blockers that wait for a change outside."""
        return tuple(blocker.sentence for blocker in self.blockers if not blocker.refused)

    @property
    def refused(self) -> tuple[str, ...]:
        """List the sentences of the blockers that an operator has to decide on."""
        return tuple(blocker.sentence for blocker in self.blockers if blocker.refused)

    @property
    def digest(self) -> str:
        """Compute the plan's digest: the same actions have the same digest in any process."""
        return digest_of(self.actions)

    def only(self, kinds: Iterable[str]) -> "Plan":
        """Reduce the plan to some kinds of actions and the blockers that concern them."""
        kept_kinds = tuple(kinds)
        about = {name for name, held in _HELD_BY.items() if any(action.__name__ in kept_kinds for action in held)}
        kept = {
            "actions": tuple(action for action in self.actions if action.kind in kept_kinds),
            "blockers": tuple(blocker for blocker in self.blockers if blocker.about in about),
        }
        return self.model_copy(update=kept)


def digest_of(actions: Iterable[Action]) -> str:
    """Compute the digest of actions without their reasons: 16 hexadecimal digits."""
    document = [action.model_dump(mode="json", exclude={"reason"}) for action in actions]
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def action_from_json(document: dict[str, Any]) -> Action:
    """Parse an action from its JSON."""
    return _adapter.validate_python(document)


def sort_key(action: Action) -> tuple[int, str]:
    """Return the sort key of an action: cancelling comes first, because it frees a host; publishing comes last."""
    return action.order, action.model_dump_json()
