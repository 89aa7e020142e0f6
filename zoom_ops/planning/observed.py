"""The planner's view of the actual state: Zoom, the hosts, the publications."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from ..events import Publication
from ..webinars import CloudStorage, Hurdle, RecordingState, Sharing, hurdle_of
from .adoption.planned import MadeThere
from .base import Fields
from .links.planned import ObservedRecord


@dataclass(frozen=True, kw_only=True)
class RefusedSeat:
    """A person whom Zoom refused as panelist, with Zoom's words.

    `full_at`: the webinar was full, with so many panelists; None where the person was refused.
    """

    email: str
    name: str
    reason: str
    full_at: int | None = None


@dataclass(frozen=True, kw_only=True)
class LeftWebinar:
    """The webinar that an event had on another host, before an operator moved it: still to be deleted."""

    webinar_id: int
    host: str


@dataclass(frozen=True, kw_only=True)
class Bound:
    """The webinar bound to the event, as Zoom last reported it (`known`) and as we last asked for it (`asked`)."""

    webinar_id: int
    host: str
    state: Literal["bound", "cancelled", "gone"]
    origin: Literal["created", "adopted", "home"]  # home: adopted, and made by the system of the event's home
    known: Fields
    asked: Fields = ()
    refused: Fields = ()  # values that Zoom accepted and silently dropped
    live: bool = False
    host_records: bool | None = None  # whether its host may record to the cloud; None: unknown
    ask_again: bool = False  # an operator wants to ask at once for the auto_recording that Zoom dropped
    recording_refused_at: datetime | None = None  # when Zoom last dropped auto_recording for a webinar of its host
    refused_seats: tuple[RefusedSeat, ...] = ()
    move_to: str | None = None  # the host to which an operator moves the event
    left: LeftWebinar | None = None
    never_held: bool = False  # Zoom said so after the event


@dataclass(frozen=True, kw_only=True)
class ObservedSeat:
    """A panelist of the bound webinar; `ours` if we added the person. `resend`: an invitation is to be sent again."""

    email: str
    name: str
    ours: bool = True
    resend: bool = False


@dataclass(frozen=True, kw_only=True)
class HostOnOffer:
    """A host of the account's pool, with the changes that it has left for the day."""

    email: str
    licensed: bool | None = True  # None: only an attempt can tell
    capacity: int = 1000  # 0: not known
    active: bool = True
    left_today: int = 100  # creates and updates until 00:00 UTC
    records: bool | None = None  # whether it may record to the cloud; None: unknown


@dataclass(frozen=True, kw_only=True)
class Booking:
    """A time of a host that another event takes."""

    event: str
    name: str = ""  # of the event, for sentences; empty if its record is gone
    host: str
    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class ForeignBooking:
    """A time of a host that a webinar at Zoom takes which is not ours."""

    webinar_id: int
    topic: str
    host: str
    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class ObservedRecording:
    """A recording of one of the webinar's instances."""

    uuid: str
    start: datetime | None  # of its instance
    duration: int  # minutes
    state: RecordingState
    practice: bool | None = False  # None: unknown
    playable: bool = True  # there is a link to play it
    foreign_host: str | None = None  # where its links lead, if none of them leads to where recordings may play
    transcript: bool = False
    withheld: bool = False  # an operator keeps it back
    sharing: Sharing | None = None  # None: Zoom has not said yet
    sharing_failure: str | None = None  # why Zoom did not say; None: it was not asked, or it answered
    passcode: Literal["in_link", "typed"] | None = None  # the link carries it, or a person types it; None: not known
    storage: str | None = None  # where its files lie, if the account has storage of its own
    expires: date | None = None  # the day on which Zoom deletes it by itself
    files_begin: datetime | None = None  # where its files say it; the recording may begin later than its instance
    files_end: datetime | None = None

    @property
    def begin(self) -> datetime | None:
        """When the recording began, if that is known."""
        return self.files_begin or self.start

    @property
    def end(self) -> datetime | None:
        """When the recording ended, if that is known."""
        return self.files_end or (self.start + timedelta(minutes=self.duration) if self.start else None)

    @property
    def hurdle(self) -> Hurdle:
        """What a visitor meets before it plays."""
        return hurdle_of(self.sharing, self.passcode)


@dataclass(frozen=True, kw_only=True)
class Observed:
    """Everything that the planner knows besides the event and its profile."""

    installation: str = "local"  # our name in markers, so that two installations never take each other's webinars
    account: str | None = None
    bound: Bound | None = None
    host: str = ""  # who holds the event's webinar and so its recordings
    seats: tuple[ObservedSeat, ...] = ()
    hosts: tuple[HostOnOffer, ...] = ()
    bookings: tuple[Booking, ...] = ()  # of other events
    foreign: tuple[ForeignBooking, ...] = ()
    storage: CloudStorage | None = None  # of the account; None: Zoom never said how full it is
    recordings: tuple[ObservedRecording, ...] = ()
    publications: tuple[Publication, ...] = ()
    recording_approved: bool = False
    practice_approved: bool = False
    rehearsed_recording: str | None = None  # the auto_recording that Zoom kept when a rehearsal asked for cloud
    host_takes_no_seat: bool = False  # Zoom refuses a webinar's host as panelist
    early_start_approved: bool = False
    recording_address: str = ""  # our own address of the event's recording
    holds_elsewhere: bool = False  # links of so many events lead to where none may play that published ones stay
    records: tuple[ObservedRecord, ...] = ()  # of the event in other systems
    made_there: tuple[MadeThere, ...] = ()  # those of them whose system makes the webinars itself
    unlooked: bool = False  # the database was restored, and Zoom was not looked at since
    made_since: tuple[int, ...] = ()  # webinars of the event that were made after the backup that was restored
