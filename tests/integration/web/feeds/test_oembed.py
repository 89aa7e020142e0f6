"""The card by oEmbed: what other sites get for the address of a page, and for any other address."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest

from tests.builders import BASE_URL, EVENT_ID, an_event
from tests.web_site import Site, Visitor
from zoom_ops.store.db.connect import Database
from zoom_ops.web.kept.answer import SHARED

PAGE = f"{BASE_URL}/events/{EVENT_ID}"
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])  # the queries are those of the other forms


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    prepared = Site(database)
    prepared.save(
        an_event(name='Tides "of" <Tomorrow>'),
        an_event(id="draft", visibility="draft"),
        an_event(id="unlisted", visibility="unlisted"),
    )
    return prepared


def ask(visitor: Visitor, address: str, **size: Any) -> Any:
    asked = "".join(f"&{name}={value}" for name, value in size.items())
    return visitor.get(f"/oembed?url={quote(address, safe='')}{asked}")


def test_page_is_described_as_a_frame_with_its_card(site: Site, visitor: Visitor) -> None:
    answer = ask(visitor, f"{PAGE}?lang=fr#links", format="json")

    described = answer.json()
    picture = described.pop("thumbnail_url")
    frame = described.pop("html")
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("application/json", SHARED)
    assert described == {
        "version": "1.0",
        "type": "rich",
        "title": 'Tides "of" <Tomorrow>',
        "author_name": "Harbour Institute",
        "author_url": PAGE,
        "provider_name": "Harbour Institute",
        "provider_url": f"{BASE_URL}/",
        "cache_age": 3600,
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
        "width": 400,
        "height": 480,
    }
    assert re.fullmatch(r'<iframe src="[^"]+" title="[^"<>]+" width="400" height="480"[^<>]*></iframe>', frame)
    assert unescape(frame).startswith(f'<iframe src="{PAGE}/embed" title="Tides "of" <Tomorrow>"')
    assert visitor.get(picture.removeprefix(BASE_URL)).headers["Content-Type"] == "image/png"


def test_frame_and_picture_are_no_larger_than_asked_for(site: Site, visitor: Visitor) -> None:
    small, large = ask(visitor, PAGE, maxwidth=320, maxheight=200).json(), ask(visitor, PAGE, maxwidth=1200).json()

    assert (small["width"], small["height"], "thumbnail_url" in small) == (320, 200, False)
    assert 'width="320" height="200"' in small["html"]
    assert (large["width"], large["height"], "thumbnail_url" in large) == (400, 480, True)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "no address",
        f"{BASE_URL}/",
        f"{BASE_URL}/events/draft",
        f"{BASE_URL}/events/nothing",
        f"{PAGE}/join",
        f"https://other.example/events/{EVENT_ID}",
        f"javascript://events.example.org/events/{EVENT_ID}",
        "https://[events.example.org/events/a",
    ],
)
def test_other_addresses_are_not_found(site: Site, visitor: Visitor, address: str) -> None:
    assert ask(visitor, address).status_code == 404


def test_draft_is_answered_as_what_is_not_there(site: Site, visitor: Visitor) -> None:
    draft, nothing = (ask(visitor, f"{BASE_URL}/events/{name}", format="xml") for name in ("draft", "nothing"))

    assert (draft.status_code, draft.content) == (nothing.status_code, nothing.content)


def test_unlisted_event_has_a_card_that_search_engines_leave_out(site: Site, visitor: Visitor) -> None:
    answer = ask(visitor, f"{BASE_URL}/events/unlisted")

    assert (answer.status_code, answer.headers["X-Robots-Tag"]) == (200, "noindex")


def test_only_json_is_offered(site: Site, visitor: Visitor) -> None:
    assert ask(visitor, PAGE, format="xml").status_code == 501
    assert ask(visitor, PAGE, maxwidth="wide").status_code == 404


def test_site_whose_card_nobody_may_show_offers_none(database: Database) -> None:
    site = Site(database, embed_origins=())
    site.save(an_event())

    with site.visited() as visitor:
        answers = ask(visitor, PAGE), visitor.get(f"/events/{EVENT_ID}")

    assert answers[0].status_code == 404
    assert "oembed" not in answers[1].text
