"""The console's page of homes, and the homes on the page of an event."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from tests.homes_double import HomeInMemory
from tests.integration.city import HARBOUR, City
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.web_site import Visitor, confirm, insist
from zoom_ops.homes import Capabilities, Finding, HomeDownError
from zoom_ops.operations.homes.trouble import note_failed
from zoom_ops.store.homes.entries import load_entries, save_entry
from zoom_ops.store.identity.member_seals import load_seals

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

    page = BeautifulSoup(person.get("/-/homes").text, "html.parser")
    facts = {fact.dt.text: fact.dd.text for fact in page.select("#home-city .facts div") if fact.dt and fact.dd}

    assert (facts["Records then"], facts["Events here"]) == ("1, 1 of them new or changed", "1")
    assert "Left out" not in facts
    assert "city is busy: HTTP 503." in page.text


def test_homes_with_trouble_come_first(city: City, person: Visitor) -> None:
    city.context.homes.replace({**city.context.homes, "zoo": HomeInMemory("zoo")})
    with city.context.database.begin() as connection:
        note_failed(connection, "zoo", HomeDownError("zoo is busy: HTTP 503."), city.context.database.now(connection))

    page = BeautifulSoup(person.get("/-/homes").text, "html.parser")

    assert [card["id"] for card in page.select(".card")] == ["home-zoo", "home-city"]


@pytest.mark.parametrize("verb", ["check", "pull"])
def test_home_that_there_is_not_is_refused_and_leads_to_all_homes(person: Visitor, verb: str) -> None:
    answer = person.post(f"/-/homes/cty%3Cb%3E/{verb}")

    assert answer.status_code == 404
    assert "There is no home &#39;cty&lt;b&gt;&#39;" in answer.text
    assert '<a href="/-/homes">All homes</a>' in answer.text


@pytest.mark.parametrize("verb", ["restore", "leave"])
def test_decision_about_links_that_nobody_changed_leads_back(city: City, person: Visitor, verb: str) -> None:
    city.write()
    city.pull()

    answer = person.post(f"/-/review/links/{verb}", data={"event": HARBOUR})

    assert answer.headers["Location"] == f"/-/events/{HARBOUR}#homes"
    assert "Nothing was done: no link of “Open harbour” waits" in person.get(f"/-/events/{HARBOUR}").text


def test_check_shows_what_is_missing(city: City, person: Visitor) -> None:
    city.home.findings = (Finding(what="writing", state="missing", sentence="The token may not write."),)

    question = person.post("/-/homes/city/check").text
    answer = insist(person, "/-/homes/city/check")

    assert "something harmless is written there" in question
    assert "The token may not write." not in question
    assert "The token may not write." in answer.text


def test_check_of_a_home_that_is_only_read_asks_nothing(city: City, person: Visitor) -> None:
    city.home.capabilities = Capabilities(writes=False)

    assert "The token is accepted." in person.post("/-/homes/city/check").text


def test_record_that_was_left_out_is_taken_once_that_is_confirmed(city: City, person: Visitor) -> None:
    city.write()
    city.home.hidden.add("12")
    city.pull()

    page = person.get("/-/homes").text
    question = person.post("/-/homes/city/take", data={"record": "12"}).text
    before = city.known().event_id
    insist(person, "/-/homes/city/take", record="12")
    city.service.work()

    assert "Not everybody may read it in the home" in page
    assert "It was left out until now: Not everybody may read it" in question
    assert "its webinar is made, and its speakers are invited" in question
    assert (before, city.known().event_id) == (None, HARBOUR)
    assert "is the event" in person.post("/-/homes/city/take", data={"record": "12"}).text
    assert person.post("/-/homes/city/take", data={"record": "nowhere"}).status_code == 404


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
    question = person.post("/-/review/links/restore", data={"event": HARBOUR}).text
    assert "“Watch” becomes “Recording” again on home city." in question
    person.post("/-/review/links/leave", data={"event": HARBOUR})

    with city.context.database.read() as connection:
        assert [entry.left_alone for entry in load_entries(connection, HARBOUR)] == [True]
    assert "left as people changed it" in section_of(person)


def test_keys_of_links_for_members_are_renewed_after_a_question(city: City, person: Visitor) -> None:
    city.write()
    city.pull()
    assert "who sign in here to open them" in person.get("/-/homes").text
    settings = city.context.home_settings["city"].model_copy(update={"members_open": "key"})
    city.context.home_settings.replace({"city": settings})
    assert "Renew the keys" not in section_of(person)
    with city.context.database.begin() as connection:
        now = city.context.database.now(connection)
        values = {"event_id": HARBOUR, "part": 1, "title": "Recording", "visibility": "members"}
        save_entry(connection, "city", "12", "u1", **values, written=OURS, seen=OURS, seen_at=now)

    assert "and open the recording for whoever has the link" in person.get("/-/homes").text
    assert "Renew the keys of links for members…" in section_of(person)
    for fields in ({"home": "city"}, {"event": HARBOUR}):
        question = person.post("/-/homes/renew", data=fields).text
        before = seals_of(city)
        assert "1 link for members gets a new address on home city." in question
        confirm(person, "/-/homes/renew", question)
        assert seals_of(city) != before
    assert "1 link for members is written again." in person.get(f"/-/events/{HARBOUR}").text


def seals_of(city: City) -> object:
    with city.context.database.read() as connection:
        return load_seals(connection, ("city",), HARBOUR)


def test_record_of_a_home_without_a_file_says_so_and_its_links_are_left(city: City, person: Visitor) -> None:
    city.write()
    city.pull()
    with city.context.database.begin() as connection:
        now = city.context.database.now(connection)
        values = {"event_id": HARBOUR, "part": 1, "title": "Recording", "visibility": "public"}
        save_entry(connection, "city", "12", "u1", **values, written=OURS, seen=None, seen_at=now)
    city.context.homes.replace({})

    assert "in city, which has no file any more" in section_of(person)
    assert 'href="/-/homes#home-city"' not in person.get(f"/-/events/{HARBOUR}").text
    assert person.post("/-/review/links/restore", data={"event": HARBOUR}).status_code == 303
    with city.context.database.read() as connection:
        assert [entry.written is None for entry in load_entries(connection, HARBOUR)] == [False]


def test_webinar_of_a_record_is_shown_as_made_in_its_home(city: City, person: Visitor) -> None:
    city.home.capabilities = replace(city.home.capabilities, names_webinars=True)
    body = {"topic": "Made there", "type": 5, "start_time": "2040-02-10T17:00:00Z", "duration": 60}
    number = int(city.service.zoom.call("POST", "/users/manager@example.org/webinars", body)["id"])
    city.home.webinars["12"] = number
    city.write()
    city.pull()
    city.service.settle()

    assert "made in its home; as of" in person.get(f"/-/events/{HARBOUR}").text
    assert f"Webinar {number} was made there, and is the event's." in section_of(person)
