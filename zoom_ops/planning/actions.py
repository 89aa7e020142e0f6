"""Actions: the changes that we would make outside. Each describes itself in all the ways that a person is shown."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, TypeAdapter

from ..messages import Message, all_of
from ..messages import effects as say
from .adoption.actions import AdoptWebinar
from .base import About, BaseAction, FieldChange, Fields, Mails, Recipients, Value, name_fields
from .links.actions import PublishLink, WithdrawLink


class _Deletion(BaseAction):
    about: ClassVar[About] = "webinar"
    webinar_id: int
    tell_people: bool

    def changes(self) -> tuple[FieldChange, ...]:
        return (FieldChange(field="webinar", old=self.webinar_id, new=None),)

    def consequence(self, recipients: Recipients) -> Message:
        if not self.tell_people:
            return say.DELETES(webinar=self.webinar_id)
        if not recipients.seated:
            return say.DELETES_AND_MAILS(webinar=self.webinar_id)
        return say.DELETES_AND_MAILS_THE_SEATED(webinar=self.webinar_id, seated=recipients.seated)

    def mails(self, recipients: Recipients) -> Mails:
        return Mails(people=recipients.seated, webinars=1) if self.tell_people else Mails()

    def look_for(self) -> Message:
        return say.LOOK_DELETED(webinar=self.webinar_id)


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

    def consequence(self, recipients: Recipients) -> Message:
        if not recipients.awaited:
            created = say.CREATES(host=self.host)
        else:
            seats = say.CREATES_AND_INVITES if recipients.mailed else say.CREATES_AND_SEATS
            created = seats(host=self.host, people=recipients.awaited)
        return all_of((created, old.consequence(recipients))) if (old := self.deletion()) else created

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

    def look_for(self) -> Message:
        topic = dict(self.fields).get("topic", "")
        return say.LOOK_CREATED(host=self.host, marker=self.marker, topic=topic)

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

    def consequence(self, recipients: Recipients) -> Message:
        parts = [say.CHANGES(webinar=self.webinar_id, fields=name_fields(self.fields))]
        if self.tell_registrants:
            parts.append(say.MAILS_REGISTERED())
        elif self.tell_registrants is not None:
            parts.append(say.MAILS_NO_REGISTERED())
        if self.reschedules and recipients.seated and self.resend:
            parts.append(say.RESEATS(people=recipients.seated))
        elif self.reschedules and recipients.seated:
            parts.append(say.OLD_INVITATIONS(people=recipients.seated, event=self.event))
        return all_of(parts)

    def mails(self, recipients: Recipients) -> Mails:
        resent = self.resend and recipients.mailed
        return Mails(people=recipients.seated if resent else 0, webinars=1 if self.tell_registrants else 0)

    def look_for(self) -> Message:
        return say.LOOK_CHANGED(webinar=self.webinar_id, fields=name_fields(self.fields))


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

    def consequence(self, recipients: Recipients) -> Message:
        again = say.INVITES_AGAIN if recipients.mailed else say.TAKES_OUT_AND_IN
        return (again if self.again else say.TAKES_OUT)(name=self.name, webinar=self.webinar_id)

    def mails(self, recipients: Recipients) -> Mails:
        return Mails(people=1 if self.again and recipients.mailed else 0)

    def look_for(self) -> Message:
        return say.LOOK_UNSEATED(email=self.email, webinar=self.webinar_id)


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

    def consequence(self, recipients: Recipients) -> Message:
        names, seats = tuple(seat.name for seat in self.seats), say.INVITES if recipients.mailed else say.SEATS
        return seats(people=len(names), webinar=self.webinar_id, names=names)

    def mails(self, recipients: Recipients) -> Mails:
        return Mails(people=len(self.seats) if recipients.mailed else 0)

    def look_for(self) -> Message:
        return say.LOOK_SEATED(webinar=self.webinar_id, emails=tuple(seat.email for seat in self.seats))

    def adoption(self) -> str | None:
        return f"{self.event} {self.webinar_id}"


class WithdrawRecording(BaseAction):
    """Remove a recording's link from the event record."""

    about: ClassVar[About] = "recording"
    kind: Literal["WithdrawRecording"] = "WithdrawRecording"
    recording_uuid: str

    def changes(self) -> tuple[FieldChange, ...]:
        return (FieldChange(field="recording", old=self.recording_uuid),)

    def consequence(self, recipients: Recipients) -> Message:
        return say.TAKES_BACK()

    def look_for(self) -> Message:
        return say.LOOK_WITHDRAWN(recording=self.recording_uuid)


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

    def consequence(self, recipients: Recipients) -> Message:
        return say_shown(self.title, self.visibility)

    def look_for(self) -> Message:
        return say.LOOK_PUBLISHED(url=self.url)


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


def say_shown(title: str, visibility: Literal["public", "members"]) -> Message:
    """Say who sees a recording at the event record once it is published."""
    return (say.SHOWS if visibility == "public" else say.SHOWS_MEMBERS)(title=title)


def whom_they_mail(impact: Iterable[tuple[Action, Recipients]]) -> Message | None:
    """Return whom Zoom mails because of some actions, such as "6 people"; None for nobody."""
    counts = [action.mails(recipients) for action, recipients in impact]
    count, cancelled = sum(mails.people for mails in counts), sum(mails.webinars for mails in counts)
    people = (say.PEOPLE(people=count),) if count else ()
    whom = (*people, say.REGISTERED(webinars=cancelled)) if cancelled else people
    return say.MAILED(whom=whom) if whom else None
