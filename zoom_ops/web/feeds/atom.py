"""New recordings as an Atom feed (RFC 4287)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from ...operations.views.feeds import Released
from ..sanitize import first_words
from .publisher import Publisher

_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # the `updated` of a feed without entries

register_namespace("", _ATOM)


def write_feed(recordings: Iterable[Released], publisher: Publisher) -> bytes:
    """Render the feed of all recordings, the newest first."""
    page, own = publisher.address("/"), publisher.address("/recordings.atom")
    return _write(publisher.recordings, page, own, tuple(recordings), publisher)


def write_series_feed(name: str, slug: str, recordings: Iterable[Released], publisher: Publisher) -> bytes:
    """Render the feed of a series' recordings, the newest first."""
    page, own = publisher.series(slug), publisher.series(slug, ".atom")
    return _write(f"{name} – {publisher.name}", page, own, tuple(recordings), publisher)


def _write(title: str, page: str, own: str, recordings: tuple[Released, ...], publisher: Publisher) -> bytes:
    feed = Element(_name("feed"))
    _say(feed, "id", publisher.make_urn("feed", own.removeprefix(publisher.base_url)))
    _say(feed, "title", title)
    _say(feed, "updated", _moment(max((entry.recording.published_at for entry in recordings), default=_LONG_AGO)))
    _say(SubElement(feed, _name("author")), "name", publisher.name)
    _link(feed, "self", own, "application/atom+xml")
    _link(feed, "alternate", page, "text/html")
    for released in recordings:
        _add_entry(feed, released, publisher)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _add_entry(feed: Element, released: Released, publisher: Publisher) -> None:
    recording, event = released.recording, released.shown.event
    entry = SubElement(feed, _name("entry"), {_LANG: event.language})
    _say(entry, "id", publisher.make_urn("recording", event.id, recording.recording_uuid))
    single = len(released.shown.recordings) == 1
    _say(entry, "title", event.name if single else f"{event.name} – {recording.title}")
    _say(entry, "updated", _moment(recording.published_at))
    _say(entry, "published", _moment(recording.published_at))
    for organizer in event.organizers:
        _say(SubElement(entry, _name("author")), "name", organizer.name)
    _link(entry, "alternate", publisher.event(event.id), "text/html")
    _link(entry, "related", publisher.recording(event.id, recording.part))
    if event.series:
        SubElement(entry, _name("category"), {"term": event.series})
    if event.description:
        _say(entry, "summary", first_words(event.description, 500))


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, _name(name)).text = text


def _link(parent: Element, relation: str, address: str, kind: str | None = None) -> None:
    SubElement(parent, _name("link"), {"rel": relation, "href": address} | ({"type": kind} if kind else {}))


def _name(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
