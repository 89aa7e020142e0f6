"""The plan: what would be changed outside, and what holds the rest up."""

from datetime import datetime

from pydantic import Field

from .base import Answer, FieldChange, Told


class Holdup(Answer):
    """Why work is not performed now."""

    kind: str
    account: str | None
    reason: str
    action: str | None = Field(description="What to do, or when it is tried again.")
    message: Told = Field(description="The reason with what to do, as a code with values.")
    since: datetime | None
    until: datetime | None


class HeldRun(Holdup):
    """A run that holds an event up."""

    event: str
    job: str
    run: int


class PlanChange(Answer):
    """A change that would be made outside."""

    event: str
    action: str
    account: str
    does: str
    changes: tuple[FieldChange, ...]
    reason: str


class HeldEvent(Answer):
    """An event with a sentence that says what about it."""

    event: str
    reason: str


class Planned(Answer):
    """Base of the plans."""

    digest: str = Field(description="It identifies the plan: `POST /plan/apply` takes it.")
    service: tuple[Holdup, ...]
    actions: tuple[PlanChange, ...]
    mails: str | None
    waiting: tuple[HeldEvent, ...]
    refused: tuple[HeldEvent, ...]
    notices: tuple[HeldEvent, ...]
    late: tuple[HeldEvent, ...]
    left_out: int


class Plan(Planned):
    """The changes that would be made outside, and what holds the rest up."""

    runs: tuple[HeldRun, ...]


class PlanApplied(Planned):
    """A plan that is carried out, with the numbers of its runs."""

    runs: tuple[int, ...]
