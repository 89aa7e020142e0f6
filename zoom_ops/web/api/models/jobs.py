"""Jobs and their schedules."""

from datetime import datetime

from pydantic import ConfigDict, Field

from ....planning import Blocker
from .base import Answer, Page


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


class EventPlan(Answer):
    """The changes for one event, and what holds the rest up."""

    event: str
    actions: tuple[PlannedAction, ...]
    blockers: tuple[Blocker, ...]


class DryRun(Answer):
    """What a run of a job would do."""

    plans: tuple[EventPlan, ...]
