"""The names that a job file imports.

A file in `jobs/` is a docstring and one function under `@job`. `zoom-ops jobs` prints the docstring's first line. The
arguments of `@job` are: how often the job is due (`every`), for which subjects (`turn`), what rings it (`on`), which
jobs follow for the same event (`then`), and the kind of subject that a person may request it for, if not events
(`about`). The function does the job in the verbs of `Work`.
"""

import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from .engine.runs import SubjectKind
from .errors import BadInputError
from .operations.due import (
    Selection,
    ended_events,
    known_hosts,
    the_service,
    unfetched_hosts,
    unplanned_events,
    unpublished_events,
    unseated_events,
    waiting_webhooks,
)
from .operations.jobs.protocols import Host, Service, Webhook, Work
from .operations.jobs.registry import Job

__all__ = [
    "Host",
    "Service",
    "Webhook",
    "Work",
    "days",
    "ended_events",
    "job",
    "known_hosts",
    "minutes",
    "the_service",
    "unfetched_hosts",
    "unplanned_events",
    "unpublished_events",
    "unseated_events",
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
    every: timedelta,
    turn: Selection,
    on: tuple[str, ...] = (),
    then: tuple[str, ...] = (),
    about: SubjectKind = "event",
) -> Callable[[Callable[[Any], str | None]], Job]:
    """Make a function the job of its file; raise BadInputError if `every` is shorter than a second."""
    if every < timedelta(seconds=1):
        raise BadInputError("A job's turn comes once a second at most.")

    def make(function: Callable[[Any], str | None]) -> Job:
        module = inspect.getmodule(function)
        summary = (inspect.getdoc(module) or inspect.getdoc(function) or "").partition("\n")[0]
        return Job(
            name=function.__name__,
            summary=summary,
            every=every,
            turn=turn,
            on=on,
            then=then,
            about=about,
            function=function,
        )

    return make
