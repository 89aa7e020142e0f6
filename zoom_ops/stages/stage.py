"""A stage of an event's life, as every surface shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from ..messages import ENGLISH, Message

Name = Literal["record", "webinar", "speakers", "settings", "started", "recorded", "fetched", "published", "links"]
NAMES: tuple[Name, ...] = get_args(Name)

State = Literal["done", "ahead", "waits", "late", "stuck", "unknown", "skipped"]
"""`ahead`: still to come, in time. `waits`: in time, and something holds it up. `late`: its deadline has passed.
`stuck`: in time, but a person has to know that it will not come by itself. `unknown`: nobody told us. `skipped`: this
event has no such stage."""

TITLES: Mapping[Name, str] = {
    "record": "Record complete",
    "webinar": "Webinar",
    "speakers": "Speakers seated",
    "settings": "Settings as asked",
    "started": "Started",
    "recorded": "Recorded",
    "fetched": "Recording fetched",
    "published": "Recording published",
    "links": "Links written",
}

ALERTS: Mapping[Name, str] = {
    "record": "record_incomplete",
    "webinar": "webinar_late",
    "speakers": "speakers_late",
    "settings": "settings_late",
    "started": "not_started",
    "recorded": "recording_missing",
    "fetched": "recording_missing",
    "published": "recording_held",
    "links": "links_late",
}
"""The kind of the alert while a stage is late or stuck."""
LINK_CHANGED = "link_changed"
"""The kind of the alert where people changed a link of ours in a home: an operator decides."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A stage with its state. A stage that waits, is late or stuck always has a message, and nearly always an action.

    `since`: when it was done, or since when it is late or stuck. `cause`: the message without names and numbers, which
    many events may share. `told`: an alert of another kind says the same already. `alert`: the kind of its alert,
    where that is not the one of its name. `jobs`: whose runs it accounts for.
    """

    name: Name
    state: State
    since: datetime | None = None
    deadline: datetime | None = None
    message: Message | None = None  # why it is not done, and what to do
    cause: str = ""
    is_critical: bool = False
    told: bool = False
    alert: str = ""
    jobs: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The stage's name for people."""
        return TITLES[self.name]

    @property
    def alert_kind(self) -> str:
        """The kind of its alert while it is late or stuck."""
        return self.alert or ALERTS[self.name]

    @property
    def is_trouble(self) -> bool:
        """Whether a person has to know of it."""
        return self.state in ("late", "stuck")

    @property
    def is_held_up(self) -> bool:
        """Whether something keeps it from being done, and `message` says what."""
        return self.is_trouble or self.state == "waits"

    @property
    def reason(self) -> str:
        """Why it is not done, in English."""
        return ENGLISH.what(self.message) if self.message else ""

    @property
    def action(self) -> str:
        """What to do, in English."""
        return ENGLISH.remedy(self.message) if self.message else ""

    @property
    def sentence(self) -> str:
        """The reason with the next action, in English."""
        return str(self.message or "")
