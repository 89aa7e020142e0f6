"""Make a stage of each state."""

import re
from dataclasses import dataclass
from datetime import datetime

from ..messages import SHARED, Message
from ..messages import stages as say
from .facts import EventFacts
from .holdups import Holdup, RunFacts
from .stage import Name, Stage, State

_DIFFERS = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?|\d{5,}")
_LONGEST = 300


@dataclass(frozen=True, kw_only=True)
class Why:
    """Why a stage is not done, and what to do: see `Stage`. `stuck`, `waits`: the state while it is in time."""

    message: Message
    cause: str = ""  # empty: the message without what differs from event to event
    since: datetime | None = None
    stuck: bool = False
    waits: bool = False
    told: bool = False
    alert: str = ""
    critical: bool = False


def done(name: Name, since: datetime | None) -> Stage:
    """Make a stage that is done."""
    return Stage(name=name, state="done", since=since)


def ahead(name: Name, deadline: datetime | None = None, message: Message | None = None) -> Stage:
    """Make a stage that is still to come, in time."""
    return Stage(name=name, state="ahead", deadline=deadline, message=message)


def waits(name: Name, message: Message) -> Stage:
    """Make a stage that something holds up, though nobody is late with it."""
    return Stage(name=name, state="waits", message=message)


def skipped(name: Name, message: Message) -> Stage:
    """Make a stage that this event does not have, with the reason."""
    return Stage(name=name, state="skipped", message=message)


def not_done(facts: EventFacts, name: Name, deadline: datetime, why: Why, *jobs: str) -> Stage:
    """Make a stage that is not done: late from its deadline on, before that as `why` says.

    `jobs`: those whose runs it accounts for.
    """
    late = facts.now >= deadline
    is_trouble = late or why.stuck
    return Stage(
        name=name,
        state="late" if late else _state_in_time(why),
        since=deadline if late else why.since,
        deadline=deadline,
        message=why.message,
        cause=(why.cause or without_names(SHARED.common(why.message), *facts.names)) if is_trouble else "",
        is_critical=why.critical and is_trouble,
        told=why.told,
        alert=why.alert,
        jobs=jobs,
    )


def _state_in_time(why: Why) -> State:
    if why.stuck:
        return "stuck"
    return "waits" if why.waits else "ahead"


def why_held_up(
    facts: EventFacts, job: str, holdup: Holdup, *, critical: bool = False, run: RunFacts | None = None
) -> Why:
    """Say what holds up a job. A service that stands still has an alert of its own, so no event is stuck for it.

    `run`: the job's latest run, where it is not that for the event itself.
    """
    run = run or facts.runs.get(job)
    keeps_failing = holdup.kind == "failing" and run is not None and run.failures > 1
    too_late = holdup.until is not None and facts.now < facts.event.start_utc <= holdup.until
    stuck = holdup.kind in ("parked", "failed") or keeps_failing or too_late
    return Why(
        message=holdup.message,
        cause=cause_of_run(job, holdup.error, *facts.names) if holdup.error else "",
        since=holdup.since,
        stuck=stuck,
        waits=True,
        critical=critical,
    )


def at_once(facts: EventFacts, job: str, run: RunFacts | None = None) -> Message:
    """Say how to have a job done at once, or which run does it. `run`: see `why_held_up`."""
    run = run or facts.runs.get(job)
    if run is not None and run.state == "active" and not run.error and not (run.next_at and run.next_at > facts.now):
        return say.RUN_DOES_IT(run=run.id)
    return say.AT_ONCE(job=job, event=facts.event.id)


def cause_of_run(job: str, error: Message, *names: str) -> str:
    """Return why a run is in trouble. `names`: the id and the name of its event."""
    return f"{job}: {without_names(SHARED.common(error), *names)}"


def without_names(text: str, *names: str) -> str:
    """Return a text without what differs from event to event: its id and name, long numbers, dates."""
    for name in filter(None, names):
        text = text.replace(name, "…")
    return _DIFFERS.sub("…", text)[:_LONGEST]
