"""Alerts, problems, mutes, maintenance windows, targets."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from .base import Answer, Page, Told

Severity = Literal["info", "warning", "critical"]


class Mute(Answer):
    """Why nobody is told of a problem."""

    note: str
    who: str
    at: datetime
    until: datetime | None


class WindowBase(Answer):
    """A maintenance window."""

    id: int
    begins: datetime
    ends: datetime
    account: str | None
    note: str
    who: str


class Window(WindowBase):
    """A maintenance window that lasts or is to come."""

    lasts: bool = Field(description="Whether it lasts now.")


class WindowAdded(WindowBase):
    """A maintenance window that was added."""


class WindowEnded(Answer):
    """A maintenance window that was ended."""

    id: int
    ended: bool
    note: str


class WindowPage(Page):
    """A page of the maintenance windows."""

    windows: tuple[Window, ...]


class Alert(Answer):
    """A state that needs an operator."""

    id: int
    kind: str
    subject: str | None
    account: str | None
    severity: Severity
    cause: str
    sentence: str
    message: Told
    raised: datetime
    cleared: datetime | None
    of_event: bool = Field(description="Whether the subject is an event.")
    problem: str
    muted: Mute | None
    window: Window | None


class AlertPage(Page):
    """A page of the alerts, with the maintenance windows."""

    alerts: tuple[Alert, ...]
    windows: tuple[Window, ...]


class AlertDismissed(Answer):
    """The outcome of a dismissal."""

    id: int
    dismissed: bool


class OpenProblem(Answer):
    """Open alerts of one kind, account and cause."""

    id: str
    kind: str
    account: str | None
    cause: str
    severity: Severity
    summary: str
    count: int
    since: datetime
    subjects: tuple[str, ...]
    about: str
    sentence: str
    message: Told
    alerts: tuple[int, ...]
    told: datetime | None
    muted: Mute | None
    window: Window | None


class OpenProblemPage(Page):
    """A page of the problems."""

    problems: tuple[OpenProblem, ...]


class ProblemMuted(Answer):
    """The outcome of a mute."""

    problem: str
    summary: str
    note: str
    until: datetime | None


class ProblemUnmuted(Answer):
    """The outcome of the end of a mute."""

    problem: str
    kind: str


class Target(Answer):
    """Where operators are told, without its address."""

    target: str
    wants: str | None
    state: Literal["new", "working", "failing", "wrong"]
    waiting: int
    failed: int
    taken: int
    tried: datetime | None
    failing_since: datetime | None
    answer: str | None


class TargetPage(Page):
    """A page of the targets."""

    targets: tuple[Target, ...]


class TargetTest(Answer):
    """What a target answered to a test message."""

    target: str
    taken: bool
    answer: str


class TargetTests(Answer):
    """What the targets answered to test messages."""

    targets: tuple[TargetTest, ...]
