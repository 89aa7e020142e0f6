"""The port of a home: another system whose event records are read, and to which links of recordings are written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from ..readers import Announced
from ..webinars import Unclear
from .packed import Packed, pack, unpack

Audience = Literal["public", "members"]  # whom an entry is for
Glimpse = Mapping[str, str]  # `key` and other fields of a `Shown`, with their values
MOST_RECORDS = 10_000  # of one home
LONGEST_CURSOR = 2_000  # characters


@dataclass(frozen=True, kw_only=True)
class MakesWebinars:
    """The system makes the webinars of its events itself, and its records name them (`Record.webinar_id`).

    `hours`: so long before the start a webinar is awaited. `otherwise`: then an operator is asked, or we make one.
    """

    hours: int = 48
    otherwise: Literal["ask", "make"] = "ask"


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a home can do. The planner and the pages ask these flags and never the name of a system."""

    writes: bool = True  # links can be written; else it is a source that is only read
    identifies: Literal["key_in_description", "content_region", "child_key", "url_match", "uid_property", "key"] = "key"
    updates: Literal["replace", "delete_recreate", "patch"] = "patch"
    lock: Literal["etag", "modified_time", "revision", "none"] = "none"
    audiences: tuple[Audience, ...] = ("public",)  # whom a link can be for, as this home is set up
    members_see: str = ""  # half a sentence: who sees a link for members, such as "members of UNGIS"
    title_leaks: bool = False  # visitors see the title of a link for members, and not its address
    tells_consent: bool = False  # a record says that it may not be recorded
    feed: Literal["poll", "since", "sync_token"] = "poll"  # poll: a list may hold what did not change
    makes_webinars: MakesWebinars | None = None  # None: we make them
    names_webinars: bool = False  # a record may name a webinar that people made: it is adopted, and none is awaited


@dataclass(frozen=True, kw_only=True, slots=True)
class Raw:
    """A record as the home lists it, not read yet. `fingerprint`: a digest of what people wrote in it.

    Must: `fingerprint` is the same while nothing that `parse` reads has changed. It leaves out our own entries.

    May: `links` tells our entries as far as the list shows them, with the values that `entries` would give. So is seen
    without a request that people changed or removed one.
    """

    id: str  # the home's own id of the record, at most 300 characters
    fingerprint: str
    content: Mapping[str, Any] | bytes | Packed = field(repr=False)  # may hold addresses of people: not for logs
    links: tuple[Glimpse, ...] | None = None  # None: the list does not tell

    def packed(self) -> "Raw":
        """Return the same record, whose content of JSON takes little memory until `parse` reads it."""
        return replace(self, content=pack(self.content)) if isinstance(self.content, Mapping) else self

    def unpacked(self) -> "Raw":
        """Return the record as it was before it was packed."""
        return replace(self, content=unpack(self.content)) if isinstance(self.content, Packed) else self


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What a home lists since a cursor: records that may have changed, those that are gone, the next cursor."""

    records: tuple[Raw, ...]
    cursor: str = ""  # opaque to everybody but the home; at most LONGEST_CURSOR characters
    gone: tuple[str, ...] = ()  # ids that the home itself names as deleted
    all_ids: frozenset[str] | None = None  # every id that it has now; None: this answer does not tell


@dataclass(frozen=True, kw_only=True)
class Record:
    """An event record of a home, read."""

    id: str
    url: str  # its page in the home, for people
    announced: Announced  # what it says, as the readers of files give it
    is_public: bool = True  # everybody may read the record in the home
    labels: tuple[str, ...] = ()  # its categories, tags and calendars, which the rules of a home ask for
    webinar_id: int | Unclear | None = None  # the Zoom webinar that the home made for it; None: there is none


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The entry of a recording in an event record. `key` is ours and identifies the entry."""

    key: str
    part: int
    title: str
    url: str
    visibility: Audience


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An entry as the home shows it. Equal values mean that nobody touched it.

    `visibility` errs to "public": an entry that visitors might see is public. `digest`: of all that people can change
    there beside title and address; empty where there is nothing else. `copies`: how often it stands there. A write
    that was given up for lost can have made another one. Then the fields are those of the first copy, and it is public
    if one of them is.
    """

    key: str
    title: str
    url: str
    visibility: Audience
    external_id: str = ""  # the home's own id of it
    digest: str = ""
    copies: int = 1

    def glimpse(self, *fields: str) -> Glimpse:
        """Return some of its fields, for `Raw.links`."""
        return {name: getattr(self, name) for name in ("key", *fields)}

    def shows(self, entry: Entry) -> bool:
        """Return whether it shows what an entry says, once."""
        return (self.key, self.title, self.url, self.visibility, self.copies) == (
            entry.key,
            entry.title,
            entry.url,
            entry.visibility,
            1,
        )

    def is_copy_of(self, told: "Shown | None") -> bool:
        """Return whether it is what was told, or one of the copies told as one, whatever its id there."""
        if told is None:
            return False
        visibility = told.visibility if told.copies > 1 else self.visibility
        return replace(self, visibility=visibility, copies=told.copies) == replace(told, external_id=self.external_id)


def join_copies(links: Iterable[Shown]) -> tuple[Shown, ...]:
    """Join links with the same key to one that tells of all, in the order of the first copies."""
    by_key: dict[str, list[Shown]] = {}
    for shown in links:
        by_key.setdefault(shown.key, []).append(shown)
    return tuple(_join(copies) for copies in by_key.values())


def _join(copies: Sequence[Shown]) -> Shown:
    is_public = any(shown.visibility == "public" for shown in copies)
    return replace(copies[0], visibility="public" if is_public else "members", copies=len(copies))


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The result of one check of a home: what was tried, whether it works, and else how to grant what is missing."""

    what: Literal["address", "credentials", "reading", "writing", "members", "clock", "version", "options"]
    state: Literal["ok", "warning", "missing"]
    sentence: str


