"""New recordings as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from ...operations.views.feeds import Released
from ..sanitize import first_words
from .publisher import Publisher

_ATOM = "http://www.w3.org/2005/Atom"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # the `updated` of a feed without entries


def write_feed(recordings: Sequence[Released], publisher: Publisher, series: str = "", slug: str = "") -> bytes:
    """Render the feed of all recordings, or of those of a series, the newest first."""
    title, page, own = publisher.recordings, publisher.address("/"), publisher.address("/recordings.atom")
    if slug:
        title, page, own = f"{series} – {publisher.name}", publisher.series(slug), publisher.series(slug, ".atom")
    feed = Element("feed", {"xmlns": _ATOM})
    _say(feed, "id", publisher.make_urn("feed", own.removeprefix(publisher.base_url)))
    _say(feed, "title", title)
    _say(feed, "updated", _moment(max((entry.recording.published_at for entry in recordings), default=_LONG_AGO)))
    _say(SubElement(feed, "author"), "name", publisher.name)
    _link(feed, "self", own, "application/atom+xml")
    _link(feed, "alternate", page, "text/html")
    if publisher.licence:
        _say(feed, "rights", publisher.licence.name)
        if publisher.licence.address:
            _link(feed, "license", publisher.licence.address)  # RFC 4946
    for released in recordings:
        recording, event = released.recording, released.shown.event
        entry = SubElement(feed, "entry", {"xml:lang": event.language})
        _say(entry, "id", publisher.make_urn("recording", event.id, recording.recording_uuid))
        single = len(released.shown.recordings) == 1
        _say(entry, "title", event.name if single else f"{event.name} – {recording.title}")
        _say(entry, "updated", _moment(recording.published_at))
        _say(entry, "published", _moment(recording.published_at))
        for organizer in event.organizers:
            _say(SubElement(entry, "author"), "name", organizer.name)
        _link(entry, "alternate", publisher.event(event.id), "text/html")
        _link(entry, "related", publisher.recording(event.id, recording.part))
        if event.series:
            SubElement(entry, "category", {"term": event.series})
        about = first_words(event.description, 500) if event.description else ""
        if summary := "\n".join(filter(None, (publisher.say_requirement(recording), about))):
            _say(entry, "summary", summary)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _link(parent: Element, relation: str, address: str, kind: str | None = None) -> None:
    SubElement(parent, "link", {"rel": relation, "href": address} | ({"type": kind} if kind else {}))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
