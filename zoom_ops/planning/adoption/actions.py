"""The action that takes a webinar which the system of a home made as the event's own."""

from typing import ClassVar, Literal

from ..base import About, BaseAction, FieldChange, Mails, Recipients
from ..phrases import people


class AdoptWebinar(BaseAction):
    """Take the webinar that the system of a home made as the event's own. `place`: the home in words."""

    about: ClassVar[About] = "webinar"
    kind: Literal["AdoptWebinar"] = "AdoptWebinar"
    webinar_id: int
    place: str

    def changes(self) -> tuple[FieldChange, ...]:
        return (FieldChange(field="webinar", new=self.webinar_id),)

    def consequence(self, recipients: Recipients) -> str:
        adopts = f"Adopts webinar {self.webinar_id} of {self.place}, which is changed to what the event says"
        if not recipients.awaited:
            return f"{adopts}. Nobody is mailed."
        told = "whom Zoom mails an invitation" if recipients.mailed else "without a mail"
        return f"{adopts}, then seats those of {people(recipients.awaited)} who do not sit in it yet, {told}."

    def mails(self, recipients: Recipients) -> Mails:
        return Mails(people=recipients.awaited if recipients.mailed else 0)

    def look_for(self) -> str:
        return f"whether webinar {self.webinar_id} is there; adopting it changes nothing at Zoom"

    def adoption(self) -> str | None:
        return f"{self.event} {self.webinar_id}"
