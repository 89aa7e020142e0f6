"""Actions: the changes we would make outside, as sorted values with a digest."""

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
    """A field as it is and as it is to be."""

    field: str
    old: Any = None
    new: Any = None


class _Action(_Value):
    order: ClassVar[int]  # in which order actions of one event are performed
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
    """Change those fields of a webinar that are not as the event says."""

    order: ClassVar[int] = 2
    kind: Literal["UpdateWebinar"] = "UpdateWebinar"
    webinar_id: int
    host: str
    booked_from: datetime
    booked_until: datetime
    fields: tuple[FieldChange, ...]

    @property
    def moves(self) -> bool:
        """Whether the webinar would take another time of its host."""
        return any(change.field in ("start", "duration") for change in self.fields)

    def changes(self) -> tuple[FieldChange, ...]:
        """List what would change, old → new, for people."""
        return self.fields


class RemovePanelist(_Action):
    """Take a panelist out whom we seated and the event no longer names."""

    order: ClassVar[int] = 3
    kind: Literal["RemovePanelist"] = "RemovePanelist"
    webinar_id: int
    email: str
    name: str

    def changes(self) -> tuple[FieldChange, ...]:
        """List what would change, old → new, for people."""
        return (FieldChange(field="panelist", old=self.name),)


class Seat(_Value):
    """A person to be seated: e-mail address, lower-cased, and name."""

    email: str
    name: str


class AddPanelists(_Action):
    """Seat people, at most 30 in one call; each gets an invitation."""

    order: ClassVar[int] = 4
    kind: Literal["AddPanelists"] = "AddPanelists"
    webinar_id: int
    seats: tuple[Seat, ...]

    def changes(self) -> tuple[FieldChange, ...]:
        """List what would change, old → new, for people."""
        return tuple(FieldChange(field="panelist", new=seat.name) for seat in self.seats)


class WithdrawRecording(_Action):
    """Take a recording's link back from the event record."""

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
    """Why something is not done: it waits for the world, or it is refused until an operator decides."""

    about: Literal["webinar", "recording"]
    sentence: str
    refused: bool = False
    unsafe: bool = False  # refused by the guard, so an operator may force it
    approval: Literal["recording", "practice"] | None = None  # which of an operator's approvals lifts it
    over: bool = False  # it will never be done, and nothing has to be waited for
    until: datetime | None = None  # when a wait is over by itself


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
    """What is to be done for one event, in order, and what holds the rest back."""

    event: str
    actions: tuple[Action, ...] = ()
    blockers: tuple[Blocker, ...] = ()

    @property
    def waits(self) -> tuple[str, ...]:
        """List in sentences what waits for the world to change."""
        return tuple(blocker.sentence for blocker in self.blockers if not blocker.refused)

    @property
    def refused(self) -> tuple[str, ...]:
        """List in sentences what an operator has to decide."""
        return tuple(blocker.sentence for blocker in self.blockers if blocker.refused)

    @property
    def digest(self) -> str:
        """Name the plan by its contents: the same actions, the same digest, in any process."""
        return digest_of(self.actions)

    def only(self, kinds: Iterable[str]) -> "Plan":
        """Reduce the plan to some kinds of actions."""
        wanted = tuple(kinds)
        about = {name for name, held in _HELD_BY.items() if any(action.__name__ in wanted for action in held)}
        kept = {
            "actions": tuple(action for action in self.actions if action.kind in wanted),
            "blockers": tuple(blocker for blocker in self.blockers if blocker.about in about),
        }
        return self.model_copy(update=kept)


def digest_of(actions: Iterable[Action]) -> str:
    """Compute the digest of some actions: 16 hexadecimal digits."""
    document = [action.model_dump(mode="json", exclude={"reason"}) for action in actions]
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def action_from_json(document: dict[str, Any]) -> Action:
    """Parse an action from its JSON."""
    return _adapter.validate_python(document)


def sort_key(action: Action) -> tuple[int, str]:
    """Order actions: what frees a host first, what writes to people last."""
    return action.order, action.model_dump_json()
