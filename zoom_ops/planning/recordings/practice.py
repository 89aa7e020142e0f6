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
from ...profiles import Profile
from ..observed import ObservedRecording

Span = tuple[datetime | None, datetime | None]

_MINUTE = timedelta(minutes=1)
_LONGEST = timedelta(hours=30)  # Zoom ends any session after 30 hours
_EARLIER = timedelta(minutes=5)  # a file begins with its instance or later; clocks differ
_SAID = {
    True: "Zoom calls it a practice session.",
    False: "Zoom says that it was no practice session.",
    None: "Zoom has not said whether it was a practice session.",
}


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A doubt about what a recording shows, which an operator settles by approving the field `approval`."""

    recording: str
    approval: Literal["practice", "early_start"]
    finding: str  # what is known: its time and length, the event's, Zoom's word


def find_doubt(event: Event, profile: Profile, recording: ObservedRecording) -> Doubt | None:
    """Return what is doubtful about a recording by its time, whatever an operator has approved.

    `practice`: it ended before the event began, whatever Zoom said of it; or Zoom called it a practice session, and it
    began after the event's end or at an unknown time. `early_start`: it is the event's, and began so long before the
    event that a rehearsal may be in it.
    """
    uuid, called, said = recording.uuid, recording.practice is True, _SAID[recording.practice]
    if recording.begin is None or recording.end is None:
        finding = f"Recorded for {recording.duration} min, at a time that Zoom does not say. {said}"
        return Doubt(recording=uuid, approval="practice", finding=finding) if called else None
    begin, end = recording.begin, recording.end
    times, event_times = _times(event, begin, end)
    if end < event.start_utc:
        finding = f"Recorded {times}, before the event ({event_times}). {said}"
        return Doubt(recording=uuid, approval="practice", finding=finding)
    if begin >= event.end_utc:
        finding = f"Recorded {times}, after the event ({event_times}). {said}"
        return Doubt(recording=uuid, approval="practice", finding=finding) if called else None
    early = (event.start_utc - begin) // _MINUTE
    if early <= profile.trim_notice_minutes:
        return None
    finding = f"Recorded {times}, from {early} min before the event ({event_times}) on: a rehearsal may be in it."
    return Doubt(recording=uuid, approval="early_start", finding=finding)


def remedy_of(event: Event, profile: Profile, doubt: Doubt) -> str:
    """Return what an operator can do about a doubt, in sentences."""
    approve = f"zoom-ops events approve {event.id} --field {doubt.approval}"
    withhold = f"zoom-ops events withhold {event.id} {doubt.recording}"
    if doubt.approval == "practice":
        return f"Watch it. If it is the event: {approve}; if it is not: {withhold}"
    if profile.early_recording == "hold":
        stands, undo = "The profile holds it back until you have looked.", f"to keep it back: {withhold}"
    else:
        stands, undo = "The profile publishes it all the same.", f"to take it off the page: {withhold}"
    return (
        f"{stands} Watch its beginning; to cut it, open it at Zoom under Recordings, and trim it there. "
        f"If it may be seen as it is, or once it is cut: {approve}; {undo}"
    )


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


def _times(event: Event, begin: datetime, end: datetime) -> tuple[str, str]:
    """Write a recording's time with its length, and the event's: in the event's zone, dated where the dates differ."""
    zone = ZoneInfo(event.timezone)
    moments = [moment.astimezone(zone) for moment in (begin, end, event.start_utc, event.end_utc)]
    dated = len({moment.date() for moment in moments}) > 1
    recorded, planned = _span(*moments[:2], dated=dated), _span(*moments[2:], dated=dated)
    return f"{recorded} ({(end - begin) // _MINUTE} min)", f"{planned}, {event.timezone}"


def _span(begin: datetime, end: datetime, *, dated: bool) -> str:
    until = f"{end:%Y-%m-%d %H:%M}" if begin.date() != end.date() else f"{end:%H:%M}"
    return f"{begin:%Y-%m-%d %H:%M} to {until}" if dated else f"{begin:%H:%M} to {until}"
