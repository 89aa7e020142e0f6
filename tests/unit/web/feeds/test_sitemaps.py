"""The list of all pages for search engines."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

from tests.builders import BASE_URL, NOW
from tests.unit.web.feeds.offered import PAGE, PUBLISHER
from zoom_ops.store.feeds import DatedAddress
from zoom_ops.web.feeds.sitemaps import PART, write_events_part, write_index, write_robots, write_series_part
from zoom_ops.web.kept.pages import EACH

SPACES = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}
ADDRESSES = (DatedAddress(slug="one", changed_at=NOW), DatedAddress(slug="two", changed_at=NOW))


def texts(document: bytes, path: str) -> list[str | None]:
    return [element.text for element in ElementTree.fromstring(document).findall(path, SPACES)]


def test_index_names_each_part() -> None:
    documents = {count: texts(write_index(count, PUBLISHER), "sitemap/loc") for count in (0, 1, PART, PART + 1)}

    assert documents[0] == [f"{BASE_URL}/sitemaps/series.xml"]
    assert documents[1] == documents[PART] == [*documents[0], f"{BASE_URL}/sitemaps/events-1.xml"]
    assert documents[PART + 1] == [*documents[1], f"{BASE_URL}/sitemaps/events-2.xml"]


def test_parts_list_pages_with_the_date_of_their_change() -> None:
    series, events = write_series_part(ADDRESSES, PUBLISHER), write_events_part(ADDRESSES, PUBLISHER)

    assert texts(series, "url/loc") == [f"{BASE_URL}/", f"{BASE_URL}/series/one", f"{BASE_URL}/series/two"]
    assert texts(events, "url/loc") == [f"{BASE_URL}/events/one", f"{BASE_URL}/events/two"]
    assert texts(events, "url/lastmod") == ["2040-01-24T12:00:00+00:00"] * 2


def test_longest_part_is_small_enough_to_be_kept() -> None:
    longest = DatedAddress(slug="a" * 100, changed_at=NOW)

    assert len(write_events_part([longest] * PART, PUBLISHER)) < EACH


def test_robots_find_the_pages_and_leave_the_rest_alone() -> None:
    robots = RobotFileParser()

    robots.parse(write_robots(PUBLISHER).decode().splitlines())

    assert robots.site_maps() == [f"{BASE_URL}/sitemap.xml"]
    assert all(robots.can_fetch("*", address) for address in (f"{BASE_URL}/", PAGE, f"{PAGE}/picture.png"))
    assert not any(robots.can_fetch("*", f"{BASE_URL}{path}") for path in ("/-/", "/api/v1/events", "/sign-in?next=/"))
    assert "\nDisallow: /events/*/recording\n" in write_robots(PUBLISHER).decode()
