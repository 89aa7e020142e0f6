"""The programme with search and filters, and the pages of series: each reader sees only what they may know."""

import re
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from tests.builders import (
    BASE_URL,
    END,
    NOW,
    RECORDING_EXPECTED,
    SLIDES,
    START,
    a_publication,
    a_recording,
    an_attachment,
    an_event,
)
from tests.web_site import PASSWORD, Site, Visitor
from zoom_ops.access import Reader, show_event
from zoom_ops.events import Event
from zoom_ops.store.db.connect import Database
from zoom_ops.store.event_queries import ProgrammeFilter

OVER = {"start": NOW - timedelta(days=9), "end": NOW - timedelta(days=8)}
READERS = (
    Reader(),
    Reader(role="member"),
    Reader(role="member", groups=("Board",)),
    Reader(role="member", groups=("Board", "Press")),
    Reader(role="operator"),
)


def listed(visitor: Visitor, path: str) -> list[str]:
    page = visitor.get(path)
    assert page.status_code == 200
    return re.findall(r'<h3[^>]*><a href="/events/([\w-]+)"', page.text)


def publish(site: Site, event: Event, **changes: Any) -> None:
    site.publish(event, a_publication(recording_uuid=event.id, **changes), a_recording(uuid=event.id))


def a_gated(name: str, *gates: tuple[str, ...]) -> Event:
    """Build an event with one recording entry for members for each gate, limited to the groups of that gate."""
    entries = (RECORDING_EXPECTED.model_copy(update={"visibility": "members", "groups": groups}) for groups in gates)
    return an_event(id=name, attachments=(SLIDES, *entries), **OVER)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=tides", ["tides", "over"]),
        ("q=CURRENTS", ["currents"]),
        ("q=tides&past=1", ["tides", "over"]),
        ("q=&series=&language=&year=&has=", ["tides", "currents", "over"]),  # the empty form
        ("series=harbour-talks", ["tides", "over"]),
        ("series=nothing", []),
        ("language=fr", ["currents"]),
        ("language=fr&q=tides", []),
        ("year=2041", ["currents"]),
        ("year=2040", ["tides", "over"]),
        ("has=recording", ["over"]),
        ("has=recording&q=tides&series=harbour-talks&language=en&year=2040", ["over"]),
    ],
)
def test_events_are_searched_and_filtered(site: Site, visitor: Visitor, query: str, expected: list[str]) -> None:
    later = {"start": START + timedelta(days=350), "end": END + timedelta(days=350)}
    currents = an_event(id="currents", name="Currents", series=None, language="fr", description="", **later)
    site.save(an_event(id="tides"), currents, an_event(id="over", **OVER))
    publish(site, an_event(id="over"))

    assert listed(visitor, f"/?{query}") == expected


@pytest.mark.parametrize(
    "query",
    ["year=abc", "year=99999", "year=%D9%A2%D9%A0%D9%A4%D9%A0", "has=webinar", "series=A%20B", "language=_", "past=2"],
)
def test_what_no_form_sends_leads_nowhere(visitor: Visitor, query: str) -> None:
    assert visitor.get(f"/?{query}").status_code == 404


@pytest.mark.parametrize(
    "query", ["%00", "%ED%A0%80", "%F0%9F%8C%8A", "'%22)(*:%26|!", "a" * 3000, "%E2%80%AE", "%25", "<b>"]
)
def test_rubbish_is_searched_for_and_not_found(site: Site, visitor: Visitor, query: str) -> None:
    site.save(an_event())

    page = visitor.get(f"/?q={query}")

    assert page.status_code == 200
    assert "<b>" not in page.text


def test_year_is_that_of_the_events_own_zone(site: Site, visitor: Visitor) -> None:
    new_year = START.replace(year=2041, month=1, day=1, hour=2)  # in New York it is still the year before
    site.save(an_event(id="eve", start=new_year, end=new_year + timedelta(hours=1)))

    assert (listed(visitor, "/?year=2040"), listed(visitor, "/?year=2041")) == (["eve"], [])


