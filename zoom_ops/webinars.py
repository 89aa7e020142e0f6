"""Values of Zoom webinars and recordings, in Zoom's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, TypeAlias, get_args

TOPIC_LIMIT = 200
AGENDA_LIMIT = 2000
PANELISTS_PER_CALL = 30

SettingValue: TypeAlias = bool | int | str | tuple["SettingValue", ...]
Settings: TypeAlias = tuple[tuple[str, SettingValue], ...]
"""The `settings` of a webinar, flat and sorted: (("auto_recording", "cloud"), ("question_and_answer.enable", True))."""
Unclear: TypeAlias = Literal["unsaid", "unknown"]
"""Of the webinar that a home made for a record: it has some, and does not say which | it does not tell whether."""
UNCLEAR: tuple[Unclear, ...] = get_args(Unclear)


@dataclass(frozen=True, kw_only=True)
class Panelist:
    """A person with a seat in a webinar. The lower-case e-mail address identifies the person."""

    email: str  # "" where Zoom withholds it
    name: str
    id: str | None = None
    tag: str | None = None  # the description on the name tag; None: no name tag
    join_url: str | None = field(default=None, repr=False)  # a secret, as anyone who has it can join as this person


@dataclass(frozen=True, kw_only=True)
class WebinarDraft:
    """The desired webinar that we send to Zoom, without its panelists."""

    topic: str
    agenda: str
    start: datetime
    duration: int  # minutes
    timezone: str  # from Zoom's own list
    settings: Settings = ()
    license_type: str | None = None  # None: as the host has it


@dataclass(frozen=True, kw_only=True)
class Webinar:
    """A webinar as Zoom reports it; `start` is in UTC, `id` is int64, `uuid` is that of the scheduled webinar."""

    account: str
    host: str
    host_id: str = ""
    id: int
    uuid: str
    type: int = 5
    topic: str
    agenda: str
    start: datetime | None
    duration: int
    timezone: str
    settings: Settings = ()
    join_url: str | None = None
    registration_url: str | None = None
    passcode: str | None = field(default=None, repr=False)
    created_at: datetime | None = None
    capacity: int | None = None  # attendees
    license_type: str | None = None
    occurrences: tuple[tuple[datetime, int], ...] = ()  # start and minutes of each coming date of a series
    simulive: bool = False  # it plays a recording that exists already


@dataclass(frozen=True, kw_only=True)
class ListedWebinar:
    """An entry of a host's webinar list, without settings and with the agenda cut to 250 characters."""

    id: int
    uuid: str
    topic: str
    agenda: str
    start: datetime | None
    duration: int
    created_at: datetime | None
    type: int = 5  # 6: without a fixed time, 9: a series
    cut: bool = True  # whether the full agenda may be longer


@dataclass(frozen=True, kw_only=True)
class Host:
    """A Zoom user, who can hold webinars if `licensed`; `capacity` is the number of attendees in the licence.

    `licensed`: None where Zoom names licences that we do not know. `capacity`: 0 where it is not known.
    """

    email: str
    id: str
    licensed: bool | None
    capacity: int
    active: bool = True  # False: deactivated, or not a user of the account
    licences: tuple[str, ...] = ()  # as Zoom names them
    cloud_recording: bool | None = None  # whether the user may record to the cloud; None: Zoom did not say


_FULL, _NEARLY_FULL = 100, 80  # percent


@dataclass(frozen=True, kw_only=True)
class CloudStorage:
    """How much of an account's storage for cloud recordings is used."""

    used_percentage: int
    used: str = ""  # in Zoom's words, such as 9.6 GB
    told_at: datetime  # when Zoom says that it was so

    @property
    def is_full(self) -> bool:
        """Whether Zoom begins no cloud recording any more. One that runs goes on to its end (support, KB0060833)."""
        return self.used_percentage >= _FULL

    @property
    def is_nearly_full(self) -> bool:
        """Whether there is little room left."""
        return _NEARLY_FULL <= self.used_percentage < _FULL


RecordingState = Literal["processing", "completed", "trashed", "deleted", "gone"]
REMOVED: tuple[RecordingState, ...] = ("trashed", "deleted", "gone")
"""States of a recording that Zoom no longer shows; "gone": no notification said why."""


@dataclass(frozen=True, kw_only=True)
class RecordingFile:
    """One file of a recording."""

    id: str
    file_type: str  # MP4, M4A, TRANSCRIPT, CHAT, …
    recording_type: str | None
    extension: str
    size: int  # bytes
    status: str
    start: datetime | None
    end: datetime | None
    play_url: str | None = None
    download_url: str | None = field(default=None, repr=False)

    @property
    def complete(self) -> bool:
        """Whether Zoom has processed it."""
        return self.status == "completed"


