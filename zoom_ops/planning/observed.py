"""The planner's view of the actual state: Zoom, the hosts, the publications."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from ..events import Publication
from .actions import Fields


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
class Bound:
    """The webinar bound to the event, as Zoom last reported it (`known`) and as we last asked for it (`asked`)."""

    webinar_id: int
    host: str
    state: Literal["bound", "cancelled", "gone"]
    origin: Literal["created", "adopted"]
    known: Fields
    asked: Fields = ()
    refused: Fields = ()  # values that Zoom accepted and silently dropped
    live: bool = False
    refused_seats: tuple[RefusedSeat, ...] = ()


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
    licensed: bool = True
    capacity: int = 1000
    left_today: int = 100  # creates and updates until 00:00 UTC


@dataclass(frozen=True, kw_only=True)
class Booking:
    """A time of a host that another event takes."""

    event: str
    host: str
    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class ObservedRecording:
    """A recording of one of the webinar's instances."""

    uuid: str
    start: datetime | None
    duration: int  # minutes
    state: Literal["processing", "completed", "trashed", "deleted"]
    practice: bool | None = False  # None: unknown
    playable: bool = True  # there is a link to play it
    transcript: bool = False
    withheld: bool = False  # an operator keeps it back

    @property
    def end(self) -> datetime | None:
        """When the recording ended, if it is known when it began."""
        return self.start + timedelta(minutes=self.duration) if self.start else None


@dataclass(frozen=True, kw_only=True)
class Observed:
    """Everything that the planner knows besides the event and its profile."""

    installation: str = "local"  # our name in markers, so that two installations never take each other's webinars
    account: str | None = None
    bound: Bound | None = None
    seats: tuple[ObservedSeat, ...] = ()
    hosts: tuple[HostOnOffer, ...] = ()
    bookings: tuple[Booking, ...] = ()  # of other events
    recordings: tuple[ObservedRecording, ...] = ()
    publications: tuple[Publication, ...] = ()
    recording_approved: bool = False
    practice_approved: bool = False
    recording_address: str = ""  # our own address of the event's recording
