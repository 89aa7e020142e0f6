"""Homes, and the records of an event in them."""

from datetime import datetime
from typing import Literal

from .base import Answer, Page


class RecordCounts(Answer):
    """How many records of a home are events here, were left out, cannot be read, are gone there, were deleted here."""

    taken: int
    left_out: int
    wrong: int
    gone: int
    deleted: int


class WrongRecord(Answer):
    """A record that cannot be read."""

    record: str
    url: str
    reason: str | None


class LinkShown(Answer):
    """A link as our own page or a home shows it."""

    title: str
    url: str
    visibility: str


class ChangedLink(Answer):
    """A link that people changed in a home: ours and theirs. `there` is null where they removed it."""

    home: str
    record: str
    recording: str
    sentence: str
    ours: LinkShown | None
    there: LinkShown | None


class DriftedEvent(Answer):
    """An event whose links people changed in a home, and about which nobody has decided."""

    event: str
    name: str
    links: tuple[ChangedLink, ...]


class LeftOutRecord(Answer):
    """A record that was left out."""

    record: str
    url: str


class LeftOut(Answer):
    """How many records were left out for a reason, and the latest of them."""

    reason: str
    count: int
    records: tuple[LeftOutRecord, ...]


class Home(Answer):
    """A home, and how far the reading has come. `lag_s`: seconds since the last pull that came to its end."""

    name: str
    kind: str
    system: str
    url: str | None
    state: Literal["new", "working", "late", "failing"]
    writes: bool
    members_see: str
    members_open: Literal["sign_in", "key"]
    pulled_at: datetime | None
    lag_s: int | None
    took_ms: int | None
    listed: int
    changed: int
    failing_since: datetime | None
    failure: str | None
    records: RecordCounts
    links: int
    wrong: tuple[WrongRecord, ...]
    left_out: tuple[LeftOut, ...]
    drifted: tuple[DriftedEvent, ...]


class HomePage(Page):
    """A page of the homes."""

    homes: tuple[Home, ...]


class HomeFinding(Answer):
    """What one check of a home found."""

    what: str
    state: Literal["ok", "warning", "missing"]
    sentence: str


class HomeChecked(Answer):
    """What was found when a home was checked."""

    home: str
    findings: tuple[HomeFinding, ...]


class HomeLink(Answer):
    """A recording's link in a record: as our own page shows it, as it was written last, as it was seen last."""

    recording: str
    title: str
    part: int
    visibility: str
    wanted: LinkShown | None
    written: LinkShown | None
    seen: LinkShown | None
    seen_at: datetime | None
    state: Literal["missing", "written", "changed", "removed", "left", "over"]


class HomeRecord(Answer):
    """The record of an event in a home. `differs`: fields in which the event differs here.

    `webinar`: the number that it names. `webinar_says`: what becomes of it, where its system makes the webinars itself.
    """

    home: str
    system: str | None
    record: str
    url: str
    state: str
    reason: str | None
    read_at: datetime
    gone_at: datetime | None
    webinar: int | None
    webinar_says: str
    differs: tuple[str, ...]
    links: tuple[HomeLink, ...]


class HomeRecordPage(Page):
    """A page of the records of an event."""

    records: tuple[HomeRecord, ...]


class HomeKeysRenewed(Answer):
    """The links for members of a home that are written again, as their keys were renewed."""

    home: str
    links: int


class LinksDecided(Answer):
    """The links about which an operator decided."""

    event: str
    links: int
    homes: tuple[str, ...]
