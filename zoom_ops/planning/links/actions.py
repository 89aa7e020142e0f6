"""Actions on the links in records of other systems: publish and withdraw."""

from typing import ClassVar, Literal

from ...messages import Message
from ...messages import effects as say
from ..base import About, BaseAction, FieldChange, Recipients, Value

Audience = Literal["public", "members"]


class ShownLink(Value):
    """A link of ours as a home shows it. Equal values mean that nobody touched it. See `homes.Shown`."""

    key: str
    title: str
    url: str
    visibility: Audience
    external_id: str = ""
    digest: str = ""
    copies: int = 1


class _LinkAction(BaseAction):
    about: ClassVar[About] = "link"
    home: str
    record: str  # the home's own id of the event record
    place: str  # the home in words, such as "Indico (home events)"
    recording_uuid: str
    title: str


class WithdrawLink(_LinkAction):
    """Remove a recording's link from the record in a home."""

    kind: Literal["WithdrawLink"] = "WithdrawLink"

    def changes(self) -> tuple[FieldChange, ...]:
        return (FieldChange(field="link", old=self.title),)

    def consequence(self, recipients: Recipients) -> Message:
        return say.TAKES_BACK_FROM(title=self.title, place=self.place)

    def look_for(self) -> Message:
        return say.LOOK_WITHDRAWN_THERE(place=self.place, title=self.title, record=self.record)


class PublishLink(_LinkAction):
    """Write a recording's link to the record in a home. `before`: the link that is there now, which it replaces."""

    kind: Literal["PublishLink"] = "PublishLink"
    part: int
    url: str
    visibility: Audience
    members_see: str = ""  # who sees a link for members there, if the home says it
    title_leaks: bool = False  # visitors see the title of a link for members there
    before: ShownLink | None = None

    @property
    def narrows(self) -> bool:
        """Whether visitors see the link now and will not any more."""
        return self.visibility == "members" and self.before is not None and self.before.visibility == "public"

    def changes(self) -> tuple[FieldChange, ...]:
        before = self.before
        shown = FieldChange(field="link", old=before.url if before else None, new=self.url)
        visibility = FieldChange(field="visibility", old=before.visibility if before else None, new=self.visibility)
        return shown, visibility

    def consequence(self, recipients: Recipients) -> Message:
        if self.visibility == "public":
            return say.SHOWS_ON(title=self.title, place=self.place)
        shows = say.SHOWS_MEMBERS_TITLE_ON if self.title_leaks else say.SHOWS_MEMBERS_ON
        return shows(title=self.title, whom=self.members_see or say.MEMBERS(), place=self.place)

    def look_for(self) -> Message:
        return say.LOOK_PUBLISHED_THERE(place=self.place, record=self.record, url=self.url)