def test_page_says_what_was_looked_for_and_how_to_widen(site: Site, visitor: Visitor) -> None:
    site.save(an_event(), an_event(id="other", series="Other Talks", language="fr"))

    html = visitor.get("/?q=<whales>&series=other-talks&has=recording").text

    assert "Nothing was found for “<bdi>&lt;whales&gt;</bdi>”" in html
    assert 'value="&lt;whales&gt;"' in html
    assert '<option value="other-talks" selected' in html
    assert 'class="chip" href="/?q=%3Cwhales%3E&amp;has=recording"' in html  # without the series
    assert 'class="chip" href="/?q=%3Cwhales%3E&amp;series=other-talks"' in html
    assert 'href="/?q=%3Cwhales%3E">Search for' in html


def test_paging_keeps_what_was_asked_for(site: Site, visitor: Visitor) -> None:
    site.save(
        *(
            an_event(id=f"event-{n:02}", start=START + timedelta(hours=n), end=END + timedelta(days=9))
            for n in range(45)
        )
    )

    second = visitor.get("/?q=tides&series=harbour-talks&upcoming=2").text
    in_series = visitor.get("/series/harbour-talks?upcoming=2").text

    assert "45 events found" in second
    assert 'rel="prev" href="/?q=tides&amp;series=harbour-talks"' in second
    assert 'rel="next" href="/?q=tides&amp;series=harbour-talks&amp;upcoming=3"' in second
    assert 'rel="prev" href="/series/harbour-talks"' in in_series
    assert 'rel="next" href="/series/harbour-talks?upcoming=3"' in in_series


def test_search_is_not_offered_where_there_is_no_event(visitor: Visitor) -> None:
    assert 'role="search"' not in visitor.get("/").text


def test_recordings_count_only_for_whom_they_are(site: Site) -> None:
    events = [
        a_gated("open"), a_gated("members", ()), a_gated("board", ("Board",)), a_gated("press", ("Press",)),
        a_gated("either", ("Board", "Press")), a_gated("both", ("Board",), ("Press",)),
        a_gated("mixed", (), ("Board",)),
        a_gated("open-for-members"), a_gated("withdrawn"), a_gated("none"),
    ]  # fmt: skip
    site.save(*events)
    published = {
        event.id: a_publication(
            recording_uuid=event.id,
            visibility="members" if event.id == "open-for-members" else "public",
            state="withdrawn" if event.id == "withdrawn" else "published",
        )
        for event in events
        if event.id != "none"
    }
    for event in events[:-1]:
        site.publish(event, published[event.id], a_recording(uuid=event.id))
    programme = site.services.programme

    listed_for, shown = {}, {}
    for reader in READERS:
        page = programme.list_events(reader, past=True, wanted=ProgrammeFilter(recorded=True))
        listed_for[reader] = {listed.event.id for listed in page.events}
        shown[reader] = {
            event.id
            for event in events
            if show_event(event, [published[event.id]] if event.id in published else [], reader).recordings
        }
        assert page.total == len(page.events)

    assert listed_for == shown
    assert (len(listed_for[READERS[0]]), len(listed_for[READERS[-1]])) == (1, 8)


def test_visitor_cannot_tell_a_members_recording_by_the_filter(database: Database) -> None:
    site = Site(database, base_url="http://events.example.org")  # so that the session cookie is sent over http
    site.add_user("mei", groups=("Press",))
    events = (a_gated("members", ()), a_gated("board", ("Board",)), an_event(id="closed", **OVER))
    site.save(*events)
    for event in events:
        publish(site, event, visibility="members" if event.id == "closed" else "public")

    with site.visited() as visitor:
        as_visitor = visitor.get("/?has=recording")
        visitor.post("/sign-in", data={"login": "mei", "password": PASSWORD})
        as_member = visitor.get("/?has=recording")

    assert "No event fits these filters" in as_visitor.text
    assert "events found" not in as_visitor.text
    assert set(re.findall(r'<h3[^>]*><a href="/events/([\w-]+)"', as_member.text)) == {"members", "closed"}
    assert as_member.headers["Cache-Control"] == "private, no-store"


