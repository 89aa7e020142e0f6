"""What a recording shows, the event or a rehearsal: its time decides, and an operator where that leaves a doubt.

Zoom says once, when an instance ends, "whether this webinar is a practice session". It does not say whether that means
this instance or a feature that was used in it. So Zoom's word alone decides nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from ...events import Event
from ...messages import Kind, Message, Value
from ...messages import recordings as say
from ...profiles import Profile
from ..observed import ObservedRecording

Span = tuple[datetime | None, datetime | None]

_MINUTE = timedelta(minutes=1)
_LONGEST = timedelta(hours=30)  # Zoom ends any session after 30 hours
_EARLIER = timedelta(minutes=5)  # a file begins with its instance or later; clocks differ
_CALLED = {True: say.CALLED_PRACTICE, False: say.CALLED_NO_PRACTICE, None: say.NOT_CALLED}


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A doubt about what a recording shows, which an operator settles by approving the field `approval`."""

    recording: str
    approval: Literal["practice", "early_start"]
    finding: Message  # what is known: its time and length, the event's, Zoom's word


def find_doubt(event: Event, profile: Profile, recording: ObservedRecording) -> Doubt | None:
    """Return what is doubtful about a recording by its time, whatever an operator has approved.

    `practice`: it ended before the event began, whatever Zoom said of it; or Zoom called it a practice session, and it
    began after the event's end or at an unknown time. `early_start`: it is the event's, and began so long before the
    event that a rehearsal may be in it.
    """
    uuid, is_called, called = recording.uuid, recording.practice is True, _CALLED[recording.practice]()
    if recording.begin is None or recording.end is None:
        finding = say.AT_UNKNOWN_TIME(length=timedelta(minutes=recording.duration), called=called)
        return Doubt(recording=uuid, approval="practice", finding=finding) if is_called else None
    begin, end = recording.begin, recording.end
    times = _times(event, begin, end)
    if end < event.start_utc:
        return Doubt(recording=uuid, approval="practice", finding=say.BEFORE_THE_EVENT(**times, called=called))
    if begin >= event.end_utc:
        finding = say.AFTER_THE_EVENT(**times, called=called)
        return Doubt(recording=uuid, approval="practice", finding=finding) if is_called else None
    early = event.start_utc - begin
    if early // _MINUTE <= profile.trim_notice_minutes:
        return None
    return Doubt(recording=uuid, approval="early_start", finding=say.EARLY_START(**times, early=early))


def say_doubt(event: Event, profile: Profile, doubt: Doubt) -> Message:
    """Say what is doubtful, and what an operator can do about it."""
    then = say.WATCH_IT
    if doubt.approval == "early_start":
        then = say.HELD_EARLY if profile.early_recording == "hold" else say.PUBLISHED_EARLY
    which: dict[str, Value] = {"event": event.id, "field": doubt.approval, "recording": doubt.recording}
    return say.DOUBTFUL(finding=doubt.finding, then=then(**which))


def span_of(start: datetime | None, files: Iterable[Span]) -> Span:
    """Return when the files of a recording begin and end. They may begin later than their instance, which has `start`.

    Files without a plausible time are left out; (None, None) if no file is left.
    """
    spans = [
        (begin, end)
        for begin, end in files
        if begin and end and begin <= end <= (start or begin) + _LONGEST and begin >= (start or begin) - _EARLIER
    ]
    return (min(begin for begin, _ in spans), max(end for _, end in spans)) if spans else (None, None)


def is_rehearsal(practice: bool | None, ended: datetime | None, start: datetime, end: datetime) -> bool:
    """Return whether an instance that Zoom called a practice session can be taken for one.

    `start` and `end` are the event's. A rehearsal may run over; what ended in the second half of the event was no
    rehearsal.
    """
    return bool(practice) and (ended is None or ended < start + (end - start) / 2)


def _times(event: Event, begin: datetime, end: datetime) -> dict[str, Value]:
    """Return a recording's times with its length, and the event's: in its zone, dated where the dates differ."""
    zone = ZoneInfo(event.timezone)
    days = {moment.astimezone(zone).date() for moment in (begin, end, event.start_utc, event.end_utc)}
    is_dated = len(days) > 1
    return {
        "times": _span(event, begin, end, is_dated=is_dated),
        "length": end - begin,
        "event_times": _span(event, event.start_utc, event.end_utc, is_dated=is_dated),
        "timezone": event.timezone,
    }


def _span(event: Event, begin: datetime, end: datetime, *, is_dated: bool) -> Message:
    zone = ZoneInfo(event.timezone)
    is_over_midnight = begin.astimezone(zone).date() != end.astimezone(zone).date()
    span: Kind = say.OVER_MIDNIGHT if is_over_midnight else say.ON_DATES if is_dated else say.ON_A_DAY
    return span(begin=begin, end=end, timezone=event.timezone)
