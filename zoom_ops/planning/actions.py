"""Actions: the changes that we would make outside. Each describes itself in all the ways that a person is shown."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, TypeAdapter

from .adoption.actions import AdoptWebinar
from .base import About, BaseAction, FieldChange, Fields, Mails, Recipients, Value
from .links.actions import PublishLink, WithdrawLink
from .phrases import name_field, name_some, people, shows


class _Deletion(BaseAction):
    about: ClassVar[About] = "webinar"
    webinar_id: int
    tell_people: bool

    def changes(self) -> tuple[FieldChange, ...]:
        return (FieldChange(field="webinar", old=self.webinar_id, new=None),)

    def consequence(self, recipients: Recipients) -> str:
        if not self.tell_people:
            return f"Deletes webinar {self.webinar_id} at Zoom. Nobody is mailed."
        panelists = "its panelist" if recipients.seated == 1 else f"its {recipients.seated} panelists"
        informed = f"{panelists} and whoever has registered" if recipients.seated else "whoever has registered"
        return f"Deletes webinar {self.webinar_id} at Zoom, which mails {informed}."

    def mails(self, recipients: Recipients) -> Mails:
        return Mails(people=recipients.seated, webinars=1) if self.tell_people else Mails()

    def look_for(self) -> str:
        return f"whether webinar {self.webinar_id} is deleted"


class CancelWebinar(_Deletion):
    """Delete the webinar of an event that is cancelled."""

    kind: Literal["CancelWebinar"] = "CancelWebinar"


class DeleteOldWebinar(_Deletion):
    """Delete the webinar that an event had before it moved to another host."""

    kind: Literal["DeleteOldWebinar"] = "DeleteOldWebinar"
    host: str


class Replaced(Value):
    """The webinar in whose place another one is created; it is deleted afterwards."""

    webinar_id: int
    host: str
    tell_people: bool


class CreateWebinar(BaseAction):
    """Create the webinar of an event, on a host that is free. `replaces`: an operator moves the event to that host."""

    about: ClassVar[About] = "webinar"
    kind: Literal["CreateWebinar"] = "CreateWebinar"
    host: str
    marker: str
    booked_from: datetime
    booked_until: datetime
    fields: Fields
    replaces: Replaced | None = None

    def changes(self) -> tuple[FieldChange, ...]:
        return tuple(FieldChange(field=name, new=value) for name, value in (("host", self.host), *self.fields))

    def consequence(self, recipients: Recipients) -> str:
        creates = f"Creates a webinar on {self.host}"
        if not recipients.awaited:
            created = f"{creates}. Nobody is mailed."
        else:
            seats = f"{creates}, then seats {people(recipients.awaited)} in it"
            created = f"{seats}, whom Zoom mails an invitation." if recipients.mailed else f"{seats}. Nobody is mailed."
        return f"{created} {old.consequence(recipients)}" if (old := self.deletion()) else created

    def mails(self, recipients: Recipients) -> Mails:
        invited = recipients.awaited if recipients.mailed else 0
        old = self.deletion()
        told = old.mails(recipients) if old else Mails()
        return Mails(people=max(invited, told.people), webinars=told.webinars)

    def deletion(self) -> DeleteOldWebinar | None:
        """Return what follows by itself: the webinar that this one replaces is deleted."""
        if self.replaces is None:
            return None
        return DeleteOldWebinar(event=self.event, account=self.account, **self.replaces.model_dump())

    def look_for(self) -> str:
        topic = dict(self.fields).get("topic", "")
        return f"a webinar of {self.host} whose agenda ends with: {self.marker} (topic: {topic})"

    def adoption(self) -> str | None:
        return f"{self.event} WEBINAR_ID"


class UpdateWebinar(BaseAction):
    """Change the fields of a webinar that differ from the event."""

    about: ClassVar[About] = "webinar"
    kind: Literal["UpdateWebinar"] = "UpdateWebinar"
    webinar_id: int
    host: str
    booked_from: datetime
    booked_until: datetime
    fields: tuple[FieldChange, ...]
    tell_registrants: bool | None = None  # of a move; None where there is none, or no registration
    resend: bool = False  # panelists get new invitations after it

    @property
    def moves(self) -> bool:
        """Whether the webinar would take another time of its host."""
        return any(change.field in ("start", "duration") for change in self.fields)

    @property
    def reschedules(self) -> bool:
        """Whether invitations that were sent would hold the old time."""
        return any(change.field in ("start", "timezone") for change in self.fields)

    def changes(self) -> tuple[FieldChange, ...]:
        return self.fields

    def consequence(self, recipients: Recipients) -> str:
        parts = [f"Changes webinar {self.webinar_id} at Zoom: {self._names()}."]
        if self.tell_registrants:
            parts.append("Zoom mails whoever has registered.")
        elif self.tell_registrants is not None:
            parts.append("Zoom mails nobody who has registered.")
        if self.reschedules and recipients.seated:
            parts.append(self._panelists(recipients.seated))
        return " ".join(parts)

    def mails(self, recipients: Recipients) -> Mails:
        resent = self.resend and recipients.mailed
        return Mails(people=recipients.seated if resent else 0, webinars=1 if self.tell_registrants else 0)

    def _panelists(self, seated: int) -> str:
        if self.resend:
            return f"Then removes and adds {people(seated)} again: Zoom tells panelists of a move in no other way."
        holds = "1 panelist holds an invitation" if seated == 1 else f"{seated} panelists hold invitations"
        return (
            f"Zoom tells no panelist of a move: {holds} with the old time. "
            f"The event's page in the console sends new ones, and so does zoom-ops events resend {self.event}."
        )

    def look_for(self) -> str:
        return f"in webinar {self.webinar_id}, whether the change has arrived: {self._names()}"

    def _names(self) -> str:
        return ", ".join(name_field(change.field) for change in self.fields)


class RemovePanelist(BaseAction):
    """Remove a panelist: whom we seated and the event no longer names, or who gets a new invitation."""

    about: ClassVar[About] = "panelists"
    kind: Literal["RemovePanelist"] = "RemovePanelist"
    webinar_id: int
    email: str
    name: str
    again: bool = False  # added again afterwards

    def changes(self) -> tuple[FieldChange, ...]:
        return (FieldChange(field="panelist", old=self.name),)

    def consequence(self, recipients: Recipients) -> str:
        taken = f"Takes {self.name} out of the panelists of webinar {self.webinar_id}"
        if not self.again:
            return f"{taken}."
        told = "Zoom mails a new invitation" if recipients.mailed else "nobody is mailed"
        return f"{taken} and adds them again: {told}."

    def mails(self, recipients: Recipients) -> Mails:
        return Mails(people=1 if self.again and recipients.mailed else 0)

    def look_for(self) -> str:
        return f"whether {self.email} is gone from the panelists of webinar {self.webinar_id}"


class Seat(Value):
    """A person to be seated: e-mail address, lower-cased, and name. `tag`: what a name tag says below the name."""

    email: str
    name: str
    tag: str | None = None  # None: no name tag is sent


class AddPanelists(BaseAction):
    """Seat people, at most 30 in one call; each gets an invitation."""

    about: ClassVar[About] = "panelists"
    kind: Literal["AddPanelists"] = "AddPanelists"
    webinar_id: int
    seats: tuple[Seat, ...]

    def changes(self) -> tuple[FieldChange, ...]:
        return tuple(FieldChange(field="panelist", new=seat.name) for seat in self.seats)

    def consequence(self, recipients: Recipients) -> str:
        names, who = name_some([seat.name for seat in self.seats]), people(len(self.seats))
        if recipients.mailed:
            return f"Mails {who} an invitation to webinar {self.webinar_id}: {names}."
        return f"Seats {who} in webinar {self.webinar_id}: {names}. Nobody is mailed."

    def mails(self, recipients: Recipients) -> Mails:
        return Mails(people=len(self.seats) if recipients.mailed else 0)

    def look_for(self) -> str:
        addresses = ", ".join(seat.email for seat in self.seats)
        return f"among the panelists of webinar {self.webinar_id}: {addresses}"

    def adoption(self) -> str | None:
        return f"{self.event} {self.webinar_id}"


class WithdrawRecording(BaseAction):
    """Remove a recording's link from the event record."""

    about: ClassVar[About] = "recording"
    kind: Literal["WithdrawRecording"] = "WithdrawRecording"
    recording_uuid: str

    def changes(self) -> tuple[FieldChange, ...]:
        return (FieldChange(field="recording", old=self.recording_uuid),)

    def consequence(self, recipients: Recipients) -> str:
        return "Takes the link of a recording back from the event record."

    def look_for(self) -> str:
        return f"whether the link of recording {self.recording_uuid} is gone from the event record"