class EventRecords(Protocol):
    """A home of event records.

    Must:

    - list each record that changed since the cursor, at most MOST_RECORDS, and few requests where nothing changed;
    - write an entry idempotently: `publish` looks first, and a second `publish` of the same key adds none;
    - leave exactly one entry of a key, also after an earlier write that was broken off at any of its requests, or that
      the home carries out late: `entries` tells of copies, and `publish` removes them;
    - never make an entry visible to more people than its `visibility` allows, not for a moment;
    - write nothing where the record shows something else than `before`: raise DriftedError;
    - leave unchanged what people wrote in the record, also what they write at the same time;
    - send credentials to its own origin only, follow no redirect, and bound every answer in size and time.

    May:

    - give its own id to an entry (`Shown.external_id`);
    - raise the errors of `homes.errors`: HomeDownError (nothing was written), AmbiguousError (nobody knows),
      UnauthorizedError, MissingRightError, StrangeAnswerError, ConflictError, ConsentRefusedError, NotFoundError.
    """

    name: str  # of its file in config/homes/
    kind: str  # of its system, such as "indico"
    capabilities: Capabilities

    def calling(self) -> AbstractContextManager[None]:
        """Take a place in the home's own limits, and begin the deadline that all requests in the block share.

        A block within a block shares its place, and has a deadline of its own. Raise PacedError where no place is free.
        """

    def list_changed(self, cursor: str) -> Changed:
        """List what changed since a cursor; all records for an empty one."""

    def get(self, record_id: str) -> Raw:
        """Get a record; raise NotFoundError."""

    def parse(self, raw: Raw) -> Record:
        """Read a record. Raise BadInputError where it is no event, with what was expected. No request is made."""

    def entries(self, record_id: str) -> tuple[Shown, ...]:
        """List our entries in a record; raise NotFoundError for an unknown record."""

    def publish(self, record_id: str, entry: Entry, before: Shown | None) -> Shown:
        """Write an entry, and return it as read back. `before`: how the record showed it last; None: it did not."""

    def withdraw(self, record_id: str, key: str) -> None:
        """Remove the entry, whoever has changed it. Idempotent; a record that is gone is done."""

    def check(self) -> Iterator[Finding]:
        """Try what the home needs, one after the other. A write that is tried is harmless and undone."""
