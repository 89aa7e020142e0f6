"""What the stages of an event are computed from: facts of our own database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

from ..events import Event
from ..messages import Message
from ..planning import Blocker, Bound, Observed, ObservedRecording, Plan, choose_recordings, is_rehearsal
from ..profiles import Profile
from .holdups import Holdup, RunFacts, ServiceFacts, find_holdup

Held = Literal["held", "never", "gone"]


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A time at which the event's webinar was held."""

    started_at: datetime | None
    ended_at: datetime | None
    practice: bool = False


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """All that the stages of one event follow from."""

    now: datetime
    event: Event
    profile: Profile
    observed: Observed
    plan: Plan
    service: ServiceFacts
    created_at: datetime  # of the event record
    updated_at: datetime
    rests: bool = False  # a draft on purpose: nobody waits for it
    bound_at: datetime | None = None  # since when it has a webinar
    followed: bool = True  # whether the webinar follows the newest event record
    seated: bool = True  # whether the panelists follow it
    seated_at: datetime | None = None  # when the last panelist was seated
    held: Held | None = None  # what Zoom answered when it was asked whether the webinar was held
    hears: bool = True  # whether Zoom notifies us of the account's webinars
    instances: tuple[Instance, ...] = ()
    fetched_at: datetime | None = None  # when the newest recording was last fetched
    linked: bool = False  # the event record itself links a recording
    runs: Mapping[str, RunFacts] = field(default_factory=dict)  # the latest, by job
    link_runs: Mapping[str, RunFacts] = field(default_factory=dict)  # the latest for its links in a home, by home
    recording_margin: timedelta = timedelta(days=1)
    unknown_profile: Message | None = None  # where there is none of its name: `profile` is only a stand-in then
    unplannable: Message | None = None  # why there is no plan

    @cached_property
    def names(self) -> tuple[str, str]:
        """The id and the name of the event, which a cause leaves out."""
        return self.event.id, self.event.name

    @cached_property
    def is_over(self) -> bool:
        """Whether the event has ended."""
        return self.event.end_utc <= self.now

    @cached_property
    def bound(self) -> Bound | None:
        """The webinar, if there is one that counts."""
        bound = self.observed.bound
        return bound if bound and bound.state == "bound" else None

    @cached_property
    def sessions(self) -> tuple[Instance, ...]:
        """The instances that were no rehearsals."""
        if not self.instances:
            return ()
        start, end = self.event.start_utc, self.event.end_utc
        return tuple(held for held in self.instances if not is_rehearsal(held.practice, held.ended_at, start, end))

    @cached_property
    def was_held(self) -> bool:
        """Whether the event was held, as far as we know; a rehearsal does not count."""
        recorded = any(not recording.practice for recording in self.observed.recordings)
        return bool(self.sessions) or recorded or self.held == "held"

    @cached_property
    def recordings(self) -> tuple[tuple[ObservedRecording, ...], tuple[ObservedRecording, ...]]:
        """The event's recordings: chosen, and doubtful."""
        return choose_recordings(self.event, self.observed, self.profile)

    @cached_property
    def late_from(self) -> datetime:
        """When the recording becomes overdue."""
        return late_from(self.event, self.profile, self.recording_margin)

    def holdup(self, *jobs: str) -> Holdup | None:
        """Return the worst that holds up the work of some jobs for the event."""
        account = self.observed.account
        found = [find_holdup(job, account, self.runs.get(job), self.service) for job in jobs]
        return next((holdup for holdup in found if holdup), None)

    def blockers(self, *about: str) -> tuple[Blocker, ...]:
        """List the plan's blockers about something, without notices and what will never be done."""
        return tuple(b for b in self.plan.blockers if b.about in about and not (b.notice or b.over))

    def notices(self, *about: str) -> tuple[Blocker, ...]:
        """List the plan's notices about something."""
        return tuple(blocker for blocker in self.plan.notices if blocker.about in about)

    def has(self, *kinds: str) -> bool:
        """Return whether the plan still holds an action of these kinds."""
        return any(action.kind in kinds for action in self.plan.actions)


def late_from(event: Event, profile: Profile | None, margin: timedelta) -> datetime:
    """Return when an event's recording becomes overdue: twice the event's length after its end, plus the margin.

    Zoom takes about twice the length of a recording, and longer under load. A profile may have a margin of its own.
    """
    if profile is not None and profile.recording_due_hours is not None:
        margin = timedelta(hours=profile.recording_due_hours)
    return event.end_utc + 2 * (event.end_utc - event.start_utc) + margin
