"""Event records, in schema.org's words.

These models define the Event JSON of import files, `events show --json`, the JSON of a page and the API. They hold
nothing about Zoom.
"""

import re
from datetime import UTC, date, datetime
from operator import not_
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_serializer,
    field_validator,
    model_validator,
)

from . import maxima
from .cleaning import clean_line as clean_line
from .cleaning import clean_text as clean_text
from .cleaning import make_slug as make_slug
from .maxima import AtMost

Status = Literal["scheduled", "cancelled", "postponed", "rescheduled"]
Consent = Literal["record", "do_not_record", "ask"]
Visibility = Literal["public", "members"]  # of an attachment
Listing = Literal["draft", "unlisted", "listed"]  # of an event: not public, by its address only, on every list
AttachmentKind = Literal["link", "file", "recording", "transcript", "slides"]
AttachmentState = Literal["expected", "available", "published", "withdrawn"]
Requirement = Literal["registration", "sign_in", "account_only"]  # of a recording, from its viewers
PerformerKind = Literal["speaker", "moderator", "chair", "opening", "closing", "interpreter"]

LANGUAGE_CODE = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"  # BCP 47: en, pt-BR, zh-Hant
BLOCKING_FIELDS = ("start", "end", "timezone", "name")  # a doubt about one of these holds the webinar back
ADDED_BY_US = ("webinar", "recordings", "alerts", "plan", "stages", "locked")  # keys that an import ignores
LONGEST_EMAIL = 320
YEARS = (1970, 2199)  # first and last; Zoom and every calendar can handle them


def _in_our_years(moment: datetime | None) -> datetime | None:
    if moment is not None and not YEARS[0] <= moment.year <= YEARS[1]:
        raise ValueError(f"expected a year from {YEARS[0]} to {YEARS[1]}, not {moment.year}")
    return moment


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name[:100]!r} is not an IANA time zone such as Europe/Zurich") from None
    return name


def _web_address(url: str | None) -> str | None:
    url = clean_line(url or "")
    if url and not re.match(r"https?://[^\s/]+", url, re.IGNORECASE):
        raise ValueError("expected an address that begins with https:// or http://")
    return url or None


