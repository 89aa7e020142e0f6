"""Who may see what of an event: pure, and the one place that every surface asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from .events import Attachment, Event, Publication, Visibility

Role = Literal["visitor", "member", "operator"]
_OPERATOR_FIELDS = ("needs_review", "account", "profile", "consent")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who looks; until there is sign-in, whoever comes through the web is a visitor."""

    role: Role = "visitor"

    def may_see(self, visibility: Visibility) -> bool:
        """Tell whether an entry of that visibility is for this reader."""
        return visibility == "public" or self.role != "visitor"


VISITOR = Reader()
OPERATOR = Reader(role="operator")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An event as one reader may see it: what he may not see is not in here."""

    event: Event
    recordings: tuple[Publication, ...]  # the published ones, in order of their parts
    reader: Reader

    @property
    def recording_expected(self) -> bool:
        """Whether a recording is to come that is not there yet."""
        return any(entry.kind == "recording" and entry.state == "expected" for entry in self.event.attachments)


def show_event(event: Event, publications: Iterable[Publication], reader: Reader) -> Shown:
    """Reduce an event to what a reader may see, its recordings in their place under Links & attachments."""
    published = sorted((p for p in publications if p.state == "published"), key=lambda p: p.part)
    attachments = _with_recordings(event.attachments, published)
    seen: dict[str, Any] = {"attachments": tuple(a for a in attachments if reader.may_see(a.visibility))}
    if reader.role != "operator":
        seen["performers"] = tuple(p.model_copy(update={"email": None}) for p in event.performers)
        seen |= {name: Event.model_fields[name].get_default() for name in _OPERATOR_FIELDS}
    recordings = tuple(p for p in published if reader.may_see(p.visibility))
    return Shown(event=event.model_copy(update=seen), recordings=recordings, reader=reader)


def shown_json(shown: Shown) -> dict[str, Any]:
    """Build the Event JSON of what a reader may see; the keys he may not see are absent."""
    document = shown.event.to_json()
    document["recordings"] = [
        {"uuid": p.recording_uuid, "start": _moment(p), "duration_s": p.duration * 60, "url": p.url, "state": p.state}
        for p in shown.recordings
    ]
    if shown.reader.role == "operator":
        return document
    for person in document["performers"]:
        del person["email"]
    return {key: value for key, value in document.items() if key not in _OPERATOR_FIELDS}


def _moment(publication: Publication) -> str | None:
    return publication.start.isoformat() if publication.start else None


def _with_recordings(attachments: tuple[Attachment, ...], published: list[Publication]) -> list[Attachment]:
    """Put the published recordings where the announcement expected one, further parts behind it."""
    links = [
        Attachment(title=p.title, kind="recording", url=p.url, visibility=p.visibility, state="published")
        for p in published
    ]
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
