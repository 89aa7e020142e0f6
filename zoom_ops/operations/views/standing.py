"""The phase of an event at a moment, with the reader's primary action then: pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from ...access import LiveStatus, Shown

Phase = Literal["upcoming", "live", "ended"]
ActionKind = Literal["watch", "register", "join", "invited", "calendar", "expected", "ended", "none"]

JOIN_OPENS = timedelta(minutes=15)  # before the start
LONGEST_OVERRUN = timedelta(hours=2)  # after the planned end, if Zoom has not reported that the webinar ended


class Dated(Protocol):
    """What takes place from a start to an end: an event, or a card of one."""

    @property
    def start(self) -> datetime:
        """The start."""

    @property
    def end(self) -> datetime:
        """The end."""


@dataclass(frozen=True, kw_only=True)
class PrimaryAction:
    """The action that the page offers to the reader. A locked action requires sign-in first."""

    kind: ActionKind
    locked: bool = False
    due: datetime | None = None  # of an expected recording; None: it is overdue and still expected


def phase_of(shown: Shown, now: datetime) -> Phase:
    """Return the phase of an event by the clock and, where known, by Zoom's notifications."""
    return find_phase(shown.event, shown.live_status, now)


def find_phase(event: Dated, live_status: LiveStatus, now: datetime) -> Phase:
    """Return the phase of an event as `phase_of` does.

    Before its start an event is upcoming, even if Zoom reports that the webinar started: people practise.
    """
    if now < event.start:
        return "upcoming"
    if live_status.over:
        return "ended"
    return "live" if now < event.end + (LONGEST_OVERRUN if live_status.live else timedelta()) else "ended"


def may_be_on(event: Dated, now: datetime) -> bool:
    """Return whether the phase of an event depends on what Zoom has reported, and not on the clock alone."""
    return event.start <= now < event.end + LONGEST_OVERRUN


def choose_action(shown: Shown, now: datetime) -> PrimaryAction:
    """Choose the primary action: register, save the date, join, wait for the recording, or watch it."""
    if shown.recordings:
        return PrimaryAction(kind="watch")
    if shown.event.status in ("cancelled", "postponed"):
        return PrimaryAction(kind="none")
    if phase_of(shown, now) != "ended":
        return _beforehand(shown, now)
    if shown.recording_locked:
        return PrimaryAction(kind="watch", locked=True)
    due = shown.live_status.recording_due
    if due is None or not (shown.recording_expected or any(entry.kind == "recording" for entry in shown.locked)):
        return PrimaryAction(kind="ended")
    return PrimaryAction(kind="expected", due=due if now < due else None)


def next_update(shown: Shown, now: datetime) -> datetime | None:
    """Return the next moment at which the phase or the action can change by the clock alone, or None."""
    return find_update(shown.event, shown.live_status, now)


def find_update(event: Dated, live_status: LiveStatus, now: datetime) -> datetime | None:
    """Return the next moment at which an event's phase or action can change, as `next_update` does."""
    due = live_status.recording_due
    moment: datetime | None = None
    if now < event.start - JOIN_OPENS:
        moment = event.start - JOIN_OPENS
    elif now < event.start:
        moment = event.start
    elif now < event.end:
        moment = event.end
    elif now < event.end + LONGEST_OVERRUN:
        moment = event.end + LONGEST_OVERRUN
    is_sooner = due is not None and due > now and (moment is None or due < moment)
    return due if is_sooner else moment


def _beforehand(shown: Shown, now: datetime) -> PrimaryAction:
    entrance, locked = shown.live_status.entrance, not shown.reader.may_open(shown.live_status)
    if entrance == "registration":
        return PrimaryAction(kind="register", locked=locked)
    if now < shown.event.start - JOIN_OPENS:
        return PrimaryAction(kind="calendar")
    if entrance == "join":
        return PrimaryAction(kind="join", locked=locked)
    if entrance == "invitation":
        return PrimaryAction(kind="invited")
    return PrimaryAction(kind="calendar" if now < shown.event.start else "none")
