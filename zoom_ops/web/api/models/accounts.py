"""Zoom accounts and their hosts."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from .base import Answer, Page


class Account(Answer):
    """A Zoom account."""

    name: str
    state: Literal["working", "paused", "partly stopped", "stopped"]
    since: datetime | None
    reason: str | None
    paused_by: str | None
    retry_at: datetime | None
    stopped_for: tuple[str, ...] = Field(description="The verbs that are stopped; empty where all are.")
    token_expires_in_s: int | None
    calls_today: int = Field(description="In the UTC day.")
    errors_today: int


class AccountPage(Page):
    """A page of the accounts."""

    accounts: tuple[Account, ...]


class AccountFact(Answer):
    """What a rehearsal found out about an account."""

    fact: str
    question: str
    answer: Any
    at: datetime
    consequence: str | None


class AccountDetail(Account):
    """A Zoom account, with what a rehearsal found out."""

    facts: tuple[AccountFact, ...]


class AccountPaused(Answer):
    """The outcome of a pause."""

    name: str
    state: Literal["paused"]


class AccountResumed(Answer):
    """The outcome of a resume."""

    name: str
    was_paused: bool
    stops: int = Field(description="How many stops make a trial call now.")


class Span(Answer):
    """From when until when."""

    start: datetime
    end: datetime


class Booking(Span):
    """The time that an event takes on its host."""

    event: str


class ForeignWebinar(Answer):
    """A webinar that others made on a host of ours."""

    webinar: int
    topic: str
    times: tuple[Span, ...]


class Host(Answer):
    """A Zoom user who holds webinars."""

    account: str
    email: str
    in_pool: bool = Field(description="Whether the settings name the host.")
    licence: str
    capacity: int | None
    left_today: int = Field(description="Changes that Zoom still allows in this UTC day.")
    bookings: tuple[Booking, ...]
    foreign: tuple[ForeignWebinar, ...]


class HostPage(Page):
    """A page of the hosts."""

    hosts: tuple[Host, ...]
