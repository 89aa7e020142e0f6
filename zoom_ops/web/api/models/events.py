"""Answers about events."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from ....events import Listing, ReviewNote, Status
from .base import Answer, FieldChange, Page, Told
from .records import Event


class EventPage(Page):
    """A page of the events."""

    events: tuple[Event, ...]


class EventWritten(Answer):
    """What became of an event that was sent, and the event as it is now."""

    id: str
    action: Literal["created", "updated", "unchanged"]
    visibility: Listing
    changes: tuple[FieldChange, ...]
    needs_review: tuple[ReviewNote, ...]
    event: Event


class Stage(Answer):
    """A step in the life of an event."""

    stage: str
    title: str
    state: Literal["done", "ahead", "waits", "late", "stuck", "unknown", "skipped"]
    since: datetime | None
    deadline: datetime | None
    severity: Literal["warning", "critical"] | None
    reason: str | None
    action: str | None
    message: Told | None


class StagePage(Page):
    """A page of the stages of an event."""

    stages: tuple[Stage, ...]


class Happening(Answer):
    """Something that happened to an event."""

    at: datetime
    what: str
    sentence: str


class TimelinePage(Page):
    """A page of what happened to an event."""

    timeline: tuple[Happening, ...]


class EventCancelled(Answer):
    """The outcome of a cancellation."""

    id: str
    status: Status
    effects: tuple[str, ...] = Field(description="What is done at Zoom, and whom Zoom mails.")


class EventMove(Answer):
    """What a move of an event does: to another host (webinar, from, to), or to another time (start, end)."""

    id: str
    ordered: bool
    webinar: int | None = None
    left: str = Field(default="", alias="from")
    to: str = ""
    start: datetime | None = None
    end: datetime | None = None
    effects: tuple[str, ...]


class InvitationsResent(Answer):
    """Who gets a new invitation."""

    id: str
    ordered: bool
    webinar: int
    panelists: tuple[str, ...]
    effects: tuple[str, ...]


class EventPublished(Answer):
    """Who may find an event now."""

    id: str
    visibility: Listing
    sentence: str


class EventDeleted(Answer):
    """An event that is deleted."""

    id: str
    deleted: bool