SharedWith = Literal["publicly", "internally", "none"]
Hurdle = Literal[
    "open", "passcode_in_link", "passcode_typed", "passcode_unknown", "registration", "sign_in", "account_only",
    "not_shared", "unknown",
]  # fmt: skip
"""What a visitor meets at Zoom before a recording plays."""


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """Who may open a recording, as its sharing settings at Zoom say; None where Zoom does not say."""

    shared: SharedWith | None = None
    sign_in: bool = False  # viewers sign in to Zoom
    sign_in_name: str | None = None  # as the account calls this way to sign in
    on_demand: bool = False  # viewers register
    viewer_download: bool | None = None
    needs_passcode: bool | None = None
    passcode: str | None = field(default=None, repr=False)  # the one that people type


@dataclass(frozen=True, kw_only=True)
class Recording:
    """The cloud recording of one instance."""

    uuid: str
    webinar_id: int
    type: int
    topic: str
    start: datetime | None
    duration: int  # minutes, rounded down by Zoom
    share_url: str | None
    passcode: str | None = field(default=None, repr=False)  # the one that people type
    play_passcode: str | None = field(default=None, repr=False)  # the encoded form for ?pwd=
    storage: str | None = None  # the host's name of the owner's own storage, if the files lie there
    files: tuple[RecordingFile, ...] = ()
    auto_delete: bool | None = None  # whether Zoom deletes it by itself; None: Zoom has not said
    auto_delete_date: date | None = None  # the day on which it does

    @property
    def complete(self) -> bool:
        """Whether Zoom has processed every file that it lists."""
        return bool(self.files) and all(file.complete for file in self.files)


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One held instance of a webinar."""

    uuid: str
    start: datetime | None


def hurdle_of(sharing: Sharing | None, passcode: Literal["in_link", "typed"] | None) -> Hurdle:
    """Return what a visitor meets before a recording plays: the hardest of all, if there are several.

    `passcode`: whether the link carries it, or a person types the one that we know; None: we know of none.
    """
    hurdle: Hurdle = "unknown"
    if sharing and sharing.shared == "none":
        hurdle = "not_shared"
    elif sharing and sharing.shared == "internally":
        hurdle = "account_only"
    elif sharing and sharing.sign_in:
        hurdle = "sign_in"
    elif sharing and sharing.on_demand:
        hurdle = "registration"
    elif sharing and sharing.shared == "publicly":
        known: Hurdle = "passcode_in_link" if passcode == "in_link" else "passcode_typed"
        hurdle = known if passcode else "open" if sharing.needs_passcode is False else "passcode_unknown"
    return hurdle


def overlap(first: Any, last: Any, start: Any, end: Any) -> Any:
    """Return whether a time of a host, from `first` to `last`, and a window share a moment. To touch is not to share.

    Moments; or columns and parameters: then the answer is a condition in SQL.
    """
    return (first < end) & (last > start)


def flatten_settings(nested: Mapping[str, Any], prefix: str = "") -> Settings:
    """Flatten Zoom's nested `settings` object to sorted (dotted key, value) pairs; null values are left out."""
    pairs: list[tuple[str, SettingValue]] = []
    for key, value in nested.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            pairs.extend(flatten_settings(value, f"{name}."))
        elif value is not None:
            pairs.append((name, _freeze(value)))
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


def nest_settings(flat: Settings) -> dict[str, Any]:
    """Build Zoom's nested `settings` object from (dotted key, value) pairs."""
    nested: dict[str, Any] = {}
    for name, value in flat:
        *path, last = name.split(".")
        place = nested
        for step in path:
            place = place.setdefault(step, {})
        place[last] = _thaw(value)
    return nested


def _freeze(value: Any) -> SettingValue:
    if isinstance(value, Mapping):  # an entry of a list, such as an interpreter
        return tuple(sorted((str(key), _freeze(part)) for key, part in value.items()))
    if isinstance(value, list | tuple):
        return tuple(_freeze(part) for part in value)
    return value if isinstance(value, bool | int) else str(value)


def _thaw(value: SettingValue) -> Any:
    if not isinstance(value, tuple):
        return value
    if value and all(isinstance(part, tuple) and len(part) == 2 and isinstance(part[0], str) for part in value):
        return {str(part[0]): _thaw(part[1]) for part in value if isinstance(part, tuple)}
    return [_thaw(part) for part in value]
