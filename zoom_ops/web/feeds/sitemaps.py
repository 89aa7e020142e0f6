"""Sitemaps in parts, with robots.txt."""

from collections.abc import Iterable
from datetime import UTC
from xml.etree.ElementTree import Element, SubElement, tostring

from ...store.feeds import DatedAddress
from .publisher import Publisher

PART = 2_000  # addresses in one file: it is small enough to be kept, however long they are
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_LEFT_ALONE = ("/-/", "/api/", "/sign-in", "/events/*/join", "/events/*/recording", "/events/*/stream", "/webhooks/")


def write_index(events: int, publisher: Publisher) -> bytes:
    """Render the index of the parts, for a number of events."""
    index = Element("sitemapindex", {"xmlns": _SITEMAPS})
    for name in ("series", *(f"events-{number + 1}" for number in range(-(-events // PART)))):
        _say(SubElement(index, "sitemap"), "loc", publisher.address(f"/sitemaps/{name}.xml"))
    return _write(index)


def write_series_part(series: Iterable[DatedAddress], publisher: Publisher) -> bytes:
    """Render the part with the programme and the series."""
    urls = Element("urlset", {"xmlns": _SITEMAPS})
    _say(SubElement(urls, "url"), "loc", publisher.address("/"))
    for dated in series:
        _add_page(urls, publisher.series(dated.slug), dated)
    return _write(urls)


def write_events_part(events: Iterable[DatedAddress], publisher: Publisher) -> bytes:
    """Render a part with event pages."""
    urls = Element("urlset", {"xmlns": _SITEMAPS})
    for dated in events:
        _add_page(urls, publisher.event(dated.slug), dated)
    return _write(urls)


def write_robots(publisher: Publisher) -> bytes:
    """Render robots.txt: the paths to skip, and the address of the sitemap."""
    lines = ("User-agent: *", *(f"Disallow: {path}" for path in _LEFT_ALONE), "")
    return "\n".join((*lines, f"Sitemap: {publisher.address('/sitemap.xml')}", "")).encode()


def _add_page(urls: Element, address: str, dated: DatedAddress) -> None:
    page = SubElement(urls, "url")
    _say(page, "loc", address)
    _say(page, "lastmod", dated.changed_at.astimezone(UTC).isoformat(timespec="seconds"))


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _write(root: Element) -> bytes:
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))
