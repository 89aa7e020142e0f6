"""Jobs and their schedules."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from ....planning import About
from .base import Answer, Page, Told


class Schedule(Answer):
    """When a job has its turns: at an interval, or by a cron line in a zone."""

    every_s: float | None
    at: str | None
    zone: str | None
    schedule: str = Field(description="The same in words.")


class Job(Schedule):
    """A job."""

    name: str
    summary: str
    last_run: datetime | None
    last_outcomes: dict[str, int] = Field(description="How many of its last 50 runs had each outcome.")
    next_run: datetime | None
    next_run_local: datetime | None = Field(description="In the zone of its cron line.")
    paused: bool
    note: str | None
    paused_by: str | None
    paused_since: datetime | None


class JobPage(Page):
    """A page of the jobs."""

    jobs: tuple[Job, ...]


class JobPaused(Answer):
    """The outcome of a pause or a resume."""

    name: str
    paused: bool


class JobSchedule(Schedule):
    """The new schedule of a job."""

    name: str


class PlannedAction(Answer):
    """A change that would be made outside; what else it holds depends on its kind."""

    model_config = ConfigDict(extra="allow")

    kind: str
    event: str
    account: str
    reason: Told | None = Field(description="Why it would be done.")


class Blocker(Answer):
    """The reason why something is not done."""

    about: About
    message: Told
    refused: bool = Field(description="An operator has to decide.")
    unsafe: bool = Field(description="The guard refuses it, and an operator may force it.")
    approval: Literal["recording", "practice", "early_start"] | None = Field(description="The approval that lifts it.")
    recording: str | None = Field(description="The uuid of the one recording that it is about.")
    finding: Told | None = Field(description="What was found, without what to do about it.")
    over: bool = Field(description="It will never be done: nothing waits for it.")
    until: datetime | None = Field(description="The wait ends by itself at this time.")
    notice: str | None = Field(description="Nothing waits for it, but an operator must know it.")


class EventPlan(Answer):
    """The changes for one event, and what holds the rest up."""

    event: str
    actions: tuple[PlannedAction, ...]
    blockers: tuple[Blocker, ...]


class DryRun(Answer):
    """What a run of a job would do."""

    plans: tuple[EventPlan, ...]
