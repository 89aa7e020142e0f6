"""An event's card on other sites: the same for every reader, framed only by configured sites, and without a cookie."""

import pytest

from tests.builders import AGENDA, EVENT_ID, SLIDES, a_publication, an_event
from tests.web_site import PASSWORD, Site, Visitor
from zoom_ops.store.db.connect import Database
from zoom_ops.web.kept.answer import SHARED

PAGE, CARD = f"/events/{EVENT_ID}", f"/events/{EVENT_ID}/embed"


@pytest.fixture
def site(database: Database) -> Site:
    prepared = Site(database, base_url="http://events.example.org")
    prepared.save(an_event(attachments=(AGENDA, SLIDES)))
    prepared.add_user("amara")
    return prepared


def test_card_says_what_and_when_and_what_to_do(visitor: Visitor) -> None:
    card = visitor.get(CARD)

    assert card.status_code == 200
    for part in ("Harbour Talks", "Tides of Tomorrow", "New York time", "08:30–09:45 EST", "Add to calendar"):
        assert part in card.text
    assert card.text.count('target="_top"') == card.text.count("<a ") == 3
    assert "sign-in" not in card.text


def test_card_is_a_visitors_whoever_looks(site: Site, visitor: Visitor) -> None:
    site.publish(an_event(), a_publication(visibility="members"))
    visitor.cookies.set("lang", "fr")
    before = visitor.get(CARD)

    visitor.post("/sign-in", data={"login": "amara", "password": PASSWORD})
    page, after = visitor.get(PAGE), visitor.get(CARD)

    assert f"{PAGE}/recording" in page.text
    assert before.content == after.content
    assert (after.headers["Cache-Control"], after.headers["Content-Language"]) == (SHARED, "en")


def test_card_leaves_no_cookie(visitor: Visitor) -> None:
    card = visitor.get(f"{CARD}?lang=fr")

    assert card.headers["Content-Language"] == "fr"
    assert "Set-Cookie" not in card.headers


@pytest.mark.parametrize(
    ("origins", "ancestors"),
    [
        (("*",), "frame-ancestors *"),
        (("https://www.example.org", "https://*.example.com"), "frame-ancestors https://www.example.org https://*.example.com"),
        ((), "frame-ancestors 'none'"),
    ],
)  # fmt: skip
def test_card_may_be_framed_by_whom_the_settings_name(
    database: Database, origins: tuple[str, ...], ancestors: str
) -> None:
    site = Site(database, embed_origins=origins)
    site.save(an_event())

    with site.visited() as visitor:
        card, page = visitor.get(CARD), visitor.get(PAGE)
        known = visitor.get(CARD, headers={"If-None-Match": card.headers["ETag"]})

    assert known.status_code == 304
    for answer in (card, known):
        assert answer.headers["Content-Security-Policy"].endswith(ancestors)
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


def test_card_of_nothing_is_not_found(visitor: Visitor) -> None:
    assert visitor.get("/events/nothing/embed").status_code == 404
