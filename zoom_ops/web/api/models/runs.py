"""Runs, and what became of requests about them."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from .base import Answer, Page, Told

State = Literal["active", "running", "waiting", "retrying", "parked", "failed", "done", "cancelled"]


class Run(Answer):
    """One execution of a job for one subject."""

    id: int
    job: str
    subject: str
    account: str | None
    state: State
    attempts: int
    outcome: str | None
    error: str | None
    message: Told | None = Field(description="The error, or what it did, as a code with values.")
    next_at: datetime | None
    created: datetime
    finished: datetime | None


class ListedRun(Run):
    """A run of a list."""

    replaced_by: int | None = Field(description="For one that failed: the later run that has replaced it.")


class RunPage(Page):
    """A page of the runs."""

    runs: tuple[ListedRun, ...]


class WayOn(Answer):
    """A command that carries on, and when it is the right one."""

    when: str
    command: str


class OpenChange(Answer):
    """A change at Zoom whose result is unknown."""

    action: str
    since: datetime
    look_for: str
    commands: tuple[WayOn, ...]


class ZoomCall(Answer):
    """A call to Zoom."""

    at: datetime
    method: str
    path: str
    status: int | None
    tracking_id: str | None


class RunDetail(Run):
    """A run with its calls to Zoom, and the open change of its event."""

    open: OpenChange | None
    calls: tuple[ZoomCall, ...]


class RunLogEntry(Answer):
    """One thing that happened in a run, or that holds now."""

    at: datetime
    kind: Literal["asked for", "attempt", "call", "change", "event", "notification", "follow-up", "end", "now"]
    sentence: str


class RunLogPage(Page):
    """A page of what is known of a run."""

    log: tuple[RunLogEntry, ...]


class Cause(Answer):
    """What runs that failed or are parked have in common."""

    cause: str
    count: int
    since: datetime
    subjects: tuple[str, ...]
    runs: tuple[int, ...]


class CausePage(Page):
    """A page of the causes."""

    causes: tuple[Cause, ...]


class RunsRequested(Answer):
    """The numbers of the runs that were asked for: `GET /runs/{run}` follows each."""

    runs: tuple[int, ...]


class RetryPlan(Answer):
    """What a retry of several runs does."""

    matched: int
    causes: tuple[Cause, ...]
    held_up: tuple[str, ...]
    effects: tuple[str, ...]
    mails: str | None


class RunsRetried(RetryPlan):
    """What the retry of several runs did."""

    runs: tuple[int, ...]
    skipped: int
