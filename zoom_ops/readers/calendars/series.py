"""The entries of a calendar that have one UID → events: the event, its dates, the dates that were changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from ...errors import BadInputError
from ...events import Event, make_slug
from ..read import Announced, mistakes_of
from .entries import decode, read_fields
from .findings import Findings
from .ours import event_id_of
from .reading import Reading
from .recurrence import Occurrence, Repeating, list_occurrences
from .scan import Component, Property
from .times import Moment, note_times, read_length, read_moment, read_start
from .zones import Zones

_UNSAID = ("series", "performers", "attachments", "attachments_note", "display_times")
_UNSAID_BY_OURS = ("performers", "attachments", "attachments_note", "display_times", "organizers", "description")
"""Our calendars shorten descriptions, and join the names of organizers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A VEVENT with what is known about it before its fields are read."""

    component: Component
    zones: Zones
    ours: bool
    cancelled: bool
    uid: str
    replaces: Property | None  # its RECURRENCE-ID

    @property
    def repeats(self) -> bool:
        """Whether it stands for several dates."""
        return bool(self.component.all("RRULE", "RDATE"))

    @property
    def said(self) -> list[str]:
        """What it says, without when it was written."""
        stamps = ("DTSTAMP", "LAST-MODIFIED", "CREATED")
        return sorted(each.text for each in self.component.properties if each.name not in stamps)

    @property
    def sequence(self) -> int:
        """The number of its version."""
        stated = self.component.first("SEQUENCE")
        return int(stated.value) if stated and stated.value.isdecimal() and len(stated.value) < 10 else 0

    @property
    def own_id(self) -> str | None:
        """The id of the event, where the calendar is ours."""
        return event_id_of(self.uid) if self.ours else None

    def origin(self, occurrence: datetime | None = None) -> str | None:
        """Name the event, or the occurrence of it that first began at an instant."""
        if not self.uid:
            return None
        return f"ical:{self.uid}/{occurrence.astimezone(UTC):%Y%m%dT%H%M%SZ}" if occurrence else f"ical:{self.uid}"


@dataclass(frozen=True, kw_only=True)
class _Read:
    """What an entry says, but for the dates of its repetitions."""

    entry: Listed
    findings: Findings
    fields: dict[str, Any]
    start: Moment
    length: timedelta

    def announce(self, origin: str | None, occurrence: Occurrence | None = None) -> Iterator[Announced]:
        """Yield the event of the entry, or of one of its occurrences."""
        findings = self.findings.copy()
        local = self.start.local
        if occurrence and occurrence.local and occurrence.local != local:
            local = occurrence.local
            for source in self.entry.component.all("RRULE", "RDATE"):
                findings.source("start", source)
        findings.source("start", self.start.source)
        findings.source("timezone", self.start.source)
        marks = self.entry.component.all("X-MICROSOFT-CDO-ALLDAYEVENT")
        all_day = next((mark for mark in marks if mark.value.upper() == "TRUE"), None)
        note_times(self.start, local, self.length, all_day, findings)
        begins = self.start.instant(local)
        try:
            event = Event.model_validate(
                {
                    **self.fields,
                    "id": self.entry.own_id or make_slug(self.fields.get("series"), self.fields["name"]),
                    "start": begins,
                    # a day has as many hours as the clock change leaves it
                    "end": self.start.instant(local + self.length) if self.start.all_day else begins + self.length,
                    "timezone": self.start.zone.name,
                    "needs_review": tuple(findings.notes),
                }
            )
        except ValidationError as error:
            for message in mistakes_of(error):
                findings.refuse(self.entry.component.line, message)
            return
        page = self.entry.component.first("URL")
        yield Announced(
            event=event,
            file=findings.file,
            line=self.entry.component.line,
            origin=origin,
            page=page.text.partition(":")[2].strip() if page else "",
            sources=tuple(findings.sources),
            unsaid=_UNSAID_BY_OURS if self.entry.ours else tuple(name for name in _UNSAID if name not in self.fields),
        )


def read_group(group: Sequence[Listed], file: str, problems: list[BadInputError]) -> Iterator[Announced]:
    """Yield the events of the entries with one UID, and add what is wrong to the problems."""
    latest = list(_latest(group, Findings(file=file, problems=problems)))
    changed = [entry for entry in latest if entry.replaces is not None]
    masters = [entry for entry in latest if entry.replaces is None]
    master = _read(masters[0], Findings(file=file, problems=problems), "") if masters else None
    if masters and master is None:
        return
    name = master.fields["name"] if master else ""
    if master and master.entry.repeats:
        yield from _read_series(master, changed)
        return
    if master:
        yield from master.announce(master.entry.origin())
    for entry in changed:
        yield from _read_changed(entry, Findings(file=file, problems=problems), name)


def _latest(group: Sequence[Listed], findings: Findings) -> Iterator[Listed]:
    """Yield the latest version of each entry. Two versions with one SEQUENCE that differ cannot both be right."""
    versions: dict[str, Listed] = {}
    for entry in group:
        key = entry.replaces.text if entry.replaces else ""
        other = versions.setdefault(key, entry)
        if other is entry or other.said == entry.said:
            continue
        if other.sequence == entry.sequence:
            message = f"the entry of line {other.component.line} has the same UID and says something else; remove one"
            findings.refuse(entry.component.line, message)
        elif entry.sequence > other.sequence:
            versions[key] = entry
    yield from versions.values()


def _read_series(master: _Read, changed: Sequence[Listed]) -> Iterator[Announced]:
    """Yield the events of an entry that repeats."""
    component, findings = master.entry.component, master.findings
    for rule in component.all("EXRULE"):
        findings.refuse(rule.line, "EXRULE is not read; expected EXDATE with the dates that are left out")
    replaced = [(number, each) for number, entry in enumerate(changed) if (each := _replaced(entry, findings))]
    repeating = Repeating(
        start=master.start,
        rules=tuple(component.all("RRULE")),
        extra=tuple(component.all("RDATE")),
        without=tuple(component.all("EXDATE")),
    )
    for occurrence in list_occurrences(repeating, replaced, master.entry.zones, findings):
        if occurrence.local is None:
            found = Findings(file=findings.file, problems=findings.problems)
            yield from _read_changed(changed[occurrence.index], found, master.fields["name"])
        else:
            yield from master.announce(master.entry.origin(master.start.instant(occurrence.local)), occurrence)


def _read_changed(entry: Listed, findings: Findings, inherited: str) -> Iterator[Announced]:
    """Yield the event of an occurrence that an entry of its own describes."""
    replaces, read = _replaced(entry, findings), _read(entry, findings, inherited)
    if replaces and read:
        yield from read.announce(entry.origin(replaces.instant()))


def _replaced(entry: Listed, findings: Findings) -> Moment | None:
    """Read which occurrence an entry replaces."""
    source = entry.replaces
    if source is None:
        return None
    if "THISANDFUTURE" in source.text.upper():
        message = "a change of this and all later dates is not read; export each date as an entry of its own"
        findings.refuse(source.line, message)
        return None
    try:
        return read_moment(source, entry.zones)
    except ValueError as error:
        findings.refuse(source.line, str(error))
        return None


def _read(entry: Listed, findings: Findings, inherited: str) -> _Read | None:
    fields = _read_fields(entry, findings, inherited)
    start = read_start(entry.component, entry.zones, findings)
    length = read_length(entry.component, start, entry.zones, findings) if start else None
    if fields is None or start is None or length is None:
        return None
    return _Read(entry=entry, findings=findings, fields=fields, start=start, length=length)


def _read_fields(entry: Listed, findings: Findings, inherited: str) -> dict[str, Any] | None:
    component = entry.component
    try:
        decoded = decode(component)
    except ValueError as error:
        findings.refuse(component.line, f"this entry cannot be read: {str(error)[:100]}")
        return None
    reading = Reading(component=component, decoded=decoded, ours=entry.ours, cancelled=entry.cancelled)
    fields = read_fields(reading, findings, inherited)
    if not fields["name"]:
        findings.refuse(component.line, "this entry has no SUMMARY; expected a title, such as SUMMARY:How waves travel")
        return None
    return fields
