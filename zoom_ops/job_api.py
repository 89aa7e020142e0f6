"""The names that a job file imports.

A file in `jobs/` is a docstring and one function under `@job`. `zoom-ops jobs` prints the docstring's first line. The
arguments of `@job` are: how often the job is due (`every`), or by which cron line (`at`, `zone`), for which subjects
(`turn`), what rings it (`on`), which jobs follow for the same event (`then`), and the kind of subject that a person may
request it for, if not events (`about`). The function does the job in the verbs of `Work`.
"""

import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from .engine.cron import parse_cron
from .engine.runs import SubjectKind
from .errors import BadInputError
from .events import Event
from .operations.due import (
    Selection,
    ended_events,
    expiring_events,
    known_hosts,
    the_backups,
    the_service,
    the_watch,
    unchecked_hosts,
    unfetched_hosts,
    unplanned_events,
    unpublished_events,
    unseated_events,
    waiting_targets,
    waiting_webhooks,
)
from .operations.homes.turns import due_homes
from .operations.jobs.link_turns import unlinked_events
from .operations.jobs.registry import Job, Outcome
from .planning import Action, Plan

__all__ = [
    "Home",
    "Host",
    "Operators",
    "Outcome",
    "Record",
    "Service",
    "Webhook",
    "Work",
    "days",
    "due_homes",
    "ended_events",
    "expiring_events",
    "job",
    "known_hosts",
    "minutes",
    "the_backups",
    "the_service",
    "the_watch",
    "unchecked_hosts",
    "unfetched_hosts",
    "unlinked_events",
    "unplanned_events",
    "unpublished_events",
    "unseated_events",
    "waiting_targets",
    "waiting_webhooks",
]


def days(count: int) -> timedelta:
    """Return an interval of days."""
    return timedelta(days=count)


def minutes(count: int) -> timedelta:
    """Return an interval of minutes."""
    return timedelta(minutes=count)


def job(
    *,
    every: timedelta | None = None,
    at: str = "",
    zone: str = "UTC",
    turn: Selection,
    on: tuple[str, ...] = (),
    then: tuple[str, ...] = (),
    about: SubjectKind = "event",
) -> Callable[[Callable[[Any], Outcome]], Job]:
    """Make a function the job of its file. Its turns come at an interval, or at a cron line in a time zone.

    Raise BadInputError if `every` is shorter than a second, or the cron line is none or never comes.
    """
    if (every is None) == (not at):
        raise BadInputError('A job has its turns every=minutes(5), or at="0 6 * * 1-5" with zone="Europe/Paris".')
    if every is not None and every < timedelta(seconds=1):
        raise BadInputError("A job's turn comes once a second at most.")
    when = every or parse_cron(at, zone)

    def make(function: Callable[[Any], Outcome]) -> Job:
        module = inspect.getmodule(function)
        summary = (inspect.getdoc(module) or inspect.getdoc(function) or "").partition("\n")[0]
        return Job(
            name=function.__name__,
            summary=summary,
            when=when,
            turn=turn,
            on=on,
            then=then,
            about=about,
            function=function,
        )

    return make


class Work(Protocol):
    """One event. A run carries out; the preview of a run plans and changes nothing.

    Must: change Zoom and the event record through these methods only. May raise, and let the run end by it:
    WaitingError (it looks again by itself), ParkedError (a person decides), other errors of `zoom_ops.errors`.
    """

    touched: tuple[str, ...]
    """The events for which the jobs in `then` follow."""

    @property
    def event(self) -> Event:
        """The event as it is now."""

    def converge(self, *kinds: str) -> Outcome:
        """Plan and carry out until no action of these kinds is left; return what was done.

        Raises WaitingError or ParkedError with the blockers of the rest, after everything possible was done.
        """

    def plan(self, *kinds: str) -> Plan:
        """Plan, without unsafe actions; only some kinds of actions if they are named."""

    def perform(self, action: Action) -> bool:
        """Carry an action out, exactly once whatever breaks. False if its webinar turned out to be gone."""

    def settle(self) -> None:
        """Resolve what an earlier attempt began and has no end yet."""

    def fetch_recordings(self) -> str:
        """Fetch what Zoom has recorded of the event."""

    def report_missing_recording(self) -> str:
        """Raise an alert if the event's recording is overdue; WaitingError while it may still come."""

    def report_expiring_recording(self) -> Outcome:
        """Raise an alert if Zoom deletes the event's recording soon; clear it if not."""

    def report_stray_webinars(self) -> str:
        """Raise an alert for webinars on the event's hosts that carry an event's marker and are not its own."""


class Host(Protocol):
    """One host of a Zoom account."""

    touched: tuple[str, ...]

    def fetch_recordings(self) -> str:
        """Fetch what the host's list of recordings holds and we do not."""

    def check_recordings(self) -> str:
        """Look at the host's published recordings that are due for it; withdraw what is gone."""

    def report_stray_webinars(self) -> str:
        """Raise an alert for webinars of the host that carry an event's marker and are not its own."""


class Home(Protocol):
    """One home: another system whose event records become events here."""

    touched: tuple[str, ...]

    def pull(self) -> str:
        """Read what changed there, and take it in; WaitingError while the home cannot be read."""


class Record(Protocol):
    """The records of one event in one home: another system with event records."""

    touched: tuple[str, ...]

    def publish_links(self) -> Outcome:
        """Write the links of the event's published recordings there, and take back the others.

        Raises ParkedError where people changed a link there, after everything possible was done.
        """


class Webhook(Protocol):
    """One webhook of another system."""

    touched: tuple[str, ...]

    def deliver(self) -> str:
        """Send the messages that are due; WaitingError while messages wait for their next attempt."""


class Operators(Protocol):
    """The operators: what they are told now, or what one target of theirs is sent."""

    touched: tuple[str, ...]

    def tell(self) -> str:
        """Write the messages of this moment, or send those that are due; WaitingError while a target takes none."""


class Service(Protocol):
    """The service itself."""

    touched: tuple[str, ...]

    def watch_events(self) -> str:
        """Raise an alert for each event that is late or stuck and each run that needs a person; clear what is over."""

    def prune_records(self) -> str:
        """Delete records of finished work that are older than their retention."""

    def make_backup(self) -> str:
        """Back the database up into BACKUP_DIR, check the copy, and delete the oldest beyond BACKUP_KEEP."""

    def watch(self) -> str:
        """Keep the alerts about the service itself true, and ping the monitor of its silence."""
