"""Who may see what of an event: pure, and the one place that every surface asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from .events import Attachment, AttachmentKind, Event, Publication, Visibility

Role = Literal["visitor", "member", "operator", "admin"]
Entrance = Literal["none", "invitation", "registration", "join"]
_OPERATOR_FIELDS = ("needs_review", "account", "profile", "consent")
_GATE_FIELDS = ("groups", "title_shown")  # whom an entry is for: nobody's business but the operators'


class _Gated(Protocol):
    @property
    def visibility(self) -> Visibility: ...

    @property
    def groups(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whoever looks, as far as it matters to what may be seen: two members of the same groups are equal readers."""

    role: Role = "visitor"
    groups: tuple[str, ...] = ()  # sorted, each once

    @property
    def operates(self) -> bool:
        """Whether this reader runs the service: operators and admins do."""
        return self.role in ("operator", "admin")

    def may_open(self, entry: _Gated) -> bool:
        """Tell whether an entry is for this reader: what is for members is for those of its groups, if it names any."""
        return entry.visibility == "public" or self._is_one_of(entry.groups)

    def may_pass(self, gate: Iterable[tuple[str, ...]]) -> bool:
        """Tell whether recordings of an event are for this reader, as far as its entries say (Event.recording_gate)."""
        return all(self._is_one_of(groups) for groups in gate)

    def _is_one_of(self, groups: tuple[str, ...]) -> bool:
        """Tell whether this is a member of one of the groups, of any if there are none; operators are of all."""
        return self.operates or (self.role == "member" and (not groups or bool(set(groups) & set(self.groups))))


VISITOR = Reader()
OPERATOR = Reader(role="operator")


@dataclass(frozen=True, kw_only=True)
class Locked:
    """What a reader is told of an entry that is not for him: that there is one. Never its address."""

    title: str
    kind: AttachmentKind
    expected: bool  # it is not there yet for anybody


@dataclass(frozen=True, kw_only=True)
class LiveStatus:
    """How an event's webinar stands, and what leads into it; never where to, which is told to who follows only."""

    live: bool = False  # Zoom has told that it began, and not that it ended
    over: bool = False  # Zoom has told that it ended
    entrance: Entrance = "none"  # none: no webinar is known; invitation: the page leads nobody in
    visibility: Visibility = "public"  # whom the page leads in
    groups: tuple[str, ...] = ()
    recording_due: datetime | None = None  # by when its recording should be there; None: there will be none


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An event as one reader may see it: what he may not see is not in here."""

    event: Event
    recordings: tuple[Publication, ...]  # the published ones, in order of their parts
    reader: Reader
    locked: tuple[Locked, ...] = ()
    live_status: LiveStatus = LiveStatus()

    @property
    def recording_expected(self) -> bool:
        """Whether a recording is to come that is not there yet."""
        return any(entry.kind == "recording" and entry.state == "expected" for entry in self.event.attachments)

    @property
    def recording_locked(self) -> bool:
        """Whether there is a recording that others may see, and this reader is told so."""
        return any(entry.kind == "recording" and not entry.expected for entry in self.locked)


def show_event(
    event: Event, publications: Iterable[Publication], reader: Reader, live_status: LiveStatus | None = None
) -> Shown:
    """Reduce an event to what a reader may see, its recordings in their place under Links & attachments."""
    published = sorted((p for p in publications if p.state == "published"), key=lambda p: p.part)
    entries = _with_recordings(event.attachments, published)
    opened = [entry for entry in entries if _opens(entry, event, reader)]
    seen: dict[str, Any] = {"attachments": tuple(opened)}
    if not reader.operates:
        seen["attachments"] = tuple(_without_dead_link(entry) for entry in opened)
        seen["performers"] = tuple(p.model_copy(update={"email": None}) for p in event.performers)
        seen |= {name: Event.model_fields[name].get_default() for name in _OPERATOR_FIELDS}
    return Shown(
        event=event.model_copy(update=seen),
        recordings=tuple(p for p in published if _opens(_link_to(p, event.attachments), event, reader)),
        reader=reader,
        locked=tuple(_lock(entry) for entry in entries if entry.title_shown and entry not in opened),
        live_status=live_status or LiveStatus(),
    )


def shown_json(shown: Shown) -> dict[str, Any]:
    """Build the Event JSON of what a reader may see; the keys he may not see are absent."""
    document = shown.event.to_json()
    document["recordings"] = [
        {"uuid": p.recording_uuid, "start": _moment(p), "duration_s": p.duration * 60, "url": p.url, "state": p.state}
        for p in shown.recordings
    ]
    if shown.reader.operates:
        return document
    for person in document["performers"]:
        del person["email"]
    for entry in document["attachments"]:
        for name in _GATE_FIELDS:
            entry.pop(name, None)
    if shown.locked:
        document["locked"] = [{"title": one.title, "kind": one.kind} for one in shown.locked]
    return {key: value for key, value in document.items() if key not in _OPERATOR_FIELDS}


def _moment(publication: Publication) -> str | None:
    return publication.start.isoformat() if publication.start else None


def _lock(entry: Attachment) -> Locked:
    return Locked(title=entry.title, kind=entry.kind, expected=entry.state == "expected")


def _with_recordings(attachments: tuple[Attachment, ...], published: list[Publication]) -> list[Attachment]:
    """Put the published recordings where the announcement expected one, further parts behind it."""
    links = [_link_to(p, attachments) for p in published]
    entries: list[Attachment] = []
    for attachment in attachments:
        if attachment.kind == "recording" and attachment.state in ("expected", "published") and links:
            entries.extend(links)
            links = []
        elif attachment.kind != "recording" or attachment.state != "published":
            entries.append(attachment)
        else:  # a link of ours that came back in an import, and is not published
            entries.append(attachment.model_copy(update={"state": "expected", "url": None}))
    return entries + links


def _link_to(publication: Publication, attachments: Iterable[Attachment]) -> Attachment:
    """Build the entry of a published recording."""
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


def _without_dead_link(entry: Attachment) -> Attachment:
    """Take out of an entry an address that is nobody's to follow: it was withdrawn, or is not there yet."""
    return entry.model_copy(update={"url": None}) if entry.state in ("expected", "withdrawn") else entry


def _opens(entry: Attachment, event: Event, reader: Reader) -> bool:
    """Tell whether an entry is for a reader; a published recording is for whom all entries for recordings let in.

    So an entry that is narrowed closes the recording at once, and not with its next publication.
    """
    published = entry.kind == "recording" and entry.state == "published"
    own = [one for one in event.attachments if one.kind == "recording"] if published else []
    return all(reader.may_open(one) for one in (entry, *own))
