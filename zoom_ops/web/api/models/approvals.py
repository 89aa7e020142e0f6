"""What operators decide: approvals, adopted webinars, withheld recordings."""

from datetime import datetime

from pydantic import Field

from ....events import ReviewNote
from .base import Answer, Page
from .homes import ChangedLink


class Finding(Answer):
    """What was found about a recording."""

    recording: str
    finding: str


class Approval(Answer):
    """An event that waits for a decision. `links`: those that people changed in a home: restore them, or leave them."""

    event: str
    name: str
    start: datetime
    needs_review: tuple[ReviewNote, ...]
    recordings: int
    approval: str | None
    findings: tuple[Finding, ...]
    links: tuple[ChangedLink, ...]


class ApprovalPage(Page):
    """A page of what waits for an approval."""

    approvals: tuple[Approval, ...]
    more: bool = Field(description="Whether others wait than those that the pages list.")


class Approved(Answer):
    """The fields that were approved."""

    event: str
    approved: tuple[str, ...]


class Adopted(Answer):
    """The webinar that an event has adopted."""

    id: str
    webinar: int


class RecordingWithheld(Answer):
    """Whether a recording is withheld now."""

    id: str
    recording: str
    withheld: bool
