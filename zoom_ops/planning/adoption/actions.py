"""The action that takes a webinar which the system of a home made as the event's own."""

from typing import ClassVar, Literal

from ...messages import Message
from ...messages import effects as say
from ..base import About, BaseAction, FieldChange, Mails, Recipients


class AdoptWebinar(BaseAction):
    """Take the webinar that the system of a home made as the event's own. `place`: the home in words."""

    about: ClassVar[About] = "webinar"
    kind: Literal["AdoptWebinar"] = "AdoptWebinar"
    webinar_id: int
    place: str

    def changes(self) -> tuple[FieldChange, ...]:
        return (FieldChange(field="webinar", new=self.webinar_id),)

    def consequence(self, recipients: Recipients) -> Message:
        if not recipients.awaited:
            return say.ADOPTS(webinar=self.webinar_id, place=self.place)
        seats = say.ADOPTS_AND_INVITES if recipients.mailed else say.ADOPTS_AND_SEATS
        return seats(webinar=self.webinar_id, place=self.place, people=recipients.awaited)

    def mails(self, recipients: Recipients) -> Mails:
        return Mails(people=recipients.awaited if recipients.mailed else 0)

    def look_for(self) -> Message:
        return say.LOOK_ADOPTED(webinar=self.webinar_id)

    def adoption(self) -> str | None:
        return f"{self.event} {self.webinar_id}"
