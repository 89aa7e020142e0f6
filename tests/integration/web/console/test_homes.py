"""The console's page of homes, and the homes on the page of an event."""

from collections.abc import Callable, Iterator

import pytest
from bs4 import BeautifulSoup

from tests.integration.city import HARBOUR, City
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.web_site import Visitor
from zoom_ops.homes import Finding, HomeDownError
from zoom_ops.operations.homes.trouble import note_failed
from zoom_ops.store.home_entries import load_entries, save_entry

OURS = {"key": "u1", "title": "Recording", "url": "https://events.example.org/r", "visibility": "public"}


@pytest.fixture
def city(make_city: Callable[..., City]) -> City:
    """A service with a home, whose pages need no TLS."""
    return make_city(settings=WITHOUT_TLS)


@pytest.fixture
def person(city: City) -> Iterator[Visitor]:
    """An operator of the service with the home."""
    with visit_pages(city.service) as served:
        yield sign_in(city.service, served.visitor, "operator")


def section_of(person: Visitor) -> str:
    """Return the section of homes on the page of the event, in one line."""
    section = BeautifulSoup(person.get(f"/-/events/{HARBOUR}").text, "html.parser").find(id="homes")
    assert section is not None
    return " ".join(section.get_text().split())


def test_page_without_a_home_says_how_to_add_one(city: City, person: Visitor) -> None:
    city.context.homes.replace({})

    assert "config/homes/city.toml" in person.get("/-/homes").text


def test_page_shows_how_far_a_home_was_read(city: City, person: Visitor) -> None:
    city.write()
    city.pull()
    with city.context.database.begin() as connection:
        note_failed(connection, "city", HomeDownError("city is busy: HTTP 503."), city.context.database.now(connection))

    text = person.get("/-/homes").text

    assert "1 are events here" in text
    assert "city is busy: HTTP 503." in text


def test_check_shows_what_is_missing(city: City, person: Visitor) -> None:
    city.home.findings = (Finding(what="writing", state="missing", sentence="The token may not write."),)

    answer = person.post("/-/homes/city/check")

    assert "The token may not write." in answer.text


def test_pull_leads_to_its_run(city: City, person: Visitor) -> None:
    answer = person.post("/-/homes/city/pull")

    assert answer.headers["Location"].startswith("/-/runs/")


def test_page_of_an_event_asks_about_a_link_that_people_changed(city: City, person: Visitor) -> None:
    city.write()
    city.pull()
    with city.context.database.begin() as connection:
        now = city.context.database.now(connection)
        values = {"event_id": HARBOUR, "part": 1, "title": "Recording", "visibility": "public"}
        save_entry(connection, "city", "12", "u1", **values, written=OURS, seen={**OURS, "title": "Watch"}, seen_at=now)

    assert "changed by people into “Watch”" in section_of(person)
    person.post("/-/review/links/leave", data={"event": HARBOUR})

    with city.context.database.read() as connection:
        assert [entry.left_alone for entry in load_entries(connection, HARBOUR)] == [True]
    assert "left as people changed it" in section_of(person)