class PublishRecording(BaseAction):
    """Write a recording's link to the event record."""

    about: ClassVar[About] = "recording"
    kind: Literal["PublishRecording"] = "PublishRecording"
    recording_uuid: str
    part: int
    title: str
    url: str
    visibility: Literal["public", "members"]
    old_visibility: str | None = None

    def changes(self) -> tuple[FieldChange, ...]:
        return (
            FieldChange(field=self.title, old=None, new=self.url),
            FieldChange(field="visibility", old=self.old_visibility, new=self.visibility),
        )

    def consequence(self, recipients: Recipients) -> str:
        return shows(self.title, self.visibility)

    def look_for(self) -> str:
        return f"on the event record, the link {self.url}"


# Those of one event are performed in this order. Cancelling frees a host, so it comes first; publishing comes last:
# here, and then in other systems.
Action = (
    CancelWebinar
    | AdoptWebinar
    | CreateWebinar
    | DeleteOldWebinar
    | UpdateWebinar
    | RemovePanelist
    | AddPanelists
    | WithdrawRecording
    | PublishRecording
    | WithdrawLink
    | PublishLink
)
ACTIONS: tuple[type[Action], ...] = Action.__args__
_adapter: TypeAdapter[Action] = TypeAdapter(Annotated[Action, Field(discriminator="kind")])


def action_from_json(document: dict[str, Any]) -> Action:
    """Parse an action from its JSON."""
    return _adapter.validate_python(document)


def whom_they_mail(impact: Iterable[tuple[Action, Recipients]]) -> str:
    """Return whom Zoom mails because of some actions, such as "6 people". Return "" for nobody."""
    counts = [action.mails(recipients) for action, recipients in impact]
    count, cancelled = sum(mails.people for mails in counts), sum(mails.webinars for mails in counts)
    webinars = "1 webinar" if cancelled == 1 else f"{cancelled} webinars"
    registered = f"whoever has registered for {webinars}" if cancelled else ""
    return " and ".join(part for part in (people(count) if count else "", registered) if part)
