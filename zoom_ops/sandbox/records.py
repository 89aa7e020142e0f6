"""Records of the practice Zoom: users, webinars, instances, recordings, notifications."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from .calls import Json

UNUSED_WEBINAR_LIFE = timedelta(days=30)  # a webinar id expires this long after its last use


@dataclass(kw_only=True)
class User:
    """A user of the account. `webinar`: has a licence to hold webinars for `capacity` attendees."""

    id: str
    email: str
    webinar: bool
    capacity: int
    created: datetime
    timezone: str = "America/New_York"
    templates: list[Json] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the name: what stands before the @ of the address."""
        return self.email.partition("@")[0]


@dataclass(kw_only=True)
class RecordingFile:
    """One file of a recording. `fields` is its JSON, `key` stands in its links. A deleted file is trashed too."""

    fields: Json
    key: str
    trashed: datetime | None = None
    deleted: bool = False

    @property
    def type(self) -> str:
        """Return the file type."""
        return str(self.fields["file_type"])


@dataclass(kw_only=True)
class Recording:
    """The cloud recording of one instance. The API shows it from `ready` on."""

    share_key: str
    ready: datetime
    settings: Json
    files: list[RecordingFile] = field(default_factory=list)
    transcribed: bool = True
    minutes: int | None = None  # of a trimmed recording
    transcript_ready: datetime | None = None
    registrants: list[Json] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)  # in the links of approved registrants
    questions: Json = field(default_factory=lambda: {"questions": [], "custom_questions": []})

    def kept(self) -> list[RecordingFile]:
        """Return the files that are neither in the trash nor deleted."""
        return [file for file in self.files if not file.trashed]


@dataclass(kw_only=True)
class Instance:
    """One held instance of a webinar. `live`: it has not ended yet."""

    uuid: str
    webinar: "Webinar"
    start: datetime
    end: datetime
    practice: bool = False
    broadcast: datetime | None = None  # its begin, where a rehearsal came first
    live: bool = True
    recording: Recording | None = None
    participants: list[Json] = field(default_factory=list)
    absent: tuple[str, ...] | None = None  # addresses of those who do not come; None: every second registrant
    answers: list[Json] = field(default_factory=list)  # to polls: {email, question, answer, at}
    questions: list[Json] = field(default_factory=list)  # of questions and answers: {email, question, answer, at}

    @property
    def recorded(self) -> Recording:
        """Return the recording of an instance that has one."""
        assert self.recording is not None  # noqa: S101 - the callers check it
        return self.recording

    @property
    def minutes(self) -> int:
        """Return the duration in whole minutes."""
        return int((self.end - self.start).total_seconds() // 60)


@dataclass(kw_only=True)
class Webinar:
    """A webinar. `fields` is its JSON in Zoom's replies."""

    host: User
    fields: Json
    created: datetime
    used: datetime
    panelists: list[Json] = field(default_factory=list)
    invitations: list[Json] = field(default_factory=list)
    registrants: list[Json] = field(default_factory=list)
    registrants_told: list[bool] = field(default_factory=list)  # `notify_registrants` of each change that gave it
    questions: Json = field(default_factory=lambda: {"questions": [], "custom_questions": []})
    polls: list[Json] = field(default_factory=list)
    survey: Json = field(default_factory=dict)
    livestream: Json = field(default_factory=dict)
    branding: Json = field(default_factory=lambda: {"virtual_backgrounds": [], "name_tags": []})
    instances: list[Instance] = field(default_factory=list)
    deleted: datetime | None = None
    converted: bool = False  # it is a meeting now
    made_by_events: bool = False  # no app may change or delete it

    @property
    def id(self) -> int:
        """Return the id."""
        return int(self.fields["id"])

    @property
    def settings(self) -> Json:
        """Return the settings."""
        return cast(Json, self.fields["settings"])

    def live(self) -> Instance | None:
        """Find the running instance."""
        return next((instance for instance in self.instances if instance.live), None)


@dataclass(kw_only=True)
class Notification:
    """One notification. `due` is the time of its next attempt, None if there is none."""

    request_id: str
    event: str
    body: bytes
    due: datetime | None = None
    attempts: list[Json] = field(default_factory=list)


@dataclass(kw_only=True)
class Subscription:
    """The state of the webhook address. It must be validated at first and then every 72 hours."""

    validated: datetime | None = None
    check_due: datetime | None = None
    failures: int = 0
    disabled: bool = False


@dataclass(kw_only=True)
class Counters:
    """The counts for rate limits.

    `recent`: instants of the calls of the last second, by label. `of_day`: counts by daily limit, subject and UTC day.
    """

    recent: dict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    of_day: dict[tuple[str, ...], int] = field(default_factory=lambda: defaultdict(int))


def is_webinar_id(name: str) -> bool:
    """Return whether a name is a numeric id, not a uuid."""
    return name.isascii() and name.isdigit()


def expiry(webinar: Webinar) -> datetime:
    """Return when a webinar's id expires: 30 days after its last use. A webinar of type 6 never expires."""
    uses = [webinar.used, *(instance.end for instance in webinar.instances)]
    if webinar.fields["type"] == 6:
        return datetime.max.replace(tzinfo=webinar.used.tzinfo)
    return max([*uses, *scheduled_ends(webinar)]) + UNUSED_WEBINAR_LIFE


def scheduled_ends(webinar: Webinar) -> list[datetime]:
    """Return when the scheduled dates of a webinar end, without deleted occurrences."""
    fields = webinar.fields
    dates = fields.get("occurrences") or ([fields] if fields.get("start_time") else [])
    return [
        datetime.fromisoformat(date["start_time"]) + timedelta(minutes=date["duration"])
        for date in dates
        if date.get("status") != "deleted"
    ]
