"""Calendars, feeds, pictures, sitemaps and linked data: complete, cacheable, and the same for all readers."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from icalendar import Calendar
from PIL import Image
from sqlalchemy import event as sql_event

from tests.builders import BASE_URL, END, EVENT_ID, SLIDES, START, a_publication, a_recording, an_event
from tests.web_site import PASSWORD, Site, Visitor
from tests.web_states import an_arabic_event
from zoom_ops.events import Event
from zoom_ops.store.db.connect import Database
from zoom_ops.web.kept.answer import OWN, SHARED

PAGE = f"/events/{EVENT_ID}"
SERIES = "/series/harbour-talks"
OFFERED = (
    f"{PAGE}.ics", f"{PAGE}/picture.png", f"{SERIES}.ics", f"{SERIES}.atom", f"{SERIES}/picture.png",
    "/picture.png", "/recordings.atom", "/sitemap.xml", "/sitemaps/series.xml", "/sitemaps/events-1.xml", "/robots.txt",
)  # fmt: skip


def entries_of(calendar: bytes) -> list[Any]:
    return list(Calendar.from_ical(calendar).events)


def linked_data(html: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return dict(json.loads(text))


def publish(site: Site, event: Event, uuid: str, days: int = 0, **changes: Any) -> None:
    """Publish a recording of an event, `days` after END."""
    changes = {"recording_uuid": uuid, "published_at": END + timedelta(days=days)} | changes
    site.publish(event, a_publication(**changes), a_recording(uuid=uuid))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (f"{PAGE}.ics", "text/calendar; charset=utf-8"),
        (f"{SERIES}.ics", "text/calendar; charset=utf-8"),
        ("/recordings.atom", "application/atom+xml"),
        (f"{SERIES}.atom", "application/atom+xml"),
        (f"{PAGE}/picture.png", "image/png"),
        (f"{SERIES}/picture.png", "image/png"),
        ("/picture.png", "image/png"),
        ("/sitemap.xml", "application/xml"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ],
)
def test_each_form_says_what_it_is(site: Site, visitor: Visitor, path: str, kind: str) -> None:
    site.save(an_event())

    answer, head = visitor.get(path), visitor.head(path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", answer.headers["ETag"])
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", OFFERED)
def test_what_is_known_is_not_sent_again(site: Site, visitor: Visitor, path: str) -> None:
    site.save(an_event())
    first = visitor.get(path)

    second = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (second.status_code, second.content, second.headers["Cache-Control"]) == (304, b"", SHARED)


def test_calendar_follows_its_event(site: Site, visitor: Visitor) -> None:
    site.save(an_event())
    before = visitor.get(f"{PAGE}.ics")
    site.clock.advance(3600)
    site.save(an_event(name="Tides of Today", start=START + timedelta(days=1), end=END + timedelta(days=1)))

    after = visitor.get(f"{PAGE}.ics", headers={"If-None-Match": before.headers["ETag"]})

    (old,), (new,) = entries_of(before.content), entries_of(after.content)
    assert before.headers["Content-Disposition"] == f'inline; filename="{EVENT_ID}.ics"'
    assert (old["UID"], old.sequence) == (new["UID"], new.sequence - 1)
    assert (new.start, new.DTSTAMP - old.DTSTAMP) == (START + timedelta(days=1), timedelta(hours=1))


def test_calendar_tells_that_its_event_is_off(site: Site, visitor: Visitor) -> None:
    site.save(an_event())
    site.save(an_event(status="cancelled"))

    (entry,) = entries_of(visitor.get(f"{SERIES}.ics").content)

    assert (entry.status, entry.sequence) == ("CANCELLED", 1)


def test_calendar_of_a_series_has_all_its_events_and_no_others(site: Site, visitor: Visitor) -> None:
    site.save(
        an_event(id="first"), an_event(id="second", series="HARBOUR talks"), an_event(id="other", series="Others")
    )

    calendar = visitor.get(f"{SERIES}.ics").content

    assert {str(entry["UID"]) for entry in entries_of(calendar)} == {"first@test", "second@test"}


def test_feed_lists_the_newest_recordings_first(site: Site, visitor: Visitor) -> None:
    events = [an_event(id=name, name=name.title(), series=series) for name, series in (("one", "A"), ("two", "B"))]
    site.save(*events)
    publish(site, events[0], "old", days=1)
    publish(site, events[1], "middle", days=2)
    publish(site, events[0], "new", days=3, part=2, title="Recording, part 2")

    complete, part = (feedparser.parse(visitor.get(path).content) for path in ("/recordings.atom", "/series/b.atom"))

    assert [entry.title for entry in complete.entries] == ["One – Recording, part 2", "Two", "One – Recording"]
    assert [entry.title for entry in part.entries] == ["Two"]
    assert complete.entries[0].links[0].href == f"{BASE_URL}/events/one"


def test_feed_holds_fifty_recordings(site: Site, visitor: Visitor) -> None:
    events = [an_event(id=f"talk-{number:02}", name=f"Talk {number}") for number in range(60)]
    site.save(*events)
    for number, event in enumerate(events):
        publish(site, event, event.id, days=number)

    titles = [entry.title for entry in feedparser.parse(visitor.get("/recordings.atom").content).entries]

    assert titles == [f"Talk {number}" for number in range(59, 9, -1)]


def test_sitemap_leads_to_every_page(site: Site, visitor: Visitor) -> None:
    site.save(an_event(), an_event(id="alone", series=None))

    addresses = set(follow(visitor, "/sitemap.xml"))

    assert addresses == {f"{BASE_URL}{path}" for path in ("/", SERIES, PAGE, "/events/alone")}


def follow(visitor: Visitor, path: str) -> Iterator[str]:
    """Yield the addresses of a sitemap and of the sitemaps that it names."""
    document = ElementTree.fromstring(visitor.get(path).content)
    for address in (element.text or "" for element in document.findall(".//{*}loc")):
        if document.tag.endswith("sitemapindex"):
            yield from follow(visitor, urlsplit(address).path)
        else:
            yield address


@pytest.mark.parametrize(
    "path",
    [
        "/events/nothing.ics", "/events/nothing/picture.png", "/series/nothing.ics", "/series/nothing.atom",
        "/series/nothing/picture.png", "/sitemaps/events-0.xml", "/sitemaps/events-2.xml", "/sitemaps/events-x.xml",
        "/sitemaps/events-9999999.xml",
        "/events/..%2f.ics", "/series/%00.ics", "/series/Harbour.atom",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(site: Site, visitor: Visitor, path: str) -> None:
    site.save(an_event())

    answer = visitor.get(path)

    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_nothing_that_is_for_members_is_offered(site: Site, visitor: Visitor) -> None:
    hidden = an_event(attachments=(SLIDES.model_copy(update={"title": "Hidden slides"}),), account="secret-account")
    site.save(hidden, an_event(id="narrowed", attachments=(SLIDES.model_copy(update={"kind": "recording"}),)))
    publish(site, hidden, "members", visibility="members", title="Hidden recording")
    publish(site, an_event(id="narrowed"), "narrowed", title="Hidden part")
    publish(site, hidden, "withdrawn", state="withdrawn", title="Hidden once")

    answers = {path: visitor.get(path) for path in (*OFFERED, PAGE, "/events/narrowed.ics", "/events/narrowed", "/")}

    for path, answer in answers.items():
        sent = answer.text + str(answer.headers)
        for secret in ("Hidden", "slides", "secret-account", "zoom.example.org", "k+Y2w&q!", "@example.org", "members"):
            assert secret not in sent, path
        assert path == "/robots.txt" or "/recording" not in re.sub(r"/recordings\.atom", "", sent), path


def test_what_is_offered_is_the_same_for_members(database: Database) -> None:
    site = Site(database, base_url="http://events.example.org")
    site.add_user("amara")
    hidden = an_event(attachments=(SLIDES.model_copy(update={"title": "Hidden slides"}),))
    site.save(hidden)
    publish(site, hidden, "members", visibility="members", title="Hidden recording")

    with site.visited() as visitor:
        before = {path: visitor.get(path) for path in OFFERED}
        visitor.post("/sign-in", data={"login": "amara", "password": PASSWORD})
        after = {path: visitor.get(path) for path in OFFERED}
        page = visitor.get(PAGE).text

    assert "Hidden recording" in page
    assert "recordedIn" not in linked_data(page)
    assert {path: answer.content for path, answer in after.items()} == {
        path: answer.content for path, answer in before.items()
    }
    assert {answer.headers["Cache-Control"] for answer in after.values()} <= {SHARED, OWN}


def test_page_tells_programs_what_it_is_about(site: Site, visitor: Visitor) -> None:
    site.save(an_event(name="</script><script>alert(1)</script><!-- & “Tides”"))
    site.publish(an_event())

    html = visitor.get(PAGE).text

    document = linked_data(html)
    assert document["name"] == "</script><script>alert(1)</script><!-- & “Tides”"
    assert document["recordedIn"][0]["url"] == f"{BASE_URL}{PAGE}/recording"
    assert html.count("<script") == 2
    assert "<!--" not in html


def test_page_leads_to_its_other_forms_and_its_picture(site: Site, visitor: Visitor) -> None:
    site.save(an_event())

    html = visitor.get(PAGE).text

    paths = re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', html)
    picture = re.search(r'<meta property="og:image" content="([^"]+)"', html)
    assert picture is not None
    drawn = visitor.get(picture[1].removeprefix(BASE_URL))
    assert paths == [
        ("text/calendar", f"{PAGE}.ics"),
        ("application/json", f"{PAGE}.json"),
        ("application/atom+xml", "/recordings.atom"),
        ("application/json+oembed", f"{BASE_URL}/oembed?url={quote(BASE_URL + PAGE, safe='')}&amp;format=json"),
    ]
    assert {visitor.get(unescape(path).removeprefix(BASE_URL)).status_code for _, path in paths} == {200}
    assert Image.open(BytesIO(drawn.content)).size == (1200, 630)
    for name, content in (("og:title", "Tides of Tomorrow"), ("og:url", f"{BASE_URL}{PAGE}")):
        assert f'<meta property="{name}" content="{content}">' in html


@pytest.mark.parametrize(
    ("page", "says"),
    [("/", f"Harbour Institute – {urlsplit(BASE_URL).netloc}"), (SERIES, "Harbour Talks – Harbour Institute")],
)
def test_page_of_many_events_has_a_picture_too(site: Site, visitor: Visitor, page: str, says: str) -> None:
    site.save(an_event())

    html = visitor.get(page).text

    picture = re.search(r'<meta property="og:image" content="([^"]+)"', html)
    assert picture is not None
    drawn = visitor.get(picture[1].removeprefix(BASE_URL))
    assert Image.open(BytesIO(drawn.content)).size == (1200, 630)
    assert f'<meta property="og:image:alt" content="{says}">' in html


def test_picture_changes_with_what_it_says_and_with_nothing_else(site: Site, visitor: Visitor) -> None:
    tags = []
    for changes in ({}, {"description": "Another text."}, {"name": "Tides of Today"}):
        site.save(an_event(**changes))
        tags.append(visitor.get(f"{PAGE}/picture.png").headers["ETag"])

    assert tags[0] == tags[1] != tags[2]


def test_picture_says_the_day_in_the_language_of_its_event(site: Site, visitor: Visitor) -> None:
    site.save(an_arabic_event(id="arabic"))

    html = visitor.get("/events/arabic").text

    assert re.search(r'<meta property="og:image:alt" content="[^"]*31 يناير 2040[^"]*">', html)


def test_series_costs_as_many_queries_as_an_event(site: Site, visitor: Visitor) -> None:
    site.save(*(an_event(id=f"talk-{number}") for number in range(30)))
    statements: list[str] = []
    sql_event.listen(site.database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    visitor.get("/events/talk-1.ics")
    of_event = len(statements)
    visitor.get(f"{SERIES}.ics")

    assert len(statements) - of_event == of_event