Line = Annotated[str, AfterValidator(clean_line), AtMost(characters=maxima.LINE)]
Text = Annotated[str, AfterValidator(clean_text), AtMost(characters=maxima.DESCRIPTION, lines=maxima.DESCRIPTION_LINES)]
Zone = Annotated[str, AfterValidator(_known_zone), AtMost(characters=maxima.ZONE)]
LocalTime = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
WebAddress = Annotated[Annotated[str, AtMost(characters=maxima.ADDRESS)] | None, AfterValidator(_web_address)]
Email = Annotated[
    str,
    BeforeValidator(lambda value: clean_line(str(value)).lower()),
    Field(pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$", max_length=LONGEST_EMAIL),
]
Group = Annotated[Line, Field(min_length=1, max_length=100)]
Groups = Annotated[
    tuple[Group, ...], AfterValidator(lambda groups: tuple(sorted(set(groups)))), AtMost(entries=maxima.GROUPS)
]
Moment = Annotated[datetime, AfterValidator(_in_our_years)]
_OMITTED = Field(exclude_if=not_)  # its key is left out while it is empty


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DisplayTime(_Value):
    """A row that shows the time of the event in one zone, with the label as written ("Geneva time")."""

    label: Line
    timezone: Zone
    start: LocalTime
    end: LocalTime


class Organizer(_Value):
    """An organisation that holds the event."""

    name: Line
    acronym: Line | None = None


class Portrait(_Value):
    """A picture of a person, by the digest of the picture that this service keeps."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Picture(Portrait):
    """A picture of an event. Without an alternative text it is decoration."""

    width: Annotated[int, Field(ge=0, le=10_000)] = 0  # pixels; what is kept decides
    height: Annotated[int, Field(ge=0, le=10_000)] = 0
    alt: Annotated[Line, Field(max_length=500)] = ""


class Performer(_Value):
    """A person on the programme; `name` has no honorific, and its spelling here is authoritative."""

    kind: PerformerKind = "speaker"
    honorific: Line | None = None
    name: Annotated[Line, Field(min_length=1)]
    role: Line | None = None
    organization: Line | None = None
    email: Email | None = None
    image: Annotated[Portrait | None, _OMITTED] = None


class Attachment(_Value):
    """An entry under *Links & attachments*; an entry for members may be for some groups only."""

    title: Line
    kind: AttachmentKind = "link"
    url: WebAddress = None
    visibility: Visibility = "public"
    state: AttachmentState = "available"
    groups: Annotated[Groups, _OMITTED] = ()  # groups that may open an entry for members; empty: all members
    title_shown: Annotated[bool, _OMITTED] = False  # whether other readers see its title, with a lock
    size: Annotated[Annotated[int, Field(ge=0)] | None, _OMITTED] = None  # bytes
    dated: Annotated[date | None, _OMITTED] = None

    @property
    def has_vain_groups(self) -> bool:
        """Whether it names groups and everybody sees it all the same."""
        return self.visibility == "public" and bool(self.groups)


class ReviewNote(_Value):
    """A doubt of an import about a field, with its line and the reason.

    `choices` are the values that the field may have instead, as its JSON value is written; the first is the one that
    the event has. A start or an end is local time in the event's zone: 2027-04-03T14:30.
    """

    field: Annotated[Line, Field(max_length=200)]
    line: int | None = None
    text: Line = ""
    reason: Line
    choices: Annotated[tuple[Line, ...], AtMost(entries=maxima.CHOICES), _OMITTED] = ()


class Event(_Value):
    """One dated entry of the programme; times are aware instants, `timezone` is the IANA zone of the event."""

    id: Slug
    name: Annotated[Line, Field(min_length=1, max_length=maxima.NAME)]
    series: Line | None = None
    description: Text = ""
    language: Annotated[str, Field(pattern=f"^{LANGUAGE_CODE}$"), AtMost(characters=maxima.LANGUAGE)] = "en"
    start: Moment
    end: Moment
    timezone: Zone
    display_times: Annotated[tuple[DisplayTime, ...], AtMost(entries=maxima.DISPLAY_TIMES)] = ()
    visibility: Listing = "listed"
    status: Status = "scheduled"
    previous_start: Moment | None = None
    organizers: Annotated[tuple[Organizer, ...], AtMost(entries=maxima.ORGANIZERS)] = ()
    performers: Annotated[tuple[Performer, ...], AtMost(entries=maxima.PERFORMERS)] = ()
    venue: Line | None = None
    attachments: Annotated[tuple[Attachment, ...], AtMost(entries=maxima.ATTACHMENTS)] = ()
    attachments_note: Line | None = None
    image: Picture | None = None
    consent: Consent = "record"
    account: Line | None = None
    profile: Line = "default"
    needs_review: Annotated[tuple[ReviewNote, ...], AtMost(entries=maxima.NOTES)] = ()

    @model_validator(mode="before")
    @classmethod
    def _ignore_added_keys(cls, given: Any) -> Any:
        if isinstance(given, dict):
            return {key: value for key, value in given.items() if key not in ADDED_BY_US}
        return given

    @field_validator("timezone", mode="before")
    @classmethod
    def _strip_zone(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _times_fit(self) -> "Event":
        for name in ("start", "end", "previous_start"):
            moment = getattr(self, name)
            if moment is not None and moment.tzinfo is None:  # without an offset: local time of the event
                object.__setattr__(self, name, moment.replace(tzinfo=ZoneInfo(self.timezone)))
        if self.end_utc <= self.start_utc:  # two times of one zone are compared by the clock on the wall
            raise ValueError("end must lie after start")
        return self

    @field_serializer("start", "end", "previous_start")
    def _with_offset(self, moment: datetime | None, _info: Any) -> str | None:
        return moment.astimezone(ZoneInfo(self.timezone)).isoformat(timespec="seconds") if moment else None

    @property
    def start_utc(self) -> datetime:
        """The start, in UTC."""
        return self.start.astimezone(UTC)

    @property
    def end_utc(self) -> datetime:
        """The end, in UTC."""
        return self.end.astimezone(UTC)

    @property
    def recording_gate(self) -> tuple[tuple[str, ...], ...]:
        """The groups of each entry that restricts recordings to members. A reader has to pass all of the entries."""
        entries = (entry for entry in self.attachments if entry.kind == "recording")
        return tuple(sorted({entry.groups for entry in entries if entry.visibility == "members"}))

    def blocking_notes(self) -> tuple[ReviewNote, ...]:
        """List the review notes that hold the webinar back. One on the start leaves the end in doubt, too."""
        return tuple(note for note in self.needs_review if note.field in BLOCKING_FIELDS)

    def without_address(self) -> tuple[Performer, ...]:
        """List the performers without an e-mail address, who cannot be panelists."""
        return tuple(person for person in self.performers if not person.email)

    @property
    def pictures(self) -> tuple[str, ...]:
        """The digests of all its pictures."""
        images = (self.image, *(person.image for person in self.performers))
        return tuple(dict.fromkeys(image.digest for image in images if image))

    def to_json(self) -> dict[str, Any]:
        """Build the Event JSON: plain values only, with times in ISO 8601 with offset."""
        return self.model_dump(mode="json")


class Publication(_Value):
    """A recording as published at the event record; `url` is our own address, never Zoom's."""

    recording_uuid: str
    part: int = 1
    title: Line
    url: str
    visibility: Visibility
    state: Literal["published", "withdrawn"]
    start: datetime | None = None
    duration: int = 0  # minutes
    requires: Requirement | None = None  # what Zoom asks of viewers; None: nothing but a passcode
    published_at: datetime
    external_id: str | None = None