def test_what_is_for_members_or_operators_is_not_found_by_anybody(site: Site, visitor: Visitor) -> None:
    secret = an_attachment(title="Zebra minutes", kind="file", url="https://example.org/quagga", visibility="members")
    site.save(an_event(attachments=(secret,), account="okapi"))
    publish(site, an_event(), title="Gnu recording")

    words = ("zebra", "quagga", "okapi", "gnu", "jonas.lindqvist@example.org")
    assert {word: listed(visitor, f"/?q={word}") for word in words} == {word: [] for word in words}


def test_list_says_which_recording_is_for_members_if_its_title_may_be_shown(site: Site, visitor: Visitor) -> None:
    for name, shown in (("locked", True), ("hidden", False)):
        gate = RECORDING_EXPECTED.model_copy(update={"visibility": "members", "title_shown": shown})
        site.save(an_event(id=name, attachments=(gate,), **OVER))
        publish(site, an_event(id=name))

    html = visitor.get("/").text

    lines = [line.partition("</li>")[0] for line in html.split('<div class="tile"')[1:]]
    badges = {
        name: badge
        for line in lines
        for name, badge in re.findall(r'/events/(\w+)".*class="badge (\w+)"', line, re.DOTALL)
    }
    assert (len(lines), badges) == (2, {"locked": "locked"})


def test_lists_hold_the_moments_that_the_visitors_time_is_told_from(site: Site, visitor: Visitor) -> None:
    site.save(an_event())

    html = visitor.get("/").text

    assert (
        '<time datetime="2040-01-31T08:30:00-05:00" data-end="2040-01-31T14:45:00+00:00">'
        "Tuesday 31 January 2040, 08:30–09:45 EST</time>"
    ) in html
    assert '<p class="zone" hidden' in html  # until the script says whose time is shown


def test_series_has_a_page(site: Site, visitor: Visitor) -> None:
    site.save(an_event(id="next"), an_event(id="over", **OVER), an_event(id="other", series="Other"))

    page = visitor.get("/series/harbour-talks")

    assert re.findall(r'<h3[^>]*><a href="/events/([\w-]+)"', page.text) == ["next", "over"]
    assert '<h1 lang="en" dir="auto">Harbour Talks</h1>' in page.text
    assert "2 events" in page.text
    for name in ("harbour-talks.ics", "harbour-talks.atom"):
        assert f'<a href="/series/{name}">' in page.text
        assert re.search(rf'<link rel="alternate" type="[^"]+" href="/series/{name}"', page.text)
    assert f'<meta property="og:url" content="{BASE_URL}/series/harbour-talks">' in page.text
    assert f'<link rel="canonical" href="{BASE_URL}/series/harbour-talks">' in page.text


@pytest.mark.parametrize(
    "path", ["/series/nothing", "/series/A", "/series/harbour-talks?past=2", "/series/harbour-talks?past=x"]
)
def test_series_that_is_not_there_is_not_found(site: Site, visitor: Visitor, path: str) -> None:
    site.save(an_event())

    assert visitor.get(path).status_code == 404


def test_series_whose_only_event_goes_while_it_is_read_is_not_found(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(database, base_url="http://events.example.org")  # so that the session cookie is sent over http
    site.save(an_event())
    site.add_user("mei")  # the page of a reader who is known is read in several transactions
    name_series = site.services.feeds.name_series

    def name_and_hide(slug: str) -> str:
        name = name_series(slug)
        site.save(an_event(visibility="draft"))
        return name

    monkeypatch.setattr(site.services.feeds, "name_series", name_and_hide)
    with site.visited() as visitor:
        site.sign_in(visitor, "mei")
        assert visitor.get("/series/harbour-talks").status_code == 404


def test_lists_that_are_known_are_not_sent_again(site: Site, visitor: Visitor) -> None:
    site.save(an_event())

    for path, change in product(("/?q=tides", "/series/harbour-talks"), (False, True)):
        first = visitor.get(path)
        if change:
            site.save(an_event(name=f"Tides of {path}"))
        again = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})

        assert again.status_code == (200 if change else 304)
        assert {"Accept-Language", "Cookie"} <= set(again.headers["Vary"].split(", "))
