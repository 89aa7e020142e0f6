"""The public pages and their JSON: complete, safe for any content of an event, and limited to what visitors may see."""

import json
import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest

from tests.builders import (
    AGENDA,
    BASE_URL,
    END,
    EVENT_ID,
    JONAS,
    MEI,
    NOW,
    SLIDES,
    START,
    YUSUF,
    a_note,
    a_publication,
    a_recording,
    an_event,
)
from tests.web_site import WITH_TOKEN, Site, Visitor
from zoom_ops.events import Organizer, Performer
from zoom_ops.licence import make_licence
from zoom_ops.operations.views.standing import JOIN_OPENS
from zoom_ops.store.db.connect import Database
from zoom_ops.web.kept.answer import SHARED

PAGE = f"/events/{EVENT_ID}"


def words_of(html: str) -> str:
    """Return the text of a page as a reader sees it."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<body>")[2]).split())


def test_event_page_is_complete(site: Site, visitor: Visitor) -> None:
    site.save(an_event(performers=(JONAS, YUSUF), venue="Zoom (webinar)", attachments_note="Some are for members."))

    page = visitor.get(PAGE)

    assert page.status_code == 200
    words = words_of(page.text)
    for part in (
        "Harbour Talks",
        "Tides of Tomorrow",
        "Harbour Institute (HI)",
        "How ports adapt to a rising sea.",
        "New York time Tuesday 31 January 2040 08:30–09:45 EST",
        "Geneva time 14:30–15:45 CET",
        "Zoom (webinar)",
        "Opening remarks MR",
        "Recording Expected after the event",
        "Links &amp; attachments",
        "Some are for members.",
    ):
        assert part.replace("MR", "YD Mr Yusuf Demir Mayor City of Alder Bay") in words
    assert "Speaker JL Prof. Jonas Lindqvist Professor of Oceanography University of the Sound" in words
    assert 'datetime="2040-01-31T13:30:00+00:00"' in page.text
    assert 'href="https://example.org/agenda.pdf"' in page.text


def test_event_page_offers_calendars_and_ways_to_share(site: Site, visitor: Visitor) -> None:
    site.save(an_event())

    html = visitor.get(PAGE).text

    links = re.findall(r'<li><a href="([^"]+)"[^>]*>([^<]+)</a></li>', html)
    assert [(name, urlsplit(link).netloc or link.partition("?")[0]) for link, name in links] == [
        ("Google Calendar", "calendar.google.com"),
        ("Outlook.com", "outlook.live.com"),
        ("Microsoft 365", "outlook.office.com"),
        ("Apple and other calendars (.ics)", f"{PAGE}.ics"),
        ("E-mail", "mailto:"),
        ("LinkedIn", "www.linkedin.com"),
        ("WhatsApp", "wa.me"),
    ]
    assert f'<bdi id="address" dir="ltr">{BASE_URL}{PAGE}</bdi>' in html


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_draft_offers_neither(database: Database) -> None:
    site = Site(database, base_url="http://events.example.org")  # so that the session cookie is sent over http
    site.save(an_event(visibility="draft"))
    site.add_user("amara", role="operator")

    with site.visited() as visitor:
        site.sign_in(visitor, "amara")
        html = visitor.get(PAGE).text

    assert "Tides of Tomorrow" in html
    assert 'class="menu"' not in html
    assert "oembed" not in html
    assert re.search(r'<section class="action calendar"[^>]* hidden>', html)  # an empty box


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_event_page_names_the_licence_of_the_installation(database: Database) -> None:
    pages = []
    for licence in (make_licence("CC-BY-4.0"), make_licence("<b>Ours</b>"), None):
        site = Site(database, licence=licence)
        site.save(an_event())
        with site.visited() as visitor:
            pages.append(visitor.get(PAGE).text)

    link = '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>'
    assert f"<p>Licence of texts and recordings: {link}</p>" in pages[0]
    assert "<p>Licence of texts and recordings: <bdi>&lt;b&gt;Ours&lt;/b&gt;</bdi></p>" in pages[1]
    assert "Licence" not in pages[2]


def test_event_page_links_the_recording_at_our_own_address(site: Site, visitor: Visitor) -> None:
    site.save(an_event())
    site.publish(an_event())

    html = visitor.get(PAGE).text

    assert html.count(f'href="{PAGE}/recording"') == 2  # the button, and the line under Links & attachments
    assert f"{BASE_URL}{PAGE}/recording" in html  # in print
    assert "Recording expected" not in html
    assert "zoom.example.org" not in html


def test_pages_hold_nothing_that_is_not_for_visitors(site: Site, visitor: Visitor) -> None:
    hidden = an_event(
        attachments=(AGENDA, SLIDES), account="secret-account", needs_review=(a_note(text="a doubt"),), consent="ask"
    )
    site.save(hidden)
    site.publish(hidden, a_publication(visibility="members", title="Members' recording"))

    surfaces = [visitor.get(path) for path in ("/", PAGE, f"{PAGE}.json", f"{PAGE}/recording")]

    for surface in surfaces:
        sent = surface.text + str(surface.headers)
        for secret in (
            "@example.org", SLIDES.url, "Members", "secret-account", "a doubt", "zoom.example.org", "k+Y2w&q!",
            "encoded-play-passcode",
        ):  # fmt: skip
            assert str(secret) not in sent


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"status": "cancelled"}, "Cancelled This event has been cancelled."),
        ({"status": "postponed"}, "Postponed This event has been postponed."),
        (
            {"status": "rescheduled", "previous_start": START - timedelta(days=7)},
            "Rescheduled This event was first announced for Tuesday 24 January 2040, 08:30 EST.",
        ),
        ({"start": NOW - timedelta(minutes=5)}, "Happening now"),
    ],
)
def test_event_page_says_how_the_event_stands(
    site: Site, visitor: Visitor, changes: dict[str, object], sentence: str
) -> None:
    site.save(an_event(**changes))

    assert sentence in words_of(visitor.get(PAGE).text)


def test_event_page_shows_markup_as_text(site: Site, visitor: Visitor) -> None:
    trap = "<script>alert(1)</script>{{ 7 * 7 }}"
    person = Performer(name=trap, role=trap, organization=trap)
    site.save(
        an_event(
            name=trap,
            series=trap,
            description=f"{trap} <img src=x onerror=alert(1)>",
            venue=trap,
            attachments_note=trap,
            performers=(person,),
            organizers=(Organizer(name=trap, acronym=trap),),
            attachments=(AGENDA.model_copy(update={"title": trap, "url": 'https://example.org/"><script>alert(2)'}),),
        )
    )

    for path in ("/", PAGE):
        html = visitor.get(path).text
        assert "<script>" not in html
        assert "<img" not in html
        assert "{{ 7 * 7 }}" in html


def test_event_page_takes_any_script_and_size(site: Site, visitor: Visitor) -> None:
    large = an_event(name="المد والجزر 🌊", description="Tide \u202e reversed. " * 250_000)
    site.save(large)

    page = visitor.get(PAGE)

    assert page.status_code == 200
    assert '<h1 lang="en" dir="auto">المد والجزر 🌊</h1>' in page.text
    assert "\u202e" not in page.text
    assert 100_000 < len(page.text) < 150_000  # of such a description, the beginning


def test_json_twin_is_the_event_json_with_its_recording(site: Site, visitor: Visitor) -> None:
    site.save(an_event())
    site.publish(an_event())

    twin = visitor.get(f"{PAGE}.json")

    document = twin.json()
    assert twin.headers["Content-Type"] == "application/json"
    assert (document["id"], document["start"]) == (EVENT_ID, "2040-01-31T08:30:00-05:00")
    assert document["recordings"][0]["url"] == f"{BASE_URL}{PAGE}/recording"
    assert "email" not in document["performers"][0]


@pytest.mark.parametrize("path", ["/", PAGE, f"{PAGE}.json"])
def test_unchanged_page_is_not_sent_twice(site: Site, visitor: Visitor, path: str) -> None:
    site.save(an_event())
    first = visitor.get(path)

    second = visitor.get(path, headers={"If-None-Match": f'W/{first.headers["ETag"]}, "other"'})
    site.save(an_event(name="Tides of Next Week"))
    third = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (second.status_code, second.content) == (304, b"")
    assert (third.status_code, third.headers["Cache-Control"]) == (200, SHARED)


def test_programme_lists_what_is_to_come_then_what_is_over(site: Site, visitor: Visitor) -> None:
    site.save(
        an_event(id="third", name="Third", start=START + timedelta(days=2), end=END + timedelta(days=2)),
        an_event(id="second", name="Second", status="cancelled"),
        an_event(id="first", name="First", start=NOW - timedelta(minutes=1)),
        an_event(id="older", name="Older", start=NOW - timedelta(days=9), end=NOW - timedelta(days=8)),
        an_event(id="latest", name="Latest", start=NOW - timedelta(days=2), end=NOW - timedelta(days=1)),
    )
    site.publish(an_event(id="older"), a_publication(recording_uuid="older"), a_recording(uuid="older"))

    html = visitor.get("/").text

    assert re.findall(r'href="/events/([a-z]+)"', html) == ["first", "second", "third", "latest", "older"]
    badges = re.findall(r'class="badge [a-z]+">(?:<svg.*?</svg>\s*)?([^<]+)<', html, re.DOTALL)
    assert [badge.strip() for badge in badges] == [
        "Happening now",
        "Cancelled",
        "Recording expected",
        "Recording available",
    ]


def test_programme_welcomes_where_there_is_no_event(visitor: Visitor) -> None:
    page = visitor.get("/")

    assert page.status_code == 200
    assert "The first events are on their way" in page.text


def test_programme_is_read_by_pages(site: Site, visitor: Visitor) -> None:
    site.save(
        *(
            an_event(id=f"event-{n:02}", start=START + timedelta(hours=n), end=END + timedelta(days=9))
            for n in range(25)
        )
    )

    first, second, beyond = (visitor.get(f"/?upcoming={number}") for number in (1, 2, 3))

    assert re.findall(r'href="/events/event-(\d+)"', first.text) == [f"{n:02}" for n in range(20)]
    assert re.findall(r'href="/events/event-(\d+)"', second.text) == ["20", "21", "22", "23", "24"]
    assert 'rel="next" href="/?upcoming=2"' in first.text
    assert 'rel="prev" href="/"' in second.text
    assert beyond.status_code == 404


def test_addresses_that_lead_nowhere_are_not_found(visitor: Visitor) -> None:
    paths = [
        "/events/nothing",
        "/events/Tides",
        "/events/%00",
        "/events/a%0a",
        "/events/..%2f..%2fetc",
        "/events/%F0%9F%8C%8A",
        "/events/" + "a" * 101,
        "/events/'%20or%201=1",
        "/events/nothing.json",
        "/events/nothing/recording",
        "/events/nothing/stream",
        "/?past=0",
        "/?past=-1",
        "/?past=9999999999999999999999",
        "/?past=%D9%A2",
        "/static/site.000000000000.css",
        "/static/..%2fsite.py",
        "/nothing",
    ]

    answers = {path: visitor.get(path) for path in paths}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 404)
    assert {answer.headers["Cache-Control"] for answer in answers.values()} == {"no-store"}


def test_refusal_is_a_page_for_people_and_a_problem_for_programs(visitor: Visitor) -> None:
    page = visitor.get("/events/nothing")
    twin = visitor.get("/events/nothing.json")
    negotiated = visitor.get("/events/nothing", headers={"Accept": "application/json"})

    assert "<h1>There is nothing here</h1>" in page.text
    for problem in (twin, negotiated):
        assert problem.headers["Content-Type"] == "application/problem+json"
        assert (problem.json()["status"], problem.json()["title"]) == (404, "Not Found")


def test_refusal_names_no_event(site: Site, visitor: Visitor) -> None:
    site.save(an_event())

    near = visitor.get(f"{PAGE}s")

    assert EVENT_ID not in near.text


@pytest.mark.parametrize("path", ["/", PAGE, f"{PAGE}.json", "/ready", "/metrics", "/favicon.svg"])
def test_head_is_get_without_the_body(site: Site, visitor: Visitor, path: str) -> None:
    site.save(an_event())

    answer = visitor.head(path, headers={"Accept-Encoding": "identity", **WITH_TOKEN})

    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_pages_are_only_read(visitor: Visitor, method: str) -> None:
    assert visitor.request(method, "/").status_code == 405


def test_speaker_without_role_and_organisation_is_shown(site: Site, visitor: Visitor) -> None:
    site.save(an_event(performers=(Performer(name="Amara"), MEI)))

    assert "Amara MC Ms Mei-Ling Chen" in words_of(visitor.get(PAGE).text)


def test_page_carries_when_it_will_say_something_else(site: Site, visitor: Visitor) -> None:
    site.save(an_event())

    update = re.search(r'data-updates-at="([^"]+)"', visitor.get(PAGE).text)

    assert update
    assert datetime.fromisoformat(update[1]) == START - JOIN_OPENS


def test_page_is_compressed_for_who_takes_it(site: Site, visitor: Visitor) -> None:
    site.save(an_event(description="Tide. " * 1000))

    answer = visitor.get(PAGE)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Tide. Tide." in answer.text


def test_json_twin_stays_whole_in_every_script(site: Site, visitor: Visitor) -> None:
    site.save(an_event(name="المد والجزر 🌊"))

    assert json.loads(visitor.get(f"{PAGE}.json").content)["name"] == "المد والجزر 🌊"
