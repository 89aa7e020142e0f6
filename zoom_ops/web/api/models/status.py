"""The status of the whole service."""

from datetime import datetime

from pydantic import Field

from .accounts import Account
from .alerts import OpenProblem, Window
from .base import Answer
from .plans import Holdup


class ServiceState(Answer):
    """Whether runs are performed."""

    performing: bool
    heard: datetime | None
    engine: str


class HostChanges(Answer):
    """The changes that Zoom still allows a host today."""

    account: str
    email: str
    left_today: int


class EventTime(Answer):
    """An event with its time."""

    id: str
    name: str
    start: datetime
    end: datetime


class ComingEvent(EventTime):
    """An event that begins soon, with the stages that are late or stuck."""

    late: tuple[str, ...]


class TroubledRun(Answer):
    """A run that failed or is parked."""

    id: int
    job: str
    subject: str
    state: str
    error: str | None


class Gap(Answer):
    """What the installation still lacks."""

    kind: str
    account: str | None
    reason: str
    action: str | None


class Status(Answer):
    """What works, what is on today, and what needs a person."""

    ok: bool
    needs: int = Field(description="How many things need a person.")
    at: datetime
    service: ServiceState
    holdups: tuple[Holdup, ...]
    waiting: str | None
    accounts: tuple[Account, ...]
    hosts: tuple[HostChanges, ...]
    live: tuple[EventTime, ...]
    coming: tuple[ComingEvent, ...]
    problems: tuple[OpenProblem, ...]
    runs: tuple[TroubledRun, ...]
    windows: tuple[Window, ...]
    refused: str | None = Field(description="What clients were refused within the last hour, and from where.")
    missing: tuple[Gap, ...]
