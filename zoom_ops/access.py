"""Access rules: the parts of an event that a reader may see. Pure; every page, feed and API call uses them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from .events import Attachment, AttachmentKind, Event, Publication, ReviewNote, Visibility

Role = Literal["visitor", "member", "operator", "admin"]
OPERATING: tuple[Role, ...] = ("operator", "admin")  # roles that can cancel events
Entrance = Literal["none", "invitation", "registration", "join"]
KEPT_FIELDS = ("account", "profile", "consent")  # they stay where a record that is sent back lacks them
OPERATOR_FIELDS = ("needs_review", *KEPT_FIELDS)
_EMPTY = {name: Event.model_fields[name].get_default() for name in KEPT_FIELDS}
_ADDRESS = re.compile(r"(?<![^\s,;:<>()\[\]\"'])[^\s,;:<>()\[\]\"'@]+@[^\s,;<>()\[\]\"']+")
_PLACES = re.compile(r"(?<=^Several people in the address book have this name) \(.*\)(?=: )")  # anybody types a name
_GATE_FIELDS = ("groups", "title_shown")  # keys of an attachment that only operators may see


@dataclass(frozen=True, kw_only=True)
class Reader:
    """The role and groups of a reader, on which access depends. Two members of the same groups are equal readers.

    `recordings`: the uuids of those that genuine keys of theirs open, for readers without an account. Of these they see
    what any member sees, and of nothing else more than a visitor: see `opens_by_key`.
    """

    role: Role = "visitor"
    groups: tuple[str, ...] = ()  # sorted, each once
    drafts: bool = False  # an author: may read drafts, and write them
    recordings: tuple[str, ...] = ()

    @property
    def operates(self) -> bool:
        """Whether this reader is an operator or an admin."""
        return self.role in OPERATING

    @property
    def administers(self) -> bool:
        """Whether this reader may decide who signs in and which scripts have a token."""
        return self.role == "admin"

    @property
    def reads_drafts(self) -> bool:
        """Whether this reader may see drafts, of which nobody else may know."""
        return self.operates or self.drafts

    def may_find(self, event: Event) -> bool:
        """Check whether this reader may see an event of which they have the address. Pages that name it ask more."""
        return event.visibility != "draft" or self.reads_drafts

    def reads_whole(self, event: Event) -> bool:
        """Whether this reader may write an event, and so reads what is held or for members: else it would be lost."""
        return self.operates or (self.drafts and event.visibility == "draft")

    def may_answer(self, field: str) -> bool:
        """Check whether this reader may answer a doubt about a field of a draft, such as `performers.0.name`.

        Authors answer what they see. What is no field of an event, such as `recording`, is a decision of operators.
        """
        name, inner = field.partition(".")[0], field.rpartition(".")[2]
        theirs = name in Event.model_fields and name not in ("visibility", *OPERATOR_FIELDS) and inner != "email"
        return self.operates or (self.drafts and theirs)

    def may_open(self, entry: "Attachment | LiveStatus") -> bool:
        """Check whether this reader may open an entry. An entry for members is for its groups only, if it has any."""
        return entry.visibility == "public" or self._is_one_of(entry.groups)

    def may_pass(self, gate: Iterable[tuple[str, ...]]) -> bool:
        """Check whether this reader may see the recordings of an event whose `recording_gate` is given."""
        return all(self._is_one_of(groups) for groups in gate)

    def _is_one_of(self, groups: tuple[str, ...]) -> bool:
        """Check for a member of one of the groups, or any member if there are none. Operators always pass."""
        return self.operates or (self.role == "member" and (not groups or bool(set(groups) & set(self.groups))))


VISITOR = Reader()
ANY_MEMBER = Reader(role="member")
AUTHOR = Reader(role="member", drafts=True)
OPERATOR = Reader(role="operator")


@dataclass(frozen=True, kw_only=True)
class Locked:
    """The title and kind of an entry that the reader may see but not open. It never holds the address."""

    title: str
    kind: AttachmentKind
    expected: bool  # it does not exist yet


@dataclass(frozen=True, kw_only=True)
class LiveStatus:
    """The state of an event's webinar, and the kind of its entrance. It never holds the address."""

    live: bool = False  # Zoom has reported its begin, but not its end
    over: bool = False  # Zoom has reported its end
    entrance: Entrance = "none"  # none: no webinar is known; invitation: the page has no way in
    visibility: Visibility = "public"  # of the entrance
    groups: tuple[str, ...] = ()
    recording_due: datetime | None = None  # the recording should exist by then; None: there will be none


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An event as one reader may see it, without everything else."""

    event: Event
    recordings: tuple[Publication, ...]  # the published ones, in order of their parts
    reader: Reader
    locked: tuple[Locked, ...] = ()
    live_status: LiveStatus = LiveStatus()

    @property
    def recording_expected(self) -> bool:
        """Whether a recording is expected that does not exist yet."""
        return any(entry.kind == "recording" and entry.state == "expected" for entry in self.event.attachments)

    @property
    def recording_locked(self) -> bool:
        """Whether this reader sees the title of a recording that only others may open."""
        return any(entry.kind == "recording" and not entry.expected for entry in self.locked)


def opens_by_key(event: Event) -> bool:
    """Return whether keys open the recordings of an event: where every member may, and while it is not cancelled.

    Of one that is for some groups, a home does not know who is in them. There a link for members leads to the sign-in.
    """
    entries = [entry for entry in event.attachments if entry.kind == "recording"]
    is_on = event.status != "cancelled" and event.visibility != "draft"
    return is_on and all(ANY_MEMBER.may_open(entry) for entry in entries)


def show_event(
    event: Event, publications: Iterable[Publication], reader: Reader, live_status: LiveStatus | None = None
) -> Shown:
    """Reduce an event to the parts that a reader may see, with its recordings in place under Links & attachments."""
    published = sorted((p for p in publications if p.state == "published"), key=lambda p: p.part)
    links = [(p, _link_to(p, event.attachments)) for p in published]
    entries = _with_recordings(event.attachments, [link for _, link in links])
    whole = reader.reads_whole(event)
    opens = [(p, link) for p, link in links if _shows(p, link, event, reader)]
    shown = tuple(p for p, _ in opens)
    by_key = [link for p, link in opens if p.recording_uuid in reader.recordings]
    opened = [entry for entry in entries if whole or _opens(entry, event, reader) or entry in by_key]
    changes: dict[str, Any] = {"attachments": tuple(opened)}
    if not whole:
        changes["needs_review"] = ()
        changes["attachments"] = tuple(  # the address of what is withdrawn, or does not exist yet, leads nowhere
            entry.model_copy(update={"url": None}) if entry.state in ("expected", "withdrawn") else entry
            for entry in opened
        )
    return Shown(
        event=hide_private(event.model_copy(update=changes), reader),
        recordings=shown,
        reader=reader,
        locked=tuple(
            Locked(title=entry.title, kind=entry.kind, expected=entry.state == "expected")
            for entry in entries
            if entry.title_shown and entry not in opened and entry.state != "withdrawn"
        ),
        live_status=live_status or LiveStatus(),
    )


def hide_private(event: Event, reader: Reader) -> Event:
    """Return an event without the addresses of people and what only operators may see; for operators as it is."""
    if reader.operates:
        return event
    hidden: dict[str, Any] = dict(_EMPTY)
    hidden["performers"] = tuple(person.model_copy(update={"email": None}) for person in event.performers)
    hidden["needs_review"] = tuple(hide_note(note) for note in event.needs_review)
    return event.model_copy(update=hidden)


def hide_note(note: ReviewNote) -> ReviewNote:
    """Take the addresses out of a note, which quotes the line that it is about, and the places of namesakes."""
    choices = tuple(_mask(choice) for choice in note.choices)
    reason = _PLACES.sub("", _mask(note.reason))
    return note.model_copy(update={"text": _mask(note.text), "reason": reason, "choices": choices})


def show_copied(event: Event, reader: Reader) -> Event:
    """Return the parts of an event that may stand in a reader's copy of it.

    Of a draft that is what they may see. Of a published event it is what everybody sees: a copy has other readers, so
    it takes nothing along that is for members only.
    """
    return hide_private(event, reader) if reader.reads_whole(event) else show_event(event, (), VISITOR).event


def shown_json(shown: Shown) -> dict[str, Any]:
    """Build the Event JSON for a reader. Keys that the reader may not see are absent."""
    document = shown.event.to_json()
    document["recordings"] = [
        {
            "uuid": p.recording_uuid,
            "start": p.start.isoformat() if p.start else None,
            "duration_s": p.duration * 60,
            "url": p.url,
            "state": p.state,
            **({"requires": p.requires} if p.requires else {}),
        }
        for p in shown.recordings
    ]
    if shown.reader.operates:
        return document
    if shown.locked:
        document["locked"] = [{"title": entry.title, "kind": entry.kind} for entry in shown.locked]
    if shown.reader.reads_whole(shown.event):
        return without_private(document)
    for entry in document["attachments"]:
        for name in _GATE_FIELDS:
            entry.pop(name, None)
    return without_private({key: value for key, value in document.items() if key != "needs_review"})


def without_private(document: dict[str, Any]) -> dict[str, Any]:
    """Take out of Event JSON, or a part of it, the addresses of people and what only operators may see."""
    shown = {key: value for key, value in document.items() if key not in KEPT_FIELDS}
    if people := shown.get("performers"):
        shown["performers"] = [{key: value for key, value in each.items() if key != "email"} for each in people]
    if notes := shown.get("needs_review"):
        shown["needs_review"] = [hide_note(ReviewNote.model_validate(each)).model_dump(mode="json") for each in notes]
    return shown


def _mask(text: str) -> str:
    return _ADDRESS.sub("…", text)


def _with_recordings(attachments: tuple[Attachment, ...], links: list[Attachment]) -> list[Attachment]:
    """Put the published recordings in place of the expected one, in order of their parts."""
    entries: list[Attachment] = []
    for attachment in attachments:
        if attachment.kind == "recording" and attachment.state in ("expected", "published") and links:
            entries.extend(links)
            links = []
        elif attachment.kind != "recording" or attachment.state != "published":
            entries.append(attachment)
        else:  # an import brought back our own link, which is not published
            entries.append(attachment.model_copy(update={"state": "expected", "url": None}))
    return entries + links


def _link_to(publication: Publication, attachments: Iterable[Attachment]) -> Attachment:
    gated = [entry for entry in attachments if entry.kind == "recording" and entry.visibility == "members"]
    return Attachment(
        title=publication.title,
        kind="recording",
        url=publication.url,
        visibility="members" if gated else publication.visibility,
        state="published",
        groups=tuple(group for entry in gated for group in entry.groups),
        title_shown=bool(gated) and all(entry.title_shown for entry in gated),
    )


def _shows(publication: Publication, link: Attachment, event: Event, reader: Reader) -> bool:
    by_key = publication.recording_uuid in reader.recordings and opens_by_key(event)
    return by_key or _opens(link, event, reader)


def _opens(entry: Attachment, event: Event, reader: Reader) -> bool:
    """Check whether a reader may open an entry. For a published recording, all recording entries of the event count.

    So a new restriction of an entry applies to the recording at once, and not only after its next publication.
    """
    published = entry.kind == "recording" and entry.state == "published"
    own = [other for other in event.attachments if other.kind == "recording"] if published else []
    return all(reader.may_open(checked) for checked in (entry, *own))
